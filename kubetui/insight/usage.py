"""What is used, beside what was asked for: one row shape for nodes, pods, containers and totals over them.

Numbers are exact sums; nothing here is rounded. None is "not sampled", which is never the same as 0.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

import msgspec

from kubetui.kinds.kind import Key
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.usage import Usage

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


class Asked(NamedTuple):
    """What was asked for. CPU in millicores, memory in bytes; 0: nothing, no limit. Of nodes the limit is what is
    allocatable."""

    cpu: int = 0
    cpu_limit: int = 0
    memory: int = 0
    memory_limit: int = 0

    def plus(self, other: Asked) -> Asked:
        """Both together."""
        return Asked(*(mine + its for mine, its in zip(self, other, strict=True)))

    def minus(self, other: Asked) -> Asked:
        """This without that."""
        return Asked(*(mine - its for mine, its in zip(self, other, strict=True)))


NOTHING: Final = Asked()


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


def node_usage(node: NodeRow, sample: tuple[int, Usage] | None, requested: Asked) -> UsageRow:
    """A node's line. ``requested``: by the pods on it."""
    at, usage = sample or (0, None)
    limit = node.allocatable
    row = UsageRow("", node.name, node.version, group=node.pool, at=at, usage=usage,
                   asked=Asked(requested.cpu, limit.cpu, requested.memory, limit.memory),
                   unsampled=int(usage is None))  # fmt: skip
    full = (row.memory_share or 0) >= FULL or (row.cpu_share or 0) >= AT_LIMIT
    return msgspec.structs.replace(row, trouble=(Trouble.NODE_FULL,)) if full else row


def pod_usage(pod: PodRow, sample: tuple[int, Usage] | None, now: float) -> UsageRow:
    """A pod's line."""
    at, usage = sample or (0, None)
    asked = asked_of(pod)
    trouble, since = () if usage is None else _trouble(usage, asked), 0
    if pod.last_reason == Trouble.OOM_KILLED.value and now - pod.restarted < LATELY:
        trouble, since = (Trouble.OOM_KILLED, *trouble), pod.restarted
    return UsageRow(pod.namespace, pod.name, pod.version, pod.provisional, pod.node, at, usage, asked, 1,
                    int(usage is None), trouble, since)  # fmt: skip


def container_usage(pod: PodRow, index: int, sample: tuple[int, Usage] | None) -> UsageRow:
    """The line of the pod's container at ``index``; its name is ``POD/CONTAINER``, so that it is a key."""
    at, usage = sample or (0, None)
    asked = Asked(*pod.shares[index]) if index < len(pod.shares) else NOTHING
    return UsageRow(pod.namespace, f"{pod.name}/{pod.containers[index]}", pod.version, pod.provisional, pod.name, at,
                    usage, asked, 1, int(usage is None), () if usage is None else _trouble(usage, asked))  # fmt: skip


def _trouble(usage: Usage, asked: Asked) -> tuple[Trouble, ...]:
    cpu, memory = usage
    cpu_asked, cpu_limit, _, memory_limit = asked
    near = bool(memory_limit) and memory >= NEAR_LIMIT * memory_limit
    throttled = bool(cpu_limit) and cpu >= AT_LIMIT * cpu_limit * NANO_TO_MILLI
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

    def _move(self, row: UsageRow, sign: int) -> None:
        cpu, cpu_limit, memory, memory_limit = row.asked
        self._cpu += sign * cpu
        self._cpu_limit += sign * cpu_limit
        self._memory += sign * memory
        self._memory_limit += sign * memory_limit
        self.members += sign * row.members
        if row.usage is not None:
            cpu, memory = row.usage
            self._cpu_used += sign * cpu
            self._memory_used += sign * memory
            self.sampled += sign * (row.members - row.unsampled)

    def row(self, key: Key) -> UsageRow:
        """The total's line."""
        namespace, name = key
        usage = Usage(self._cpu_used, self._memory_used) if self.sampled else None
        asked = Asked(self._cpu, self._cpu_limit, self._memory, self._memory_limit)
        return UsageRow(namespace, name, self.at, at=self.at, usage=usage, asked=asked, members=self.members,
                        unsampled=self.members - self.sampled)  # fmt: skip
