"""The demo's incidents as the Overview tells them where Azure is known: one finding a cause, planned where meant."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest

from kubetui.azure.own_resource_manager import StaticToken
from kubetui.azure.resource_manager import ResourceManager as Client
from kubetui.azure.scale_sets import read_machines
from kubetui.insight.finding import Finding
from kubetui.insight.findings import findings
from kubetui.insight.instances import join, places_of
from kubetui.insight.mismatch_book import MismatchBook
from kubetui.kinds.kind import Meaning
from tests.demo.test_resource_manager import rows, served
from tests.demo.worlds import BEGAN, Lived
from tests.unit.insight.seen import seen


class Overview:
    """Looks at one world again and again, as the Overview does: what it saw first it remembers."""

    def __init__(self, lived: Lived) -> None:
        self.lived = lived
        self._book = MismatchBook()

    async def look(self) -> list[Finding]:
        nodes, now = rows(self.lived), self.lived.clock.time
        async with served(self.lived) as azure, Client(azure.url, StaticToken(azure.token)) as client:
            machines = await read_machines(client, places_of(nodes), now)
        known = self._book.note(join(nodes, machines, now), now, machines.clusters)
        return findings(replace(seen(self.lived), machines=known))

    async def after(self, seconds: float) -> list[Finding]:
        self.lived.pass_time(seconds)
        return await self.look()


class Told(NamedTuple):
    after: float
    title: str
    meaning: Meaning
    advice: str
    command: str
    begun: float | None = None
    """Seconds after the incident; None: nobody saw it begin."""


TOLD: dict[str, list[Told]] = {
    "vm-deallocated": [
        Told(5, "vmss000001 Ready, but VM deallocating", Meaning.ACT, "activity log", "az monitor activity-log", 5),
        Told(90, "vmss000001 NotReady: VM deallocated", Meaning.ACT, "start it again", "az vmss start", 58),
    ],
    "instance-never-joins": [
        Told(60, "1 node is joining pool general", Meaning.PLANNED, "wait", "", 0),
        Told(
            300, "instance 7 of pool general never joined: CSE exit 50 (no outbound)", Meaning.ACT,
            "mcr.microsoft.com:443", "az vmss get-instance-view", 0,
        ),
    ],
    "scale-out": [
        Told(10, "3 nodes are joining pool general", Meaning.PLANNED, "wait", "", 0),
        Told(85, "3 nodes are joining pool general", Meaning.PLANNED, "wait", "", 0),
    ],
    "spot-eviction": [
        Told(80, "is going: spot eviction", Meaning.PLANNED, "other nodes", "", 0),
    ],
    "node-not-ready": [
        Told(60, "vmss000001 NotReady", Meaning.ACT, "kubelet's log past the API server", "", 38),
    ],
    "pool-upgrade": [
        Told(60, "pool general is mid-upgrade: ", Meaning.PLANNED, "watch it", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "told"), [(name, told) for name, all_told in TOLD.items() for told in all_told])
async def test_an_incident_is_one_finding_about_machines(name: str, told: Told) -> None:
    overview = Overview(Lived())
    assert await overview.look() == []
    overview.lived.world.incidents.start(name)

    found = await overview.after(told.after)

    about = [one for one in found if one.target.kind in ("nodes", "instances")]
    assert [one.title for one in about if told.title in one.title] == [one.title for one in about]
    (one,) = about
    assert one.meaning is told.meaning
    assert told.advice in one.advice
    assert one.command.startswith(told.command) if told.command else one.command == ""
    if told.begun is not None:
        assert abs(one.since - (BEGAN + told.begun)) <= 12


@pytest.mark.parametrize("name", ["scale-out", "pool-upgrade"])
async def test_what_is_meant_never_asks_for_a_look(name: str) -> None:
    overview = Overview(Lived())
    overview.lived.world.incidents.start(name)

    for _ in range(10):
        found = await overview.after(30)
        about = [one for one in found if one.target.kind in ("nodes", "instances")]
        assert {one.meaning for one in about} <= {Meaning.PLANNED}, [one.title for one in about]


async def test_a_quiet_cluster_of_every_kind_of_pool_has_no_findings() -> None:
    overview = Overview(Lived(every_kind=True))

    assert await overview.look() == []
    assert await overview.after(600) == []
