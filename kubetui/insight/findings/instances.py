"""Instances without a node, and pools whose machines are not as they should be. Silent where Azure is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.azure.machines import ManagedCluster
from kubetui.insight.bootstrap_exits import exit_advice
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, count_of, some
from kubetui.insight.instances import Lone, PoolMachines
from kubetui.insight.machine_commands import pool_command, power_command, view_command
from kubetui.insight.mismatch_book import MachineEvidence
from kubetui.insight.pod_trouble import Trouble as PodTrouble
from kubetui.insight.trouble import Mismatch
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import short_image, version_key

COUNT_S: Final = 300
"""Seconds for which capacity and instances may differ: machines come and go that fast."""


def instances(evidence: Evidence) -> Iterator[Finding]:
    """What never became a node first, then pools, then what is on its way."""
    seen = evidence.machines
    if seen is None:
        return
    evicted = {one.node for one in evidence.evictions}
    for pool in sorted(seen.joined.lone):
        by_kind = _by_kind(pool, seen, evidence.now)
        yield from _never_joined(pool, by_kind.get(Mismatch.NEVER_JOINED, ()), evidence.now)
        yield from _without_node(pool, by_kind.get(Mismatch.NO_NODE, ()))
        # Of a spot machine that was taken back the eviction is told.
        going = [one for one in by_kind.get(Mismatch.DELETING, ()) if one.instance.computer_name.lower() not in evicted]
        yield from _going(pool, going, seen)
        yield from _evicted(pool, by_kind.get(Mismatch.KEPT, ()), seen)
    for name, machines in sorted(seen.joined.pools.items()):
        yield from _pool(name, machines, seen, evidence)


def joining_instances(evidence: Evidence, pool: str) -> Sequence[Lone]:
    """Instances that are to become nodes of ``pool``: told with the nodes that joined just now."""
    if evidence.machines is None:
        return ()
    return _by_kind(pool, evidence.machines, evidence.now).get(Mismatch.JOINING, ())


def _by_kind(pool: str, seen: MachineEvidence, now: float) -> dict[Mismatch, list[Lone]]:
    found: dict[Mismatch, list[Lone]] = {}
    for one in seen.joined.lone.get(pool, ()):
        found.setdefault(one.trouble_at(now).kind, []).append(one)
    return found


# --- instances


def _never_joined(pool: str, found: Sequence[Lone], now: float) -> Iterator[Finding]:
    by_reason: dict[str, list[Lone]] = {}
    for one in found:
        by_reason.setdefault(one.trouble_at(now).words.partition(": ")[2], []).append(one)
    for reason, members in sorted(by_reason.items()):
        machines = [one.instance for one in members]
        first = min(machines, key=lambda one: one.created or float("inf"))
        said = first.bootstrap or (first.message if first.provisioning.casefold() == "failed" else "")
        running = f"VM {first.power or 'state not known'}, and its bootstrap reports no error"
        advice = exit_advice(said) if said else "read /var/log/azure/cluster-provision.log on the instance"
        yield Finding(
            subject=f"never joined {reason} in {pool}",
            meaning=Meaning.ACT,
            title=_title(members, pool, "never joined") + (f": {reason}" if reason else ""),
            since=first.created,
            detail=" ".join(said.split()) or running,
            advice=advice,
            target=_target(members),
            command=view_command(first),
        )


def _without_node(pool: str, found: Sequence[Lone]) -> Iterator[Finding]:
    if not found:
        return
    machines = [one.instance for one in found]
    yield Finding(
        subject=f"without a node in {pool}",
        meaning=Meaning.LOOK,
        title=_title(found, pool, f"{'has' if len(found) == 1 else 'have'} no node"),
        since=0,
        detail=f"VM {machines[0].power or 'state not known'}, paid for, and no pod runs there; its Node was deleted",
        advice="restart the kubelet there, which registers it again; or delete the instance",
        target=_target(found),
        command=power_command("restart", machines),
    )


def _going(pool: str, found: Sequence[Lone], seen: MachineEvidence) -> Iterator[Finding]:
    """A scale-in; of an upgrade it is told with the versions."""
    machines = seen.joined.pools.get(pool)
    if not found or (machines is not None and "upgrad" in machines.changing.casefold()):
        return
    yield Finding(
        subject=f"instances go in {pool}",
        meaning=Meaning.PLANNED,
        title=_title(found, pool, f"{'is' if len(found) == 1 else 'are'} being deleted"),
        since=min((at for one in found if (at := seen.since(Mismatch.DELETING, one.instance.key))), default=0),
        detail="the node is gone already; a scale-in, a repair or an eviction takes the VM",
        advice="nothing, unless it lasts",
        target=_target(found),
    )


def _evicted(pool: str, found: Sequence[Lone], seen: MachineEvidence) -> Iterator[Finding]:
    """Of a spot set that keeps what was evicted; elsewhere scale-in keeps machines on purpose."""
    machines = seen.joined.pools.get(pool)
    if not found or machines is None or not any(one.spot for one in machines.sets):
        return
    yield Finding(
        subject=f"evicted in {pool}",
        meaning=Meaning.PLANNED,
        title=_title(found, pool, f"{'is' if len(found) == 1 else 'are'} off, evicted", "spot instance"),
        since=min((at for one in found if (at := seen.since(Mismatch.KEPT, one.instance.key))), default=0),
        detail="the set's eviction policy is Deallocate: Azure keeps the VM, its quota and its disk",
        advice="start it when Azure has room, or delete it",
        target=_target(found),
        command=power_command("start", [one.instance for one in found]),
    )


# --- pools


def _pool(name: str, machines: PoolMachines, seen: MachineEvidence, evidence: Evidence) -> Iterator[Finding]:
    if not name:
        return
    for trouble in machines.troubles:
        if trouble.kind is Mismatch.POOL_FAILED:
            yield _pool_failed(name, machines, trouble.meaning, trouble.words, seen)
        elif trouble.kind is Mismatch.COUNT and _long_uneven(name, trouble.meaning, seen, evidence.now):
            yield _count(name, machines, seen)
        elif trouble.kind is Mismatch.AT_LIMIT and _waiting(evidence):
            yield _at_limit(name, machines, _waiting(evidence), seen)
    yield from _older_image(name, machines, seen)


def _long_uneven(name: str, meaning: Meaning, seen: MachineEvidence, now: float) -> bool:
    return meaning is Meaning.LOOK and seen.lasted(Mismatch.COUNT, name, now) >= COUNT_S


def _pool_failed(name: str, machines: PoolMachines, meaning: Meaning, words: str, seen: MachineEvidence) -> Finding:
    error = " ".join(machines.agent.error.split()) if machines.agent is not None else ""
    return Finding(
        subject=f"pool {name} failed",
        meaning=meaning,
        title=f"pool {name}: {words.partition(':')[0].removeprefix('pool ')}",
        since=seen.since(Mismatch.POOL_FAILED, name),
        detail=error or "Azure's last operation on the pool failed",
        advice="mend what the error names (quota, subnet, policy), then do the operation again",
        target=Target("nodes", owner=name),
        command=pool_command("show", name, _cluster(seen)),
    )


def _count(name: str, machines: PoolMachines, seen: MachineEvidence) -> Finding:
    fewer = machines.machines < machines.capacity
    return Finding(
        subject=f"instances of {name}",
        meaning=Meaning.LOOK,
        title=f"pool {name} has {machines.machines} of {machines.capacity} instances",
        since=seen.since(Mismatch.COUNT, name),
        detail="Azure does not make the rest: quota, no room in the zone or for the size, a full subnet"
        if fewer
        else "more than its capacity, and nothing changes it",
        advice="az vm list-usage -l REGION tells the quota; the activity log of the scale set tells the error",
        target=Target("nodes", owner=name),
        command=pool_command("show", name, _cluster(seen)),
    )


def _waiting(evidence: Evidence) -> int:
    """Pods that find no node."""
    return sum(len(group.rows) for group in evidence.pods.groups(PodTrouble.UNSCHEDULABLE))


def _at_limit(name: str, machines: PoolMachines, waiting: int, seen: MachineEvidence) -> Finding:
    agent = machines.agent
    most, least = (agent.most, agent.least) if agent is not None else (machines.capacity, 1)
    update = pool_command("update", name, _cluster(seen))
    return Finding(
        subject=f"limit of {name}",
        meaning=Meaning.LOOK,
        title=f"pool {name} is at its autoscaler's limit of {most}",
        since=seen.since(Mismatch.AT_LIMIT, name),
        detail=f"the autoscaler adds no more nodes there, and {count_of(waiting, 'pod')} "
        f"{'finds' if waiting == 1 else 'find'} no node",
        advice="raise the pool's limit, or lower what pods request",
        target=Target("nodes", owner=name),
        command=f"{update} --update-cluster-autoscaler --min-count {least} --max-count {most + 1}" if update else "",
    )


def _older_image(name: str, machines: PoolMachines, seen: MachineEvidence) -> Iterator[Finding]:
    """Information: all instances on one image, and the model has a newer one. Several images are told with versions."""
    images = {each.image for one in machines.sets for each in one.instances or () if each.image}
    model = max((one.image for one in machines.sets), key=version_key, default="")
    if machines.changing or len(images) != 1 or version_key(model) <= version_key(next(iter(images))):
        return
    upgrade = pool_command("upgrade", name, _cluster(seen))
    yield Finding(
        subject=f"image of {name}",
        meaning=Meaning.PLANNED,
        title=f"pool {name}: a newer node image waits",
        since=0,
        detail=f"{count_of(machines.machines, 'instance')} on {short_image(next(iter(images)))}; "
        f"new ones get {short_image(model)}",
        advice="upgrade the node image when it suits",
        target=Target("nodes", owner=name),
        command=f"{upgrade} --node-image-only" if upgrade else "",
    )


def _cluster(seen: MachineEvidence) -> ManagedCluster | None:
    return next(iter(seen.clusters), None)


# --- what they share


def _title(found: Sequence[Lone], pool: str, words: str, noun: str = "instance") -> str:
    where = f" of pool {pool}" if pool else ""
    if len(found) == 1:
        return f"{noun} {found[0].instance.number}{where} {words}"
    numbers = some(one.instance.number for one in found)
    return f"{count_of(len(found), noun)}{where} {words} ({numbers})"


def _target(found: Sequence[Lone]) -> Target:
    return Target("instances", tuple(("", one.instance.id) for one in found), found[0].pool)
