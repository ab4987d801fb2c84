"""Maintenance configurations: read as Azure documents them, seldom, and harmless where they can't be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.azure.machines import Machines
from kubetui.azure.maintenance import KUBERNETES, NODE_IMAGES, Days, Recurrence, Slot, Span, Window
from kubetui.azure.maintenance_reading import AFTER_FAILURE_S, AGAIN_S
from kubetui.azure.maintenance_wire import window
from kubetui.azure.resource_manager import ResourceManager
from kubetui.azure.scale_sets import read_machines
from tests.unit.azure.resource_manager_double import CLUSTER, PLACE, ResourceManagerDouble, Tokens, failure, served

LIST = f"{CLUSTER}/maintenanceConfigurations"
WEEKLY: dict[str, Any] = {
    "schedule": {"weekly": {"intervalWeeks": 2, "dayOfWeek": "Friday"}},
    "durationHours": 4,
    "utcOffset": "+05:30",
    "startDate": "2026-01-02",
    "startTime": "22:15",
}


def recurring(name: str = NODE_IMAGES, **more: Any) -> Window:
    return window({"name": name, "properties": {"maintenanceWindow": WEEKLY | more}})


# --- what is read


def test_a_window_with_all_it_may_say() -> None:
    blocked = [{"start": "2026-12-23", "end": "2027-01-03"}, {"start": "2026-12-01T00:00:00Z", "end": "2026-12-01"}]
    assert recurring(notAllowedDates=blocked) == Window(
        NODE_IMAGES, Recurrence("weekly", 2, 4), 4, 22 * 60 + 15, 19_800, date(2026, 1, 2),
        (Days(date(2026, 12, 23), date(2027, 1, 3)), Days(date(2026, 12, 1), date(2026, 12, 1))),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"daily": {"intervalDays": 5}}, Recurrence("daily", 5)),
        ({"absoluteMonthly": {"intervalMonths": 3, "dayOfMonth": 15}}, Recurrence("absoluteMonthly", 3, 0, 15)),
        ({"relativeMonthly": {"intervalMonths": 1, "weekIndex": "Last", "dayOfWeek": "Monday"}},
         Recurrence("relativeMonthly", 1, 0, 0, -1)),
        ({"daily": None, "weekly": {"intervalWeeks": 1, "dayOfWeek": "sunday"}}, Recurrence("weekly", 1, 6)),
    ],
)  # fmt: skip
def test_every_kind_of_schedule(schedule: Any, expected: Recurrence) -> None:
    assert recurring(KUBERNETES, schedule=schedule).recurrence == expected


def test_without_an_offset_it_is_utc_and_without_a_start_date_it_begins_at_once() -> None:
    found = recurring(utcOffset=None, startDate=None)
    assert (found.offset, found.begins, found.understood) == (0, None, True)


def test_hours_of_the_week_and_moments_that_are_not_allowed() -> None:
    found = window({"name": "default", "properties": {
        "timeInWeek": [{"day": "Monday", "hourSlots": [1, 2, 24, "x"]}, {"day": "Someday", "hourSlots": [3]}],
        "notAllowedTime": [{"start": "2026-11-26T03:00:00Z", "end": "2026-11-30T12:00:00Z"}, {"start": "x"}, 7],
    }})  # fmt: skip
    assert found.slots == (Slot(0, 1), Slot(0, 2))
    assert found.closed == (Span(1795662000.0, 1796040000.0),)


@pytest.mark.parametrize(
    "odd",
    [
        {"schedule": {"hourly": {}}}, {"schedule": {}}, {"schedule": {"daily": {}, "weekly": {}}}, {"schedule": None},
        {"schedule": {"weekly": {"intervalWeeks": 0, "dayOfWeek": "Friday"}}},
        {"schedule": {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Freitag"}}},
        {"startTime": "25:00"}, {"startTime": None}, {"utcOffset": "CET"},
        {"durationHours": "4"}, {"durationHours": 1e9},
    ],
)  # fmt: skip
def test_one_that_is_not_as_documented_is_kept_as_not_understood(odd: dict[str, Any]) -> None:
    assert recurring(**odd) == Window(NODE_IMAGES)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["name", "properties", "maintenanceWindow", "schedule", "weekly", "timeInWeek", "hourSlots",
                         "day", "notAllowedDates", "start", "end", "notAllowedTime", "startDate", "utcOffset"]), inner),
    max_leaves=12,
)  # fmt: skip


@given(_ANYTHING)
def test_nothing_that_may_come_makes_it_fail(told: Any) -> None:
    assert isinstance(window(told), Window)


# --- when it is read


@pytest.fixture
async def azure() -> AsyncIterator[ResourceManagerDouble]:
    async with served(ResourceManagerDouble()) as double:
        properties = {"maintenanceWindow": WEEKLY}
        double.answers[LIST] = {"value": [{"name": NODE_IMAGES, "properties": properties}, "nonsense"]}
        yield double


async def look(azure: ResourceManagerDouble, now: float, before: Machines | None = None) -> Machines:
    async with ResourceManager(azure.url, Tokens()) as client:
        return await read_machines(client, {PLACE: frozenset()}, now, before)


async def test_windows_come_with_the_managed_cluster(azure: ResourceManagerDouble) -> None:
    (cluster,) = (await look(azure, 1000.0)).clusters

    assert [one.name for one in cluster.maintenance.windows] == [NODE_IMAGES, "?"]
    assert cluster.maintenance.windows[0] == recurring()
    assert (cluster.maintenance.at, cluster.maintenance.unread) == (1000.0, "")


async def test_they_are_asked_for_once_in_half_an_hour(azure: ResourceManagerDouble) -> None:
    machines: Machines | None = None
    for minute in range(62):
        machines = await look(azure, 1000.0 + 60 * minute, machines)

    assert azure.paths().count(LIST) == 3
    assert azure.paths().count(CLUSTER) == 62
    assert AGAIN_S == 1800


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (failure(403, "AuthorizationFailed", "no"), "no right to read them; ask for the role Reader on the cluster"),
        (failure(404, "ResourceNotFound", "gone"), "Azure has none for it"),
        (failure(500, "InternalServerError", "broken"), "broken"),
        (failure(429, "TooManyRequests", "wait", **{"Retry-After": "60"}), "wait"),
        (failure(401, "InvalidAuthenticationToken", "old"), "old"),
        ({"not": "a list"}, "the answer is not one of Azure Resource Manager"),
    ],
)
async def test_where_they_cannot_be_read_nothing_else_suffers_and_why_is_kept(
    azure: ResourceManagerDouble, answer: Any, why: str
) -> None:
    azure.answers[LIST] = answer

    machines = await look(azure, 1000.0)

    assert machines.gaps == (), "few need it: only who looks there is told"
    (cluster,) = machines.clusters
    assert (cluster.maintenance.windows, cluster.maintenance.unread) == ((), why)
    asked = azure.paths().count(LIST)
    again = await look(azure, 1000.0 + AFTER_FAILURE_S - 1, machines)
    assert azure.paths().count(LIST) == asked
    await look(azure, 1000.0 + AFTER_FAILURE_S, again)
    assert azure.paths().count(LIST) > asked


async def test_what_was_read_before_a_failure_stays(azure: ResourceManagerDouble) -> None:
    before = await look(azure, 1000.0)
    azure.answers[LIST] = failure(403, "AuthorizationFailed", "no")

    (cluster,) = (await look(azure, 1000.0 + AGAIN_S, before)).clusters

    assert len(cluster.maintenance.windows) == 2
    assert cluster.maintenance.unread
