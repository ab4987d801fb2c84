"""When AKS may upgrade: the next opening of each kind of schedule, what is blocked, what an open window explains."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.azure.machines import AgentPool, ManagedCluster
from kubetui.azure.maintenance import (
    DEFAULT,
    KUBERNETES,
    NODE_IMAGES,
    Days,
    Maintenance,
    Recurrence,
    Slot,
    Span,
    Window,
)
from kubetui.insight.describe.page import lay_out, plain_text
from kubetui.insight.instances import Mismatch, Trouble, join
from kubetui.insight.maintenance import open_now, opening, under_maintenance
from kubetui.insight.maintenance_page import maintenance_page, window_words
from kubetui.kinds.kind import Meaning
from tests.unit.insight.test_instances import OFF, instance, machines, node

SATURDAY = "2026-11-21 15:00"


def at(text: str) -> float:
    return datetime.fromisoformat(f"{text}+00:00").timestamp()


def said(span: Span | None) -> str:
    if span is None:
        return ""
    start, end = (datetime.fromtimestamp(moment, UTC) for moment in span)
    return f"{start:%a %Y-%m-%d %H:%M} {(end - start).total_seconds() / 3600:g}h"


def window(unit: str = "weekly", name: str = NODE_IMAGES, /, **more: Any) -> Window:
    """Each week on Sunday at 01:00 +01:00, for six hours, unless told otherwise."""
    how = {key: more.pop(key) for key in ("interval", "weekday", "day", "week") if key in more}
    recurrence = Recurrence(unit, **({"weekday": 6} | how))
    return Window(name, recurrence, **({"hours": 6, "minute": 60, "offset": 3600} | more))


SUNDAYS = window()
BEGUN = date(2026, 11, 1)


# --- when it opens


@pytest.mark.parametrize(
    ("of", "now", "expected"),
    [
        (window(), SATURDAY, "Sun 2026-11-22 00:00 6h"),
        (window(), "2026-11-22 05:59", "Sun 2026-11-22 00:00 6h"),
        (window(), "2026-11-22 06:00", "Sun 2026-11-29 00:00 6h"),
        (window("daily"), SATURDAY, "Sun 2026-11-22 00:00 6h"),
        # The offset may move it to another day in UTC.
        (window(offset=-8 * 3600, minute=23 * 60), SATURDAY, "Mon 2026-11-23 07:00 6h"),
        (window(offset=5 * 3600 + 1800, minute=0), SATURDAY, "Sat 2026-11-21 18:30 6h"),
        # Intervals are counted from the start date: Sunday the 1st, 15th, 29th.
        (window(interval=2, begins=BEGUN), SATURDAY, "Sun 2026-11-29 00:00 6h"),
        (window("daily", interval=5, begins=BEGUN), SATURDAY, "Thu 2026-11-26 00:00 6h"),
        (window(begins=date(2027, 1, 1)), SATURDAY, "Sun 2027-01-03 00:00 6h"),
        (window("absoluteMonthly", day=15), SATURDAY, "Tue 2026-12-15 00:00 6h"),
        (window("absoluteMonthly", day=31), SATURDAY, "Thu 2026-12-31 00:00 6h"),
        (window("absoluteMonthly", day=15, interval=3, begins=date(2026, 1, 1)), SATURDAY, "Fri 2027-01-15 00:00 6h"),
        # The first one after a start date behind its day is a month later.
        (window("absoluteMonthly", day=15, interval=3, begins=date(2026, 9, 16)), SATURDAY, "Fri 2027-01-15 00:00 6h"),
        (window("relativeMonthly", weekday=1, week=2), SATURDAY, "Tue 2026-12-08 00:00 6h"),
        (window("relativeMonthly", weekday=0, week=-1), SATURDAY, "Mon 2026-11-30 00:00 6h"),
        (window("relativeMonthly", weekday=0, week=4), SATURDAY, "Mon 2026-11-23 00:00 6h"),
    ],
)  # fmt: skip
def test_the_next_opening(of: Window, now: str, expected: str) -> None:
    assert said(opening(of, at(now))) == expected


@pytest.mark.parametrize("of", [window(interval=2), window("daily", interval=3), Window("x")])
def test_what_cannot_be_counted_is_not_guessed(of: Window) -> None:
    assert opening(of, at(SATURDAY)) is None


@pytest.mark.parametrize(
    ("blocked", "expected"),
    [
        ((Days(date(2026, 11, 22), date(2026, 11, 22)),), "Sun 2026-11-29 00:00 6h"),
        ((Days(date(2026, 11, 20), date(2026, 11, 29)),), "Sun 2026-12-06 00:00 6h"),
        ((Days(date(2026, 11, 21), date(2026, 11, 21)),), "Sun 2026-11-22 00:00 6h"),
        ((Days(date(2026, 1, 1), date(2028, 1, 1)),), ""),
    ],
)
def test_blocked_days_are_left_out_the_last_one_included(blocked: tuple[Days, ...], expected: str) -> None:
    assert said(opening(window(blocked=blocked), at(SATURDAY))) == expected


def test_a_window_over_midnight_ends_where_a_blocked_day_begins() -> None:
    late = window(minute=22 * 60, offset=0, blocked=(Days(date(2026, 11, 23), date(2026, 11, 23)),))
    assert said(opening(late, at(SATURDAY))) == "Sun 2026-11-22 22:00 2h"


@pytest.mark.parametrize(
    ("slots", "now", "expected"),
    [
        ((Slot(2, 1), Slot(2, 2)), SATURDAY, "Wed 2026-11-25 01:00 2h"),
        ((Slot(2, 1), Slot(2, 5)), "2026-11-25 02:00", "Wed 2026-11-25 05:00 1h"),
        # Sunday's last hour and Monday's first are one opening.
        ((Slot(6, 23), Slot(0, 0)), SATURDAY, "Sun 2026-11-22 23:00 2h"),
    ],
)
def test_hours_of_the_week_are_utc_and_joined(slots: tuple[Slot, ...], now: str, expected: str) -> None:
    assert said(opening(Window(DEFAULT, slots=slots), at(now))) == expected


def test_blocked_moments_cut_hours_of_the_week() -> None:
    closed = (Span(at("2026-11-25 01:30"), at("2026-11-25 12:00")),)
    of = Window(DEFAULT, slots=(Slot(2, 1), Slot(2, 2)), closed=closed)
    assert said(opening(of, at(SATURDAY))) == "Wed 2026-11-25 01:00 0.5h"


@given(
    unit=st.sampled_from(["daily", "weekly", "absoluteMonthly", "relativeMonthly"]),
    interval=st.integers(1, 6), weekday=st.integers(0, 6), day=st.integers(1, 28),
    week=st.sampled_from([1, 2, 3, 4, -1]),
    offset=st.integers(-14 * 60, 14 * 60).map(lambda minutes: minutes * 60), minute=st.integers(0, 1439),
    hours=st.integers(1, 24), begins=st.dates(date(2020, 1, 1), date(2026, 11, 1)),
    now=st.integers(int(at("2026-11-01 00:00")), int(at("2028-12-31 00:00"))),
)  # fmt: skip
def test_an_opening_is_never_over_and_the_same_until_it_is(
    unit: str, interval: int, weekday: int, day: int, week: int, offset: int, minute: int, hours: int, begins: date,
    now: int,
) -> None:  # fmt: skip
    of = Window("w", Recurrence(unit, interval, weekday, day, week), hours, minute, offset, begins)
    found = opening(of, now)
    assert found is not None
    assert found.end > now
    assert found.end - found.start == hours * 3600
    assert opening(of, found.end - 1) == found
    assert (open_now(of, now) is not None) == (found.start <= now)


# --- what it explains


APPS = AgentPool("apps", provisioning="Succeeded", version="1.36.3", current="1.35.4")


def cluster(*windows: Window, **more: Any) -> ManagedCluster:
    return ManagedCluster("id", "shop", pools=(APPS,), maintenance=Maintenance("id", windows, 1.0), **more)


def test_pools_of_the_cluster_are_under_a_window_for_nodes_while_it_is_open() -> None:
    during, before = at("2026-11-22 03:00"), at(SATURDAY)

    assert under_maintenance([cluster(SUNDAYS)], before) == {}
    under = under_maintenance([cluster(SUNDAYS)], during)["apps"]
    assert (under.words, under.images, under.versions) == ("maintenance window until 06:00Z", True, False)
    assert under_maintenance([cluster(window("weekly", KUBERNETES))], during)["apps"].versions
    assert under_maintenance([cluster(window("weekly", DEFAULT))], during) == {}, "AKS's releases change no node"


def looked(now: str, *windows: Window, **more: Any) -> tuple[Trouble, ...]:
    """What is the matter with a pool of two images, at that time."""
    held = machines(instance(17), instance(18, image="202609.01.0"), agent=APPS)
    found = type(held)(at(now), held.sets, clusters=(cluster(*windows),), places=held.places)
    return join([node(), node(18)], found, at(now)).pools["apps"].troubles


def test_what_waits_to_be_brought_up_to_date_is_to_be_looked_at_while_no_window_is_open() -> None:
    assert looked(SATURDAY, SUNDAYS) == (
        Trouble(Meaning.LOOK, "1 on an older image", Mismatch.OLD_IMAGE),
        Trouble(Meaning.LOOK, "1.35.4 → 1.36.3 not finished", Mismatch.OLD_VERSION),
    )


def test_in_the_window_it_is_planned_each_by_the_window_that_it_belongs_to() -> None:
    until = "maintenance window until 06:00Z"
    image = Trouble(Meaning.PLANNED, f"1 on an older image, {until}", Mismatch.OLD_IMAGE)

    assert looked("2026-11-22 03:00", SUNDAYS) == (
        image,
        Trouble(Meaning.LOOK, "1.35.4 → 1.36.3 not finished", Mismatch.OLD_VERSION),
    )
    assert looked("2026-11-22 03:00", window("weekly", KUBERNETES)) == (
        image,
        Trouble(Meaning.PLANNED, f"1.35.4 → 1.36.3 not finished, {until}", Mismatch.OLD_VERSION),
    )


@pytest.mark.parametrize(
    ("now", "provisioning", "power", "expected"),
    [
        ("2026-11-22 03:00", "Updating", "running", Meaning.PLANNED),
        (SATURDAY, "Updating", "running", None),
        # A window is no excuse for what Azure does not do itself.
        ("2026-11-22 03:00", "Succeeded", "running", None),
        ("2026-11-22 03:00", "Failed", "running", Meaning.LOOK),
        ("2026-11-22 03:00", "Succeeded", "deallocated", Meaning.ACT),
    ],
)
def test_a_node_that_is_not_ready_is_planned_only_where_azure_works_on_its_machine(
    now: str, provisioning: str, power: str, expected: Meaning | None
) -> None:
    old = int(at("2026-10-01 00:00"))
    held = machines(instance(provisioning=provisioning, power=power, created=old), agent=APPS)
    found = type(held)(at(now), held.sets, clusters=(cluster(SUNDAYS),), places=held.places)
    lost = node(**OFF, created=old)

    trouble = join([lost], found, at(now)).troubles.get(lost.name)

    assert (trouble.meaning if trouble else None) is expected
    if expected is Meaning.PLANNED:
        assert trouble is not None
        assert trouble.words == "VM updating, pool in its maintenance window until 06:00Z"


# --- words


def page(one: ManagedCluster, now: str) -> str:
    return plain_text(lay_out([list(maintenance_page(one, at(now)))], lambda meaning: meaning.name[0]))


def test_each_window_with_its_next_opening_how_often_and_when_not() -> None:
    christmas = Days(date(2026, 12, 19), date(2027, 1, 6))
    over = Days(date(2026, 1, 1), date(2026, 1, 2))
    yearly = window("relativeMonthly", KUBERNETES, weekday=1, week=2, offset=-5400, blocked=(christmas, over))
    hours = Window(DEFAULT, slots=(Slot(2, 2), Slot(2, 1)))

    shown = page(cluster(hours, yearly, SUNDAYS, Window("odd")), SATURDAY)

    assert [line.strip() for line in shown.splitlines()] == [
        "Maintenance windows:",
        "Node images:   next Sun 2026-11-22 00:00Z for 6h, in 9h",
        "each week on Sunday, 01:00 +01:00",
        "Kubernetes:    next Tue 2026-12-08 02:30Z for 6h, in 16d",
        "each month on the second Tuesday, 01:00 -01:30",
        "not on 2026-12-19 to 2027-01-06",
        "AKS releases:  next Wed 2026-11-25 01:00Z for 2h, in 3d10h",
        "each week, hours in UTC: Wednesday 1 2",
        "odd:           a window that was not understood",
    ]


def test_while_it_is_open_it_says_until_when() -> None:
    assert "open until 06:00Z, 3h more" in page(cluster(SUNDAYS), "2026-11-22 03:00")
    assert window_words(cluster(SUNDAYS), at("2026-11-22 03:00")) == "maintenance window for node images until 06:00Z"
    assert window_words(cluster(SUNDAYS), at(SATURDAY)) == ""
    assert window_words(None, at(SATURDAY)) == ""


def test_why_nothing_is_known_is_said_there_and_nowhere_else() -> None:
    refused = cluster()._replace(maintenance=Maintenance("id", (), 1.0, "no right to read them"))

    assert page(refused, SATURDAY).strip() == "Maintenance:  windows are not known: no right to read them"
    assert window_words(refused, at(SATURDAY)) == ""
    assert "AKS upgrades at any time" in page(cluster(), SATURDAY)
    assert page(ManagedCluster("id", "shop"), SATURDAY) == "", "it was not asked for yet"
