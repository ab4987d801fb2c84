"""A kubelet's figures of a node, or of one of its pods, in words: sections of lines, the columns lined up. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from kubetui.kinds.kind import Key, Meaning
from kubetui.kinds.stats_summary import (
    ContainerStats,
    Filesystem,
    Network,
    NodeStats,
    PodStats,
    Psi,
    StatsSummary,
    Used,
)

_GI: Final = 1 << 30
_MI: Final = 1 << 20
_FULL: Final = 0.85
"""Share of a filesystem from which the kubelet soon begins to evict (imagefs.available, nodefs.available)."""
_STALLED: Final = 10.0
"""Percent of time that tasks waited, from which work suffers."""


class StatsLine(NamedTuple):
    """One line: what, how much, and whether that needs a look. A heading has no value."""

    name: str
    value: str = ""
    meaning: Meaning = Meaning.PLAIN


def node_lines(summary: StatsSummary) -> list[StatsLine]:
    """The node itself, then its busiest pods."""
    node = summary.node
    return [
        StatsLine(f"Node {node.node_name}"),
        *_used(node),
        *_processes(node),
        *_node_filesystems(node),
        *_system(node),
        *_busiest(summary.pods or ()),
    ]


def pod_lines(summary: StatsSummary, pod: Key) -> list[StatsLine]:
    """One pod, container by container; a line that says so where the kubelet does not know it."""
    found = next((one for one in summary.pods or () if (one.pod_ref.namespace, one.pod_ref.name) == pod), None)
    if found is None:
        return [
            StatsLine(f"Pod {pod[0]}/{pod[1]}"),
            StatsLine("", "its kubelet tells nothing of it: not started, or gone"),
        ]
    lines = [StatsLine(f"Pod {pod[0]}/{pod[1]}"), *_used(found)]
    if found.ephemeral_storage is not None:
        lines.append(StatsLine("ephemeral storage", size(found.ephemeral_storage.used_bytes)))
    if found.process_stats is not None and found.process_stats.process_count is not None:
        lines.append(StatsLine("processes", f"{found.process_stats.process_count:,}"))
    for container in found.containers or ():
        lines += [
            StatsLine(""),
            StatsLine(f"Container {container.name}"),
            *_used(container),
            *_container_disks(container),
        ]
    if found.volume:
        lines += [StatsLine(""), StatsLine("Volumes")]
        for volume in found.volume:
            claim = f" (claim {volume.pvc_ref.name})" if volume.pvc_ref is not None and volume.pvc_ref.name else ""
            lines.append(_disk(f"{volume.name}{claim}", volume))
    return lines


def size(value: int | None) -> str:
    """``11.1 GiB``, ``512 MiB``, ``4 KiB``; ``–`` where it is not told."""
    if value is None:
        return "–"
    if value >= _GI:
        return f"{value / _GI:.1f} GiB"
    return f"{value / _MI:.0f} MiB" if value >= _MI else f"{value / 1024:.0f} KiB"


def _used(used: Used) -> Iterator[StatsLine]:
    if used.cpu is not None:
        rate = used.cpu.usage_nano_cores
        yield StatsLine("CPU", "–" if rate is None else f"{-(-rate // 1_000_000):,}m")
    if used.memory is not None:
        memory = used.memory
        yield StatsLine("memory, working set", size(memory.working_set_bytes))
        yield StatsLine("memory, RSS", size(memory.rss_bytes))
        if memory.available_bytes is not None:
            yield StatsLine("memory, available", size(memory.available_bytes))
        if memory.major_page_faults:
            yield StatsLine("major page faults", f"{memory.major_page_faults:,}")
    if used.swap is not None and used.swap.swap_usage_bytes:
        yield StatsLine("swap", size(used.swap.swap_usage_bytes), Meaning.LOOK)
    yield from _pressure(used)
    if used.network is not None:
        yield _network(used.network)


def _pressure(used: Used) -> Iterator[StatsLine]:
    for name, part in (("CPU", used.cpu), ("memory", used.memory), ("I/O", used.io)):
        psi = part.psi if part is not None else None
        if psi is not None:
            yield _stall(name, psi)


def _stall(name: str, psi: Psi) -> StatsLine:
    some, full = psi.some, psi.full
    words = f"{some.avg10:.1f} % of 10 s, {some.avg60:.1f} % of 1 min, {some.avg300:.1f} % of 5 min"
    if full.avg10 or full.avg60 or full.avg300:
        words += f"; everything waited {full.avg60:.1f} % of 1 min"
    meaning = Meaning.LOOK if max(some.avg60, some.avg10) >= _STALLED else Meaning.PLAIN
    return StatsLine(f"{name} pressure (PSI)", f"waited {words}", meaning)


def _network(network: Network) -> StatsLine:
    errors = (network.rx_errors or 0) + (network.tx_errors or 0)
    words = f"received {size(network.rx_bytes)}, sent {size(network.tx_bytes)}"
    if errors:
        words += f", {errors:,} errors"
    return StatsLine(f"network {network.name}".strip(), words, Meaning.LOOK if errors else Meaning.PLAIN)


def _disk(name: str, disk: Filesystem) -> StatsLine:
    capacity, used = disk.capacity_bytes, disk.used_bytes
    share = used / capacity if used is not None and capacity else None
    words = f"{size(used)} of {size(capacity)}"
    if share is not None:
        words += f", {share:.0%}".replace("%", " %")
    if disk.inodes and disk.inodes_used is not None:
        words += f"; inodes {disk.inodes_used / disk.inodes:.0%}".replace("%", " %")
    return StatsLine(name, words, Meaning.LOOK if share is not None and share >= _FULL else Meaning.PLAIN)


def _node_filesystems(node: NodeStats) -> Iterator[StatsLine]:
    runtime = node.runtime
    named = (
        ("node filesystem", node.fs),
        ("image filesystem", runtime.image_fs if runtime is not None else None),
        ("container filesystem", runtime.container_fs if runtime is not None else None),
    )
    found = [(name, disk) for name, disk in named if disk is not None]
    if found:
        yield StatsLine("")
        yield StatsLine("Filesystems")
        yield from (_disk(name, disk) for name, disk in found)


def _container_disks(container: ContainerStats) -> Iterator[StatsLine]:
    for name, disk in (("writable layer", container.rootfs), ("logs", container.logs)):
        if disk is not None:
            yield StatsLine(name, size(disk.used_bytes))


def _processes(node: NodeStats) -> Iterator[StatsLine]:
    if node.rlimit is not None and node.rlimit.curproc is not None:
        most = node.rlimit.maxpid
        words = f"{node.rlimit.curproc:,}" + (f" of {most:,}" if most else "")
        near = bool(most) and node.rlimit.curproc > 0.8 * (most or 0)
        yield StatsLine("processes", words, Meaning.LOOK if near else Meaning.PLAIN)


def _system(node: NodeStats) -> Iterator[StatsLine]:
    """kubelet, container runtime, all pods together: what the node's reservations are for."""
    parts = [part for part in node.system_containers or () if part.cpu is not None and part.memory is not None]
    if parts:
        yield StatsLine("")
        yield StatsLine("Parts of the node")
        yield from (StatsLine(part.name, _in_short(part)) for part in parts)


def _busiest(pods: Sequence[PodStats]) -> Iterator[StatsLine]:
    ranked = sorted(pods, key=_working_set, reverse=True)[:15]
    if ranked:
        yield StatsLine("")
        yield StatsLine(f"Pods by memory, {len(ranked)} of {len(pods)}")
        for pod in ranked:
            yield StatsLine(f"{pod.pod_ref.namespace}/{pod.pod_ref.name}", _in_short(pod))


def _working_set(pod: PodStats) -> int:
    return (pod.memory.working_set_bytes or 0) if pod.memory is not None else 0


def _in_short(used: Used) -> str:
    rate = used.cpu.usage_nano_cores if used.cpu is not None else None
    memory = used.memory.working_set_bytes if used.memory is not None else None
    cpu = "–" if rate is None else f"{-(-rate // 1_000_000):,}m"
    return f"{cpu:>8}  {size(memory):>10}"
