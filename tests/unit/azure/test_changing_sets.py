"""A scale set that changes and is in view is read each quarter of a minute, by one call; nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from kubetui.azure.changing_sets import MOST, changing_sets, with_read
from kubetui.azure.machine_feed import PERIOD, SOON, MachineFeed, SignIn
from kubetui.azure.machines import AgentPool, Instance, Machines, ManagedCluster, ScaleSet
from kubetui.cluster.errors import Overloaded
from tests.fake_clock import FakeClock
from tests.unit.azure.resource_manager_double import (
    APPS,
    PLACE,
    SETS,
    ResourceManagerDouble,
    Tokens,
    failure,
    scale_set,
    served,
    vm,
)

BATCH = "aks-batch-23184551-vmss"
APPS_ID, BATCH_ID = f"{SETS}/{APPS}", f"{SETS}/{BATCH}"
SECONDS = 20.0
"""Real seconds for an answer over the loopback, at most."""


class InView:
    """Somebody looks at one scale set of two, of which the first changes."""

    def __init__(self, azure: ResourceManagerDouble) -> None:
        self.clock, self.azure = FakeClock(), azure
        self.feed = MachineFeed(lambda: SignIn(azure.url, Tokens()), self.clock)
        self.sets = {APPS_ID}
        self._changed = asyncio.Event()

    def follow(self) -> None:
        self.feed.follow({PLACE: frozenset[str]()}, self._changed.set)

    async def look(self) -> None:
        await asyncio.wait_for(self._changed.wait(), SECONDS)
        self._changed.clear()

    async def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.feed.seen(self.sets)
            await self.clock.advance(1.0)

    async def asked_within(self, seconds: float) -> list[str]:
        """The paths that Azure is asked for meanwhile; each answer is waited for."""
        before = len(self.azure.asked)
        await self.pass_time(seconds)
        return self.azure.paths()[before:]

    @property
    def states(self) -> list[str]:
        machines = self.feed.look.machines
        assert machines is not None
        return [each.provisioning for one in machines.sets if one.id == APPS_ID for each in one.instances or ()]


@pytest.fixture
async def in_view() -> AsyncIterator[InView]:
    azure = ResourceManagerDouble()
    azure.answers[SETS] = {"value": [scale_set(provisioningState="Updating"), scale_set(BATCH, "batch")]}
    azure.answers[f"{SETS}/{BATCH}/virtualMachines"] = {"value": [vm(0, BATCH)]}
    async with served(azure):
        one = InView(azure)
        one.follow()
        await one.look()
        yield one
        one.feed.rest()


async def test_a_changing_set_in_view_is_read_again_by_one_call(in_view: InView) -> None:
    in_view.azure.answers[f"{APPS_ID}/virtualMachines"] = {"value": [vm(35), vm(36, provisioningState="Deleting")]}
    asked = len(in_view.azure.asked)

    await in_view.pass_time(SOON)
    await in_view.look()

    assert in_view.azure.paths()[asked:] == [f"{APPS_ID}/virtualMachines"]
    assert in_view.states == ["Succeeded", "Deleting"]


async def test_the_age_of_each_part_is_its_own(in_view: InView) -> None:
    first = in_view.feed.look.machines
    await in_view.pass_time(SOON)
    await in_view.look()

    machines = in_view.feed.look.machines
    assert first is not None
    assert machines is not None
    assert machines.at == first.at
    ages = {one.name: in_view.clock.now() - one.at for one in machines.sets}
    assert ages == {APPS: 0.0, BATCH: SOON}


async def test_a_minute_of_change_is_three_calls_more_and_then_all_is_read(in_view: InView) -> None:
    for _ in range(3):
        await in_view.pass_time(SOON)
        await in_view.look()
    asked = in_view.azure.paths()
    assert asked.count(f"{APPS_ID}/virtualMachines") == 4
    assert asked.count(f"{BATCH_ID}/virtualMachines") == asked.count(SETS) == 1

    await in_view.pass_time(SOON)
    await in_view.look()

    assert in_view.azure.paths().count(SETS) == 2


@pytest.mark.parametrize("sets", [set(), {BATCH_ID}])
async def test_sets_out_of_view_or_at_rest_are_asked_for_once_a_minute(in_view: InView, sets: set[str]) -> None:
    in_view.sets = sets

    assert await in_view.asked_within(PERIOD - 1) == []
    await in_view.pass_time(1)
    await in_view.look()

    paths = in_view.azure.paths()
    assert paths.count(f"{APPS_ID}/virtualMachines") == paths.count(f"{BATCH_ID}/virtualMachines") == 2


async def test_when_the_change_is_over_the_set_is_left_alone(in_view: InView) -> None:
    in_view.azure.answers[SETS] = {"value": [scale_set(), scale_set(BATCH, "batch")]}
    await in_view.pass_time(SOON)
    await in_view.look()
    in_view.feed.retry_now()
    await in_view.look()

    assert await in_view.asked_within(PERIOD - 1) == []


async def test_nobody_looks_so_nothing_is_read(in_view: InView) -> None:
    asked = len(in_view.azure.asked)

    await in_view.clock.advance(10 * PERIOD)

    assert len(in_view.azure.asked) == asked


async def test_where_azure_asks_to_wait_the_changing_set_waits_too(in_view: InView) -> None:
    in_view.azure.answers[f"{APPS_ID}/virtualMachines"] = failure(429, "OperationNotAllowed", **{"Retry-After": "300"})
    await in_view.pass_time(SOON)
    await in_view.look()

    assert isinstance(in_view.feed.look.error, Overloaded)
    assert in_view.states == ["Succeeded", "Succeeded"], "what was read stays"
    assert await in_view.asked_within(299) == []


async def test_a_set_that_cannot_be_read_for_now_stays_with_its_age(in_view: InView) -> None:
    began = in_view.clock.now()
    in_view.azure.answers[f"{APPS_ID}/virtualMachines"] = failure(500)
    await in_view.pass_time(SOON)
    await in_view.look()

    machines = in_view.feed.look.machines
    assert machines is not None
    assert {one.at for one in machines.sets} == {began}
    assert in_view.states == ["Succeeded", "Succeeded"]


async def test_a_set_that_is_gone_is_gone(in_view: InView) -> None:
    del in_view.azure.answers[f"{APPS_ID}/virtualMachines"]
    await in_view.pass_time(SOON)
    await in_view.look()

    machines = in_view.feed.look.machines
    assert machines is not None
    assert [one.name for one in machines.sets] == [BATCH]


def one_set(number: int = 0, *states: str, provisioning: str = "Succeeded", pool: str = "") -> ScaleSet:
    instances = tuple(Instance(f"i{n}", f"s{number}", str(n), provisioning=state) for n, state in enumerate(states))
    return ScaleSet(f"s{number}", f"s{number}", pool, provisioning=provisioning, instances=instances, at=-float(number))


@pytest.mark.parametrize(
    ("one", "pools", "changes"),
    [
        (one_set(0, "Succeeded", "Failed"), (), False),
        (one_set(0, "Succeeded", "Creating"), (), True),
        (one_set(0, "Deleting"), (), True),
        (one_set(0, provisioning="Updating"), (), True),
        (one_set(0, provisioning="Failed"), (), False),
        (one_set(0, pool="a"), (AgentPool("a", provisioning="UpgradingNodeImageVersion"),), True),
        (one_set(0, pool="a"), (AgentPool("b", provisioning="Scaling"),), False),
        (one_set(0, ""), (), False),
    ],
)
def test_what_changes(one: ScaleSet, pools: tuple[AgentPool, ...], changes: bool) -> None:
    machines = Machines(0.0, (one,), clusters=(ManagedCluster("c", "c", pools=pools),))

    assert bool(changing_sets(machines, {"s0"})) is changes


def test_of_many_those_read_longest_ago() -> None:
    machines = Machines(0.0, tuple(one_set(n, "Creating") for n in range(9)))

    found = changing_sets(machines, {f"s{n}" for n in range(9)})

    assert [one.name for one in found] == ["s8", "s7", "s6", "s5"]
    assert len(found) == MOST


def test_what_was_not_asked_for_stays() -> None:
    kept, asked = one_set(1, "Succeeded"), one_set(2, "Creating")
    machines = Machines(0.0, (kept, asked), budget=7)
    newer = one_set(2, "Succeeded")

    assert with_read(machines, [asked], [newer], None) == Machines(0.0, (kept, newer), budget=7)
    assert with_read(machines, [asked], [], 6) == Machines(0.0, (kept,), budget=6)
