"""The conditions of AKS's nodes: node-problem-detector's first, then the kubelet's."""

from __future__ import annotations

from kubetui.demo.entries.node import NodeCondition
from kubetui.demo.pools import Pool

_DETECTED = (
    ("KernelDeadlock", "KernelHasNoDeadlock", "kernel has no deadlock"),
    ("ReadonlyFilesystem", "FilesystemIsNotReadOnly", "Filesystem is not read-only"),
    ("FilesystemCorruptionProblem", "FilesystemIsOK", "Filesystem is healthy"),
    ("KubeletProblem", "KubeletIsUp", "kubelet service is up"),
    ("ContainerRuntimeProblem", "ContainerRuntimeIsUp", "container runtime service is up"),
    ("FrequentKubeletRestart", "NoFrequentKubeletRestart", "kubelet is functioning properly"),
    ("FrequentContainerdRestart", "NoFrequentContainerdRestart", "containerd is functioning properly"),
    ("FrequentDockerRestart", "NoFrequentDockerRestart", "docker is functioning properly"),
    ("FrequentUnregisterNetDevice", "NoFrequentUnregisterNetDevice", "node is functioning properly"),
    ("VMEventScheduled", "NoVMEventScheduled", "VM has no scheduled event"),
)
_KUBELET = (
    ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
)
KUBELET_TYPES = frozenset((*(kind for kind, _, _ in _KUBELET), "Ready"))
"""Conditions whose heartbeat is the kubelet's."""
READY_REASON, READY_MESSAGE = "KubeletReady", "kubelet is posting ready status"


def healthy_conditions(pool: Pool, created: int, now: int, *, starting: bool = False) -> tuple[NodeCondition, ...]:
    """All of them, good; ``starting``: the network is not up yet. Windows nodes have no problem detector."""
    detected = () if pool.windows else _DETECTED
    beat = max(created, now - (created * 7919) % 300)  # each node has its own phase of the five minutes
    conditions = [NodeCondition(kind, "False", reason, words, beat, created + 25) for kind, reason, words in detected]
    conditions += [NodeCondition(kind, "False", reason, words, beat, created) for kind, reason, words in _KUBELET]
    if starting:
        words = (
            "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
            "message:Network plugin returns error: cni plugin not initialized"
        )
        conditions.append(NodeCondition("Ready", "False", "KubeletNotReady", words, beat, created))
    else:
        conditions.append(NodeCondition("Ready", "True", READY_REASON, READY_MESSAGE, beat, created + 19))
    return tuple(conditions)
