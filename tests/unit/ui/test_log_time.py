"""Times of log lines as they are read and as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kubetui.store.logs.entry import NANO
from kubetui.ui.log_time import TimeFormat, go_to, time_text

NOW = datetime(2026, 11, 20, 12, 5, 0, tzinfo=UTC).timestamp()
LINE = int(datetime(2026, 11, 20, 12, 3, 58, tzinfo=UTC).timestamp()) * NANO + 114_999_999
CET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (TimeFormat.UTC, "12:03:58.114"),
        (TimeFormat.LOCAL, "13:03:58.114"),
        (TimeFormat.AGO, "   61s"),
        (TimeFormat.OFF, ""),
    ],
)
def test_the_ways_to_write_a_time(how: TimeFormat, text: str) -> None:
    assert time_text(LINE, how, NOW, CET) == text


def test_another_days_time_has_its_date() -> None:
    assert time_text(LINE, TimeFormat.UTC, NOW + 86_400) == "11-20 12:03:58.114"
    assert time_text(10**30, TimeFormat.UTC, NOW) == "no such time"


def test_t_goes_through_all_of_them() -> None:
    seen, how = [], TimeFormat.UTC
    for _ in TimeFormat:
        seen.append(how)
        how = how.next
    assert set(seen) == set(TimeFormat)
    assert how is TimeFormat.UTC


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("12:03", "2026-11-20T12:03:00"),
        ("12:03:58.1Z", "2026-11-20T12:03:58.1"),
        ("23:59", "2026-11-19T23:59:00"),
        ("2026-11-18 08:00", "2026-11-18T08:00:00"),
        ("2026-11-18T08:00:01Z", "2026-11-18T08:00:01"),
        ("-5m", "2026-11-20T12:00:00"),
        ("2h", "2026-11-20T10:05:00"),
    ],
)
def test_a_time_that_is_typed(typed: str, at: str) -> None:
    expected = datetime.fromisoformat(f"{at}+00:00").timestamp()
    found = go_to(typed, TimeFormat.UTC, NOW)
    assert found is not None
    assert found / NANO == pytest.approx(expected)


def test_a_time_of_day_is_local_where_times_are_shown_so() -> None:
    assert go_to("13:03", TimeFormat.LOCAL, NOW, CET) == go_to("12:03Z", TimeFormat.LOCAL, NOW, CET)


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "12:61", "2026-13-01 10:00", "5", "-5y"])
def test_what_is_no_time(typed: str) -> None:
    assert go_to(typed, TimeFormat.UTC, NOW) is None
