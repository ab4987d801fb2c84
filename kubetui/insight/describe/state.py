"""Any object's state in a few words: as its kind judges it, else from its conditions and replicas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from kubetui.insight.describe.reading import get, items, mapping, number, text
from kubetui.kinds import node_meaning, pod_meaning
from kubetui.kinds.daemon_set import DAEMON_SET
from kubetui.kinds.deployment import DEPLOYMENT
from kubetui.kinds.kind import Kind, Meaning
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from kubetui.kinds.replica_set import REPLICA_SET


class State(NamedTuple):
    """Words and what they ask of the reader."""

    words: str
    meaning: Meaning
    why: str = ""
    """The cluster's own words for it."""


def _pod(row: Any) -> State:
    reason = f", {row.reason}" if row.reason and row.reason != row.status else ""
    return State(f"{row.status}{reason}, {row.ready}/{row.total} ready", pod_meaning.status_meaning(row))


def _rollout(row: Any) -> State:
    return State(f"{row.rollout}, {row.ready}/{row.desired} ready", row.meaning, getattr(row, "reason", ""))


def _revision(row: Any) -> State:
    number_ = f", revision {row.revision}" if row.revision else ""
    return State(f"{row.ready}/{row.desired} ready{number_}", row.meaning, row.reason)


def _node(row: Any) -> State:
    bad = ", ".join(condition.text for condition in row.conditions)
    planned = node_meaning.planned(row)
    words = [row.status, bad if bad not in row.status else "", planned]
    return State(", ".join(word for word in words if word), node_meaning.node_meaning(row))


_JUDGED: Final[dict[str, tuple[Kind[Any], Callable[[Any], State]]]] = {
    "Pod": (POD, _pod),
    "Deployment": (DEPLOYMENT, _rollout),
    "DaemonSet": (DAEMON_SET, _rollout),
    "ReplicaSet": (REPLICA_SET, _revision),
    "Node": (NODE, _node),
}


def state_of(found: Any) -> State:
    """The state of a decoded object of any kind; ``""`` where nothing about it says."""
    judged = _JUDGED.get(text(found, "kind"))
    if judged is not None:
        kind, words = judged
        if text(found, "apiVersion") == (f"{kind.group}/{kind.api_version}" if kind.group else kind.api_version):
            try:
                return words(kind.row(msgspec.convert(found, kind.wire)))
            except msgspec.ValidationError:
                return State("can't be read", Meaning.LOOK)
    return _job(found) or _conditions(found) or _replicas(found) or _phase(found)


def _job(found: Any) -> State | None:
    """Jobs and CronJobs speak through counts."""
    kind = text(found, "kind")
    status = mapping(found, "status")
    if kind == "CronJob":
        paused = get(found, "spec", "suspend") is True
        active = len(items(status, "active"))
        words = f"{text(found, 'spec', 'schedule')}, {active} active" + (", suspended" if paused else "")
        return State(words, Meaning.PLANNED if paused else Meaning.PLAIN)
    if kind != "Job":
        return None
    counts = (
        f"{number(status, 'active')} active, {number(status, 'succeeded')} succeeded, {number(status, 'failed')} failed"
    )
    for one in items(status, "conditions"):
        if one.get("status") == "True" and one.get("type") in ("Failed", "Complete"):
            words = ", ".join(part for part in (text(one, "type"), text(one, "reason")) if part)
            return State(f"{words}, {counts}", Meaning.ACT if one.get("type") == "Failed" else Meaning.FINE)
    return State(counts, Meaning.PLANNED)


def _conditions(found: Any) -> State | None:
    """``Ready`` and its like, which most custom resources have."""
    told = {text(one, "type"): one for one in items(found, "status", "conditions")}
    for name in ("Ready", "Available", "Established", "Healthy", "Synced"):
        one = told.get(name)
        if one is not None:
            fine = one.get("status") == "True"
            why = ": ".join(part for part in (text(one, "reason"), text(one, "message")) if part)
            if fine:
                return State(name, Meaning.FINE)
            return State(f"{name}={text(one, 'status')}", Meaning.LOOK, why)
    return None


def _replicas(found: Any) -> State | None:
    desired, ready = get(found, "spec", "replicas"), number(found, "status", "readyReplicas")
    if not isinstance(desired, int):
        return None
    return State(f"{ready}/{desired} ready", Meaning.FINE if ready >= desired else Meaning.LOOK)


def _phase(found: Any) -> State:
    phase = text(found, "status", "phase")
    return State(phase, Meaning.LOOK if phase in ("Failed", "Lost", "Error") else Meaning.PLAIN)
