"""Nodes that are not ready, have a bad condition, are announced to go, or are cordoned: one finding a pool."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, count_of, some
from kubetui.insight.findings.instances import joining_instances
from kubetui.insight.findings.node_machines import explained
from kubetui.insight.trouble import Mismatch
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import NodeCondition
from kubetui.kinds.node_meaning import planned
from kubetui.kinds.node_row import NodeRow

_JOINS_WITHIN: Final = 600
"""Seconds after its creation in which a node that was never ready is on its way."""
_AKS_REPAIRS: Final = "AKS repairs a node by itself after 5 minutes: reboot, reimage, redeploy"
_ADVICE: Final = {
    "MemoryPressure": "find the pods above their requests there; the kubelet evicts them",
    "DiskPressure": "images and logs fill the disk; the kubelet removes images and evicts pods",
    "PIDPressure": "find the pod with the many processes there",
    "NetworkUnavailable": "look at the network plugin's and cloud-node-manager's pods there",
    "KernelDeadlock": "reboot or reimage the instance",
    "ReadonlyFilesystem": "reimage the instance",
    "FilesystemCorruptionProblem": "reimage the instance",
    "KubeletProblem": "read the kubelet's journal on the node",
    "ContainerRuntimeProblem": "read containerd's journal on the node",
}


def nodes(evidence: Evidence) -> Iterator[Finding]:
    """Not ready first, then conditions of nodes that are ready, then what is planned."""
    told = explained(evidence)
    notable = [row for row in evidence.nodes.notable if row.name not in told]
    not_ready = [row for row in notable if row.ready != "True"]
    joining = {row.name for row in not_ready if joins(row, evidence.now) or _joins_in_azure(row, evidence)}
    silent = [row for row in not_ready if row.name not in joining]
    yield from _not_ready([row for row in silent if not planned(row)], evidence)
    yield from _conditions([row for row in notable if row.ready == "True"])
    yield from _planned([row for row in notable if planned(row)])
    # An upgrade brings new nodes and drains old ones, one after the other: it is told with the versions.
    mixed = {pool.name for pool in evidence.nodes.pools if len(pool.versions) > 1 or len(pool.images) > 1}
    coming = [row for row in not_ready if row.name in joining and not planned(row)]
    yield from _joining([row for row in coming if row.pool not in mixed], evidence, mixed)
    cordoned = [row for row in notable if row.unschedulable and not planned(row)]
    yield from _cordoned([row for row in cordoned if row.pool not in mixed and row.ready == "True"])


def joins(row: NodeRow, now: float) -> bool:
    """Whether the node is new and was not ready yet."""
    return row.ready != "True" and row.ready != "Unknown" and 0 <= now - row.created < _JOINS_WITHIN


def _joins_in_azure(row: NodeRow, evidence: Evidence) -> bool:
    """Its pool grows or is upgraded, which takes longer than a node alone."""
    trouble = evidence.machines.joined.troubles.get(row.name) if evidence.machines is not None else None
    return trouble is not None and trouble.kind is Mismatch.JOINING


def _by_pool(rows: Sequence[NodeRow]) -> Iterator[tuple[str, list[NodeRow]]]:
    found: dict[str, list[NodeRow]] = {}
    for row in rows:
        found.setdefault(row.pool, []).append(row)
    yield from sorted(found.items())


def _named(rows: Sequence[NodeRow], pool: str, words: str) -> str:
    """One node by its name, several by their pool."""
    if len(rows) == 1:
        return f"{rows[0].name} {words}"
    return f"{count_of(len(rows), 'node')} {words}" + (f" in pool {pool}" if pool else "")


def _target(rows: Sequence[NodeRow]) -> Target:
    return Target("nodes", tuple(("", row.name) for row in rows))


def _not_ready(rows: Sequence[NodeRow], evidence: Evidence) -> Iterator[Finding]:
    for pool, members in _by_pool(rows):
        unknown = [row for row in members if row.ready != "False"]
        yield Finding(
            subject=f"nodes not ready in {pool}",
            meaning=Meaning.ACT,
            title=_named(members, pool, "NotReady"),
            since=min((row.ready_since for row in members if row.ready_since), default=0),
            detail=_why(members, unknown, evidence),
            advice=_not_ready_advice(evidence, unknown),
            target=_target(members),
        )


def _why(members: Sequence[NodeRow], unknown: Sequence[NodeRow], evidence: Evidence) -> str:
    instances = some(row.machine.label for row in members if row.machine.label)
    where = f"VMSS instance{'' if len(members) == 1 else 's'} {instances}: " if instances else ""
    ready = next((one for row in members for one in row.conditions if one.type == "Ready"), None)
    if len(unknown) == len(members):
        if _all_run(members, evidence):
            vms = "its VM runs" if len(members) == 1 else "their VMs run"
            return f"{where}the kubelet is silent while {vms}: the kubelet, its runtime or its network"
        return f"{where}the kubelet is silent; it, the network or the VM is gone"
    return where + (
        f"{ready.reason}: {ready.message}" if ready is not None else "the kubelet says that it is not ready"
    )


def _all_run(rows: Sequence[NodeRow], evidence: Evidence) -> bool:
    """Azure says so of each of them."""
    if evidence.machines is None:
        return False
    found = [evidence.machines.joined.of_node.get(row.name) for row in rows]
    return all(one is not None and one.power == "running" for one in found)


def _not_ready_advice(evidence: Evidence, unknown: Sequence[NodeRow]) -> str:
    if unknown and _all_run(unknown, evidence):
        look = "read the kubelet's log past the API server (m shows how), or restart the instance"
    else:
        look = "look at the instance's power state, then its kubelet" if unknown else "read the node's conditions"
    return f"{look}; {_AKS_REPAIRS}" if evidence.nodes.is_aks else look


def _conditions(rows: Sequence[NodeRow]) -> Iterator[Finding]:
    """Bad conditions of nodes that are ready, by type; what Azure announces is told by ``_planned``."""
    found: dict[str, list[tuple[NodeRow, NodeCondition]]] = {}
    for row in rows:
        for condition in row.conditions:
            if condition.meaning in (Meaning.ACT, Meaning.LOOK) and condition.type != "Ready":
                found.setdefault(condition.text, []).append((row, condition))
    for text, pairs in sorted(found.items()):
        members = [row for row, _ in pairs]
        first = min((one for _, one in pairs), key=lambda one: one.since)
        yield Finding(
            subject=f"condition {text}",
            meaning=first.meaning,
            title=f"{text} on {members[0].name if len(members) == 1 else count_of(len(members), 'node')}",
            since=first.since,
            detail=first.message or first.reason,
            advice=_ADVICE.get(first.type, "read the node's conditions and events"),
            target=_target(members),
        )


def _planned(rows: Sequence[NodeRow]) -> Iterator[Finding]:
    found: dict[tuple[str, str], list[NodeRow]] = {}
    for row in rows:
        found.setdefault((row.pool, planned(row)), []).append(row)
    for (pool, why), members in sorted(found.items()):
        announced = next((one for row in members for one in row.conditions if one.meaning is Meaning.PLANNED), None)
        spot = any(row.spot for row in members)
        words = "is going" if len(members) == 1 else "are going"
        yield Finding(
            subject=f"planned {why} in {pool}",
            meaning=Meaning.PLANNED,
            title=_named(members, pool, f"{words}: {'spot eviction' if spot and announced else why}"),
            since=announced.since if announced is not None else min(row.ready_since for row in members),
            detail=announced.message if announced is not None and announced.message else why,
            advice="its pods move to other nodes; a spot VM comes back when Azure has room"
            if spot
            else "nothing, unless it lasts; its pods move to other nodes",
            target=_target(members),
        )


def _joining(rows: Sequence[NodeRow], evidence: Evidence, told: Collection[str]) -> Iterator[Finding]:
    """Nodes that registered, and before them the instances that are to; ``told``: pools whose upgrade tells it."""
    nodes = dict(_by_pool(rows))
    pools = {*nodes, *(evidence.machines.joined.lone if evidence.machines is not None else ())}
    for pool in sorted(pools.difference(told)):
        members, coming = nodes.get(pool, []), joining_instances(evidence, pool)
        if not members and not coming:
            continue
        yield Finding(
            subject=f"joining {pool}",
            meaning=Meaning.PLANNED,
            title=_joining_title(members, len(coming), pool),
            since=min([row.created for row in members] + [one.instance.created for one in coming]),
            detail=_joining_detail(len(members), len(coming)),
            advice="wait; after 10 minutes look at the network plugin's pods there"
            if members
            else "wait; an instance becomes a node within minutes, and never after 15",
            target=_target(members)
            if members
            else Target("instances", tuple(("", one.instance.id) for one in coming), pool),
        )


def _joining_title(members: Sequence[NodeRow], coming: int, pool: str) -> str:
    if not coming:
        return _named(members, pool, "joining" if len(members) > 1 else "is joining")
    number = len(members) + coming
    return f"{count_of(number, 'node')} {'is' if number == 1 else 'are'} joining" + (f" pool {pool}" if pool else "")


def _joining_detail(members: int, coming: int) -> str:
    registered = "registered, not ready yet"
    if not coming:
        return registered
    vms = f"{count_of(coming, 'VM')} not registered yet"
    return f"{vms}; {members} {registered}" if members else vms


def _cordoned(rows: Sequence[NodeRow]) -> Iterator[Finding]:
    for pool, members in _by_pool(rows):
        yield Finding(
            subject=f"cordoned {pool}",
            meaning=Meaning.PLANNED,
            title=_named(members, pool, "cordoned"),
            since=0,
            detail="no new pods there; somebody, or an upgrade, drains " + ("it" if len(members) == 1 else "them"),
            advice="kubectl uncordon when it is meant to serve again",
            target=_target(members),
        )
