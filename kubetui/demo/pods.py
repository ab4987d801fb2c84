"""Pods from creation to deletion: what the scheduler and the kubelets do with them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from kubetui.demo.agenda import Agenda
from kubetui.demo.entries.event import Reference
from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.pod import PodEntry, Rare
from kubetui.demo.entries.pod_status import ContainerState, Ended, creating
from kubetui.demo.entries.pod_template import PodTemplate
from kubetui.demo.fleet import Fleet, Node
from kubetui.demo.recorder import Recorder
from kubetui.demo.resources import PODS
from kubetui.demo.storage import Storage
from kubetui.demo.workload import Workload


class Fate(NamedTuple):
    """What becomes of a template's new pods, when not the usual."""

    pull: str = ""
    """The registry's answer, when the first container's image cannot be pulled."""
    crash: str = ""
    """The container's last words, when it exits with 1 soon after each start."""
    unready: str = ""
    """What the readiness probe says for ever."""
    runs: int = 0
    """Seconds after which the containers complete: pods of Jobs."""


USUAL = Fate()
_BACK_OFF_MOST = 300


class Pods:
    """Every pod's writer."""

    def __init__(self, storage: Storage, agenda: Agenda, rng: Random, fleet: Fleet, recorder: Recorder) -> None:
        self._storage = storage
        self._agenda = agenda
        self._rng = rng
        self._fleet = fleet
        self._recorder = recorder
        self._workloads: dict[str, Workload] = {}
        self.fates: dict[PodTemplate, Fate] = {}
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
            self.fates.pop(revision.template, None)

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
            self._tell(pod, "FailedScheduling", words, component="default-scheduler", warning=True)
            pod = self.put(pod.replace(rare=Rare(unschedulable=words)))
            self._later(30, pod, lambda current: self._try_again(workload, current))
            return pod
        octet = where.take(template.millicpu, host_network=template.host_network)
        bound = self.put(pod.replace(host=where.host, octet=octet, containers=(), rare=Rare()))
        words = f"Successfully assigned {pod.namespace}/{pod.name} to {where.name}"
        self._tell(pod, "Scheduled", words, component="default-scheduler")
        self._later(0.4, bound, self._accept)
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

    # --- the kubelet ---------------------------------------------------------------------------------------------

    def _accept(self, pod: PodEntry) -> None:
        """The kubelet sees the pod and begins; not while it is down."""
        if not self._alive(pod):
            self._later(10, pod, self._accept)
            return
        fate = self.fates.get(pod.template, USUAL)
        waiting = (creating(),) * len(pod.template.containers)
        pod = self.put(pod.replace(containers=waiting))
        for shape in pod.template.containers[:1]:
            self._tell(pod, "Pulling", f'Pulling image "{self._image(pod)}"', container=shape.name)
        if fate.pull:
            self._later(self._rng.uniform(0.5, 2), pod, lambda current: self._pull_fails(current, fate.pull, 10))
        else:
            self._later(self._rng.uniform(1, 4), pod, self._start)

    def _pull_fails(self, pod: PodEntry, words: str, wait: float) -> None:
        if self.fates.get(pod.template, USUAL).pull != words:
            self._start(pod)
            return
        container = pod.template.containers[0].name
        image = self._image(pod)
        failure = f'Failed to pull image "{image}": {words}'
        self._tell(pod, "Failed", failure, container=container, warning=True)
        self._tell(pod, "Failed", "Error: ErrImagePull", container=container, warning=True)
        pod = self._first(pod, creating("ErrImagePull")._replace(message=failure))
        self._later(self._rng.uniform(8, 14), pod, lambda current: self._pull_waits(current, words, wait))

    def _pull_waits(self, pod: PodEntry, words: str, wait: float) -> None:
        container = pod.template.containers[0].name
        back_off = f'Back-off pulling image "{self._image(pod)}"'
        self._tell(pod, "BackOff", back_off, container=container)
        self._tell(pod, "Failed", "Error: ImagePullBackOff", container=container, warning=True)
        pod = self._first(pod, creating("ImagePullBackOff")._replace(message=f"{back_off}: ErrImagePull: {words}"))
        self._later(wait, pod, lambda current: self._pull_fails(current, words, min(wait * 2, _BACK_OFF_MOST)))

    def _first(self, pod: PodEntry, state: ContainerState) -> PodEntry:
        """The first container is in that state; its siblings run, if they ever did, or would by now."""
        now = int(self._agenda.now)
        others = [
            state if state.state == "running" else ContainerState("running", now, True)
            for state in (pod.states or (state,) * len(pod.template.containers))[1:]
        ]
        phase = "Running" if others or state.restarts else "Pending"
        return self.put(pod.replace(containers=(state, *others), phase=phase))

    def _start(self, pod: PodEntry) -> None:
        if not self._alive(pod):
            self._later(10, pod, self._start)
            return
        now = int(self._agenda.now)
        for shape in pod.template.containers:
            took = self._rng.randrange(300, 3000)
            pulled = f'Successfully pulled image "{self._image(pod)}" in {took}ms ({took}ms including waiting).'
            self._tell(pod, "Pulled", pulled, container=shape.name)
            self._tell(pod, "Created", f"Container created: {shape.name}", container=shape.name)
            self._tell(pod, "Started", f"Container started: {shape.name}", container=shape.name)
        restarts = pod.states[0].restarts if pod.states else 0
        last = pod.states[0].last if pod.states else None
        running = ContainerState("running", now, restarts=restarts, last=last)
        others = (ContainerState("running", now),) * (len(pod.template.containers) - 1)
        pod = self.put(pod.replace(phase="Running", started=now, ready_at=now, containers=(running, *others)))
        fate = self.fates.get(pod.template, USUAL)
        if fate.crash:
            self._later(self._rng.uniform(1, 2), pod, lambda current: self._crash(current, fate.crash))
        elif fate.unready:
            self._probe_fails(pod, fate.unready)
        elif fate.runs:
            self._later(fate.runs, pod, self._complete)
        else:
            self._later(self._rng.uniform(2, 8), pod, self._become_ready)

    def _become_ready(self, pod: PodEntry) -> None:
        now = int(self._agenda.now)
        if not self._alive(pod) or pod.ready:
            return
        if any(state.restarts for state in pod.states):
            ready = tuple(state._replace(ready=True) for state in pod.states)
            self.put(pod.replace(containers=ready, ready_at=now))
        else:
            self.put(pod.replace(containers=None, ready_at=now))

    def _probe_fails(self, pod: PodEntry, words: str) -> None:
        if self.fates.get(pod.template, USUAL).unready != words:
            self._become_ready(pod)
            return
        container = pod.template.containers[0].name
        self._tell(pod, "Unhealthy", f"Readiness probe failed: {words}", container=container, warning=True)
        self._later(10, pod, lambda current: self._probe_fails(current, words))

    def _complete(self, pod: PodEntry) -> None:
        now = int(self._agenda.now)
        done = tuple(
            ContainerState("terminated", ended=Ended(0, "Completed", state.since, now)) for state in pod.states
        )
        self.put(pod.replace(phase="Succeeded", containers=done, ready_at=now))

    # --- restarts ------------------------------------------------------------------------------------------------

    def restart(self, pod: PodEntry, reason: str = "Error", exit_code: int = 1) -> None:
        """The first container ends and starts again."""
        current = self.current(pod)
        if current is None or current.phase != "Running" or not current.states:
            return
        now = int(self._agenda.now)
        first = current.states[0]
        since = first.since or current.started
        again = ContainerState(
            "running", now, restarts=first.restarts + 1, last=Ended(exit_code, reason, since, max(since, now - 1))
        )
        current = self.put(current.replace(containers=(again, *current.states[1:]), ready_at=now))
        self._tell(current, "Started", f"Container started: {current.template.containers[0].name}",
                   container=current.template.containers[0].name)  # fmt: skip
        self._later(self._rng.uniform(2, 8), current, self._become_ready)

    def tell_restart(self, pod: PodEntry, at: float) -> None:
        """Record a start that has been."""
        container = pod.template.containers[0].name
        path = f"spec.containers{{{container}}}"
        about = Reference("Pod", pod.namespace, pod.name, uid_text(pod.uid), field_path=path)
        host = pod.host.name if pod.host else ""
        self._recorder.record(
            about, "Started", f"Container started: {container}", component="kubelet", host=host, at=at
        )

    def crash_from_now(self, pod: PodEntry) -> None:
        """Its template's fate has turned to crashing, and this pod restarts into it."""
        self._crash(pod, self.fates[pod.template].crash)

    def _crash(self, pod: PodEntry, words: str) -> None:
        if self.fates.get(pod.template, USUAL).crash != words:
            self._become_ready(pod)
            return
        now = int(self._agenda.now)
        first = pod.states[0]
        wait = min(10 * 2**first.restarts, _BACK_OFF_MOST)
        ended = Ended(1, "Error", first.since or pod.started, now, message=words)
        container = pod.template.containers[0].name
        words_ = f"back-off {_minutes(wait)} restarting failed container={container} pod={pod.name}_{pod.namespace}"
        message = f"{words_}({uid_text(pod.uid)})"
        state = ContainerState(
            "waiting", restarts=first.restarts, reason="CrashLoopBackOff", message=message, last=ended
        )
        pod = self.put(pod.replace(containers=(state, *pod.states[1:]), ready_at=now))
        self._tell(pod, "BackOff", f"Back-off restarting failed container {container} in pod {pod.name}_"
                   f"{pod.namespace}({uid_text(pod.uid)})", container=container, warning=True)  # fmt: skip
        self._later(wait, pod, self._start_again)

    def _start_again(self, pod: PodEntry) -> None:
        first = pod.states[0]
        again = first._replace(restarts=first.restarts + 1)
        self._start(pod.replace(containers=(again, *pod.states[1:])))

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
        if self._alive(going):
            for shape in going.template.containers:
                self._tell(going, "Killing", f"Stopping container {shape.name}", container=shape.name)
            self._later(self._rng.uniform(1, 4), going, self._gone)

    def _gone(self, pod: PodEntry) -> None:
        if self._alive(pod):
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

    # --- words ---------------------------------------------------------------------------------------------------

    def _alive(self, pod: PodEntry) -> bool:
        node = self.node_of(pod)
        return node is not None and node.kubelet

    @staticmethod
    def _image(pod: PodEntry) -> str:
        return str(pod.template.spec["containers"][0]["image"])

    def _later(self, seconds: float, pod: PodEntry, action: Callable[[PodEntry], None]) -> None:
        def act() -> None:
            current = self.current(pod)
            if current is not None and (not current.rare.deleted or action == self._gone):
                action(current)

        self._agenda.after(seconds, act)

    def _tell(
        self,
        pod: PodEntry,
        reason: str,
        message: str,
        *,
        component: str = "kubelet",
        container: str = "",
        warning: bool = False,
    ) -> None:
        path = f"spec.containers{{{container}}}" if container else ""
        about = Reference("Pod", pod.namespace, pod.name, uid_text(pod.uid), field_path=path)
        host = pod.host.name if pod.host and component == "kubelet" else ""
        self._recorder.record(about, reason, message, component=component, host=host, warning=warning)


def _signature(pod: PodEntry) -> tuple[object, ...]:
    return pod.ready, pod.phase, bool(pod.rare.deleted), pod.host is None


def _minutes(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
