"""What is used, beside what was asked for: one row shape for nodes, pods, containers and totals over them.

Numbers are exact sums; nothing here is rounded. None is "not sampled", which is never the same as 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, Protocol

import msgspec

from kubetui.kinds.kind import Key
from kubetui.kinds.node_row import NodeRow
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
"""Share of its CPU request below which a pod asks for far more than it uses."""
IDLE_LEAST: Final = 500
"""Millicores asked for, below which idleness is nobody's concern."""
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
    since: int = 0
    """When what ``trouble`` says first happened, where that is known."""
    place: int = NOWHERE
    """Where its earlier samples are in the ``UsageHistory``: a poll of 150,000 pods has no time to look for them."""

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
    """Requests and limits of a whole pod."""
    return Asked(pod.cpu_request, pod.cpu_limit, pod.memory_request, pod.memory_limit)


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
    trouble, since = () if usage is None else _trouble(usage, asked), 0
    if pod.last_reason == _OOM and now - pod.restarted < LATELY:
        trouble, since = (Trouble.OOM_KILLED, *trouble), pod.restarted
    return UsageRow(pod.namespace, pod.name, pod.version, pod.provisional, pod.node, at, usage, asked, 1,
                    int(usage is None), trouble, since, place)  # fmt: skip


def sampled_anew(row: UsageRow, sample: Sampled, now: float) -> UsageRow:
    """The line of a pod of which only the sample is another: what ``pod_usage`` would make, at half its cost."""
    usage, asked, since = sample.usage, row.asked, row.since
    trouble = _trouble(usage, asked)
    if since:
        if now - since < LATELY:
            trouble = (Trouble.OOM_KILLED, *trouble)
        else:
            since = 0
    return UsageRow(row.namespace, row.name, row.version, row.provisional, row.group, sample.at, usage, asked, 1, 0,
                    trouble, since, row.place)  # fmt: skip


def container_usage(pod: PodRow, index: int, sample: Sampled | None) -> UsageRow:
    """The line of the pod's container at ``index``; its name is ``POD/CONTAINER``, so that it is a key."""
    at, usage = _seen(sample)
    asked = Asked(*pod.shares[index]) if index < len(pod.shares) else NOTHING
    return UsageRow(pod.namespace, f"{pod.name}/{pod.containers[index]}", pod.version, pod.provisional, pod.name, at,
                    usage, asked, 1, int(usage is None), () if usage is None else _trouble(usage, asked))  # fmt: skip


def _seen(sample: Sampled | None) -> tuple[int, Usage | None]:
    return (0, None) if sample is None else (sample.at, sample.usage)


def _trouble(usage: Usage, asked: Asked) -> tuple[Trouble, ...]:
    cpu, cpu_asked, cpu_limit, memory_limit = usage.cpu, asked.cpu, asked.cpu_limit, asked.memory_limit
    near = memory_limit and usage.memory >= NEAR_LIMIT * memory_limit
    throttled = cpu_limit and cpu >= AT_LIMIT * cpu_limit * NANO_TO_MILLI
    idle = cpu_asked >= IDLE_LEAST and cpu < IDLE * cpu_asked * NANO_TO_MILLI
    if not (near or throttled or idle):
        return ()
    meant = ((near, Trouble.NEAR_MEMORY_LIMIT), (throttled, Trouble.THROTTLED), (idle, Trouble.ASKS_TOO_MUCH))
    return tuple(trouble for so, trouble in meant if so)


class Total:
    """Sums over members, kept by adding and taking away. Plain numbers: a poll of 150,000 pods comes through here."""

    __slots__ = (
        "_cpu",
        "_cpu_limit",
        "_cpu_used",
        "_memory",
        "_memory_limit",
        "_memory_used",
        "at",
        "members",
        "sampled",
    )

    def __init__(self) -> None:
        self._cpu = self._cpu_limit = self._memory = self._memory_limit = 0
        self._cpu_used = self._memory_used = 0
        self.members = 0
        self.sampled = 0
        self.at = 0

    def add(self, row: UsageRow) -> None:
        """Count a member in."""
        self._move(row, 1)
        if row.usage is not None and row.at > self.at:
            self.at = row.at

    def remove(self, row: UsageRow) -> None:
        """Count it out again."""
        self._move(row, -1)

    def replace(self, before: UsageRow, after: UsageRow) -> None:
        """``remove`` and ``add``; cheap where a member was only sampled anew."""
        was, used = before.usage, after.usage
        if was is None or used is None or before.asked is not after.asked:
            self.remove(before)
            self.add(after)
            return
        self._cpu_used += used.cpu - was.cpu
        self._memory_used += used.memory - was.memory
        if after.at > self.at:
            self.at = after.at

    def _move(self, row: UsageRow, sign: int) -> None:
        asked, usage, members = row.asked, row.usage, row.members
        self._cpu += sign * asked.cpu
        self._cpu_limit += sign * asked.cpu_limit
        self._memory += sign * asked.memory
        self._memory_limit += sign * asked.memory_limit
        self.members += sign * members
        if usage is not None:
            self._cpu_used += sign * usage.cpu
            self._memory_used += sign * usage.memory
            self.sampled += sign * (members - row.unsampled)

    def row(self, key: Key) -> UsageRow:
        """The total's line."""
        namespace, name = key
        usage = Usage(self._cpu_used, self._memory_used) if self.sampled else None
        asked = Asked(self._cpu, self._cpu_limit, self._memory, self._memory_limit)
        return UsageRow(namespace, name, self.at, at=self.at, usage=usage, asked=asked, members=self.members,
                        unsampled=self.members - self.sampled)  # fmt: skip


class Together:
    """What many rows use, and no more of them: kept by adding and taking away, batch by batch."""

    def __init__(self) -> None:
        self._cpu = self._memory = self._members = self._unsampled = 0

    def add(self, rows: Iterable[UsageRow]) -> None:
        """Count rows in."""
        self._move(rows, 1)

    def remove(self, rows: Iterable[UsageRow]) -> None:
        """Count them out again."""
        self._move(rows, -1)

    def _move(self, rows: Iterable[UsageRow], sign: int) -> None:
        cpu = memory = members = unsampled = 0
        for row in rows:
            members += row.members
            unsampled += row.unsampled
            usage = row.usage
            if usage is not None:
                cpu += usage.cpu
                memory += usage.memory
        self._cpu += sign * cpu
        self._memory += sign * memory
        self._members += sign * members
        self._unsampled += sign * unsampled

    def row(self) -> UsageRow:
        """As a line without a name."""
        known = self._members > self._unsampled
        return UsageRow("", "", usage=Usage(self._cpu, self._memory) if known else None, members=self._members,
                        unsampled=self._unsampled)  # fmt: skip
