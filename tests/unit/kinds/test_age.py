"""Times and ages as kubectl has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.kinds.age import age, human_duration, parse_duration, unix

S, M, H, D, Y = 1, 60, 3600, 86_400, 365 * 86_400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-2, "<invalid>"),
        (-1.9, "0s"),
        (-0.5, "0s"),
        (0, "0s"),
        (1, "1s"),
        (119.9, "119s"),
        (2 * M, "2m"),
        (2 * M + 5, "2m5s"),
        (9 * M + 59, "9m59s"),
        (10 * M + 30, "10m"),
        (3 * H - 1, "179m"),
        (3 * H, "3h"),
        (3 * H + 5 * M, "3h5m"),
        (8 * H - 1, "7h59m"),
        (8 * H + 59 * M, "8h"),
        (47 * H, "47h"),
        (2 * D, "2d"),
        (4 * D + 2 * H + 59 * M, "4d2h"),
        (8 * D - 1, "7d23h"),
        (8 * D, "8d"),
        (2 * Y - 1, "729d"),
        (2 * Y, "2y"),
        (2 * Y + 10 * D, "2y10d"),
        (8 * Y - 1, "7y364d"),
        (8 * Y + 200 * D, "8y"),
    ],
)
def test_a_duration_prints_as_kubectl_prints_it(seconds: float, text: str) -> None:
    assert human_duration(seconds) == text


@given(st.integers(0, 30 * Y))
def test_an_age_reads_back_to_what_prints_the_same(seconds: int) -> None:
    text = human_duration(seconds)
    back = parse_duration(text)
    assert back is not None
    assert back <= seconds
    assert human_duration(back) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("<unknown>", None), ("", None), ("5", None), ("s", None), ("1h1d", None), ("<invalid>", 0)],
)
def test_what_is_no_age_is_none(text: str, seconds: int | None) -> None:
    assert parse_duration(text) == seconds


def test_an_age_that_is_not_known_is_a_dash() -> None:
    assert (age(0, 100.0), age(95, 100.0)) == ("–", "5s")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:01Z", 1),
        ("2026-11-21T12:00:00Z", 1_795_262_400),
        ("2026-11-21T12:00:00.123456Z", 1_795_262_400),
        ("2026-11-21T12:00:00.123456789Z", 1_795_262_400),
        ("2026-11-21T13:00:00+01:00", 1_795_262_400),
        ("0001-01-01T00:00:00Z", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_a_time_reads_as_unix_seconds(text: str | None, seconds: int) -> None:
    assert unix(text) == seconds


@pytest.mark.parametrize("text", ["yesterday", "2026-11-21", "2026-11-21T12:00:00", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the standard library's own texts
        unix(text)
