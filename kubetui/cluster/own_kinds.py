"""Where Kubernetes serves its own kinds, for references that name a kind and no resource: owners, events' objects."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.cluster.object_at import ObjectAt
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request

OWN: Final = {
    ("v1", "Pod"): "pods",
    ("v1", "Node"): "nodes",
    ("v1", "Namespace"): "namespaces",
    ("v1", "Service"): "services",
    ("v1", "ConfigMap"): "configmaps",
    ("v1", "Secret"): "secrets",
    ("v1", "ServiceAccount"): "serviceaccounts",
    ("v1", "PersistentVolumeClaim"): "persistentvolumeclaims",
    ("v1", "PersistentVolume"): "persistentvolumes",
    ("v1", "ReplicationController"): "replicationcontrollers",
    ("v1", "ResourceQuota"): "resourcequotas",
    ("apps/v1", "Deployment"): "deployments",
    ("apps/v1", "ReplicaSet"): "replicasets",
    ("apps/v1", "DaemonSet"): "daemonsets",
    ("apps/v1", "StatefulSet"): "statefulsets",
    ("batch/v1", "Job"): "jobs",
    ("batch/v1", "CronJob"): "cronjobs",
    ("autoscaling/v2", "HorizontalPodAutoscaler"): "horizontalpodautoscalers",
    ("networking.k8s.io/v1", "Ingress"): "ingresses",
    ("policy/v1", "PodDisruptionBudget"): "poddisruptionbudgets",
}
"""(API version, kind) to the resource."""
_CLUSTER_SCOPED: Final = frozenset({"Node", "Namespace", "PersistentVolume"})
_VERSIONS: Final = {kind: api_version for api_version, kind in OWN}


class _Resource(msgspec.Struct):
    name: str = ""
    kind: str = ""
    namespaced: bool = False


class _Resources(msgspec.Struct):
    resources: list[_Resource] = []


def own_place(kind: str, namespace: str, name: str, api_version: str = "") -> ObjectAt | None:
    """The place of one of Kubernetes' own kinds; None for others. ``api_version`` may be left out where only the
    kind is known."""
    version = api_version or _VERSIONS.get(kind, "")
    plural = OWN.get((version, kind))
    if plural is None:
        return None
    return ObjectAt(kind, f"{root(version)}/{plural}", "" if kind in _CLUSTER_SCOPED else namespace, name)


async def place_of(session: Session, api_version: str, kind: str, namespace: str, name: str) -> ObjectAt | None:
    """The place of any kind; of those that are not Kubernetes' own the server is asked.

    None where the server has no such kind. Raises ClusterError types.
    """
    own = own_place(kind, namespace, name, api_version)
    if own is not None or not api_version:
        return own
    answer = await session.send(Request(root(api_version), f"read what {api_version} has"))
    try:
        resources = msgspec.json.decode(answer.body, type=_Resources).resources
    except msgspec.DecodeError:
        return None
    for one in resources:
        if one.kind == kind and "/" not in one.name:
            return ObjectAt(kind, f"{root(api_version)}/{one.name}", namespace if one.namespaced else "", name)
    return None


def root(api_version: str) -> str:
    """``/api/v1``, ``/apis/apps/v1``."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
