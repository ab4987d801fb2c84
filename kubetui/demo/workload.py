"""A workload as its controller knows it: what is wanted, its revisions and its pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kubetui.demo.entries.event import Reference
from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.entries.pod_template import Owner, PodTemplate

Kind = Literal["Deployment", "StatefulSet", "DaemonSet", "Job"]
API_VERSIONS: Mapping[str, str] = {
    "Deployment": "apps/v1",
    "ReplicaSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
}


@dataclass(eq=False)
class Revision:
    """A ReplicaSet of a Deployment, or a ControllerRevision of another kind."""

    number: int
    name: str
    """Of the ReplicaSet; of the workload itself for other kinds."""
    uid: int
    hash: str
    """``pod-template-hash`` or ``controller-revision-hash``."""
    created: int
    template: PodTemplate
    written: tuple[Any, ...] = ()
    """What its object says now."""


@dataclass(eq=False)
class Progress:
    """The condition Progressing of a Deployment; ``since`` and ``updated`` in Unix seconds."""

    status: str = "True"
    reason: str = "NewReplicaSetAvailable"
    since: int = 0
    updated: int = 0
    best: int = 0
    """The most new pods that were ready: more is progress."""


@dataclass(eq=False)
class Workload:
    """One Deployment, StatefulSet, DaemonSet or Job."""

    kind: Kind
    namespace: str
    name: str
    uid: int
    created: int
    replicas: int
    selector: Mapping[str, str]
    labels: Mapping[str, str]
    pod_labels: Mapping[str, str]
    pod_annotations: Mapping[str, str]
    spec: Mapping[str, Any]
    """``spec.template.spec`` of the newest revision."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    service: str = ""
    """The Service that selects its pods, ``""`` for none."""
    budget: int = 0
    """``minAvailable`` of its PodDisruptionBudget, 0 for none."""
    pools: tuple[str, ...] = ()
    """Where its pods may run."""
    owner: Owner | None = None
    """Of a Job: its CronJob."""
    manager: str = "helm"
    """Who applied it, as its managed fields say."""
    generation: int = 1
    revisions: list[Revision] = field(default_factory=list)
    """Oldest first; the last is the one that is wanted."""
    pods: dict[str, PodEntry] = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)
    available_since: int = 0
    available: bool = True
    planned: bool = False
    """Its controller looks at it soon."""
    written: tuple[Any, ...] = ()
    """What its object says now."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, namespace, name."""
        return self.kind, self.namespace, self.name

    @property
    def api_version(self) -> str:
        """Of its kind."""
        return API_VERSIONS[self.kind]

    @property
    def revision(self) -> Revision:
        """The one that is wanted."""
        return self.revisions[-1]

    @property
    def template(self) -> PodTemplate:
        """Of new pods."""
        return self.revisions[-1].template

    @property
    def reference(self) -> Reference:
        """For its events."""
        return Reference(self.kind, self.namespace, self.name, uid_text(self.uid), self.api_version)

    def living(self) -> Iterator[PodEntry]:
        """Pods that are neither going nor over."""
        for pod in self.pods.values():
            if not pod.rare.deleted and pod.phase not in ("Succeeded", "Failed"):
                yield pod


def revision_reference(workload: Workload, revision: Revision) -> Reference:
    """The ReplicaSet, for its events."""
    return Reference("ReplicaSet", workload.namespace, revision.name, uid_text(revision.uid), "apps/v1")


def make_template(workload: Workload, name: str, uid: int, hash_: str, number: int = 1) -> PodTemplate:
    """The pod template of the revision ``number``; ``name`` and ``uid`` are the ReplicaSet's, or the workload's own."""
    kind = "ReplicaSet" if workload.kind == "Deployment" else workload.kind
    labels = dict(workload.pod_labels)
    if workload.kind == "Deployment":
        labels["pod-template-hash"] = hash_
    elif workload.kind == "Job":
        labels |= {
            "batch.kubernetes.io/job-name": name,
            "job-name": name,
            "batch.kubernetes.io/controller-uid": uid_text(uid),
        }
    else:
        labels["controller-revision-hash"] = f"{name}-{hash_}" if kind == "StatefulSet" else hash_
    if workload.kind == "DaemonSet":
        labels["pod-template-generation"] = str(number)
    return PodTemplate(
        workload.namespace,
        Owner(API_VERSIONS[kind], kind, name, uid_text(uid)),
        dict(sorted(labels.items())),
        workload.pod_annotations,
        workload.spec,
        "statefulset.kubernetes.io/pod-name" if kind == "StatefulSet" else "",
    )
