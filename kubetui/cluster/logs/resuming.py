"""Going on where a broken stream ended: no line lost, none twice.

``sinceTime`` has a granularity of one second, so a resumed stream repeats lines. Two facts decide which: the stream
comes in the order of the node's file, and what was delivered is the beginning of that file. So what follows the last
delivered line is new, and where that line is missing the file was rotated, or is another container's.

stdout and stderr are stamped by two goroutines of the runtime, so stamps may go back a little (``OVERLAP``); lines
that are equal in time and text are told apart by their count.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from typing import Final

from kubetui.store.logs.entry import NANO

OVERLAP: Final = NANO
"""Nanoseconds before the second of the last line from which lines are asked for again."""
MOST_REMEMBERED: Final = 1_000_000
"""Lines of the last two seconds remembered at most, 16 bytes each; no runtime writes half as many."""
MOST_LOOKS: Final = 20
"""How often in a row an ended log is looked at again without anything new before it is taken for whole."""
MOST_HELD: Final = 32 * 2**20
"""Bytes of a resumed stream that wait at most until it is clear where they belong."""


class Delivered:
    """What was delivered of one container, as far back as a resumed stream may repeat it."""

    def __init__(self) -> None:
        self._batches: deque[tuple[array[int], array[int], int]] = deque()
        self._count = 0
        self.last = 0
        """Time (ns) of the last line delivered; 0 before the first."""
        self.total = 0
        """Lines delivered so far."""
        self.rest: bytes | None = None
        """What came after them without a line end, when it was looked at last; None where that is not known."""
        self.looks = 0
        """How often in a row its end was looked at without anything new."""

    def __bool__(self) -> bool:
        return bool(self._batches)

    def note(self, times: Sequence[int], texts: Sequence[bytes]) -> None:
        """These lines were delivered, behind all earlier ones."""
        if not times:
            return
        self._batches.append((array("q", times), array("q", map(hash, texts)), max(times)))
        self._count += len(times)
        self.total += len(times)
        self.last = times[-1]
        since = self.since
        while len(self._batches) > 1 and (self._batches[0][2] < since or self._count > MOST_REMEMBERED):
            self._count -= len(self._batches.popleft()[0])

    def seems_whole(self, complete: bool, new: int, rest: bytes) -> bool:
        """Whether an answer that ended cleanly really had everything: it brought nothing ``new``, and ended in the
        same place (``rest``) as the last one. ``complete``: it went on behind the last line. After a few looks that
        never agree, yes.
        """
        same = complete and not new and rest == self.rest
        self.rest = rest if complete else self.rest
        self.looks = 0 if new else self.looks + 1
        return same or self.looks >= MOST_LOOKS

    def copy(self) -> Delivered:
        """As it is now."""
        other = Delivered()
        other._batches, other._count = self._batches.copy(), self._count
        other.last, other.total = self.last, self.total
        return other

    @property
    def since(self) -> int:
        """From when (ns, a whole second) a resumed stream must start."""
        return (self.last // NANO) * NANO - OVERLAP

    @property
    def latest(self) -> int:
        """The latest time remembered."""
        return max(newest for _, _, newest in self._batches)

    def keys(self) -> Counter[tuple[int, int]]:
        """(time, hash of text) of what is remembered, counted."""
        return Counter(chain.from_iterable(zip(times, hashes, strict=True) for times, hashes, _ in self._batches))

    def last_key(self) -> tuple[int, int]:
        """That of the last line."""
        times, hashes, _ = self._batches[-1]
        return times[-1], hashes[-1]


class Overlap(Enum):
    """Whether the resumed stream goes on where the old one ended."""

    SEARCHING = "searching"
    """Nothing says so yet; lines are held back."""
    FOUND = "found"
    """It does: nothing was lost."""
    MISSING = "missing"
    """The last delivered line is not in it: rotated, or another container's file."""


@dataclass
class Seam:
    """Where a resumed stream joins what was delivered. Feed it lines; it gives those that are new."""

    delivered: Delivered
    overlap: Overlap = Overlap.SEARCHING
    reached: bool = False
    """The last delivered line itself came."""
    _times: list[int] = field(default_factory=list)
    _texts: list[bytes] = field(default_factory=list)
    _size: int = 0

    def __post_init__(self) -> None:
        self._keys = self.delivered.keys()
        self._last = self.delivered.last_key()
        self._missing = self._keys[self._last]
        self._too_late = self.delivered.latest + OVERLAP

    @property
    def holds(self) -> bool:
        """Whether lines wait for a decision."""
        return bool(self._times)

    def feed(self, times: Sequence[int], texts: Sequence[bytes]) -> tuple[Sequence[int], Sequence[bytes]]:
        """Lines in the order of the file; those of them and of the held ones that are known to be new."""
        if self.overlap is not Overlap.SEARCHING:
            return times, texts
        last_time, last_hash = self._last
        for index, time in enumerate(times):
            if time == last_time and hash(texts[index]) == last_hash:
                self._missing -= 1
                if not self._missing:
                    self._forget()
                    self.overlap, self.reached = Overlap.FOUND, True
                    return times[index + 1 :], texts[index + 1 :]
        self._times += times
        self._texts += texts
        self._size += sum(map(len, texts))
        if max(times) > self._too_late or self._size > MOST_HELD:
            return self.decide()
        return (), ()

    def decide(self) -> tuple[list[int], list[bytes]]:
        """Nothing more comes, or it has long been quiet: the held lines that were not delivered yet."""
        if self.overlap is not Overlap.SEARCHING:
            return [], []
        # Some equal lines may have been rotated away: then not all of them come again, but those that do were seen.
        keys, times, texts = self._keys, list[int](), list[bytes]()
        overlap = Overlap.MISSING
        for time, text in zip(self._times, self._texts, strict=True):
            key = (time, hash(text))
            if keys[key] > 0:
                keys[key] -= 1
                overlap = Overlap.FOUND
            else:
                times.append(time)
                texts.append(text)
        self._forget()
        self.overlap = overlap
        return times, texts

    def _forget(self) -> None:
        self._times, self._texts, self._size = [], [], 0
