"""Reads the machines under a cluster's nodes: for each node resource group one list of scale sets, for each scale set
one list of instances with their views, and the managed cluster that the group's tags name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from kubetui.azure.cluster_wire import CONTAINER_SERVICE, ClusterWire, managed_cluster
from kubetui.azure.machine_wire import GroupWire, ScaleSetWire, ViewWire, VmWire, instance, items, scale_set
from kubetui.azure.machines import Instance, Machines, ManagedCluster, Place, ScaleSet
from kubetui.azure.maintenance_reading import read_maintenance
from kubetui.azure.resource_manager import ResourceManager
from kubetui.azure.single_machines import FORGOTTEN_S, as_known, due, with_views
from kubetui.cluster.errors import ClusterError, Forbidden, NotFound, Overloaded, SignInFailed, Unauthorized
from kubetui.kinds.age import human_duration

COMPUTE: Final = "2024-07-01"
"""API versions are part of what is asked: these have every field that is read, and don't change."""
RESOURCES: Final = "2021-04-01"
_AT_ONCE: Final = 4
_SLICE: Final = 250
"""Machines decoded in one turn of the event loop: some 4 ms."""
MOST_PLACES: Final = 8
"""Node resource groups that are read; a cluster has one, and nodes name them, whoever wrote those."""
MOST_MACHINES: Final = 20_000
ROLE: Final = "Reader"
"""The least of Azure's own roles that may read all of this."""
_FOR_ALL: Final = (SignInFailed, Unauthorized)
"""What goes wrong with one request goes wrong with all."""


async def read_machines(
    azure: ResourceManager,
    places: Mapping[Place, frozenset[str]],
    now: float,
    before: Machines | None = None,
    asking: frozenset[str] = frozenset(),
) -> Machines:
    """All machines of ``places``, each with the names of machines that nodes run on without a scale set.

    ``asking``: those of them whose nodes are not ready: their views are read first.

    What could not be read of a place, a scale set or the managed cluster is a gap; what ``before`` says of it, the look
    at Azure before this one, stays for a while. Raises ClusterError types where no place could be read, there is no
    credential, or Azure asks to wait.
    """
    found: list[Machines] = []
    refused: list[ClusterError] = []
    for place, singles in sorted(places.items())[:MOST_PLACES]:
        try:
            found.append(await _Place(azure, place, now, before or Machines(now), asking).read(singles))
        except ClusterError as error:
            if _concerns_all(error):
                raise
            refused.append(error)
    if refused and not found:
        raise refused[0]
    gaps = [*(gap for part in found for gap in part.gaps), *map(_gap, refused)]
    if len(places) > MOST_PLACES:
        gaps.append(f"{len(places) - MOST_PLACES} further resource groups with nodes are not read")
    return Machines(
        at=now,
        sets=tuple(one for part in found for one in part.sets),
        singles=tuple(one for part in found for one in part.singles),
        clusters=tuple(one for part in found for one in part.clusters),
        places=frozenset(place for part in found for place in part.places),
        listed=frozenset(place for part in found for place in part.listed),
        gaps=tuple(dict.fromkeys(gaps)),
        budget=azure.budget,
    )


async def read_instances(azure: ResourceManager, sets: Sequence[ScaleSet], now: float) -> list[ScaleSet]:
    """``sets`` with their instances as they are now, one call each; without those that are gone.

    One whose instances can't be read stays as it was, and as old. Raises ClusterError types as ``read_machines`` does.
    """
    limit = asyncio.Semaphore(_AT_ONCE)
    before = Machines(now, tuple(sets))
    async with _together() as group:
        tasks = [group.create_task(_Place(azure, place_of(one.id), now, before).filled(one, limit)) for one in sets]
    return [one for task in tasks if (one := task.result()) is not None]


def place_of(resource: str) -> Place:
    """The resource group that a resource's id names."""
    parts = resource.split("/")
    named = {key.casefold(): value for key, value in zip(parts[1::2], parts[2::2], strict=False)}
    return Place(named.get("subscriptions", "").lower(), named.get("resourcegroups", "").lower())


def _concerns_all(error: ClusterError) -> bool:
    """Whether asking on would be wrong: no token, or Azure wants to be left alone for a while."""
    waits = isinstance(error, Overloaded) and (error.status == 429 or error.retry_after is not None)
    return waits or isinstance(error, _FOR_ALL)


def _gap(error: ClusterError) -> str:
    return f"{error.tried}: {error.answer}" + (f" – {error.advice}" if error.advice else "")


@dataclass(slots=True)
class _Place:
    """One node resource group, being read."""

    azure: ResourceManager
    place: Place
    now: float
    before: Machines
    """The look before this one."""
    asking: frozenset[str] = frozenset()
    gaps: list[str] = field(default_factory=list)
    listed: bool = False
    """All machines beside the scale sets were read and understood."""
    failed: list[ClusterError] = field(default_factory=list)
    """Why instances of a scale set could not be read, rights apart."""

    @property
    def group(self) -> str:
        return f"/subscriptions/{self.place.subscription}/resourceGroups/{self.place.resource_group}"

    @property
    def compute(self) -> str:
        return f"{self.group}/providers/Microsoft.Compute"

    async def read(self, singles: frozenset[str]) -> Machines:
        """All of it. Raises ClusterError types where scale sets can't be listed, or the instances of none."""
        async with _together() as group:
            cluster = group.create_task(self._cluster())
            machines = group.create_task(self._all_machines(singles))
        sets, alone, understood = machines.result()
        # Nodes of a scale set that was not understood must not pass for nodes of one that is gone.
        places = frozenset({self.place}) if understood else frozenset()
        listed = frozenset({self.place}) if self.listed else frozenset()
        return Machines(self.now, sets, alone, cluster.result(), places, listed, tuple(self.gaps))

    async def _all_machines(self, singles: frozenset[str]) -> tuple[tuple[ScaleSet, ...], tuple[Instance, ...], bool]:
        """Scale sets with their instances, machines beside them, and whether every scale set was understood."""
        sets, understood = await self._sets()
        limit = asyncio.Semaphore(_AT_ONCE)
        async with _together() as group:
            tasks = [group.create_task(self.filled(one, limit)) for one in sets]
        filled = tuple(one for task in tasks if (one := task.result()) is not None)
        if self.failed and not any(one.instances is not None for one in filled):
            raise self.failed[0]
        return filled, await self._singles(singles, filled), understood

    async def _sets(self) -> tuple[list[ScaleSet], bool]:
        tried = f"list VM scale sets of {self.place.resource_group}"
        sets: list[ScaleSet] = []
        bad = 0
        try:
            async for page in self.azure.pages(f"{self.compute}/virtualMachineScaleSets", tried, api_version=COMPUTE):
                wires, unreadable = items(page.value, ScaleSetWire)
                sets += [scale_set(wire) for wire in wires]
                bad += unreadable
        except Forbidden as error:
            advice = f"ask for the role {ROLE} on the resource group {self.place.resource_group}"
            raise Forbidden(error.tried, error.answer, advice, status=error.status, reason=error.reason) from None
        if bad:
            self.gaps.append(_not_understood(bad, "VM scale set"))
        return sets, not bad

    async def filled(self, one: ScaleSet, limit: asyncio.Semaphore) -> ScaleSet | None:
        """With its instances; None where it was deleted between the two lists."""
        async with limit:
            try:
                return await self._with_instances(one)
            except NotFound:
                return None
            except Forbidden as error:
                self.gaps.append(f"{error.tried}: no right; ask for {ROLE} on {self.place.resource_group}")
                return one
            except ClusterError as error:
                if _concerns_all(error):
                    raise
                self.failed.append(error)
                return self._as_before(one, error)

    def _as_before(self, one: ScaleSet, error: ClusterError) -> ScaleSet:
        old = next((old for old in self.before.sets if old.id.casefold() == one.id.casefold()), None)
        if old is None or old.instances is None:
            self.gaps.append(_gap(error))
            return one
        age = human_duration(max(0.0, self.now - old.at))
        self.gaps.append(f"{error.tried}: {error.answer}; they are {age} old")
        return replace(one, instances=old.instances, unreadable=old.unreadable, at=old.at)

    async def _with_instances(self, one: ScaleSet) -> ScaleSet:
        tried = f"list instances of {one.name}"
        path = f"{self.compute}/virtualMachineScaleSets/{one.name}/virtualMachines"
        query = {"expand": "instanceView"}
        if one.flexible:
            # Its machines stand beside it; only with this filter does Azure add their views.
            path = f"{self.compute}/virtualMachines"
            query |= {"filter": f"'virtualMachineScaleSet/id' eq '{one.id}'"}
        machines, unreadable = await self._machines(path, tried, one.name, query)
        if unreadable:
            self.gaps.append(f"{tried}: {_not_understood(unreadable, 'entry', 'entries')}")
        return replace(one, instances=tuple(machines), unreadable=unreadable, at=self.now)

    async def _machines(
        self, path: str, tried: str, of_set: str, query: Mapping[str, str]
    ) -> tuple[list[Instance], int]:
        found: list[Instance] = []
        bad = 0
        async for page in self.azure.pages(path, tried, api_version=COMPUTE, **query):
            for start in range(0, len(page.value), _SLICE):
                wires, unreadable = items(page.value[start : start + _SLICE], VmWire)
                found += [instance(wire, of_set) for wire in wires]
                bad += unreadable
                await asyncio.sleep(0)  # keys come in between
            if len(found) > MOST_MACHINES:
                raise ClusterError(tried, f"more than {MOST_MACHINES:,} machines")
        return found, bad

    async def _singles(self, wanted: frozenset[str], sets: Iterable[ScaleSet]) -> tuple[Instance, ...]:
        """Machines that nodes run on and no scale set has: pools of single machines, nodes of Karpenter."""
        held = {one.number.casefold() for part in sets if part.flexible for one in part.instances or ()}
        if not wanted - held:
            return ()
        try:
            found, bad = await self._machines(f"{self.compute}/virtualMachines", "list virtual machines", "", {})
        except ClusterError as error:
            if _concerns_all(error):
                raise
            self.gaps.append(_gap(error))
            return tuple(o for o in self.before.singles if self._holds(o.viewed) and place_of(o.id) == self.place)
        self.listed = not bad
        if bad:
            self.gaps.append(_not_understood(bad, "virtual machine"))
        alone = as_known((one for one in found if one.number.casefold() not in held), self.before.singles, self.now)
        viewed, ended = await with_views(alone, due(alone, wanted, self.asking), self._view, self.now)
        if ended is not None and _concerns_all(ended):
            raise ended
        if ended is not None:
            self.gaps.append(_gap(ended))
        return viewed

    async def _view(self, one: Instance) -> ViewWire:
        path = f"{self.compute}/virtualMachines/{one.number}/instanceView"
        view: ViewWire = await self.azure.get(path, ViewWire, f"read the state of {one.number}", api_version=COMPUTE)
        return view

    async def _cluster(self) -> tuple[ManagedCluster, ...]:
        """The managed cluster that the node resource group's tags name."""
        try:
            tried = f"read {self.place.resource_group}"
            tags = (await self.azure.get(self.group, GroupWire, tried, api_version=RESOURCES)).tags or {}
            name, home = tags.get("aks-managed-cluster-name", ""), tags.get("aks-managed-cluster-rg", "")
            if not name or not home:
                return ()
            path = (
                f"/subscriptions/{self.place.subscription}/resourceGroups/{home}"
                f"/providers/Microsoft.ContainerService/managedClusters/{name}"
            )
            tried = f"read the managed cluster {name}"
            wire = await self.azure.get(path, ClusterWire, tried, api_version=CONTAINER_SERVICE)
        except Forbidden as error:
            self.gaps.append(f"{error.tried}: no right; autoscaler limits and upgrades need {ROLE} on the cluster")
            return ()
        except ClusterError as error:
            if _concerns_all(error):
                raise
            self.gaps.append(_gap(error))
            group = self.place.resource_group
            return tuple(o for o in self.before.clusters if self._holds(o.at) and o.node_group.lower() == group)
        found = managed_cluster(wire)
        known = (one.maintenance for one in self.before.clusters)
        maintenance = await read_maintenance(self.azure, path, known, self.now)
        return (found._replace(at=self.now, maintenance=maintenance),)

    def _holds(self, at: float) -> bool:
        """Whether what was read then may still be shown."""
        return self.now - at < FORGOTTEN_S


def _not_understood(count: int, one: str, many: str = "") -> str:
    return f"{count} {one} was not understood" if count == 1 else f"{count} {many or one + 's'} were not understood"


@asynccontextmanager
async def _together() -> AsyncIterator[asyncio.TaskGroup]:
    """Tasks that end with the block; the first failure ends the others, and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
