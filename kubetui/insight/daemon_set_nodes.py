"""Where a DaemonSet's pods are and where they are missing, node by node, each with why. Pure.

Which nodes count follows ``NodeShouldRunDaemonPod`` and the tolerations of ``AddOrUpdateDaemonPodTolerations`` in
Kubernetes' ``pkg/controller/daemon``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from kubetui.insight.daemon_set_history import NO_HISTORY, History
from kubetui.insight.node_fit import unmet, untolerated
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_meaning import planned
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.placement import Placement, Toleration
from kubetui.kinds.pod_row import PodRow

_OWN: Final = (
    Toleration("node.kubernetes.io/not-ready", "Exists", "", "NoExecute"),
    Toleration("node.kubernetes.io/unreachable", "Exists", "", "NoExecute"),
    Toleration("node.kubernetes.io/disk-pressure", "Exists", "", "NoSchedule"),
    Toleration("node.kubernetes.io/memory-pressure", "Exists", "", "NoSchedule"),
    Toleration("node.kubernetes.io/pid-pressure", "Exists", "", "NoSchedule"),
    Toleration("node.kubernetes.io/unschedulable", "Exists", "", "NoSchedule"),
)
_OWN_ON_HOST_NETWORK: Final = Toleration("node.kubernetes.io/network-unavailable", "Exists", "", "NoSchedule")
_PASSING: Final = frozenset(
    {
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
        "node.kubernetes.io/network-unavailable",
        "node.cloudprovider.kubernetes.io/uninitialized",
    }
)
"""Taints that say how the node is, not whom it is for: without them it would run the DaemonSet."""
_UNSCHEDULABLE: Final = re.compile(r"nodes are available: (.+?)(?:\. |\.?$)", re.DOTALL)
_OTHER_NODES: Final = re.compile(r"plugin\(s\) \[NodeA|node affinity")
_COUNTED: Final = re.compile(r"^[0-9]+ ", re.ASCII)


class Standing(IntEnum):
    """How a node stands to a DaemonSet; what needs a look comes first."""

    MISSING = 0
    """It should run a ready pod and does not."""
    STRAY = 1
    """It runs a pod and should not."""
    OLD = 2
    """Its ready pod is of an old revision."""
    RUNS = 3
    """All is well."""
    NOT_MEANT = 4
    """It is not to run the DaemonSet."""


class Verdict(NamedTuple):
    """What to say about one node."""

    standing: Standing
    counted: bool
    """The DaemonSet's controller counts it as desired now."""
    word: str
    why: str = ""
    meaning: Meaning = Meaning.FINE
    pod: PodRow | None = None


def tolerations_of(placement: Placement) -> tuple[Toleration, ...]:
    """The template's tolerations with those that the DaemonSet controller adds to every pod."""
    network = (_OWN_ON_HOST_NETWORK,) if placement.host_network else ()
    return (*placement.tolerations, *_OWN, *network)


def place_of(pod: PodRow) -> str:
    """The node a DaemonSet's pod is on, or is made for; ``""`` where it says neither."""
    return pod.node or pod.target


def belongs(daemon_set: DaemonSetRow, pod: PodRow) -> bool:
    """Whether the DaemonSet controls the pod."""
    return pod.owner_kind == "DaemonSet" and pod.owner == daemon_set.name and pod.namespace == daemon_set.namespace


def verdict(daemon_set: DaemonSetRow, node: NodeRow, pods: Iterable[PodRow], history: History = NO_HISTORY) -> Verdict:
    """What to say about ``node``; ``pods``: those of the DaemonSet on it or made for it."""
    pod = _best(pods)
    other = unmet(daemon_set.placement, node)
    if other:
        return _not_meant(other, pod)
    kept_away = untolerated(node.taints, tolerations_of(daemon_set.placement))
    lasting = next((taint for taint in kept_away if taint.key not in _PASSING), None)
    if lasting is not None:
        return _not_meant(f"taint {lasting.text} not tolerated", pod)
    counted = not kept_away
    if pod is None:
        return Verdict(Standing.MISSING, counted, "no pod", _no_pod(daemon_set, node, history.refused), _missing(node))
    if node.ready != "True" and not _ready(pod):
        return Verdict(Standing.MISSING, counted, "node down", _down(node), _missing(node), pod)
    if not _ready(pod):
        return _unready(pod, counted=counted)
    if history.is_old(daemon_set, pod):
        why = f"revision {history.revision_of_pod(pod)}, the DaemonSet is at {history.revision_of(daemon_set)}"
        return Verdict(Standing.OLD, counted, "old revision", why, Meaning.PLANNED, pod)
    return Verdict(Standing.RUNS, counted, "runs", "" if node.ready == "True" else _down(node), Meaning.FINE, pod)


def _best(pods: Iterable[PodRow]) -> PodRow | None:
    """Of several the one that stays: not finished, not going, the newest."""
    held = [pod for pod in pods if not pod.finished]
    return max(held, key=lambda pod: (not pod.deleted, _ready(pod), pod.created, pod.name), default=None)


def _ready(pod: PodRow) -> bool:
    return pod.total > 0 and pod.ready >= pod.total and not pod.unready_since


def _not_meant(why: str, pod: PodRow | None) -> Verdict:
    if pod is None:
        return Verdict(Standing.NOT_MEANT, False, "not meant to", why, Meaning.PLAIN)
    going = bool(pod.deleted)
    meaning = Meaning.PLANNED if going else Meaning.LOOK
    return Verdict(Standing.STRAY, False, "terminating" if going else "should not run", why, meaning, pod)


def _missing(node: NodeRow) -> Meaning:
    return Meaning.PLANNED if node.ready != "True" and planned(node) else Meaning.ACT


def _down(node: NodeRow) -> str:
    why = planned(node)
    return f"node {node.status}{f', {why}' if why else ''}"


def _no_pod(daemon_set: DaemonSetRow, node: NodeRow, refused: str) -> str:
    if node.ready != "True":
        return _down(node)
    if not daemon_set.observed:
        return "the controller has not seen the latest change yet"
    return f"FailedCreate: {refused}" if refused else "its controller has not made one; the DaemonSet's events say why"


def _unready(pod: PodRow, *, counted: bool) -> Verdict:
    if not pod.node:
        why = _scheduling(pod.message) if pod.reason == "Unschedulable" else pod.reason or "waits for the scheduler"
        meaning = Meaning.ACT if pod.reason == "Unschedulable" else Meaning.PLANNED
        return Verdict(Standing.MISSING, counted, "pending", why, meaning, pod)
    if pod.deleted:
        return Verdict(Standing.MISSING, counted, "terminating", "the next one follows it", Meaning.PLANNED, pod)
    starting = pod.status in ("ContainerCreating", "PodInitializing") or pod.status.startswith("Init:")
    message = pod.message if pod.message and pod.message != pod.reason else ""
    reason = "" if pod.status == pod.reason else pod.reason
    ended = f"last ended {pod.last_reason} {'' if pod.last_exit is None else pod.last_exit}" if pod.last_reason else ""
    why = ": ".join(part for part in (pod.status, reason, message) if part)
    detail = f"{why} · {ended.strip()}" if ended else why
    return Verdict(
        Standing.MISSING, counted, "starting" if starting else "not ready", detail,
        Meaning.PLANNED if starting and not pod.restarts else Meaning.ACT, pod,
    )  # fmt: skip


def _scheduling(message: str) -> str:
    """What the scheduler says of the one node that counts: ``Insufficient cpu``.

    A DaemonSet's pod asks for one node by name; what is said of all others is that they are not it.
    """
    found = _UNSCHEDULABLE.search(message)
    if found is None:
        return message or "Unschedulable"
    parts = [part for part in found[1].split(", ") if not _OTHER_NODES.search(part)]
    return ", ".join(_COUNTED.sub("", part) for part in parts) or message


def totals(verdicts: Sequence[Verdict]) -> dict[Standing, int]:
    """How many nodes stand how."""
    found = dict.fromkeys(Standing, 0)
    for one in verdicts:
        found[one.standing] += 1
    return found
