"""The last samples of many rows, a few bytes each: what a sparkline shows."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

LENGTH: Final = 24
"""Samples kept of each row."""
MOST_ROWS: Final = 160_000
"""Rows of which samples are kept; of others there is no sparkline. 24 samples of two numbers are 192 bytes, with key,
place and count some 300."""
NOWHERE: Final = -1
_BLOCK: Final = 1024  # rows that share a piece of memory
_ROW: Final = 2 * LENGTH  # numbers of a row: CPU, then memory, each a ring


class UsageHistory:
    """Samples by row; of each the time of the newest is known, so that none is counted twice."""

    def __init__(self) -> None:
        self._slots: dict[Hashable, int] = {}
        self._free: list[int] = []
        self._blocks: list[array[float]] = []
        self._newest: array[int] = array("q")
        self._count: array[int] = array("q")

    def __len__(self) -> int:
        return len(self._slots)

    def place(self, key: Hashable) -> int:
        """Where ``key``'s samples are, as long as it is not forgotten; ``NOWHERE`` where they are too many."""
        slot = self._slots.get(key)
        if slot is None:
            if len(self._slots) >= MOST_ROWS:
                return NOWHERE
            slot = self._slots[key] = self._new_slot()
        return slot

    def add(self, place: int, at: int, cpu: float, memory: float) -> None:
        """One more sample, taken at ``at`` (Unix seconds); an older or equal time is passed over."""
        if place == NOWHERE or at <= self._newest[place]:
            return
        self._newest[place] = at
        count = self._count[place]
        self._count[place] = count + 1
        block, start = self._blocks[place // _BLOCK], place % _BLOCK * _ROW + count % LENGTH
        block[start], block[start + LENGTH] = cpu, memory

    def forget(self, key: Hashable) -> None:
        """The row is gone."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            self._newest[slot] = self._count[slot] = 0
            self._free.append(slot)

    def keep(self, is_there: Callable[[Any], object]) -> None:
        """Forget rows that went while nobody looked."""
        for key in [key for key in self._slots if not is_there(key)]:
            self.forget(key)

    def cpu(self, key: Hashable) -> Sequence[float]:
        """Oldest first."""
        return self._ring(key, 0)

    def memory(self, key: Hashable) -> Sequence[float]:
        """Oldest first."""
        return self._ring(key, LENGTH)

    def _ring(self, key: Hashable, offset: int) -> Sequence[float]:
        slot = self._slots.get(key)
        if slot is None:
            return ()
        count, start = self._count[slot], slot % _BLOCK * _ROW + offset
        ring = self._blocks[slot // _BLOCK][start : start + LENGTH]
        if count <= LENGTH:
            return ring[:count]
        oldest = count % LENGTH
        return ring[oldest:] + ring[:oldest]

    def _new_slot(self) -> int:
        if self._free:
            return self._free.pop()
        slot = len(self._newest)
        if slot % _BLOCK == 0:
            self._blocks.append(array("f", bytes(4 * _BLOCK * _ROW)))
        self._newest.append(0)
        self._count.append(0)
        return slot
