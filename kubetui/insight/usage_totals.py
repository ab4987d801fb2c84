"""Sums over Top's rows: of a node pool, a namespace, a workload, and of all that a filter lets through."""

from __future__ import annotations

from collections.abc import Iterable

from kubetui.insight.usage import Asked, Told, Trouble, UsageRow
from kubetui.kinds.kind import Key
from kubetui.kinds.usage import Usage


class Total:
    """Sums over members, kept by adding and taking away. Plain numbers: a poll of 150,000 pods comes through here."""

    __slots__ = (
        "_cpu",
        "_cpu_limit",
        "_cpu_used",
        "_memory",
        "_memory_limit",
        "_memory_used",
        "_no_cpu_limit",
        "_no_memory_limit",
        "_troubled",
        "at",
        "members",
        "sampled",
    )

    def __init__(self) -> None:
        self._cpu = self._cpu_limit = self._memory = self._memory_limit = 0
        self._cpu_used = self._memory_used = 0
        self._no_cpu_limit = self._no_memory_limit = 0
        self._troubled: dict[Trouble, int] = {}
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
        if before.trouble is not after.trouble:  # hardly ever: none is one and the same everywhere
            self._count(before.trouble, -1)
            self._count(after.trouble, 1)
        if after.at > self.at:
            self.at = after.at

    def _move(self, row: UsageRow, sign: int) -> None:
        asked, usage, members = row.asked, row.usage, row.members
        self._cpu += sign * asked.cpu
        self._cpu_limit += sign * asked.cpu_limit
        self._memory += sign * asked.memory
        self._memory_limit += sign * asked.memory_limit
        self._no_cpu_limit += sign * (not asked.cpu_limit)
        self._no_memory_limit += sign * (not asked.memory_limit)
        self._count(row.trouble, sign)
        self.members += sign * members
        if usage is not None:
            self._cpu_used += sign * usage.cpu
            self._memory_used += sign * usage.memory
            self.sampled += sign * (members - row.unsampled)

    def _count(self, troubles: tuple[Trouble, ...], sign: int) -> None:
        for trouble in troubles:
            self._troubled[trouble] = self._troubled.get(trouble, 0) + sign

    def row(self, key: Key) -> UsageRow:
        """The total's line. It has no limit while one of its members has none."""
        namespace, name = key
        usage = Usage(self._cpu_used, self._memory_used) if self.sampled else None
        cpu_limit = 0 if self._no_cpu_limit else self._cpu_limit
        memory_limit = 0 if self._no_memory_limit else self._memory_limit
        trouble = tuple(trouble for trouble in Trouble if self._troubled.get(trouble)) if self._troubled else ()
        return UsageRow(namespace, name, self.at, at=self.at, usage=usage,
                        asked=Asked(self._cpu, cpu_limit, self._memory, memory_limit), members=self.members,
                        unsampled=self.members - self.sampled, trouble=trouble,
                        told=tuple(Told(members=self._troubled[one]) for one in trouble))  # fmt: skip


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
