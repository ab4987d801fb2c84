"""The cluster autoscaler's node groups, each with its pool: limits and what it is doing, without any right in Azure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kubetui.cluster.autoscaler_status import AutoscalerStatus, NodeGroup
from kubetui.insight.instances import PoolMachines
from kubetui.insight.pool_troubles import limits
from kubetui.insight.trouble import Mismatch, Trouble
from kubetui.kinds.age import human_duration
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_row import NodeRow

SILENT_S: Final = 600
"""Seconds after which the autoscaler has stopped: it writes every 10 s, and its own watchdog ends it after 10 min."""
_VMSS: Final = re.compile(r"aks-(?P<pool>[a-z][a-z0-9]{0,11})-\d{8}-vmss", re.ASCII | re.IGNORECASE)
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class PoolGroups:
    """A pool's node groups together; on AKS it has one."""

    groups: tuple[NodeGroup, ...]

    @property
    def least(self) -> int | None:
        """Of all together; None: not said."""
        return _sum(one.least for one in self.groups)

    @property
    def most(self) -> int | None:
        """Of all together; None: not said."""
        return _sum(one.most for one in self.groups)

    @property
    def target(self) -> int | None:
        """Instances asked for."""
        return _sum(one.target for one in self.groups)

    @property
    def limits(self) -> str:
        """``3–80 auto``; ``""`` where they are not said."""
        return f"{self.least}–{self.most} auto" if self.least is not None and self.most is not None else ""


def _sum(numbers: Iterable[int | None]) -> int | None:
    found = tuple(numbers)
    return sum(one for one in found if one is not None) if found and None not in found else None


def groups_of_pools(status: AutoscalerStatus, nodes: Iterable[NodeRow]) -> dict[str, PoolGroups]:
    """Pools with their node groups: by the scale set that its nodes are in, else by the group's name."""
    by_set = {node.machine.vmss.casefold(): node.pool for node in nodes if node.machine.vmss and node.pool}
    pools = {pool.casefold(): pool for pool in by_set.values()}
    found: dict[str, list[NodeGroup]] = {}
    for group in status.groups:
        name = group.name.casefold()
        named = _VMSS.fullmatch(name)
        pool = by_set.get(name) or pools.get(name) or (named["pool"] if named else "")
        if pool:
            found.setdefault(pool, []).append(group)
    return {pool: PoolGroups(tuple(groups)) for pool, groups in found.items()}


def autoscaler_troubles(groups: PoolGroups, machines: PoolMachines | None, now: float) -> Iterator[Trouble]:
    """What the autoscaler says of a pool; of numbers only what Azure did not say better."""
    for one in groups.groups:
        if one.health.casefold() == "unhealthy":
            yield Trouble(Meaning.LOOK, f"autoscaler: unhealthy, {ready_words(one)}".rstrip(", "))
        if one.scale_up.casefold() == "backoff":
            why = one.error.partition(":")[0] if one.error else ""
            words = f"autoscaler backs off{_for(one.scale_up_since, now)}"
            yield Trouble(Meaning.LOOK, f"{words}: {why[:_LONGEST]}" if why else words, Mismatch.BACKOFF)
        elif one.scale_up.casefold() == "inprogress":
            yield Trouble(Meaning.PLANNED, f"scaling up to {one.target}" if one.target else "scaling up")
    if machines is not None and machines.agent is not None:
        return
    if machines is None or machines.machines < 0:
        long = sum(one.missing_long for one in groups.groups)
        if long:
            yield Trouble(Meaning.ACT, f"{long} never joined", Mismatch.NEVER_JOINED)
    least, most, target = groups.least, groups.most, groups.target
    if least is not None and most is not None and target is not None:
        yield from limits(least, most, target, going=False)


def ready_words(one: NodeGroup) -> str:
    """``3 of 5 ready``; ``""`` where that is not said."""
    return f"{one.ready} of {one.registered} ready" if one.ready is not None and one.registered is not None else ""


def _for(since: int, now: float) -> str:
    return f" for {human_duration(now - since)}" if 0 < since <= now else ""


def silence(status: AutoscalerStatus, now: float) -> str:
    """That the autoscaler has stopped, in words; ``""`` while it writes. ``now`` is this machine's clock."""
    if not status.at or now - status.at < SILENT_S:
        return ""
    return f"the cluster autoscaler has written nothing for {human_duration(now - status.at)}"


def known_limits(machines: PoolMachines | None, groups: Mapping[str, PoolGroups], pool: str) -> str:
    """Azure's limits of a pool, else the autoscaler's own; ``""`` where it is not autoscaled, or nobody says so."""
    if machines is not None and machines.agent is not None:
        return machines.limits
    found = groups.get(pool)
    return found.limits if found is not None else ""
