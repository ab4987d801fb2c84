"""A kubelet's ``/stats/summary``: what a node and its pods use, in more detail than metrics-server keeps.

Fields as ``pkg/apis/stats/v1alpha1`` of k8s.io/kubelet has them. Every one may be absent; what is absent is not known.
"""

from __future__ import annotations

import msgspec

from kubetui.kinds.wire import Wire


class PsiData(Wire):
    """Pressure stall information: shares of time in percent, as the kernel's ``avg10``, ``avg60``, ``avg300``."""

    avg10: float = 0.0
    avg60: float = 0.0
    avg300: float = 0.0


class Psi(Wire):
    """``some``: at least one task waited; ``full``: all did. Kubernetes 1.36 serves it by default (KEP-4205)."""

    some: PsiData = msgspec.field(default_factory=PsiData)
    full: PsiData = msgspec.field(default_factory=PsiData)


class Cpu(Wire):
    """CPU, nanocores over the last seconds."""

    time: str | None = None
    usage_nano_cores: int | None = None
    psi: Psi | None = None


class Memory(Wire):
    """Memory, bytes."""

    time: str | None = None
    available_bytes: int | None = None
    usage_bytes: int | None = None
    working_set_bytes: int | None = None
    rss_bytes: int | None = None
    page_faults: int | None = None
    major_page_faults: int | None = None
    psi: Psi | None = None


class Io(Wire):
    """Block devices."""

    psi: Psi | None = None


class Filesystem(Wire):
    """A filesystem, or what one thing uses of it; bytes."""

    available_bytes: int | None = None
    capacity_bytes: int | None = None
    used_bytes: int | None = None
    inodes: int | None = None
    inodes_used: int | None = None


class Network(Wire):
    """The default interface's counters since it came up."""

    name: str = ""
    rx_bytes: int | None = None
    rx_errors: int | None = None
    tx_bytes: int | None = None
    tx_errors: int | None = None


class Swap(Wire):
    """Bytes."""

    swap_usage_bytes: int | None = None


class Used(Wire):
    """What nodes, pods and containers have in common."""

    start_time: str | None = None
    cpu: Cpu | None = None
    memory: Memory | None = None
    io: Io | None = None
    swap: Swap | None = None
    network: Network | None = None


class ContainerStats(Used):
    """``pods[].containers[]`` and ``node.systemContainers[]``."""

    name: str = ""
    rootfs: Filesystem | None = None
    logs: Filesystem | None = None


class PvcRef(Wire):
    """``pvcRef``."""

    name: str = ""


class Volume(Filesystem):
    """``volume[]``."""

    name: str = ""
    pvc_ref: PvcRef | None = None


class PodRef(Wire):
    """``podRef``."""

    name: str = ""
    namespace: str = ""


class ProcessStats(Wire, rename=None):
    """``process_stats``."""

    process_count: int | None = None


class PodStats(Used):
    """``pods[]``."""

    pod_ref: PodRef = msgspec.field(default_factory=PodRef)
    containers: list[ContainerStats] | None = None
    volume: list[Volume] | None = None
    ephemeral_storage: Filesystem | None = msgspec.field(default=None, name="ephemeral-storage")
    process_stats: ProcessStats | None = msgspec.field(default=None, name="process_stats")


class RuntimeStats(Wire):
    """``node.runtime``."""

    image_fs: Filesystem | None = None
    container_fs: Filesystem | None = None


class Rlimit(Wire):
    """``node.rlimit``: processes."""

    maxpid: int | None = None
    curproc: int | None = None


class NodeStats(Used):
    """``node``."""

    node_name: str = ""
    system_containers: list[ContainerStats] | None = None
    fs: Filesystem | None = None
    runtime: RuntimeStats | None = None
    rlimit: Rlimit | None = None


class StatsSummary(Wire):
    """The whole answer."""

    node: NodeStats = msgspec.field(default_factory=NodeStats)
    pods: list[PodStats] | None = None
