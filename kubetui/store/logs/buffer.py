"""All lines held of one tail: bounded by lines and bytes, numbered for ever, cheap to append to and to look through.

Entries have absolute numbers that never change: ``first`` is the oldest held, ``end`` the one that comes next. So a
cursor, a mark or a search hit stays right while old entries leave at the front.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final

from kubetui.store.logs.chunk import Chunk
from kubetui.store.logs.entry import Entries, LogLine, Mark

MOST_LINES: Final = 1_000_000
MOST_BYTES: Final = 256 * 2**20
"""Of text and what is kept beside it."""
CHUNK_LINES: Final = 4_096
CHUNK_BYTES: Final = 512 * 1024


class LogBuffer:
    """Written by one tail, read by many. Fulfils ``LogSink``.

    When it is full the oldest some thousand entries leave at once; ``dropped`` counts them. Nothing else is ever
    dropped: who pauses just stops reading.
    """

    def __init__(self, *, most_lines: int = MOST_LINES, most_bytes: int = MOST_BYTES) -> None:
        self._most_lines, self._most_bytes = most_lines, most_bytes
        self._chunks: list[Chunk] = []
        self._starts: list[int] = []
        self._size = 0
        self._tail = _Tail()
        self._wakers: list[Callable[[], None]] = []
        self.first = 0
        """Number of the oldest entry held."""
        self.end = 0
        """Number that the next entry will get."""
        self.dropped = 0
        """Entries that left at the front because the buffer was full."""
        self.dropped_until = 0
        """Time (ns) of the newest of them; 0 while there are none."""

    def __len__(self) -> int:
        return self.end - self.first

    @property
    def size(self) -> int:
        """Bytes held, about."""
        return self._size + self._tail.size

    # --- reading

    def entry(self, number: int) -> LogLine | Mark:
        """The entry with this number, ``first <= number < end``. Raises IndexError for others."""
        chunk, index = self._place(number)
        return chunk.entry(index)

    def time(self, number: int) -> int:
        """Its time, ns."""
        chunk, index = self._place(number)
        return chunk.times[index]

    def at_time(self, time: int) -> int:
        """Number of the first entry that is not older than ``time`` (ns); ``end`` where all are.

        Sources with skewed clocks may leave older ones behind it.
        """
        for start, chunk in self.pieces():
            if chunk.newest >= time:
                return start + next(index for index, at in enumerate(chunk.times) if at >= time)
        return self.end

    def marks(self) -> Iterator[tuple[int, Mark]]:
        """All marks held with their numbers, oldest first."""
        for start, chunk in self.pieces():
            for index, mark in sorted(chunk.marks.items()):
                yield start + index, mark

    def mark_before(self, number: int) -> int | None:
        """Number of the nearest mark before ``number``."""
        return max((at for at, _ in self.marks() if at < number), default=None)

    def mark_after(self, number: int) -> int | None:
        """Number of the nearest mark after ``number``."""
        return next((at for at, _ in self.marks() if at > number), None)

    def pieces(self, number: int = 0) -> Iterator[tuple[int, Chunk]]:
        """The chunks from the one that holds ``number`` on, each with the number of its first entry.

        The last one is a copy of what is not packed yet: 4,096 entries at most. Entries that come meanwhile are
        not in it; those that leave meanwhile stay readable.
        """
        at = max(0, bisect_right(self._starts, number) - 1)
        held = list(zip(self._starts[at:], self._chunks[at:], strict=True))
        if self._tail.times:
            held.append((self.end - len(self._tail.times), self._tail.chunk()))
        for start, chunk in held:
            if start + len(chunk) > number:
                yield start, chunk

    def _place(self, number: int) -> tuple[Chunk | _Tail, int]:
        if not self.first <= number < self.end:
            raise IndexError(f"entry {number} is not held ({self.first}..{self.end - 1})")
        loose = number - (self.end - len(self._tail.times))
        if loose >= 0:
            return self._tail, loose
        at = bisect_right(self._starts, number) - 1
        return self._chunks[at], number - self._starts[at]

    # --- writing

    def extend(self, entries: Entries) -> None:
        """Append entries, and drop the oldest where there are too many."""
        if not entries.times:
            return
        at, count = 0, len(entries.times)
        while at < count:
            end = min(count, at + CHUNK_LINES - len(self._tail.times))
            self._tail.take(entries, at, end)
            self.end += end - at
            at = end
            if len(self._tail.times) >= CHUNK_LINES or self._tail.size >= CHUNK_BYTES:
                self._pack()
        while self._chunks and (len(self) > self._most_lines or self.size > self._most_bytes):
            self._drop()
        self._wake()

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        self._chunks, self._starts, self._size, self._tail = [], [], 0, _Tail()
        self.first = self.end
        self._wake()

    def on_change(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call ``wake`` after entries came or left; returns what ends that."""
        self._wakers.append(wake)
        return lambda: self._wakers.remove(wake) if wake in self._wakers else None

    def _pack(self) -> None:
        chunk = self._tail.chunk()
        self._starts.append(self.end - len(chunk))
        self._chunks.append(chunk)
        self._size += chunk.size
        self._tail = _Tail()

    def _drop(self) -> None:
        chunk = self._chunks.pop(0)
        self._size -= chunk.size
        self.dropped += len(chunk)
        self.dropped_until = max(self.dropped_until, chunk.newest)
        self._starts.pop(0)
        self.first = self._starts[0] if self._starts else self.end - len(self._tail.times)

    def _wake(self) -> None:
        for wake in tuple(self._wakers):
            wake()


class _Tail:
    """Entries that are not packed into a chunk yet."""

    __slots__ = ("_kept", "marks", "size", "sources", "texts", "times")

    def __init__(self) -> None:
        self.times: list[int] = []
        self.sources: list[int] = []
        self.texts: list[bytes] = []
        self.marks: dict[int, Mark] = {}
        self.size = 0
        self._kept: Chunk | None = None

    def take(self, entries: Entries, start: int, end: int) -> None:
        at = len(self.times)
        texts = entries.texts[start:end]
        self.times.extend(entries.times[start:end])
        self.sources.extend(entries.sources[start:end])
        self.texts.extend(texts)
        if entries.marks:
            found = ((index, entries.marks.get(index)) for index in range(start, end))
            self.marks.update((at + index - start, mark) for index, mark in found if mark is not None)
        self.size += sum(map(len, texts)) + 100 * len(texts)
        self._kept = None

    def chunk(self) -> Chunk:
        """The same as a chunk, made once for all who ask before the next entry."""
        if self._kept is None:
            self._kept = Chunk(self.times, self.sources, self.texts, self.marks)
        return self._kept

    def entry(self, index: int) -> LogLine | Mark:
        return self.marks.get(index) or LogLine(self.times[index], self.sources[index], self.texts[index])
