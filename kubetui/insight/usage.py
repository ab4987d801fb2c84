"""What is used, beside what was asked for: one row shape for nodes, pods, containers and totals over them.

Numbers are exact sums; nothing here is rounded. None is "not sampled", which is never the same as 0.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, Protocol

import msgspec

from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_metrics import PodMetricsRow
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.usage import Usage
from kubetui.store.usage_history import NOWHERE

NANO_TO_MILLI: Final = 1_000_000
NEAR_LIMIT: Final = 0.9
"""Share of its memory limit from which a container is close to being killed."""
AT_LIMIT: Final = 0.95
"""Share of its CPU limit from which a container is being throttled in every longer period."""
FULL: Final = 0.9
"""Share of a node's allocatable from which it is full."""
IDLE: Final = 0.1
"""Share of its request for CPU or memory below which a pod asks for far more than it uses."""
IDLE_LEAST: Final = 500
"""Millicores asked for, below which idleness is nobody's concern."""
IDLE_LEAST_MEMORY: Final = 1 << 30
"""The same of memory, in bytes."""
LATELY: Final = 3600
"""Seconds in which an end by the out-of-memory killer is worth a word."""


class Trouble(Enum):
    """What a row's numbers mean; the value is the word for it."""

    OOM_KILLED = "OOMKilled"
    NEAR_MEMORY_LIMIT = "near its memory limit"
    NODE_FULL = "full"
    THROTTLED = "throttled"
    ASKS_TOO_MUCH = "asks far more than it uses"


class Asked(msgspec.Struct, frozen=True, gc=False):
    """What was asked for. CPU in millicores, memory in bytes; 0: nothing, no limit. Of nodes the limit is what is
    allocatable."""

    cpu: int = 0
    cpu_limit: int = 0
    memory: int = 0
    memory_limit: int = 0


NOTHING: Final = Asked()


class Told(msgspec.Struct, frozen=True, gc=False):
    """What one of a row's troubles is about, where it is not about the row's own figures."""

    container: str = ""
    """Of a pod with several."""
    share: float = 0.0
    """What it uses of its own limit."""
    limit: int = 0
    """That limit, in millicores or bytes."""
    members: int = 0
    """Of a total: how many members have the trouble."""


class Sample(msgspec.Struct, frozen=True, gc=False):
    """What was used at ``at``, Unix seconds."""

    at: int
    usage: Usage


class Sampled(Protocol):
    """A ``Sample``, or a row of metrics.k8s.io."""

    @property
    def at(self) -> int:
        """Unix seconds."""

    @property
    def usage(self) -> Usage:
        """What was used then."""


_OOM: Final = Trouble.OOM_KILLED.value
_ITS_OWN: Final = Told()
"""A trouble is about the row's own figures."""
_NOTHING_TOLD: Final[tuple[Told, ...]] = ()
_Meaning = tuple[tuple[Trouble, ...], tuple[Told, ...]]


class UsageRow(msgspec.Struct, frozen=True, gc=False):
    """One line of Top."""

    namespace: str
    name: str
    version: int = 0
    provisional: bool = False
    group: str = ""
    """Of a node its pool, of a pod its node, of a container its pod."""
    at: int = 0
    """When it was sampled, Unix seconds; of a total the newest sample. 0: never."""
    usage: Usage | None = None
    asked: Asked = NOTHING
    members: int = 1
    """Pods counted in; of a node pool nodes."""
    unsampled: int = 0
    """Those of them without a sample: while there are any, a total is too low."""
    trouble: tuple[Trouble, ...] = ()
    told: tuple[Told, ...] = ()
    """One for each of ``trouble``, or none at all: what they are about."""
    since: int = 0
    """When what ``trouble`` says first happened, where that is known."""
    place: int = NOWHERE
    """Where its earlier samples are in the ``UsageHistory``: a poll of 150,000 pods has no time to look for them."""
    pod: PodRow | None = None
    """Of a pod with several containers: each has limits of its own."""

    @property
    def cpu_share(self) -> float | None:
        """Of the limit, of nodes of the allocatable; None where there is none or no sample."""
        return _share(self.usage.cpu / NANO_TO_MILLI if self.usage else None, self.asked.cpu_limit)

    @property
    def memory_share(self) -> float | None:
        """The same of memory."""
        return _share(self.usage.memory if self.usage else None, self.asked.memory_limit)

    @property
    def cpu_asked_share(self) -> float | None:
        """CPU used of the CPU requested."""
        return _share(self.usage.cpu / NANO_TO_MILLI if self.usage else None, self.asked.cpu)

    @property
    def memory_asked_share(self) -> float | None:
        """Memory used of the memory requested."""
        return _share(self.usage.memory if self.usage else None, self.asked.memory)


def _share(part: float | None, whole: int) -> float | None:
    return None if part is None or not whole else part / whole


def asked_of(pod: PodRow) -> Asked:
    """Requests and limits of a whole pod. It has no limit while one of its containers has none."""
    cpu_limit, memory_limit = pod.cpu_limit, pod.memory_limit
    if len(pod.shares) > 1:
        cpu_limit = _of_all(cpu_limit, [share[1] for share in pod.shares])
        memory_limit = _of_all(memory_limit, [share[3] for share in pod.shares])
    return Asked(pod.cpu_request, cpu_limit, pod.memory_request, memory_limit)


def _of_all(limit: int, parts: list[int]) -> int:
    """``limit`` counts where each container has a part in it, or where it is the pod's own, above all of theirs."""
    return limit if all(parts) or limit > sum(parts) else 0


def node_usage(node: NodeRow, sample: Sampled | None, cpu: int, memory: int) -> UsageRow:
    """A node's line. ``cpu`` (millicores) and ``memory`` (bytes): requested by the pods on it."""
    limit = node.allocatable
    asked = Asked(cpu, limit.cpu, memory, limit.memory)
    row = UsageRow("", node.name, node.version, False, node.pool, *_seen(sample), asked, 1, int(sample is None))
    full = (row.memory_share or 0) >= FULL or (row.cpu_share or 0) >= AT_LIMIT
    return msgspec.structs.replace(row, trouble=(Trouble.NODE_FULL,)) if full else row


def pod_usage(pod: PodRow, sample: Sampled | None, now: float, place: int = NOWHERE) -> UsageRow:
    """A pod's line. ``place``: in the history."""
    asked = asked_of(pod)
    at, usage = _seen(sample)
    several = pod if len(pod.shares) > 1 else None
    trouble, told = _meant(usage, asked, several, sample)
    since = 0
    if pod.last_reason == _OOM and now - pod.restarted < LATELY:
        trouble, told, since = (Trouble.OOM_KILLED, *trouble), (_ITS_OWN, *told) if told else (), pod.restarted
    return UsageRow(pod.namespace, pod.name, pod.version, pod.provisional, pod.node, at, usage, asked, 1,
                    int(usage is None), trouble, told, since, place, several)  # fmt: skip


def sampled_anew(row: UsageRow, sample: Sampled, usage: Usage, now: float) -> UsageRow:
    """The line of a pod of which only the sample is another: what ``pod_usage`` would make, at half its cost.

    ``usage``: the sample's, which sums containers each time it is asked.
    """
    asked, since, several = row.asked, row.since, row.pod
    if several is None:
        trouble, told = _trouble(usage, asked), _NOTHING_TOLD
    else:
        trouble, told = _meant(usage, asked, several, sample)
    if since:
        if now - since < LATELY:
            trouble, told = (Trouble.OOM_KILLED, *trouble), (_ITS_OWN, *told) if told else ()
        else:
            since = 0
    return UsageRow(row.namespace, row.name, row.version, row.provisional, row.group, sample.at, usage, asked, 1, 0,
                    trouble, told, since, row.place, several)  # fmt: skip


def container_usage(pod: PodRow, index: int, sample: Sampled | None) -> UsageRow:
    """The line of the pod's container at ``index``; its name is ``POD/CONTAINER``, so that it is a key."""
    at, usage = _seen(sample)
    asked = Asked(*pod.shares[index]) if index < len(pod.shares) else NOTHING
    return UsageRow(pod.namespace, f"{pod.name}/{pod.containers[index]}", pod.version, pod.provisional, pod.name, at,
                    usage, asked, 1, int(usage is None), () if usage is None else _trouble(usage, asked))  # fmt: skip


def _seen(sample: Sampled | None) -> tuple[int, Usage | None]:
    return (0, None) if sample is None else (sample.at, sample.usage)


def _meant(usage: Usage | None, asked: Asked, several: PodRow | None, sample: Sampled | None) -> _Meaning:
    """What a pod's sample means, and about which of ``several`` containers that is."""
    if usage is None:
        return (), _NOTHING_TOLD
    if several is None or not isinstance(sample, PodMetricsRow):
        return _trouble(usage, asked), _NOTHING_TOLD
    return _of_containers(usage, asked, several, sample)


def _of_containers(usage: Usage, asked: Asked, pod: PodRow, sample: PodMetricsRow) -> _Meaning:
    """A container is killed or throttled at its own limit, whatever the pod's others leave of theirs."""
    memory = cpu = _ITS_OWN
    own_memory = own_cpu = False
    for name, (_, cpu_limit, _, memory_limit) in zip(pod.containers, pod.shares, strict=False):
        own_memory, own_cpu = own_memory or memory_limit > 0, own_cpu or cpu_limit > 0
        used = sample.of(name)
        if used is None:
            continue
        if memory_limit and used.memory >= max(NEAR_LIMIT, memory.share) * memory_limit:
            memory = Told(name, used.memory / memory_limit, memory_limit)
        if cpu_limit and used.cpu >= max(AT_LIMIT, cpu.share) * cpu_limit * NANO_TO_MILLI:
            cpu = Told(name, used.cpu / cpu_limit / NANO_TO_MILLI, cpu_limit)
    told = dict.fromkeys(_trouble(usage, asked), _ITS_OWN)
    for trouble, found, own in ((Trouble.NEAR_MEMORY_LIMIT, memory, own_memory), (Trouble.THROTTLED, cpu, own_cpu)):
        if found is not _ITS_OWN:
            told[trouble] = found
        elif own:  # the sum says nothing: only containers that have a limit come near it
            told.pop(trouble, None)
    if not told:
        return (), ()
    order = [trouble for trouble in Trouble if trouble in told]
    return tuple(order), tuple(told[trouble] for trouble in order)


def _trouble(usage: Usage, asked: Asked) -> tuple[Trouble, ...]:
    cpu, cpu_asked, cpu_limit, memory_limit = usage.cpu, asked.cpu, asked.cpu_limit, asked.memory_limit
    near = memory_limit and usage.memory >= NEAR_LIMIT * memory_limit
    throttled = cpu_limit and cpu >= AT_LIMIT * cpu_limit * NANO_TO_MILLI
    idle = (cpu_asked >= IDLE_LEAST and cpu < IDLE * cpu_asked * NANO_TO_MILLI) or (
        asked.memory >= IDLE_LEAST_MEMORY and usage.memory < IDLE * asked.memory
    )
    if not (near or throttled or idle):
        return ()
    meant = ((near, Trouble.NEAR_MEMORY_LIMIT), (throttled, Trouble.THROTTLED), (idle, Trouble.ASKS_TOO_MUCH))
    return tuple(trouble for so, trouble in meant if so)
