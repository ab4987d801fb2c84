"""Reads the machines under a cluster's nodes: for each node resource group one list of scale sets, for each scale set
one list of instances with their views, and the managed cluster that the group's tags name."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from kubetui.azure.cluster_wire import ClusterWire, managed_cluster
from kubetui.azure.machine_wire import GroupWire, ScaleSetWire, VmWire, instance, items, scale_set
from kubetui.azure.machines import Instance, Machines, ManagedCluster, Place, ScaleSet
from kubetui.azure.resource_manager import ResourceManager
from kubetui.cluster.errors import ClusterError, Forbidden, NotFound

COMPUTE: Final = "2024-07-01"
"""API versions are part of what is asked: these have every field that is read, and don't change."""
CONTAINER_SERVICE: Final = "2025-05-01"
RESOURCES: Final = "2021-04-01"
_AT_ONCE: Final = 4
MOST_MACHINES: Final = 20_000
ROLE: Final = "Reader"
"""The least of Azure's own roles that may read all of this."""


async def read_machines(azure: ResourceManager, places: Mapping[Place, frozenset[str]], now: float) -> Machines:
    """All machines of ``places``, each with the names of machines that nodes run on without a scale set.

    What could not be read of one scale set or of the managed cluster is a gap. Raises ClusterError types where the
    scale sets of a place can't be read, or Azure asks to wait.
    """
    found = [await _place(azure, place, singles) for place, singles in sorted(places.items())]
    return Machines(
        at=now,
        sets=tuple(one for part in found for one in part.sets),
        singles=tuple(one for part in found for one in part.singles),
        clusters=tuple(one for part in found for one in part.clusters),
        places=frozenset(places),
        gaps=tuple(dict.fromkeys(gap for part in found for gap in part.gaps)),
        budget=azure.budget,
    )


async def _place(azure: ResourceManager, place: Place, singles: frozenset[str]) -> Machines:
    group = f"/subscriptions/{place.subscription}/resourceGroups/{place.resource_group}"
    tried = f"list VM scale sets of {place.resource_group}"
    compute = f"{group}/providers/Microsoft.Compute"
    sets, gaps = [], []
    try:
        async for page in azure.pages(f"{compute}/virtualMachineScaleSets", tried, api_version=COMPUTE):
            wires, unreadable = items(page, ScaleSetWire)
            sets += [scale_set(wire) for wire in wires]
            if unreadable:
                gaps.append(f"{unreadable} VM scale sets were not understood")
    except Forbidden as error:
        raise _missing_role(error, place.resource_group) from None
    limit = asyncio.Semaphore(_AT_ONCE)

    async def filled(one: ScaleSet) -> ScaleSet | None:
        async with limit:
            try:
                return await _with_instances(azure, one, compute)
            except NotFound:
                return None  # deleted between the two lists
            except Forbidden as error:
                gaps.append(f"{error.tried}: no right; ask for {ROLE} on {place.resource_group}")
                return one

    read = await _all(filled(one) for one in sets)
    alone, missing = await _singles(azure, compute, singles, [one for one in read if one is not None])
    clusters, unseen = await _cluster(azure, group, place)
    return Machines(0.0, tuple(o for o in read if o), alone, clusters, gaps=(*gaps, *missing, *unseen))


async def _all(work: Iterable[Coroutine[Any, Any, ScaleSet | None]]) -> list[ScaleSet | None]:
    """Every result; the first failure ends the rest."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


def _missing_role(error: Forbidden, where: str) -> Forbidden:
    advice = f"ask for the role {ROLE} on the resource group {where}"
    return Forbidden(error.tried, error.answer, advice, status=error.status, reason=error.reason)


async def _with_instances(azure: ResourceManager, one: ScaleSet, compute: str) -> ScaleSet:
    tried = f"list instances of {one.name}"
    path = f"{compute}/virtualMachineScaleSets/{one.name}/virtualMachines"
    query = {"expand": "instanceView"}
    if one.flexible:
        # Its machines stand beside it; only with this filter does Azure add their views.
        path, query = f"{compute}/virtualMachines", query | {"filter": f"'virtualMachineScaleSet/id' eq '{one.id}'"}
    machines, unreadable = await _machines(azure, path, tried, one.name, query)
    return replace(one, instances=tuple(machines), unreadable=unreadable)


async def _machines(
    azure: ResourceManager, path: str, tried: str, of_set: str, query: Mapping[str, str]
) -> tuple[list[Instance], int]:
    found: list[Instance] = []
    bad = 0
    async for page in azure.pages(path, tried, api_version=COMPUTE, **query):
        wires, unreadable = items(page, VmWire)
        found += [instance(wire, of_set) for wire in wires]
        bad += unreadable
        if len(found) > MOST_MACHINES:
            raise ClusterError(tried, f"more than {MOST_MACHINES:,} machines")
        await asyncio.sleep(0)  # a page decodes in some milliseconds: keys come between two
    return found, bad


async def _singles(
    azure: ResourceManager, compute: str, wanted: frozenset[str], sets: list[ScaleSet]
) -> tuple[tuple[Instance, ...], list[str]]:
    """Machines that nodes run on and no scale set has: pools of single machines, nodes of Karpenter."""
    held = {one.number.casefold() for part in sets if part.flexible for one in part.instances or ()}
    if not wanted - held:
        return (), []
    try:
        found, _ = await _machines(azure, f"{compute}/virtualMachines", "list virtual machines", "", {})
    except (Forbidden, NotFound) as error:
        return (), [f"{error.tried}: {error.answer}"]
    return tuple(one for one in found if one.number.casefold() not in held), []


async def _cluster(
    azure: ResourceManager, group: str, place: Place
) -> tuple[tuple[ManagedCluster, ...], tuple[str, ...]]:
    """The managed cluster that the node resource group's tags name."""
    try:
        tags = (await azure.get(group, GroupWire, f"read {place.resource_group}", api_version=RESOURCES)).tags or {}
        name, home = tags.get("aks-managed-cluster-name", ""), tags.get("aks-managed-cluster-rg", "")
        if not name or not home:
            return (), ()
        path = (
            f"/subscriptions/{place.subscription}/resourceGroups/{home}"
            f"/providers/Microsoft.ContainerService/managedClusters/{name}"
        )
        wire = await azure.get(path, ClusterWire, f"read the managed cluster {name}", api_version=CONTAINER_SERVICE)
    except Forbidden as error:
        return (), (f"{error.tried}: no right; autoscaler limits and upgrades need {ROLE} on the cluster",)
    except NotFound as error:
        return (), (f"{error.tried}: {error.answer}",)
    return (managed_cluster(wire),), ()
