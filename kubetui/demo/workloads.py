"""All workloads, and the controller loop that keeps their objects true to their pods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kubetui.demo import documents
from kubetui.demo.agenda import Agenda
from kubetui.demo.entries import cells
from kubetui.demo.entries.object import ObjectEntry
from kubetui.demo.pods import Pods
from kubetui.demo.resources import DAEMON_SETS, DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS
from kubetui.demo.storage import Storage
from kubetui.demo.workload import Revision, Workload

_SOON = 0.2
"""Seconds until a controller looks: changes until then are looked at together."""

Control = Callable[[Workload], None]


class Workloads:
    """The registry. Controllers by kind are told when a workload's pods changed; then its objects are written."""

    def __init__(self, storage: Storage, agenda: Agenda, pods: Pods) -> None:
        self._storage = storage
        self._agenda = agenda
        self.pods = pods
        self.all: dict[tuple[str, str, str], Workload] = {}
        self.controllers: dict[str, Control] = {}
        """What makes and deletes pods of a kind of workload."""
        self.followers: list[Control] = []
        """What follows a workload's pods: endpoints, budgets."""
        self.claims: dict[tuple[str, str, str], Mapping[str, Any]] = {}
        """Volume claim templates of StatefulSets."""
        pods.touched = self.touch

    def find(self, kind: str, namespace: str, name: str) -> Workload:
        """A workload; KeyError if there is none."""
        return self.all[(kind, namespace, name)]

    def add(self, workload: Workload) -> Workload:
        """A workload with its revisions; its controller looks soon."""
        self.all[workload.key] = workload
        self.pods.adopt(workload)
        self.touch(workload)
        return workload

    def touch(self, workload: Workload) -> None:
        """Look at it soon."""
        if not workload.planned:
            workload.planned = True
            self._agenda.after(_SOON, lambda: self.sync(workload))

    def sync(self, workload: Workload) -> None:
        """What its controller does, and the objects that say so."""
        workload.planned = False
        if workload.key not in self.all:
            return
        control = self.controllers.get(workload.kind)
        if control is not None:
            control(workload)
        self.write(workload)
        for follow in self.followers:
            follow(workload)

    def write(self, workload: Workload) -> None:
        """Write its objects, where they say something else now."""
        {
            "Deployment": self._write_deployment,
            "StatefulSet": self._write_stateful_set,
            "DaemonSet": self._write_daemon_set,
            "Job": _nothing,  # the Job controller writes its own
        }[workload.kind](workload)

    # --- Deployments ---------------------------------------------------------------------------------------------

    def _write_deployment(self, workload: Workload) -> None:
        for revision in workload.revisions:
            self._write_replica_set(workload, revision)
        living = list(workload.living())
        ready = sum(pod.ready for pod in living)
        counts = {
            "replicas": len(living),
            "updatedReplicas": sum(pod.template is workload.template for pod in living),
            "readyReplicas": ready,
            "availableReplicas": ready,
            "unavailableReplicas": max(0, max(workload.replicas, len(living)) - ready),
        }
        now = self._agenda.now
        available = ready >= workload.replicas - workload.replicas // 4
        if available != workload.available:
            workload.available, workload.available_since = available, int(now)
        progress = workload.progress
        says = (
            workload.generation, workload.replicas, workload.revision.number, *counts.values(), available,
            progress.reason, progress.updated,
        )  # fmt: skip
        if says != workload.written:
            workload.written = says
            body = documents.deployment(workload, counts, now)
            self._storage.put(DEPLOYMENTS, ObjectEntry(body, cells.deployment))

    def _write_replica_set(self, workload: Workload, revision: Revision) -> None:
        living = [pod for pod in workload.living() if pod.template is revision.template]
        ready = sum(pod.ready for pod in living)
        alone = revision is workload.revision and len(living) == sum(1 for _ in workload.living())
        desired = workload.replicas if alone else len(living)
        counts = {
            "replicas": len(living),
            "fullyLabeledReplicas": len(living),
            "readyReplicas": ready,
            "availableReplicas": ready,
        }
        says = (desired, workload.replicas, *counts.values())
        if says != revision.written:
            revision.written = says
            body = documents.replica_set(workload, revision, desired, counts)
            fields = {"status.replicas": str(len(living))}
            self._storage.put(REPLICA_SETS, ObjectEntry(body, cells.replica_set, fields))

    def forget_revision(self, workload: Workload, revision: Revision) -> None:
        """Beyond the history limit: its ReplicaSet is deleted."""
        workload.revisions.remove(revision)
        self._storage.delete(REPLICA_SETS, workload.namespace, revision.name)

    # --- the others ----------------------------------------------------------------------------------------------

    def _write_stateful_set(self, workload: Workload) -> None:
        living = list(workload.living())
        ready = sum(pod.ready for pod in living)
        updated = sum(pod.template is workload.template for pod in living)
        counts = {
            "replicas": len(living),
            "readyReplicas": ready,
            "currentReplicas": updated,
            "updatedReplicas": updated,
            "availableReplicas": ready,
        }
        says = (workload.generation, workload.replicas, workload.revision.number, *counts.values())
        if says != workload.written:
            workload.written = says
            body = documents.stateful_set(workload, counts, self.claims.get(workload.key))
            self._storage.put(STATEFUL_SETS, ObjectEntry(body, cells.stateful_set))

    def _write_daemon_set(self, workload: Workload) -> None:
        living = list(workload.living())
        ready = sum(pod.ready for pod in living)
        counts = {
            "desiredNumberScheduled": workload.replicas,
            "currentNumberScheduled": len(living),
            "numberReady": ready,
            "updatedNumberScheduled": sum(pod.template is workload.template for pod in living),
            "numberAvailable": ready,
            "numberUnavailable": max(0, workload.replicas - ready),
        }
        says = (workload.generation, workload.revision.number, *counts.values())
        if says != workload.written:
            workload.written = says
            self._storage.put(DAEMON_SETS, ObjectEntry(documents.daemon_set(workload, counts), cells.daemon_set))


def _nothing(workload: Workload) -> None:
    pass
