"""What each container uses at a time. Nothing is kept but the shares of workloads that are scaled by their load."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.fleet import Node
from kubetui.demo.usage.habits import MI, Habit, habits
from kubetui.demo.usage.wave import Wave

NANO = 1_000_000
"""Nanocores in a millicore."""
_RIPPLE = 0.2
"""How much of a wave is left where the load is given from outside."""
_PAGE = 4096
_MOSTLY = 0.88
"""The part of the pods of a hot program that are not hot."""
_LEAK_SECONDS = 2700.0
"""A container that was OOM-killed fills its memory anew in this time."""
_SYSTEM_CPU, _SYSTEM_CPU_PART = 75.0, 0.012
"""Millicores of kubelet, containerd and the kernel, and their part of what the pods use."""
_SYSTEM_MEMORY = 940 * MI


class _Share(NamedTuple):
    since: float
    part: float
    """Of the request, 1 for all of it."""


class Loads:
    """CPU and memory by container, and by node."""

    def __init__(self) -> None:
        self._shares: dict[tuple[str, str, str], list[_Share]] = {}
        self.strained: set[str] = set()
        """Nodes where something beside the pods uses nearly all there is."""

    def share(self, key: tuple[str, str, str], part: float, now: float) -> None:
        """From now on the pods of a workload (kind, namespace, name) use that part of their CPU requests."""
        self._shares.setdefault(key, []).append(_Share(now, part))

    def running(self, pod: PodEntry) -> list[tuple[int, float]]:
        """Place and start (Unix seconds) of the pod's containers that run."""
        if pod.host is None or pod.phase != "Running":
            return []
        return [
            (place, float(state.since or pod.started))
            for place, state in enumerate(pod.states)
            if state.state == "running"
        ]

    def cpu(self, pod: PodEntry, place: int, first: float, until: float) -> float:
        """Nanocore-seconds that a container used between two moments."""
        habit, wave = habits(pod.template)[place], _wave(pod.uid, place)
        shares = self._shares.get(_workload(pod)) if habit.request else None
        spread = 0.85 + _part(pod.uid, place, 3) * 0.3
        if not shares:
            usual = habit.hot if habit.hot and _part(pod.uid, place, 9) > _MOSTLY else habit.cpu
            return min(usual * spread, _most(habit)) * NANO * wave.total(first, until)
        total = 0.0
        even = 1 - _RIPPLE
        bounds = [first, *(share.since for share in shares if first < share.since < until), until]
        for begin, end in pairwise(bounds):
            current = shares[max(0, bisect_right(shares, begin, key=lambda share: share.since) - 1)]
            level = min(habit.request * current.part * spread, _most(habit)) * NANO
            total += level * (even * (end - begin) + _RIPPLE * wave.total(begin, end))
        return total

    def memory(self, pod: PodEntry, place: int, moment: float) -> int:
        """Bytes of working set, whole pages."""
        habit = habits(pod.template)[place]
        state = pod.states[place]
        usual = habit.memory * (0.9 + _part(pod.uid, place, 5) * 0.25)
        if state.last is not None and state.last.reason == "OOMKilled" and habit.memory_limit:
            age = max(0.0, moment - state.since) % _LEAK_SECONDS / _LEAK_SECONDS
            usual = habit.memory_limit * (0.45 + 0.53 * age)
        elif habit.memory_limit and _part(pod.uid, place, 7) > 0.975:
            usual = habit.memory_limit * 0.955
        wander = 1.0 + 0.03 * (_wave(pod.uid >> 9, place).at(moment) - 1.0)
        most = habit.memory_limit * 0.995 if habit.memory_limit else usual * 2
        return int(min(usual * wander, most)) // _PAGE * _PAGE

    def node_cpu(self, node: Node, pods: float, seconds: float, *, counter: bool = False) -> float:
        """Nanocore-seconds of a whole node in so many seconds, of which its pods used ``pods``.

        ``counter``: since the node's start; what strains it now does not count, or the counter would fall after it.
        """
        most = node.pool.size.cpus * 1000 * NANO * seconds * 0.97
        if node.name in self.strained and not counter:
            return most * 0.98
        return min(most, pods * (1 + _SYSTEM_CPU_PART) + _SYSTEM_CPU * NANO * seconds)

    def node_memory(self, node: Node, pods: int) -> int:
        """Bytes of a whole node's working set, of which its pods have ``pods``."""
        if node.name in self.strained:
            return node.pool.size.memory_ki * 1018 // _PAGE * _PAGE
        return min(
            pods + _SYSTEM_MEMORY + node.state.uid % (190 * MI) // _PAGE * _PAGE, node.pool.size.memory_ki * 1000
        )


def _most(habit: Habit) -> float:
    """Millicores: a container that is throttled gets its limit, and no more."""
    return habit.cpu_limit * 0.7 if habit.cpu_limit else float("inf")


def _workload(pod: PodEntry) -> tuple[str, str, str]:
    owner = pod.template.owner
    if owner.kind == "ReplicaSet":
        return "Deployment", pod.namespace, owner.name.rpartition("-")[0]
    return owner.kind, pod.namespace, owner.name


@lru_cache(maxsize=65_536)
def _wave(uid: int, place: int) -> Wave:
    return Wave((uid >> 7) + place * 1_000_003)


def _part(uid: int, place: int, salt: int) -> float:
    """A number from 0 to 1 that belongs to the container."""
    return ((uid >> salt * 5) + place * 7919) % 10_007 / 10_007
