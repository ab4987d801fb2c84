"""Lines of many sources in one order: by time, as far as waiting a moment allows it.

What a source sends of its past (*history*) waits until all sources that have one got as far, and comes out in true
order. What it sends from then on (*live*) is held for ``HOLD`` seconds and comes out by time; a line that comes later
than that goes behind what is out already. The order of one source's own lines is never changed.

A mark has a time as a line has one: it waits and is put in order like a live line of its source.

A node whose clock is ahead would push its lines, and all older ones, out at once: live lines count as no later than
the moment they came, on the clock that most sources agree about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat
from statistics import median
from typing import Final

from kubetui.store.logs.entry import NANO, Entries, Mark

HOLD: Final = 0.4
"""Seconds that a live line waits for older ones of other sources."""
SLACK: Final = 250_000_000
"""Nanoseconds that a line may seem to come before it was written: clocks and their estimate are not exact."""
STALLED: Final = 3.0
"""Seconds; a source whose history does not get on for so long holds up nobody any more."""
MOST_PENDING: Final = 64 * 2**20
"""Bytes held at most before ``crowded`` asks the sources to wait."""


class _Batch:
    """Lines of one source as they came, not yet out."""

    __slots__ = ("came", "keys", "live", "mark", "size", "start", "texts", "times")

    def __init__(
        self, came: float, keys: Sequence[int], times: Sequence[int], texts: Sequence[bytes], live: bool
    ) -> None:
        self.came, self.keys, self.times, self.texts, self.live = came, keys, times, texts, live
        self.start = 0
        self.size = sum(map(len, texts)) + 100 * len(texts)
        self.mark: Mark | None = None


class _Input:
    """One source's queue."""

    __slots__ = ("ahead", "heard", "history", "last", "queue")

    def __init__(self, now: float) -> None:
        self.queue: deque[_Batch] = deque()
        self.last = 0
        self.history = False
        self.heard = now
        self.ahead: int | None = None
        """Nanoseconds by which its stamps were ahead of our clock, last time."""


class Merge:
    """Sources put lines and marks in; ``take`` gives what is due. Times are ns, ``now`` is monotonic seconds."""

    def __init__(self, hold: float = HOLD, stalled: float = STALLED) -> None:
        self._hold, self._stalled = hold, stalled
        self._inputs: dict[int, _Input] = {}
        self._clock_ahead: int | None = None
        self._pending = 0

    @property
    def pending(self) -> bool:
        """Whether anything waits to come out."""
        return self._pending > 0

    @property
    def crowded(self) -> bool:
        """So much waits that sources should not be read on, but for those that ``held_up_by`` names."""
        return self._pending > MOST_PENDING

    def held_up_by(self, source: int) -> bool:
        """Whether ``source`` is one that others wait for: it must be read on."""
        one = self._inputs.get(source)
        return one is not None and one.history and not one.queue

    # --- what sources do

    def history(self, source: int, now: float) -> None:
        """``source`` is about to send its past: others' lines wait for it."""
        one = self._input(source, now)
        one.history, one.heard = True, now

    def live(self, source: int) -> bool:
        """``source`` has sent its past, or has none; whether others waited for it until now."""
        one = self._inputs.get(source)
        waited = one is not None and one.history
        if one is not None:
            one.history = False
        return waited

    def leave(self, source: int) -> None:
        """``source`` is over; what it sent still comes out."""
        self.live(source)

    def put(
        self, source: int, times: Sequence[int], texts: Sequence[bytes], now: float, wall: float, *, past: bool = False
    ) -> None:
        """Lines of ``source`` in the order of its file. ``wall``: Unix seconds; ``past``: known to be no live ones."""
        if not times:
            return
        one = self._input(source, now)
        one.heard = now
        live = not (one.history or past)
        keys = self._keys(one, times, int(wall * NANO), live)
        self._queue(one, _Batch(now, keys, times, texts, live))

    def put_mark(self, source: int, mark: Mark, now: float, wall: float) -> None:
        """A mark, behind all that ``source`` has sent, and among the others' lines by its time."""
        one = self._input(source, now)
        live = not one.history
        one.last = max(one.last, min(mark.time, self._latest(int(wall * NANO))) if live else mark.time)
        batch = _Batch(now, [one.last], [mark.time], [b""], live)
        batch.mark = mark
        self._queue(one, batch)

    def _input(self, source: int, now: float) -> _Input:
        one = self._inputs.get(source)
        if one is None:
            one = self._inputs[source] = _Input(now)
        return one

    def _queue(self, one: _Input, batch: _Batch) -> None:
        one.queue.append(batch)
        self._pending += batch.size

    def _keys(self, one: _Input, times: Sequence[int], wall: int, live: bool) -> Sequence[int]:
        """What lines are ordered by: their times, never going back, never ahead of the clock while live."""
        latest = None
        if live:
            one.ahead = times[-1] - wall
            self._agree()
            latest = self._latest(wall)
        first, last = times[0], times[-1]
        in_order = first >= one.last and sorted(times) == list(times)
        if in_order and (latest is None or last <= latest):
            one.last = last
            return times
        keys, key = [], one.last
        for time in times:
            key = max(key, time if latest is None else min(time, latest))
            keys.append(key)
        one.last = key
        return keys

    def _latest(self, wall: int) -> int:
        """What comes now can't be younger than this."""
        return wall + (self._clock_ahead or 0) + SLACK

    def _agree(self) -> None:
        """By how much most sources' clocks are ahead of ours: what most of them show can't be far off."""
        known = [one.ahead for one in self._inputs.values() if one.ahead is not None]
        self._clock_ahead = int(median(known)) if known else None

    # --- what comes out

    def take(self, now: float, *, all_of_it: bool = False) -> Entries | None:
        """What is due at ``now``; None where nothing is. ``all_of_it``: everything, in the best order there is."""
        if not self._pending:
            return None
        bound = None if all_of_it else self._bound(now)
        parts = [part for source, one in self._inputs.items() for part in self._due(source, one, bound)]
        for source in [source for source, one in self._inputs.items() if not one.queue and not one.history]:
            if self._inputs[source].heard < now - 60:
                del self._inputs[source]
        return _ordered(parts) if parts else None

    def _bound(self, now: float) -> int:
        """Keys up to this are due."""
        waiting = [one.last for one in self._inputs.values() if one.history and now - one.heard < self._stalled]
        floor = min(waiting, default=None)
        bound = -1
        for one in self._inputs.values():
            bound = max(bound, _held_long_enough(one, now - self._hold))
        return bound if floor is None else min(bound, floor)

    def _due(self, source: int, one: _Input, bound: int | None) -> Iterable[_Part]:
        queue = one.queue
        while queue:
            batch = queue[0]
            end = len(batch.keys) if bound is None else bisect_right(batch.keys, bound)
            if end <= batch.start:
                return
            part = _Part(source, batch, batch.start, end)
            if end < len(batch.keys):
                batch.start = end
                yield part
                return
            queue.popleft()
            self._pending -= batch.size
            yield part


def _held_long_enough(one: _Input, before: float) -> int:
    """The last key of ``one`` that came before that moment, -1 for none; of history, all that came."""
    key = -1
    for batch in one.queue:
        if batch.live and batch.came > before:
            break
        key = batch.keys[-1]
    return key


class _Part:
    """A run of one batch."""

    __slots__ = ("batch", "end", "source", "start")

    def __init__(self, source: int, batch: _Batch, start: int, end: int) -> None:
        self.source, self.batch, self.start, self.end = source, batch, start, end


def _ordered(parts: list[_Part]) -> Entries:
    keys: list[int] = []
    times: list[int] = []
    sources: list[int] = []
    texts: list[bytes] = []
    marks: dict[int, Mark] = {}
    for part in parts:
        batch, start, end = part.batch, part.start, part.end
        if batch.mark is not None:
            marks[len(keys)] = batch.mark
        keys += batch.keys[start:end]
        times += batch.times[start:end]
        texts += batch.texts[start:end]
        sources += repeat(part.source, end - start)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if marks:
        marks = {at: marks[index] for at, index in enumerate(order) if index in marks}
    return Entries(
        [*map(times.__getitem__, order)],
        [*map(sources.__getitem__, order)],
        [*map(texts.__getitem__, order)],
        marks,
    )
