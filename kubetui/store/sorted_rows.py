"""Rows in order, in chunks: one insertion into 150,000 rows moves about a thousand pointers, not all of them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar

R = TypeVar("R")

CHUNK = 1024
"""Rows a chunk is made with; it splits at twice as many."""
FEW = 64
"""Rows up to which finding each one's place in a chunk (some ten keys) beats sorting the chunk (all its keys)."""


class SortedRows(Generic[R]):
    """A sequence of rows kept in the order of ``key``, whose values are unique and comparable.

    Keys are computed when needed and not kept, except each chunk's last one: a row costs 8 bytes here.
    """

    def __init__(self, key: Callable[[R], Any]) -> None:
        self._key = key
        self._chunks: list[list[R]] = []
        self._last: list[Any] = []
        self._ends: list[int] | None = []

    def __len__(self) -> int:
        ends = self._chunk_ends()
        return ends[-1] if ends else 0

    def __iter__(self) -> Iterator[R]:
        for chunk in self._chunks:
            yield from chunk

    def __getitem__(self, index: int) -> R:
        ends = self._chunk_ends()
        if index < 0 or not ends or index >= ends[-1]:
            raise IndexError(index)
        at = bisect_left(ends, index + 1)
        return self._chunks[at][index - (ends[at - 1] if at else 0)]

    def index(self, row: R) -> int | None:
        """Where ``row`` (or one of the same key) stands, or None."""
        found = self._find(self._key(row))
        if found is None:
            return None
        at, place = found
        ends = self._chunk_ends()
        return place + (ends[at - 1] if at else 0)

    def replace(self, before: R, after: R) -> bool:
        """Put ``after``, of the same key, in the place of ``before``; False where that is not held."""
        found = self._find(self._key(before))
        if found is None:
            return False
        self._chunks[found[0]][found[1]] = after
        if found[1] == len(self._chunks[found[0]]) - 1:
            self._last[found[0]] = self._key(after)
        return True

    def discard(self, row: R) -> bool:
        """Take out the row with this row's key; False where there is none."""
        found = self._find(self._key(row))
        if found is None:
            return False
        at, place = found
        chunk = self._chunks[at]
        del chunk[place]
        if chunk:
            self._last[at] = self._key(chunk[-1])
        else:
            del self._chunks[at]
            del self._last[at]
        self._ends = None
        return True

    def add(self, rows: Iterable[R]) -> None:
        """Insert rows whose keys are not held yet."""
        batch = sorted(rows, key=self._key)
        if not batch:
            return
        self._ends = None
        if not self._chunks:
            self._append(batch)
            return
        at = start = 0
        while start < len(batch):
            at = min(bisect_left(self._last, self._key(batch[start]), lo=at), len(self._chunks) - 1)
            stop = self._run_end(batch, start, at)
            self._merge(at, batch[start:stop])
            start = stop

    def extend(self, rows: list[R]) -> None:
        """Put rows, in order, behind all that are held."""
        if rows:
            self._ends = None
            self._append(rows)

    def drop(self) -> bool:
        """Let some of the last rows go; False where none are left."""
        if self._chunks:
            self._ends = None
            self._chunks.pop()
            self._last.pop()
        return bool(self._chunks)

    def _run_end(self, batch: Sequence[R], start: int, at: int) -> int:
        if at == len(self._chunks) - 1:
            return len(batch)
        return max(start + 1, bisect_left(batch, self._last[at], lo=start, key=self._key))

    def _merge(self, at: int, run: Sequence[R]) -> None:
        chunk = self._chunks[at]
        if len(run) <= FEW:
            for row in run:
                insort(chunk, row, key=self._key)
        else:
            chunk.extend(run)
            chunk.sort(key=self._key)
        if len(chunk) <= 2 * CHUNK:
            self._last[at] = self._key(chunk[-1])
            return
        parts = [chunk[i : i + CHUNK] for i in range(0, len(chunk), CHUNK)]
        self._chunks[at : at + 1] = parts
        self._last[at : at + 1] = [self._key(part[-1]) for part in parts]

    def _append(self, batch: list[R]) -> None:
        for i in range(0, len(batch), CHUNK):
            part = batch[i : i + CHUNK]
            self._chunks.append(part)
            self._last.append(self._key(part[-1]))

    def _find(self, key: Any) -> tuple[int, int] | None:
        at = bisect_left(self._last, key)
        if at == len(self._chunks):
            return None
        chunk = self._chunks[at]
        place = bisect_left(chunk, key, key=self._key)
        if place < len(chunk) and self._key(chunk[place]) == key:
            return at, place
        return None

    def _chunk_ends(self) -> list[int]:
        if self._ends is None:
            self._ends = list(accumulate(len(chunk) for chunk in self._chunks))
        return self._ends
