"""The JSON of workloads and of what follows them: ReplicaSets, EndpointSlices, budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.managed_fields import fields, managed
from kubetui.demo.moment import rfc3339
from kubetui.demo.workload import Progress, Revision, Workload

Body = dict[str, Any]


def metadata(
    name: str,
    uid: int,
    created: float,
    *,
    namespace: str = "",
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    generation: int = 0,
    owners: Sequence[Mapping[str, Any]] = (),
) -> Body:
    """An object's ``metadata`` in the API server's order, without managed fields."""
    body: Body = {"name": name}
    if namespace:
        body["namespace"] = namespace
    body["uid"] = uid_text(uid)
    body["resourceVersion"] = ""  # keeps the place; the entry writes it
    if generation:
        body["generation"] = generation
    body["creationTimestamp"] = rfc3339(created)
    if labels:
        body["labels"] = dict(labels)
    if annotations:
        body["annotations"] = dict(annotations)
    if owners:
        body["ownerReferences"] = list(owners)
    return body


def own(body: Body, manager: str, status_manager: str = "kube-controller-manager", when: str = "") -> Body:
    """The same with ``managedFields``: spec by ``manager``, status by a controller."""
    about = body["metadata"]
    api_version = body["apiVersion"]
    created = about["creationTimestamp"]
    said = {"metadata": {key: about[key] for key in ("annotations", "labels", "ownerReferences") if key in about}}
    rest = {key: part for key, part in body.items() if key not in ("metadata", "status", "apiVersion", "kind")}
    owned = fields({key: part for key, part in {**said, **rest}.items() if part})
    entries = [managed(manager, api_version, created, owned)]
    if body.get("status"):
        status = fields({"status": body["status"]})
        entries.append(managed(status_manager, api_version, when or created, status, subresource="status"))
    about["managedFields"] = entries
    return body


def _pod_template(workload: Workload, labels: Mapping[str, str]) -> Body:
    about: Body = {"labels": dict(labels)}
    if workload.pod_annotations:
        about["annotations"] = dict(workload.pod_annotations)
    return {"metadata": about, "spec": dict(workload.spec)}


def _condition(kind: str, status: str, since: float, updated: float, reason: str, message: str) -> Body:
    return {
        "type": kind,
        "status": status,
        "lastUpdateTime": rfc3339(updated),
        "lastTransitionTime": rfc3339(since),
        "reason": reason,
        "message": message,
    }


_PROGRESS_WORDS = {
    "NewReplicaSetAvailable": 'ReplicaSet "{}" has successfully progressed.',
    "ReplicaSetUpdated": 'ReplicaSet "{}" is progressing.',
    "ProgressDeadlineExceeded": 'ReplicaSet "{}" has timed out progressing.',
}


def deployment(workload: Workload, counts: Mapping[str, int], now: float) -> Body:
    """``counts``: those of the status, zeroes too; a zero is left out, as the API server does."""
    progress: Progress = workload.progress
    available = workload.available
    words = "has" if available else "does not have"
    conditions = [
        _condition(
            "Available",
            "True" if available else "False",
            workload.available_since,
            workload.available_since,
            "MinimumReplicasAvailable" if available else "MinimumReplicasUnavailable",
            f"Deployment {words} minimum availability.",
        ),
        _condition(
            "Progressing",
            progress.status,
            progress.since,
            progress.updated,
            progress.reason,
            _PROGRESS_WORDS[progress.reason].format(workload.revision.name),
        ),
    ]
    body = {
        "kind": "Deployment",
        "apiVersion": "apps/v1",
        "metadata": metadata(
            workload.name,
            workload.uid,
            workload.created,
            namespace=workload.namespace,
            labels=workload.labels,
            annotations={**workload.annotations, "deployment.kubernetes.io/revision": str(workload.revision.number)},
            generation=workload.generation,
        ),
        "spec": {
            "replicas": workload.replicas,
            "selector": {"matchLabels": dict(workload.selector)},
            "template": _pod_template(workload, workload.pod_labels),
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"},
            },
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
        },
        "status": {
            "observedGeneration": workload.generation,
            **{key: count for key, count in counts.items() if count},
            "conditions": conditions,
        },
    }
    return own(body, workload.manager, when=rfc3339(now))


def replica_set(workload: Workload, revision: Revision, desired: int, counts: Mapping[str, int]) -> Body:
    """A Deployment's revision."""
    template = revision.template
    pods: Body = {"metadata": {"labels": dict(template.labels)}, "spec": dict(template.spec)}
    if template.annotations:
        pods["metadata"]["annotations"] = dict(template.annotations)
    body = {
        "kind": "ReplicaSet",
        "apiVersion": "apps/v1",
        "metadata": metadata(
            revision.name,
            revision.uid,
            revision.created,
            namespace=workload.namespace,
            labels=template.labels,
            annotations={
                "deployment.kubernetes.io/desired-replicas": str(workload.replicas),
                "deployment.kubernetes.io/max-replicas": str(workload.replicas + -(-workload.replicas // 4)),
                "deployment.kubernetes.io/revision": str(revision.number),
            },
            generation=1,
            owners=[_owner(workload)],
        ),
        "spec": {
            "replicas": desired,
            "selector": {"matchLabels": {**workload.selector, "pod-template-hash": revision.hash}},
            "template": pods,
        },
        "status": {
            "replicas": counts["replicas"],
            **{key: count for key, count in counts.items() if count and key != "replicas"},
            "observedGeneration": 1,
        },
    }
    return own(body, "kube-controller-manager")


def _owner(workload: Workload) -> Body:
    return {
        "apiVersion": workload.api_version,
        "kind": workload.kind,
        "name": workload.name,
        "uid": uid_text(workload.uid),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def daemon_set(workload: Workload, counts: Mapping[str, int]) -> Body:
    """A DaemonSet."""
    labels = workload.pod_labels
    body = {
        "kind": "DaemonSet",
        "apiVersion": "apps/v1",
        "metadata": metadata(
            workload.name,
            workload.uid,
            workload.created,
            namespace=workload.namespace,
            labels=workload.labels,
            annotations={**workload.annotations, "deprecated.daemonset.template.generation": str(workload.generation)},
            generation=workload.generation,
        ),
        "spec": {
            "selector": {"matchLabels": dict(workload.selector)},
            "template": _pod_template(workload, labels),
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
            "revisionHistoryLimit": 10,
        },
        "status": {
            "currentNumberScheduled": counts["currentNumberScheduled"],
            "numberMisscheduled": 0,
            "desiredNumberScheduled": counts["desiredNumberScheduled"],
            "numberReady": counts["numberReady"],
            "observedGeneration": workload.generation,
            **{key: counts[key] for key in _DAEMON_OPTIONAL if counts[key]},
        },
    }
    return own(body, workload.manager)


_DAEMON_OPTIONAL = ("updatedNumberScheduled", "numberAvailable", "numberUnavailable")


def stateful_set(workload: Workload, counts: Mapping[str, int], claim: Mapping[str, Any] | None) -> Body:
    """A StatefulSet; ``claim``: its volume claim template's spec."""
    current = f"{workload.name}-{workload.revision.hash}"
    spec: Body = {
        "replicas": workload.replicas,
        "selector": {"matchLabels": dict(workload.selector)},
        "template": _pod_template(workload, workload.pod_labels),
        "serviceName": workload.name,
        "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        "revisionHistoryLimit": 10,
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    }
    if claim:
        about = {"name": "data", "creationTimestamp": None}
        spec["volumeClaimTemplates"] = [
            {"kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": about, "spec": dict(claim),
             "status": {"phase": "Pending"}}
        ]  # fmt: skip
    body = {
        "kind": "StatefulSet",
        "apiVersion": "apps/v1",
        "metadata": metadata(
            workload.name,
            workload.uid,
            workload.created,
            namespace=workload.namespace,
            labels=workload.labels,
            annotations=workload.annotations,
            generation=workload.generation,
        ),
        "spec": spec,
        "status": {
            "observedGeneration": workload.generation,
            "replicas": counts["replicas"],
            **{key: count for key, count in counts.items() if count and key != "replicas"},
            "currentRevision": current,
            "updateRevision": current,
            "collisionCount": 0,
        },
    }
    return own(body, workload.manager)


def endpoints_of(
    pods: Sequence[PodEntry], ports: Sequence[Mapping[str, Any]], zones: Mapping[str, str]
) -> tuple[list[Body], Body]:
    """The endpoints of EndpointSlices, and a subset of Endpoints; ``zones``: by the node's name."""
    points: list[Body] = []
    ready: list[Body] = []
    unready: list[Body] = []
    for pod in pods:
        target = {"kind": "Pod", "namespace": pod.namespace, "name": pod.name, "uid": uid_text(pod.uid)}
        node = pod.host.name if pod.host else ""
        going = bool(pod.rare.deleted)
        points.append(
            {
                "addresses": [pod.ip],
                "conditions": {"ready": pod.ready and not going, "serving": pod.ready, "terminating": going},
                "targetRef": target,
                "nodeName": node,
                **({"zone": zone} if (zone := zones.get(node, "")) else {}),
            }
        )
        (ready if pod.ready and not going else unready).append({"ip": pod.ip, "nodeName": node, "targetRef": target})
    subset: Body = {}
    if ready:
        subset["addresses"] = ready
    if unready:
        subset["notReadyAddresses"] = unready
    subset["ports"] = [dict(port) for port in ports]
    return points, subset
