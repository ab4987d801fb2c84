"""The entries of a buffer that a filter lets through, kept so by what comes and goes, in slices.

The view knows entries by their numbers in the buffer. Marks always pass: a gap is never filtered away.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from kubetui.store.logs.buffer import CHUNK_LINES, LogBuffer
from kubetui.store.logs.chunk import Chunk
from kubetui.store.logs.entry import LogLine, Mark
from kubetui.store.logs.level import Level, levels_of
from kubetui.store.logs.matcher import Matcher

_SLICE_SECONDS: Final = 0.008
_LEAST_SLICE: Final = 16
"""Lines looked at in one step at least."""


@dataclass(frozen=True)
class LogFilter:
    """What is shown; everything that is set must hold."""

    text: Matcher | None = None
    levels: frozenset[Level] | None = None
    """Levels shown; None for all."""
    hidden: frozenset[int] = frozenset()
    """Indexes of sources that are not shown."""
    since: int = 0
    """Entries older than this (ns) are not shown."""
    context: int = 0
    """Lines shown before and after each that ``text`` finds, out of those that the rest lets through."""

    @property
    def everything(self) -> bool:
        """Whether it hides nothing."""
        return self.text is None and self.levels is None and not self.hidden and not self.since


class LogView:
    """Positions count from 0: the oldest entry shown."""

    def __init__(self, buffer: LogBuffer, wanted: LogFilter | None = None) -> None:
        self._buffer = buffer
        self._shown = _Shown(buffer.first, wanted or LogFilter())
        self._building: _Shown | None = None
        self._first = buffer.first
        self.revision = 0
        """Grows when a new filter is whole: positions mean other entries from then on."""

    # --- reading

    @property
    def filter(self) -> LogFilter:
        """The filter asked for last."""
        return (self._building or self._shown).wanted

    def __len__(self) -> int:
        return self._shown.end - self._first if self._shown.all else len(self._shown.numbers)

    def number(self, position: int) -> int:
        """The buffer's number of the entry at ``position``. Raises IndexError."""
        if not 0 <= position < len(self):
            raise IndexError(f"position {position} of {len(self)}")
        return self._first + position if self._shown.all else self._shown.numbers[position]

    def entry(self, position: int) -> LogLine | Mark:
        """The entry at ``position``. Raises IndexError, also where it has left the buffer since the last ``step``."""
        return self._buffer.entry(self.number(position))

    def position(self, number: int) -> int:
        """Where the entry with this number stands, else the next one shown; ``len`` where none follows."""
        if self._shown.all:
            return max(0, min(number - self._first, len(self)))
        return bisect_left(self._shown.numbers, number)

    @property
    def matched(self) -> int:
        """Lines that the filter found, context and marks left out."""
        return self._shown.end - self._first if self._shown.all else self._shown.matched

    @property
    def progress(self) -> float:
        """How far a new filter is through, 0 to 1; 1 where none is under way."""
        if self._building is None:
            return 1.0
        done = self._building.end - self._buffer.first
        return min(1.0, done / max(1, len(self._buffer)))

    # --- keeping in step

    def arrange(self, wanted: LogFilter) -> None:
        """Take another filter. ``step`` builds it; what is shown stays as it is until it is whole."""
        if wanted != self.filter:
            self._building = _Shown(self._buffer.first, wanted)

    @property
    def has_changes(self) -> bool:
        """Whether ``step`` has something to do."""
        return self._building is not None or self._shown.end < self._buffer.end or self._first < self._buffer.first

    def step(self) -> bool:
        """Do one bounded piece of work, some milliseconds; True while more is waiting."""
        building = self._building
        if building is not None:
            building.step(self._buffer)
            if building.end < self._buffer.end:
                return True
            self._shown, self._building = building, None
            self._first = self._buffer.first
            self._shown.trim(self._first)
            self.revision += 1
            return False
        self._shown.step(self._buffer)
        return self._shown.end < self._buffer.end

    def trim(self) -> int:
        """Forget what left the buffer; how many positions that were: everything shown moves up by so many."""
        before = len(self)
        first = self._buffer.first
        if self._shown.end < first:
            self._shown.end = first
        self._first = first
        self._shown.trim(first)
        return max(0, before - len(self))


class _Shown:
    """What one filter lets through, up to ``end``."""

    def __init__(self, start: int, wanted: LogFilter) -> None:
        self.wanted = wanted
        self.all = wanted.everything
        self.numbers = array("q")
        self.marks = array("q")
        self.hits = array("q")
        self._slice = CHUNK_LINES
        self.end = start
        self._before: deque[int] = deque(maxlen=wanted.context)
        self._after = 0

    def step(self, buffer: LogBuffer) -> None:
        """Look at one chunk more."""
        if self.all:
            self.end = buffer.end
            return
        self.end = max(self.end, buffer.first)
        for start, chunk in buffer.pieces(self.end):
            skip = self.end - start
            stop = min(len(chunk), skip + self._slice)
            began = perf_counter()
            self.end = start + self._look(start, chunk, skip, stop)
            self._fit_slice(perf_counter() - began)
            return

    def _fit_slice(self, seconds: float) -> None:
        """Some expressions take a millisecond a line, most a millisecond for thousands of lines."""
        if seconds > _SLICE_SECONDS:
            self._slice = max(_LEAST_SLICE, self._slice // 4)
        elif seconds < _SLICE_SECONDS / 4:
            self._slice = min(CHUNK_LINES, self._slice * 2)

    @property
    def matched(self) -> int:
        """Lines found, context and marks left out."""
        return len(self.hits) if self.wanted.context else len(self.numbers) - len(self.marks)

    def trim(self, first: int) -> None:
        """Forget numbers before ``first``."""
        for numbers in (self.numbers, self.marks, self.hits):
            del numbers[: bisect_left(numbers, first)]

    def _look(self, start: int, chunk: Chunk, skip: int, stop: int) -> int:
        """Take what is let through from ``skip`` to ``stop``, or less far; how far."""
        wanted = self.wanted
        found: Sequence[int] = range(skip, stop)
        if wanted.text is not None:
            found, stop = wanted.text.hits(chunk, skip, stop)
        if self._others_matter:
            passing = self._passing(chunk)
            hits: Sequence[int] = [index for index in found if passing[index]]
        else:
            passing, hits = None, found
        marks = [index for index in sorted(chunk.marks) if skip <= index < stop]
        if marks:
            hits = [index for index in hits if index not in chunk.marks]
            self.marks.extend(start + index for index in marks)
        if wanted.context:
            self.hits.extend(start + index for index in hits)
            self._with_context(start, chunk, range(skip, stop), frozenset(hits), passing)
        else:
            self.numbers.extend([start + index for index in (sorted([*hits, *marks]) if marks else hits)])
        return stop

    @property
    def _others_matter(self) -> bool:
        return self.wanted.levels is not None or bool(self.wanted.hidden) or bool(self.wanted.since)

    def _passing(self, chunk: Chunk) -> bytearray:
        """One byte a line: whether all but the text lets it through."""
        wanted, passing = self.wanted, bytearray(b"\x01") * len(chunk)
        if wanted.levels is not None:
            table = bytes(int(level in wanted.levels) for level in range(256))
            passing = bytearray(levels_of(chunk).translate(table))
        if wanted.hidden:
            for index, source in enumerate(chunk.sources):
                if source in wanted.hidden:
                    passing[index] = 0
        if wanted.since:
            for index, time in enumerate(chunk.times):
                if time < wanted.since:
                    passing[index] = 0
        return passing

    def _with_context(
        self, start: int, chunk: Chunk, indexes: range, hits: frozenset[int], passing: bytearray | None
    ) -> None:
        add, before, context = self.numbers.append, self._before, self.wanted.context
        for index in indexes:
            if index in chunk.marks:
                add(start + index)
            elif index in hits:
                self._add_before()
                add(start + index)
                self._after = context
            elif passing is None or passing[index]:
                if self._after:
                    self._after -= 1
                    add(start + index)
                else:
                    before.append(start + index)

    def _add_before(self) -> None:
        """The lines before a match; marks that stand between them are there already."""
        before, between = self._before, []
        while before and self.numbers and self.numbers[-1] > before[0]:
            between.append(self.numbers.pop())
        self.numbers.extend(sorted([*before, *between]) if between else before)
        before.clear()


def find(view: LogView, wanted: Matcher, start: int, forward: bool = True) -> Iterator[int | None]:
    """Look for the next matching line from position ``start`` on, then around the end: yields None after each slice
    of some milliseconds, then the position, and ends. The caller lets others run between slices.
    """
    count = len(view)
    step = 1 if forward else -1
    until = perf_counter() + _SLICE_SECONDS
    for distance in range(count):
        position = (start + step * distance) % count
        try:
            entry = view.entry(position)
        except IndexError:  # left the buffer meanwhile
            continue
        if isinstance(entry, LogLine) and wanted.matches(entry.text):
            yield position
            return
        if distance % _LEAST_SLICE == 0 and perf_counter() > until:
            yield None
            until = perf_counter() + _SLICE_SECONDS
