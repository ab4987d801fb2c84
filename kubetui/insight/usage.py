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
    trouble, since = _trouble(usage, asked), 0
    if pod.last_reason == Trouble.OOM_KILLED.value and now - pod.restarted < LATELY:
        trouble, since = (Trouble.OOM_KILLED, *trouble), pod.restarted
    return UsageRow(pod.namespace, pod.name, pod.version, pod.provisional, pod.node, at, usage, asked, 1,
                    int(usage is None), trouble, since)  # fmt: skip


def container_usage(pod: PodRow, index: int, sample: tuple[int, Usage] | None) -> UsageRow:
    """The line of the pod's container at ``index``; its name is ``POD/CONTAINER``, so that it is a key."""
    at, usage = sample or (0, None)
    asked = Asked(*pod.shares[index]) if index < len(pod.shares) else NOTHING
    return UsageRow(pod.namespace, f"{pod.name}/{pod.containers[index]}", pod.version, pod.provisional, pod.name, at,
                    usage, asked, 1, int(usage is None), _trouble(usage, asked))  # fmt: skip


def _trouble(usage: Usage | None, asked: Asked) -> tuple[Trouble, ...]:
    if usage is None:
        return ()
    found = []
    if asked.memory_limit and usage.memory >= NEAR_LIMIT * asked.memory_limit:
        found.append(Trouble.NEAR_MEMORY_LIMIT)
    if asked.cpu_limit and usage.cpu >= AT_LIMIT * asked.cpu_limit * NANO_TO_MILLI:
        found.append(Trouble.THROTTLED)
    if asked.cpu >= IDLE_LEAST and usage.cpu < IDLE * asked.cpu * NANO_TO_MILLI:
        found.append(Trouble.ASKS_TOO_MUCH)
    return tuple(found)


class Total:
    """Sums over members, kept by adding and taking away."""

    __slots__ = ("asked", "at", "members", "sampled", "usage")

    def __init__(self) -> None:
        self.usage = Usage()
        self.asked = NOTHING
        self.members = 0
        self.sampled = 0
        self.at = 0

    def add(self, row: UsageRow) -> None:
        """Count a member in."""
        self.asked = self.asked.plus(row.asked)
        self.members += row.members
        if row.usage is not None:
            self.usage = self.usage.plus(row.usage)
            self.sampled += row.members
            self.at = max(self.at, row.at)

    def remove(self, row: UsageRow) -> None:
        """Count it out again."""
        self.asked = self.asked.minus(row.asked)
        self.members -= row.members
        if row.usage is not None:
            self.usage = self.usage.minus(row.usage)
            self.sampled -= row.members

    def row(self, key: Key) -> UsageRow:
        """The total's line."""
        namespace, name = key
        usage = self.usage if self.sampled else None
        return UsageRow(namespace, name, self.at, at=self.at, usage=usage, asked=self.asked, members=self.members,
                        unsampled=self.members - self.sampled)  # fmt: skip
