"""What AKS sets on its nodes: values, and the formula of what it reserves.

Source: AgentBaker's configuration files, live nodes, learn.microsoft.com/azure/aks/node-resource-reservations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from kubetui.insight.kubelet.flat import Flat, flatten
from kubetui.insight.kubelet.upstream import minor_of
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.quantity import whole

_MI: Final = 1 << 20
_AKS: Final = "kubernetes.azure.com/"
_SOLD: Final = f"{_AKS}sku-memory"
"""The size's memory in MiB."""
_NEW_FORMULA: Final = (1, 29)
"""The version that memory is reserved by pods from."""
_MILLICPU: Final = {1: 60, 2: 100, 4: 140, 8: 180, 16: 260, 32: 420, 64: 740}
"""Cores to what is reserved, as documented; other numbers of cores are not."""

_LINUX: Final[Mapping[str, Any]] = {
    "staticPodPath": "/etc/kubernetes/manifests",
    "address": "0.0.0.0",  # noqa: S104 - what AKS sets
    "tlsCertFile": "/etc/kubernetes/certs/kubeletserver.crt",
    "tlsPrivateKeyFile": "/etc/kubernetes/certs/kubeletserver.key",
    "rotateCertificates": True,
    "serverTLSBootstrap": True,
    "authentication": {
        "x509": {"clientCAFile": "/etc/kubernetes/certs/ca.crt"},
        "webhook": {"enabled": True},
        "anonymous": {"enabled": False},
    },
    "authorization": {"mode": "Webhook"},
    "eventRecordQPS": 0,
    "clusterDomain": "cluster.local",
    "nodeStatusUpdateFrequency": "10s",
    "cgroupsPerQOS": True,
    "cgroupDriver": "systemd",
    "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
    "enforceNodeAllocatable": ["pods"],
    "cpuCFSQuota": True,
    "cpuCFSQuotaPeriod": "100ms",
    "protectKernelDefaults": True,
    "failSwapOn": False,
    "containerLogMaxSize": "50M",
    "containerLogMaxFiles": 5,
    "imageGCHighThresholdPercent": 85,
    "imageGCLowThresholdPercent": 80,
    "podPidsLimit": -1,
    "cpuManagerPolicy": "none",
    "topologyManagerPolicy": "none",
    "seccompDefault": False,
    "serializeImagePulls": False,
    "evictionHard": {"nodefs.available": "10%", "nodefs.inodesFree": "5%", "pid.available": "2000"},
    "kubeReserved": {"pid": "1000"},
}
"""On every Linux node, unless the node pool has a kubelet configuration of its own (``--kubelet-config``)."""


@dataclass(frozen=True, slots=True)
class NodeShape:
    """What the configuration of a node has to fit to."""

    version: str = ""
    """Of the kubelet: ``v1.36.3``."""
    millicpu: int = 0
    """The node's capacity; 0: not known."""
    memory: int = 0
    """Bytes, as the size is sold (whole GiB); 0: not known."""
    os: str = "linux"
    aks: bool = False


def shape_of(node: NodeRow) -> NodeShape:
    """The node's."""
    aks, sold = False, ""
    for key, value in node.labels:
        if key.startswith(_AKS):
            aks = True
            if key == _SOLD:
                sold = value
    whole_gi = -(-node.capacity.memory // (1 << 30)) << 30
    memory = int(sold) * _MI if sold.isascii() and sold.isdigit() and len(sold) < 10 else whole_gi
    return NodeShape(node.kubelet, node.capacity.cpu, memory, node.os or "linux", aks)


def reserved_memory(memory: int, max_pods: int, version: str) -> int:
    """``kubeReserved.memory`` in MiB. Since 1.29: 20 MiB a pod and 50 MiB, at most a quarter of ``memory`` bytes."""
    if minor_of(version) < _NEW_FORMULA:
        return regressive_memory(memory)
    return min(20 * max_pods + 50, memory // _MI // 4)


def regressive_memory(memory: int) -> int:
    """The same before 1.29: parts of ``memory`` bytes that get smaller the more there is."""
    left, reserved = memory / _MI, 0.0
    for size, part in ((4096, 0.25), (4096, 0.2), (8192, 0.1), (114_688, 0.06), (float("inf"), 0.02)):
        piece = min(left, size)
        reserved += piece * part
        left -= piece
    return int(reserved)


def reserved_millicpu(millicpu: int) -> int | None:
    """``kubeReserved.cpu``; None for a number of cores that is not documented."""
    return _MILLICPU.get(millicpu // 1000) if millicpu % 1000 == 0 else None


@lru_cache(maxsize=256)
def aks_values(shape: NodeShape, max_pods: int) -> Flat:
    """What AKS sets on such a node. Empty for nodes that are not AKS's, or run Windows, whose values are not known."""
    if not shape.aks or shape.os != "linux":
        return {}
    found = flatten(_LINUX)
    eviction = 100 if minor_of(shape.version) >= _NEW_FORMULA else 750
    found["evictionHard.memory.available"] = f'"{eviction}Mi"'
    cores = reserved_millicpu(shape.millicpu)
    if cores is not None:
        found["kubeReserved.cpu"] = f'"{cores}m"'
    if shape.memory and max_pods:
        found["kubeReserved.memory"] = f'"{reserved_memory(shape.memory, max_pods, shape.version)}Mi"'
    return found


def reserved_values(shape: NodeShape, max_pods: int) -> Flat:
    """What capacity and allocatable differ by: what is reserved, and for memory the eviction threshold."""
    wanted = aks_values(shape, max_pods)
    found: dict[str, str] = {}
    if "kubeReserved.cpu" in wanted:
        found["reserved.cpu"] = wanted["kubeReserved.cpu"]
    if "kubeReserved.memory" in wanted:
        parts = (wanted["kubeReserved.memory"], wanted["evictionHard.memory.available"])
        found["reserved.memory"] = f'"{sum(whole(part.strip(chr(34))) for part in parts) >> 20}Mi"'
    return found


def formula(shape: NodeShape, max_pods: int) -> str:
    """How ``kubeReserved.memory`` comes about, in words; ``""`` where it is not AKS's."""
    if not shape.aks or not shape.memory or shape.os != "linux":
        return ""
    if minor_of(shape.version) < _NEW_FORMULA:
        return "before 1.29 AKS reserves 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of more"
    quarter = shape.memory // _MI // 4
    return f"AKS reserves 20Mi × {max_pods} pods + 50Mi = {20 * max_pods + 50}Mi, at most a quarter: {quarter}Mi"
