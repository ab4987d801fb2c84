"""Which trouble a pod is in, in one word, and whose pod it is."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from kubetui.kinds.pod_row import PodRow

_IMAGE: Final = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError",
     "RegistryUnavailable"}
)  # fmt: skip
_CONFIG: Final = frozenset(
    {"CreateContainerConfigError", "CreateContainerError", "RunContainerError", "StartError", "PostStartHookError"}
)
_CRASH: Final = "CrashLoopBackOff"
_RESTARTS: Final = 2
"""From so many restarts on a container that is not ready goes round in circles."""


class Trouble(Enum):
    """What keeps a pod from serving."""

    CRASH = "crash"
    IMAGE = "image"
    CONFIG = "config"
    UNSCHEDULABLE = "unschedulable"
    STARTING = "starting"
    UNREADY = "unready"
    EVICTED = "evicted"
    LEAVING = "leaving"


class Owner(NamedTuple):
    """The workload that a pod belongs to; of a pod without one the pod itself."""

    namespace: str
    kind: str
    """``Deployment``, ``DaemonSet``, ``StatefulSet``, ``Job``, ``Pod`` …"""
    name: str


def trouble_of(row: PodRow) -> Trouble | None:
    """The trouble that the pod is in; None where it serves, is done, or is on its way for good reasons.

    Read from the row alone. Whether a start or an end takes too long depends on the time: whoever asks knows it.
    """
    if row.deleted:
        return Trouble.LEAVING
    if row.finished:
        return Trouble.EVICTED if row.reason == "Evicted" or row.status == "Evicted" else None
    words = {row.reason, row.status.removeprefix("Init:")}
    if _CRASH in words:
        return Trouble.CRASH
    if words & _IMAGE:
        return Trouble.IMAGE
    if words & _CONFIG:
        return Trouble.CONFIG
    if row.reason == "Unschedulable":
        return Trouble.UNSCHEDULABLE
    if row.ready >= row.total and row.status in ("Running", "Completed"):
        return None
    if row.restarts >= _RESTARTS and row.last_reason:
        return Trouble.CRASH
    if row.phase == "Pending" or row.status in ("Pending", "ContainerCreating", "PodInitializing"):
        return Trouble.STARTING
    return Trouble.UNREADY


def owner_of(row: PodRow) -> Owner:
    """Of a Deployment's pod the Deployment: its ReplicaSet's name ends with the hash that the pod's label tells."""
    if not row.owner:
        return Owner(row.namespace, "Pod", row.name)
    if row.owner_kind == "ReplicaSet":
        for key, value in row.labels:
            if key == "pod-template-hash" and row.owner.endswith(f"-{value}"):
                return Owner(row.namespace, "Deployment", row.owner[: -len(value) - 1])
    return Owner(row.namespace, row.owner_kind, row.owner)


def since(row: PodRow) -> int:
    """Since when it is in trouble, as far as the pod tells; Unix seconds, 0: not told."""
    return row.unready_since or row.created
