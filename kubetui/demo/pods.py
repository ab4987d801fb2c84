"""Pods from creation to deletion, and the scheduler. What happens on the nodes is the kubelets'."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from kubetui.demo.agenda import Agenda
from kubetui.demo.entries.event import Reference
from kubetui.demo.entries.identity import suffix, uid_text
from kubetui.demo.entries.pod import PodEntry, Rare
from kubetui.demo.fleet import Fleet, Node
from kubetui.demo.recorder import Recorder
from kubetui.demo.resources import PODS
from kubetui.demo.storage import Storage
from kubetui.demo.workload import Workload


class Pods:
    """Every pod's writer."""

    def __init__(self, storage: Storage, agenda: Agenda, rng: Random, fleet: Fleet, recorder: Recorder) -> None:
        self._storage = storage
        self._agenda = agenda
        self._rng = rng
        self._fleet = fleet
        self._recorder = recorder
        self._workloads: dict[str, Workload] = {}
        self.bound: Callable[[PodEntry], None] = lambda pod: None
        """Called when the scheduler has found a node: the kubelet's turn."""
        self.touched: Callable[[Workload], None] = lambda workload: None
        """Called when a pod of the workload came, went, or changed its readiness or phase."""

    # --- who has which pods --------------------------------------------------------------------------------------

    def adopt(self, workload: Workload) -> None:
        """Know the owners of the workload's revisions."""
        for revision in workload.revisions:
            self._workloads[revision.template.owner.uid] = workload

    def disown(self, workload: Workload) -> None:
        """The workload is deleted and has no pods any more."""
        for revision in workload.revisions:
            self._workloads.pop(revision.template.owner.uid, None)

    def workload_of(self, pod: PodEntry) -> Workload:
        """Whose pod it is."""
        return self._workloads[pod.template.owner.uid]

    def current(self, pod: PodEntry) -> PodEntry | None:
        """The pod's newest state; None once it is deleted, even if another has its name."""
        workload = self._workloads.get(pod.template.owner.uid)
        known = workload.pods.get(pod.name) if workload else None
        return known if known is not None and known.uid == pod.uid else None

    def on_node(self, name: str) -> list[PodEntry]:
        """The node's pods, by namespace and name."""
        found = [
            pod
            for workload in dict.fromkeys(self._workloads.values())
            for pod in workload.pods.values()
            if pod.host is not None and pod.host.name == name
        ]
        return sorted(found, key=lambda pod: (pod.namespace, pod.name))

    def node_of(self, pod: PodEntry) -> Node | None:
        """The node it is bound to, if that still exists."""
        return self._fleet.nodes.get(pod.host.name) if pod.host else None

    def put(self, pod: PodEntry) -> PodEntry:
        """Write a pod's new state."""
        workload = self.workload_of(pod)
        before = workload.pods.get(pod.name)
        workload.pods[pod.name] = pod
        self._storage.put(PODS, pod)
        if before is None or _signature(before) != _signature(pod):
            self.touched(workload)
        return pod

    def new_name(self, workload: Workload) -> str:
        """The revision's name and a suffix that no other pod of the workload has."""
        while True:
            name = f"{workload.revision.name}-{suffix(self._rng.getrandbits(24))}"
            if name not in workload.pods:
                return name

    # --- creation ------------------------------------------------------------------------------------------------

    def place(self, workload: Workload, name: str, created: float, *, node: Node | None = None) -> PodEntry:
        """A pod that runs already since a few seconds after ``created``: the world's beginning."""
        template = workload.template
        where = node or self._fleet.pick(workload.pools, template.millicpu)
        start, moment = int(created), self._rng.getrandbits(128)
        if where is None:
            pod = PodEntry(name, template, moment, start, phase="Pending", rare=Rare(unschedulable=self._no_room()))
            return self.put(pod)
        octet = where.take(template.millicpu, host_network=template.host_network)
        start = max(start, where.state.created + 12)  # a younger node's pods are younger still
        started = start + 2 + moment % 4
        return self.put(
            PodEntry(
                name,
                template,
                moment,
                start,
                host=where.host,
                octet=octet,
                started=started,
                ready_at=started + 3 + moment % 11,
            )
        )

    def create(self, workload: Workload, name: str, *, node: Node | None = None) -> PodEntry:
        """A new pod, as its controller makes it; the scheduler and the kubelet follow."""
        now = int(self._agenda.now)
        pod = PodEntry(name, workload.template, self._rng.getrandbits(128), now, phase="Pending")
        return self._schedule(workload, pod, node)

    def _schedule(self, workload: Workload, pod: PodEntry, node: Node | None) -> PodEntry:
        template = pod.template
        where = node or self._fleet.pick(workload.pools, template.millicpu)
        if where is None:
            words = self._no_room()
            self.tell(pod, "FailedScheduling", words, component="default-scheduler", warning=True)
            pod = self.put(pod.replace(rare=Rare(unschedulable=words)))
            self.later(30, pod, lambda current: self._try_again(workload, current))
            return pod
        octet = where.take(template.millicpu, host_network=template.host_network)
        bound = self.put(pod.replace(host=where.host, octet=octet, containers=(), rare=Rare()))
        words = f"Successfully assigned {pod.namespace}/{pod.name} to {where.name}"
        self.tell(pod, "Scheduled", words, component="default-scheduler")
        self.bound(bound)
        return bound

    def _try_again(self, workload: Workload, pod: PodEntry) -> None:
        if pod.host is None and not pod.rare.deleted:
            self._schedule(workload, pod, None)

    def _no_room(self) -> str:
        nodes = self._fleet.nodes.values()
        tainted = sum(bool(node.pool.taints) for node in nodes)
        cordoned = sum(node.state.unschedulable for node in nodes)
        full = len(nodes) - tainted - cordoned
        reasons = [f"{full} Insufficient cpu"]
        if cordoned:
            reasons.append(f"{cordoned} node(s) were unschedulable")
        if tainted:
            reasons.append(f"{tainted} node(s) had untolerated taint(s)")
        return (
            f"0/{len(nodes)} nodes are available: {', '.join(reasons)}. "
            "preemption: 0/{0} nodes are available: {0} Preemption is not helpful for scheduling.".format(len(nodes))
        )

    # --- deletion ------------------------------------------------------------------------------------------------

    def delete(self, pod: PodEntry, *, grace: int = 30, disrupted: str = "") -> None:
        """``deletionTimestamp`` now; the kubelet, if it is up, ends it soon. Harmless when it is going already."""
        current = self.current(pod)
        if current is None or current.rare.deleted:
            return
        if current.host is None:
            self.remove(current)
            return
        deleted = int(self._agenda.now) + grace
        rare = current.rare._replace(deleted=deleted, grace=grace, disrupted=disrupted)
        going = self.put(current.replace(rare=rare))
        if self.alive(going):
            words = f"Stopping container {going.template.containers[0].name}"
            self.tell(going, "Killing", words, container=True)
            self.later(self._rng.uniform(1, 4), going, self.finish, going=True)

    def finish(self, pod: PodEntry) -> None:
        """The kubelet has ended a pod that was to be deleted; it goes. Not while the kubelet is down."""
        if self.alive(pod):
            self.remove(pod)

    def remove(self, pod: PodEntry) -> None:
        """The object is deleted."""
        current = self.current(pod)
        if current is None:
            return
        workload = self.workload_of(current)
        del workload.pods[current.name]
        node = self.node_of(current)
        if node is not None:
            node.release(current.template.millicpu, current.octet)
        self._storage.delete(PODS, current.namespace, current.name)
        self.touched(workload)

    # --- for the kubelets ----------------------------------------------------------------------------------------

    def alive(self, pod: PodEntry) -> bool:
        """The kubelet of its node runs."""
        node = self.node_of(pod)
        return node is not None and node.kubelet

    def later(self, seconds: float, pod: PodEntry, action: Callable[[PodEntry], None], *, going: bool = False) -> None:
        """Do it with the pod's state then, if it is still there, and not to be deleted (``going``: even so)."""

        def act() -> None:
            current = self.current(pod)
            if current is not None and (going or not current.rare.deleted):
                action(current)

        self._agenda.after(seconds, act)

    def tell(
        self,
        pod: PodEntry,
        reason: str,
        message: str,
        *,
        component: str = "kubelet",
        container: bool = False,
        warning: bool = False,
        at: float | None = None,
    ) -> None:
        """An event about the pod, or about its first container; at a moment that has been, or now."""
        path = f"spec.containers{{{pod.template.containers[0].name}}}" if container else ""
        about = Reference("Pod", pod.namespace, pod.name, uid_text(pod.uid), field_path=path)
        host = pod.host.name if pod.host and component == "kubelet" else ""
        self._recorder.record(about, reason, message, component=component, host=host, warning=warning, at=at)


def _signature(pod: PodEntry) -> tuple[object, ...]:
    return pod.ready, pod.phase, bool(pod.rare.deleted), pod.host is None
