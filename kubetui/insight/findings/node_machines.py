"""Nodes that their machines explain, or belie: off, being deleted, gone, failed. Silent where Azure is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from kubetui.azure.machines import Instance
from kubetui.insight.bootstrap_exits import exit_advice
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, count_of, some
from kubetui.insight.machine_commands import activity_command, power_command, view_command
from kubetui.insight.mismatch_book import MachineEvidence
from kubetui.insight.trouble import Mismatch, Trouble
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_meaning import planned
from kubetui.kinds.node_row import NodeRow

OUTLIVES_S: Final = 300
"""Seconds after which a node should be gone whose machine is: the cloud controller looks every few seconds."""
_CAUSES: Final = frozenset({Mismatch.OFF, Mismatch.DELETING, Mismatch.NO_VM, Mismatch.FAILED, Mismatch.CHANGING})
"""They say why a node is not ready."""
_TOLD: Final = _CAUSES | {Mismatch.UNHEALTHY, Mismatch.MAINTENANCE}
_WITH_UPGRADE: Final = frozenset({Mismatch.DELETING, Mismatch.CHANGING})
"""What an upgrade takes away or makes anew is told with its versions."""


class _Case(NamedTuple):
    """Nodes of one pool with the same thing the matter."""

    mismatch: Mismatch
    pool: str
    ready: bool
    words: str
    """Of the trouble: ``VM deallocated``."""
    meaning: Meaning


def explained(evidence: Evidence) -> frozenset[str]:
    """Names of nodes whose machine says why they are not ready, or that they go: told here, and nowhere else."""
    if evidence.machines is None:
        return frozenset()
    return frozenset(
        row.name
        for row, trouble in _troubled(evidence, evidence.machines)
        if trouble.kind in _CAUSES and (row.ready != "True" or trouble.kind is not Mismatch.FAILED)
    )


def node_machines(evidence: Evidence) -> Iterator[Finding]:
    """One for each pool and case."""
    seen = evidence.machines
    if seen is None:
        return
    found: dict[_Case, list[NodeRow]] = {}
    for row, trouble in _troubled(evidence, seen):
        case = _Case(trouble.kind, row.pool, row.ready == "True", trouble.words, trouble.meaning)
        found.setdefault(case, []).append(row)
    for case, rows in sorted(found.items(), key=lambda item: (item[0].pool, item[0].words, item[0].ready)):
        if case.mismatch in _WITH_UPGRADE and _upgrades(seen, case.pool):
            continue
        yield _MAKE[case.mismatch](case, sorted(rows, key=lambda row: row.name), seen, evidence)


def _troubled(evidence: Evidence, seen: MachineEvidence) -> Iterator[tuple[NodeRow, Trouble]]:
    """Nodes with something the matter that nobody announced on the node itself."""
    for name, trouble in seen.joined.troubles.items():
        row = evidence.nodes.get(name)
        if row is not None and trouble.kind in _TOLD and not planned(row):
            yield row, trouble


def _upgrades(seen: MachineEvidence, pool: str) -> bool:
    found = seen.joined.pools.get(pool)
    return found is not None and "upgrad" in found.changing.casefold()


# --- how each is said


def _off(case: _Case, rows: Sequence[NodeRow], seen: MachineEvidence, evidence: Evidence) -> Finding:
    machines = _instances(rows, seen)
    spot = any(row.spot for row in rows)
    # A machine that goes off is noticed by its node's lease 40 s later, and by its pods after 5 minutes.
    follows = "; it is NotReady once its lease is 40 s old, and its pods move 5 minutes later" if case.ready else ""
    who = "Azure takes spot VMs back when it needs the room" if spot else "no upgrade, autoscaler or drain did it"
    if case.meaning is Meaning.PLANNED:
        who = "meant: it is cordoned or leaves"
    going = case.words.removeprefix("VM ").partition(",")[0]
    if spot:
        advice = "it starts when Azure has room; or lower what the pool asks for"
    elif going.endswith("ing"):
        advice = "who does it? the activity log names the caller"
    else:
        advice = "start it again; the activity log names who stopped it"
    start = power_command("start", machines)
    return Finding(
        subject=_subject(case),
        meaning=case.meaning,
        title=_title(rows, case, f"Ready, but VM {going}" if case.ready else f"NotReady: VM {going}"),
        since=_since(case, rows, seen),
        detail=f"{_where(rows)}{who}{follows}",
        advice=advice,
        target=_target(rows),
        command=activity_command(machines[0]) if going.endswith("ing") and machines else start,
    )


def _deleted(case: _Case, rows: Sequence[NodeRow], seen: MachineEvidence, evidence: Evidence) -> Finding:
    spot = any(row.spot for row in rows)
    what = "Azure takes the spot VM back" if spot else "somebody, the autoscaler or AKS's repair deletes it"
    words = f"{'is' if len(rows) == 1 else 'are'} going: {'spot eviction' if spot else 'VM being deleted'}"
    machines = _instances(rows, seen)
    return Finding(
        subject=_subject(case),
        meaning=Meaning.PLANNED,
        title=_title(rows, case, words),
        since=_since(case, rows, seen),
        detail=f"{_where(rows)}{what}; the node follows",
        advice="nothing, unless it lasts; its pods move to other nodes",
        target=_target(rows),
        command=activity_command(machines[0]) if machines else "",
    )


def _changed(case: _Case, rows: Sequence[NodeRow], seen: MachineEvidence, evidence: Evidence) -> Finding:
    machines = _instances(rows, seen)
    state, _, why = case.words.partition(", ")
    return Finding(
        subject=_subject(case),
        meaning=Meaning.PLANNED,
        title=_title(rows, case, f"NotReady: {state}"),
        since=_since(case, rows, seen),
        detail=f"{_where(rows)}Azure starts the VM or gives it another image; {why}",
        advice="nothing, unless it lasts; the node comes back with its VM",
        target=_target(rows),
        command=view_command(machines[0]) if machines else "",
    )


def _gone(case: _Case, rows: Sequence[NodeRow], seen: MachineEvidence, evidence: Evidence) -> Finding:
    lasted = max(seen.lasted(Mismatch.NO_VM, row.name, evidence.now) for row in rows)
    late = lasted >= OUTLIVES_S and case.meaning is not Meaning.PLANNED
    one = len(rows) == 1
    if late:
        words = "has no VM any more" if one else "have no VM any more"
    else:
        words = ("is" if one else "are") + " going: the VM is gone"
    return Finding(
        subject=_subject(case),
        meaning=Meaning.LOOK if late else Meaning.PLANNED,
        title=_title(rows, case, words),
        since=_since(case, rows, seen),
        detail=f"{_where(rows)}the scale set has no such instance; the cloud controller deletes the node",
        advice="it should be gone by now: is cloud-node-manager well? Else delete the node"
        if late
        else "nothing, unless it lasts",
        target=_target(rows),
        command=f"kubectl delete node {' '.join(row.name for row in rows)}" if late else "",
    )


def _failed(case: _Case, rows: Sequence[NodeRow], seen: MachineEvidence, evidence: Evidence) -> Finding:
    machines = _instances(rows, seen)
    why = case.words.removeprefix("VM failed: ")
    bootstrap = next((one.bootstrap for one in machines if one.bootstrap), "")
    message = next((one.message for one in machines if one.message), "")
    look = exit_advice(bootstrap) if bootstrap else "drain it, then reimage or delete the instance"
    return Finding(
        subject=_subject(case),
        meaning=Meaning.LOOK if case.ready else Meaning.ACT,
        title=_title(rows, case, f"Ready, but VM failed: {why}" if case.ready else f"NotReady, VM failed: {why}"),
        since=_since(case, rows, seen) or min((one.at for one in machines if one.at), default=0),
        detail=_where(rows) + (bootstrap or message or "Azure's last operation on it failed"),
        advice=look,
        target=_target(rows),
        command=view_command(machines[0]) if machines else "",
    )


def _unhealthy(case: _Case, rows: Sequence[NodeRow], seen: MachineEvidence, evidence: Evidence) -> Finding:
    machines = _instances(rows, seen)
    return Finding(
        subject=_subject(case),
        meaning=case.meaning,
        title=_title(rows, case, "VM unhealthy" if case.ready else "NotReady, VM unhealthy"),
        since=_since(case, rows, seen),
        detail=f"{_where(rows)}the Application Health extension says so; Azure may repair it by itself",
        advice="what does the health probe ask? look at the instance's view",
        target=_target(rows),
        command=view_command(machines[0]) if machines else "",
    )


def _maintenance(case: _Case, rows: Sequence[NodeRow], seen: MachineEvidence, evidence: Evidence) -> Finding:
    machines = _instances(rows, seen)
    return Finding(
        subject=f"maintenance in {case.pool}",
        meaning=Meaning.PLANNED,
        title=_title(rows, case, case.words),
        since=_since(case, rows, seen),
        detail=f"{_where(rows)}Azure works on the host; the VM may freeze or move",
        advice="drain it before that, if its pods mind",
        target=_target(rows),
        command=f"kubectl drain --ignore-daemonsets {rows[0].name}" if machines else "",
    )


_MAKE: Final = {
    Mismatch.OFF: _off,
    Mismatch.DELETING: _deleted,
    Mismatch.NO_VM: _gone,
    Mismatch.FAILED: _failed,
    Mismatch.UNHEALTHY: _unhealthy,
    Mismatch.MAINTENANCE: _maintenance,
    Mismatch.CHANGING: _changed,
}


# --- what they share


def _subject(case: _Case) -> str:
    return f"machines {case.mismatch.value} {case.words} {'ready' if case.ready else 'not ready'} in {case.pool}"


def _title(rows: Sequence[NodeRow], case: _Case, words: str) -> str:
    if len(rows) == 1:
        return f"{rows[0].name} {words}"
    return f"{count_of(len(rows), 'node')} {words}" + (f" in pool {case.pool}" if case.pool else "")


def _where(rows: Sequence[NodeRow]) -> str:
    """``VMSS instances 17, 31: ``, or the machines' names."""
    labels = [row.machine.label for row in rows if row.machine.label]
    if not labels:
        return ""
    noun = "VMSS instance" if rows[0].machine.vmss else "VM"
    return f"{noun}{'' if len(labels) == 1 else 's'} {some(labels)}: "


def _since(case: _Case, rows: Sequence[NodeRow], seen: MachineEvidence) -> int:
    """Since the node is not ready, else since it was seen; 0 where nobody saw it begin."""
    if not case.ready:
        return min((row.ready_since for row in rows if row.ready_since), default=0)
    return min((at for row in rows if (at := seen.since(case.mismatch, row.name))), default=0)


def _instances(rows: Sequence[NodeRow], seen: MachineEvidence) -> list[Instance]:
    found = (seen.joined.of_node.get(row.name) for row in rows)
    return [one for one in found if one is not None]


def _target(rows: Sequence[NodeRow]) -> Target:
    return Target("nodes", tuple(("", row.name) for row in rows))
