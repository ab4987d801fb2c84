"""From rows to changes: nodes, kube-system's workloads, rollouts, restarts, and events about nodes."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, NamedTuple

from kubetui.insight.aks_components import NAMESPACE
from kubetui.insight.components import image_version
from kubetui.insight.finding import Target
from kubetui.insight.pod_trouble import owner_of
from kubetui.insight.timeline import SEEDED, Change, Timeline
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment_row import COMPLETE, DeploymentRow
from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Key, Meaning
from kubetui.kinds.node_meaning import planned
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow

_STEADY: Final = 120
"""Seconds within which one step of readiness follows the one before."""

_EVENTS: Final = {
    "NodeNotReady": ("Ready → NotReady", Meaning.ACT),
    "NodeReady": ("NotReady → Ready", Meaning.FINE),
    "DeletingNode": ("deleted", Meaning.PLANNED),
    "RemovingNode": ("deleted", Meaning.PLANNED),
    "NodeNotSchedulable": ("cordoned", Meaning.PLANNED),
    "NodeSchedulable": ("uncordoned", Meaning.FINE),
    "Rebooted": ("rebooted", Meaning.LOOK),
    "FreezeScheduled": ("freeze scheduled", Meaning.PLANNED),
    "RebootScheduled": ("reboot scheduled", Meaning.PLANNED),
    "RedeployScheduled": ("redeploy scheduled", Meaning.PLANNED),
    "TerminateScheduled": ("terminate scheduled", Meaning.PLANNED),
    "PreemptScheduled": ("spot eviction scheduled", Meaning.PLANNED),
    "NodeRebootStart": ("AKS reboots it", Meaning.PLANNED),
    "NodeReimageStart": ("AKS reimages it", Meaning.PLANNED),
    "NodeRedeployStart": ("AKS redeploys it", Meaning.PLANNED),
    "NodeRebootError": ("AKS reboot failed", Meaning.LOOK),
    "NodeReimageError": ("AKS reimage failed", Meaning.LOOK),
    "NodeRedeployError": ("AKS redeploy failed", Meaning.LOOK),
    "NodeDrainError": ("could not be drained", Meaning.LOOK),
    "Drain": ("is drained", Meaning.PLANNED),
    "Surge": ("surge node of an upgrade", Meaning.PLANNED),
    "Upgrade": ("replaced by the upgrade", Meaning.PLANNED),
    "KubeletIsDown": ("kubelet is down", Meaning.ACT),
    "ContainerRuntimeIsDown": ("container runtime is down", Meaning.ACT),
    "FilesystemCorruptionDetected": ("file system corrupt", Meaning.ACT),
    "SystemOOM": ("out of memory", Meaning.LOOK),
    "OOMKilling": ("a process OOM-killed", Meaning.LOOK),
    "EvictionThresholdMet": ("evicts pods", Meaning.LOOK),
}
"""Reasons of events about nodes that change what a node does; in AKS's and Kubernetes' own spelling.

``RegisteredNode`` is none: a controller manager that begins tells it of each node there is. Who joined when is in the
nodes themselves.
"""


class _Node(NamedTuple):
    ready: str
    cordoned: bool
    kubelet: str
    pool: str


class _Workload(NamedTuple):
    ready: int
    desired: int
    version: str
    revision: str
    done: bool


class ChangeNotes:
    """Compares each row with what was last known of its object, and notes what differs. Bound by the objects."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._nodes: dict[str, _Node] = {}
        self._workloads: dict[tuple[str, Key], _Workload] = {}
        self._rolling: set[tuple[str, Key]] = set()
        """Whose rollout was told to begin."""

    # --- nodes

    def node(self, row: NodeRow, now: float) -> None:
        """A node as it is now."""
        known = self._nodes.get(row.name)
        found = _Node(row.ready, row.unschedulable, row.kubelet, row.pool)
        self._nodes[row.name] = found
        if known is None:
            self._first(row, now)
            return
        if known == found:
            return
        if (known.ready == "True") != (row.ready == "True"):
            self._turned(row, row.ready_since or int(now))
        if known.cordoned != row.unschedulable:
            words = "cordoned" if row.unschedulable else "uncordoned"
            self._note_node(row, int(now), words, Meaning.PLANNED if row.unschedulable else Meaning.FINE)
        if known.kubelet != row.kubelet and known.kubelet and row.kubelet:
            words = f"kubelet {known.kubelet.removeprefix('v')} → {row.kubelet.removeprefix('v')}"
            self._note_node(row, int(now), words, Meaning.FINE)

    def node_gone(self, name: str, now: float) -> None:
        """A node was deleted."""
        known = self._nodes.pop(name, None)
        if known is not None:
            group = f"pool {known.pool}" if known.pool else ""
            target = Target("nodes", (("", name),))
            self._timeline.note(Change(int(now), name, "deleted", Meaning.PLANNED, target, group))

    def keep_nodes(self, names: Container[str], now: float) -> None:
        """All nodes were read anew: those that are not among them went meanwhile."""
        for name in [name for name in self._nodes if name not in names]:
            self.node_gone(name, now)

    def _first(self, row: NodeRow, now: float) -> None:
        if now - row.created <= SEEDED:
            self._note_node(row, row.created, "joined", Meaning.FINE)
        elif row.ready_since and now - row.ready_since <= SEEDED:
            self._turned(row, row.ready_since)

    def _turned(self, row: NodeRow, at: int) -> None:
        if row.ready == "True":
            self._note_node(row, at, "NotReady → Ready", Meaning.FINE)
        else:
            self._note_node(row, at, "Ready → NotReady", Meaning.PLANNED if planned(row) else Meaning.ACT)

    def _note_node(self, row: NodeRow, at: int, words: str, meaning: Meaning) -> None:
        group = f"pool {row.pool}" if row.pool else ""
        self._timeline.note(Change(at, row.name, words, meaning, Target("nodes", (("", row.name),)), group))

    # --- workloads

    def workload(self, row: DeploymentRow | DaemonSetRow, now: float) -> None:
        """A Deployment or DaemonSet as it is now: kube-system's readiness, everybody's rollouts."""
        kind = "deployments" if isinstance(row, DeploymentRow) else "daemonsets"
        key = (row.namespace, row.name)
        known = self._workloads.get((kind, key))
        found = _Workload(row.ready, row.desired, image_version(row), row.revision, row.rollout == COMPLETE)
        self._workloads[kind, key] = found
        target = Target(kind, (key,))
        if known is None:
            self._seed(row, now, target)
        elif known != found:
            self._compare(row, known, found, int(now), target)

    def workload_gone(self, kind: str, key: Key, now: float) -> None:
        """A workload was deleted; ``kind`` is the resource's plural."""
        self._rolling.discard((kind, key))
        if self._workloads.pop((kind, key), None) is not None:
            name = _named(*key)
            self._timeline.note(Change(int(now), name, "deleted", Meaning.PLANNED, Target(kind, (key,))))

    def keep_workloads(self, kind: str, keys: Container[Key], now: float) -> None:
        """The same of workloads of one kind."""
        gone = [key for one, key in self._workloads if one == kind and key not in keys]
        for key in gone:
            self.workload_gone(kind, key, now)

    def _seed(self, row: DeploymentRow | DaemonSetRow, now: float, target: Target) -> None:
        if not isinstance(row, DeploymentRow):
            return
        name = _named(row.namespace, row.name)
        if row.unavailable_since and now - row.unavailable_since <= SEEDED:
            self._timeline.note(Change(row.unavailable_since, name, "not available", Meaning.ACT, target))
        elif row.progressed and now - row.progressed <= SEEDED and row.created < now - SEEDED:
            done = row.rollout == COMPLETE or _lost_since(row)
            words = f"rolled out, revision {row.revision}" if done else f"rolls out, revision {row.revision}"
            if not done:
                self._rolling.add((target.kind, target.keys[0]))
            self._timeline.note(Change(row.progressed, name, words, Meaning.FINE if done else Meaning.PLANNED, target))

    def _compare(
        self, row: DeploymentRow | DaemonSetRow, known: _Workload, found: _Workload, at: int, target: Target
    ) -> None:
        name = _named(row.namespace, row.name)
        if known.revision != found.revision and known.revision:
            words = f"rolls out, revision {found.revision}"
            if known.version != found.version:
                words += f": {known.version} → {found.version}"
            self._timeline.note(Change(at, name, words, Meaning.PLANNED, target))
            self._rolling.add((target.kind, target.keys[0]))
        # A rollout that ends and replicas that return look alike: only the first was told to begin.
        if found.done and found.desired and (target.kind, target.keys[0]) in self._rolling:
            self._rolling.discard((target.kind, target.keys[0]))
            self._timeline.note(Change(at, name, f"rolled out, revision {found.revision}", Meaning.FINE, target))
        stands = (known.ready, known.desired) == (found.ready, found.desired)
        if row.namespace == NAMESPACE and not stands:
            words = f"{known.ready}/{known.desired} → {found.ready}/{found.desired}"
            meaning = Meaning.FINE if found.ready >= found.desired else row.meaning
            self._timeline.amend(Change(at, name, words, meaning, target), _STEADY)

    # --- pods and events

    def restart(self, before: PodRow | None, row: PodRow, now: float) -> None:
        """A container of a component was restarted, as seen, or as its pod tells of the last hour."""
        if row.namespace != NAMESPACE or not row.restarted or now - row.restarted > SEEDED:
            return
        if before is not None and before.restarts >= row.restarts:
            return
        owner = owner_of(row)
        words = "restarted" + (f": {row.last_reason}" if row.last_reason else "")
        target = Target("pods", ((row.namespace, row.name),), owner.name)
        self._timeline.note(Change(row.restarted, owner.name, words, Meaning.LOOK, target))

    def event(self, row: EventRow, now: float) -> None:
        """An event about a node."""
        found = _EVENTS.get(row.reason)
        if found is None or row.object_kind != "Node" or not row.last or now - row.last > SEEDED:
            return
        known = self._nodes.get(row.object_name)
        group = f"pool {known.pool}" if known and known.pool else ""
        target = Target("nodes", (("", row.object_name),))
        self._timeline.note(Change(row.last, row.object_name, found[0], found[1], target, group))


def _lost_since(row: DeploymentRow) -> bool:
    """Its rollout was complete, and what is missing now went later: see ``deployment_row.rollout_of``."""
    return row.meaning in (Meaning.LOOK, Meaning.ACT) and not row.reason and not row.paused


def _named(namespace: str, name: str) -> str:
    return name if namespace == NAMESPACE else f"{namespace}/{name}"
