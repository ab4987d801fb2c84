"""The owners of an object, read one after the other up to the root: ReplicaSet, Deployment; Job, CronJob; …"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.gather import trouble_words
from kubetui.cluster.object_at import ObjectAt, read_object
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request

LONGEST: Final = 8
"""Owners followed at most; a cycle ends here at the latest."""

_PLURALS: Final = {
    "ReplicaSet": "replicasets",
    "Deployment": "deployments",
    "DaemonSet": "daemonsets",
    "StatefulSet": "statefulsets",
    "Job": "jobs",
    "CronJob": "cronjobs",
    "ReplicationController": "replicationcontrollers",
    "Node": "nodes",
    "Pod": "pods",
    "Service": "services",
    "ConfigMap": "configmaps",
    "Namespace": "namespaces",
}
"""Kubernetes' own kinds; of others the server is asked how it calls them."""
_CLUSTER_SCOPED: Final = frozenset({"Node", "Namespace"})


class Owner(NamedTuple):
    """One owner; ``found`` is empty where it could not be read, which ``trouble`` says."""

    kind: str
    name: str
    found: Mapping[str, Any]
    trouble: str = ""


class _Resource(msgspec.Struct):
    name: str = ""
    kind: str = ""
    namespaced: bool = False


class _Resources(msgspec.Struct):
    resources: list[_Resource] = []


async def owner_chain(session: Session, found: Mapping[str, Any]) -> list[Owner]:
    """From the nearest owner up to the root; it ends with the first that can't be read."""
    chain: list[Owner] = []
    seen: set[object] = set()
    while len(chain) < LONGEST:
        reference = _controller(found)
        if reference is None or reference.get("uid") in seen:
            break
        seen.add(reference.get("uid"))
        owner = await _read(session, reference, _namespace(found))
        chain.append(owner)
        if owner.trouble:
            break
        found = owner.found
    return chain


def _controller(found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The owner that controls it, else its only one: CSINodes and mirror pods have owners that don't control."""
    metadata = found.get("metadata")
    owners = metadata.get("ownerReferences") if isinstance(metadata, Mapping) else None
    every = [one for one in owners if isinstance(one, Mapping)] if isinstance(owners, list) else []
    controlling = next((one for one in every if one.get("controller") is True), None)
    return controlling or (every[0] if len(every) == 1 else None)


def _namespace(found: Mapping[str, Any]) -> str:
    metadata = found.get("metadata")
    return str(metadata.get("namespace") or "") if isinstance(metadata, Mapping) else ""


async def _read(session: Session, reference: Mapping[str, Any], namespace: str) -> Owner:
    kind, name, uid = (str(reference.get(field) or "") for field in ("kind", "name", "uid"))
    try:
        at = await _place(session, str(reference.get("apiVersion") or ""), kind, namespace, name)
        if at is None:
            return Owner(kind, name, {}, f"the server does not have {kind} any more")
        found = await read_object(session, at)
    except ClusterError as error:
        return Owner(kind, name, {}, trouble_words(error))
    if (found.get("metadata") or {}).get("uid") != uid:
        return Owner(kind, name, {}, "gone; another of that name is there now")
    return Owner(kind, name, found)


async def _place(session: Session, api_version: str, kind: str, namespace: str, name: str) -> ObjectAt | None:
    """Where the owner is. An owner is in the same namespace, or in none. Raises ClusterError types."""
    root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    plural = _PLURALS.get(kind) if _is_kubernetes_own(api_version) else None
    if plural is not None:
        return ObjectAt(kind, f"{root}/{plural}", "" if kind in _CLUSTER_SCOPED else namespace, name)
    answer = await session.send(Request(root, f"read what {api_version} has"))
    try:
        resources = msgspec.json.decode(answer.body, type=_Resources).resources
    except msgspec.DecodeError:
        return None
    for one in resources:
        if one.kind == kind and "/" not in one.name:
            return ObjectAt(kind, f"{root}/{one.name}", namespace if one.namespaced else "", name)
    return None


def _is_kubernetes_own(api_version: str) -> bool:
    return api_version in ("v1", "apps/v1", "batch/v1")
