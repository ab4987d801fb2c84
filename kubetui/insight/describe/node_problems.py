"""What is wrong with a node, condition by condition, before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.in_short import details, leaving
from kubetui.insight.describe.page import Entry, Words
from kubetui.insight.describe.reading import since
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import NODE
from kubetui.kinds.node_condition import NodeCondition
from kubetui.kinds.node_meaning import planned
from kubetui.kinds.node_row import NodeRow

_MEANS: Final = {
    "MemoryPressure": "memory runs short: pods are evicted, BestEffort ones are not scheduled here",
    "DiskPressure": "disk runs short: images are removed, pods evicted, none scheduled here",
    "PIDPressure": "process ids run short: pods are evicted and none scheduled here",
    "NetworkUnavailable": "the node has no pod network",
    "KernelDeadlock": "the kernel hangs; the node needs a restart",
    "ReadonlyFilesystem": "the disk went read-only; the node needs to be replaced",
    "FilesystemCorruptionProblem": "the file system is damaged; the node needs to be replaced",
    "FrequentKubeletRestart": "the kubelet restarts again and again",
    "FrequentContainerdRestart": "containerd restarts again and again",
    "FrequentUnregisterNetDevice": "network devices are removed again and again",
    "ContainerRuntimeProblem": "containerd does not work",
    "KubeletProblem": "the kubelet does not work",
    "VMEventScheduled": "Azure announced maintenance of the VM",
    "PreemptionScheduled": "Azure takes the spot VM back",
}


def node_problems(facts: Facts) -> Iterator[Entry]:
    """Nothing for a node that is well and takes pods."""
    try:
        row: NodeRow = NODE.row(msgspec.convert(facts.found, NODE.wire))
    except msgspec.ValidationError:
        return  # the sections below show what can be read of it
    why = planned(row)
    if why:
        yield Words(f"planned: {why}", meaning=Meaning.PLANNED)
    if row.unschedulable:
        yield Words("cordoned: no new pods come here", meaning=Meaning.PLANNED)
    for condition in row.conditions:
        yield from _condition(condition, facts.now)
    yield from leaving(facts)


def _condition(condition: NodeCondition, now: float) -> Iterator[Entry]:
    how_long = f" for {since(condition.since, now)}" if condition.since else ""
    reason = f": {condition.reason}" if condition.reason else ""
    yield Words(f"{condition.text}{how_long}{reason}", meaning=condition.meaning)
    yield from details(condition_meaning(condition.type, condition.status), condition.message)


def condition_meaning(kind: str, status: str) -> str:
    """What a bad condition does to the node, in words; ``""`` where that is not known."""
    if status == "Unknown":
        return "the kubelet is silent: the VM is off, hangs, or can't reach the API server"
    if kind == "Ready":
        return "the kubelet answers, but can't run pods"
    return _MEANS.get(kind, "")
