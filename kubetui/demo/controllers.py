"""What kube-controller-manager does to pods: rolling Deployments, ordinal StatefulSets, a DaemonSet's pod per node."""

from __future__ import annotations

from random import Random

from kubetui.demo.agenda import Agenda
from kubetui.demo.entries.identity import suffix
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.fleet import Fleet, Node
from kubetui.demo.pods import Pods
from kubetui.demo.recorder import Recorder
from kubetui.demo.workload import Revision, Workload, make_template, revision_reference
from kubetui.demo.workloads import Workloads

DEADLINE_SECONDS = 600
"""``progressDeadlineSeconds``"""
HISTORY = 10
"""``revisionHistoryLimit``"""
_MOST_AT_ONCE = 500


class Controllers:
    """The controllers, each for one kind of workload."""

    def __init__(
        self, agenda: Agenda, rng: Random, fleet: Fleet, pods: Pods, workloads: Workloads, recorder: Recorder
    ) -> None:
        self._agenda = agenda
        self._rng = rng
        self._fleet = fleet
        self._pods = pods
        self._workloads = workloads
        self._recorder = recorder
        workloads.controllers |= {
            "Deployment": self._deployment,
            "StatefulSet": self._stateful_set,
            "DaemonSet": self._daemon_set,
        }
        fleet.on_change(self._node_joined, self._node_left)

    # --- what others ask for -------------------------------------------------------------------------------------

    def roll_out(self, workload: Workload) -> Revision:
        """A new revision of whatever the workload's spec says now; its pods follow."""
        now = int(self._agenda.now)
        uid = self._rng.getrandbits(128)
        hash_ = suffix(uid) + suffix(uid >> 30)
        name = f"{workload.name}-{hash_}" if workload.kind == "Deployment" else workload.name
        owner_uid = uid if workload.kind == "Deployment" else workload.uid
        number = workload.revision.number + 1 if workload.revisions else 1
        template = make_template(workload, name, owner_uid, hash_, number)
        revision = Revision(number, name, uid, hash_, now, template)
        workload.revisions.append(revision)
        self._pods.adopt(workload)
        self._begin_progress(workload)
        return revision

    def _begin_progress(self, workload: Workload) -> None:
        workload.generation += 1
        progress, now = workload.progress, int(self._agenda.now)
        if progress.status != "True":
            progress.since = now
        progress.status, progress.reason, progress.best = "True", "ReplicaSetUpdated", 0
        progress.updated = now
        if workload.kind == "Deployment":
            self._agenda.after(DEADLINE_SECONDS + 1, lambda: self._workloads.touch(workload))
        self._workloads.touch(workload)

    def roll_back(self, workload: Workload) -> Revision:
        """``kubectl rollout undo``: the revision before is wanted again, under a new number."""
        revision = workload.revisions.pop(-2)
        revision.number = workload.revision.number + 1
        revision.written = ()
        workload.revisions.append(revision)
        workload.spec = revision.template.spec
        self._begin_progress(workload)
        return revision

    def scale(self, workload: Workload, replicas: int) -> None:
        """Want so many pods."""
        workload.replicas = replicas
        workload.generation += 1
        self._workloads.touch(workload)

    # --- Deployments ---------------------------------------------------------------------------------------------

    def _deployment(self, workload: Workload) -> None:
        new = [pod for pod in workload.living() if pod.template is workload.template]
        old = [pod for pod in workload.living() if pod.template is not workload.template]
        surge = -(-workload.replicas // 4) if old else 0
        room = workload.replicas + surge - len(new) - len(old)
        wanted = min(room, workload.replicas - len(new), _MOST_AT_ONCE)
        for _ in range(wanted):
            self._create(workload)
        if wanted > 0:
            self._said_scaled(workload, workload.revision, len(new), len(new) + wanted, "up")
        elif len(new) > workload.replicas and not old:
            self._shrink(workload, new, len(new) - workload.replicas)
        if old:
            self._retire(workload, old, sum(pod.ready for pod in new))
        self._follow_progress(workload, new, old)

    def _create(self, workload: Workload) -> PodEntry:
        revision = workload.revision
        name = self._pods.new_name(workload)
        pod = self._pods.create(workload, name)
        self._recorder.record(
            revision_reference(workload, revision),
            "SuccessfulCreate",
            f"Created pod: {name}",
            component="replicaset-controller",
        )
        return pod

    def _shrink(self, workload: Workload, pods: list[PodEntry], count: int) -> None:
        """Those that are not ready go first, then the youngest."""
        going = sorted(pods, key=lambda pod: (pod.ready, -pod.created, pod.name))[:count]
        self._said_scaled(workload, workload.revision, len(pods), len(pods) - len(going), "down")
        for pod in going:
            self._end(workload, workload.revision, pod)

    def _retire(self, workload: Workload, old: list[PodEntry], new_ready: int) -> None:
        unready = [pod for pod in old if not pod.ready]
        ready = [pod for pod in old if pod.ready]
        spare = max(0, len(ready) + new_ready - (workload.replicas - workload.replicas // 4))
        for pod in [*unready, *ready[:spare]]:
            revision = next(item for item in workload.revisions if item.template is pod.template)
            self._end(workload, revision, pod)
        count = len(unready) + min(spare, len(ready))
        if count:
            last = workload.revisions[-2] if len(workload.revisions) > 1 else workload.revision
            self._said_scaled(workload, last, len(old), len(old) - count, "down")

    def _end(self, workload: Workload, revision: Revision, pod: PodEntry) -> None:
        self._pods.delete(pod)
        self._recorder.record(
            revision_reference(workload, revision),
            "SuccessfulDelete",
            f"Deleted pod: {pod.name}",
            component="replicaset-controller",
        )

    def _said_scaled(self, workload: Workload, revision: Revision, was: int, now: int, way: str) -> None:
        words = f"Scaled {way} replica set {revision.name} from {was} to {now}"
        self._recorder.record(workload.reference, "ScalingReplicaSet", words, component="deployment-controller")

    def _follow_progress(self, workload: Workload, new: list[PodEntry], old: list[PodEntry]) -> None:
        progress, now = workload.progress, int(self._agenda.now)
        if progress.reason == "NewReplicaSetAvailable":
            return
        ready = sum(pod.ready for pod in new)
        if not old and ready >= workload.replicas:
            progress.status, progress.reason, progress.updated = "True", "NewReplicaSetAvailable", now
            for revision in workload.revisions[: -HISTORY - 1]:
                self._workloads.forget_revision(workload, revision)
        elif ready > progress.best:
            progress.best, progress.updated = ready, now
            if progress.status != "True":
                progress.since = now
            progress.status, progress.reason = "True", "ReplicaSetUpdated"
            self._agenda.after(DEADLINE_SECONDS + 1, lambda: self._workloads.touch(workload))
        elif now - progress.updated > DEADLINE_SECONDS and progress.status == "True":
            progress.status, progress.reason = "False", "ProgressDeadlineExceeded"
            progress.since = progress.updated = now

    # --- StatefulSets --------------------------------------------------------------------------------------------

    def _stateful_set(self, workload: Workload) -> None:
        if any(pod.rare.deleted for pod in workload.pods.values()):
            return  # one at a time
        living = {pod.name: pod for pod in workload.living()}
        for ordinal in range(workload.replicas):
            name = f"{workload.name}-{ordinal}"
            if name not in living:
                self._pods.create(workload, name)
                words = f"create Pod {name} in StatefulSet {workload.name} successful"
                self._said_pod(workload, "SuccessfulCreate", words)
                return
            if not living[name].ready:
                return
        names = sorted(living, key=lambda name: -int(name.rpartition("-")[2]))
        surplus = [name for name in names if int(name.rpartition("-")[2]) >= workload.replicas]
        stale = [name for name in names if living[name].template is not workload.template]
        for name in (surplus or stale)[:1]:
            self._pods.delete(living[name])
            words = f"delete Pod {name} in StatefulSet {workload.name} successful"
            self._said_pod(workload, "SuccessfulDelete", words)

    def _said_pod(self, workload: Workload, reason: str, words: str) -> None:
        component = f"{workload.kind.lower()}-controller"
        self._recorder.record(workload.reference, reason, words, component=component)

    # --- DaemonSets ----------------------------------------------------------------------------------------------

    def wanted_on(self, workload: Workload, node: Node) -> bool:
        """The DaemonSet runs there."""
        return node.pool.name in workload.pools

    def _daemon_set(self, workload: Workload) -> None:
        nodes = [node for node in self._fleet.nodes.values() if self.wanted_on(workload, node)]
        workload.replicas = len(nodes)
        busy = {pod.host.name: pod for pod in workload.pods.values() if pod.host is not None}
        for node in nodes:
            pod = busy.pop(node.name, None)
            if pod is None:
                name = self._pods.new_name(workload)
                self._pods.create(workload, name, node=node)
                self._said_pod(workload, "SuccessfulCreate", f"Created pod: {name}")
            elif pod.template is not workload.template and not any(
                item.rare.deleted or not item.ready for item in workload.pods.values()
            ):
                self._pods.delete(pod)
                self._said_pod(workload, "SuccessfulDelete", f"Deleted pod: {pod.name}")
        for pod in busy.values():
            self._pods.remove(pod)  # its node is gone, and the garbage collector takes it

    def _node_joined(self, node: Node) -> None:
        for workload in self._workloads.all.values():
            if workload.kind == "DaemonSet" and self.wanted_on(workload, node):
                self._workloads.touch(workload)

    def _node_left(self, node: Node) -> None:
        for pod in self._pods.on_node(node.name):
            self._pods.remove(pod)
        for workload in self._workloads.all.values():
            if workload.kind == "DaemonSet":
                self._workloads.touch(workload)
