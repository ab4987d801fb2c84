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
LEAST_BACK: Final = 500
MOST_BACK: Final = 20_000
"""Last lines that a resumed stream asks for; where more may have come meanwhile it asks by time."""
RECORD: Final = 16 * 1024
"""Bytes in one record of a node's file: a longer line is several, of which ``tailLines`` may give the last alone."""


class TooFew(Exception):
    """The last lines that were asked for do not reach back to what was delivered: ask by time."""


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
        self._end = b""

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
        self._end = texts[-1][-RECORD:]
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
        other.last, other.total, other._end = self.last, self.total, self._end
        return other

    def lines_back(self, seconds: float) -> int | None:
        """How many last lines reach back beyond what was delivered ``seconds`` ago; None where asking by time is
        cheaper. A guess from how many came in the last two seconds.
        """
        back = LEAST_BACK + int(2 * self._count * (seconds + 3))
        return back if back <= MOST_BACK else None

    def ends_with(self, time: int, text: bytes) -> bool:
        """Whether the last line delivered is this one, or ends with this record."""
        return text == self._end if time == self.last else time > self.last and self._is_last_record(text)

    def _is_last_record(self, text: bytes) -> bool:
        return bool(text) and len(self._end) == RECORD and self._end.endswith(text)

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
    """Where a resumed stream joins what was delivered. Feed it lines; it gives those that are new.

    ``counted``: it was asked for by a number of lines. Where these hold the last delivered line they hold all that
    equal it too, since many more were asked for than are remembered; else it counts as MISSING.
    """

    delivered: Delivered
    counted: bool = False
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
        self._begun = False

    @property
    def holds(self) -> bool:
        """Whether lines wait for a decision."""
        return bool(self._times)

    def feed(self, times: Sequence[int], texts: Sequence[bytes]) -> tuple[Sequence[int], Sequence[bytes]]:
        """Lines in the order of the file; those of them and of the held ones that are known to be new."""
        if self.overlap is not Overlap.SEARCHING:
            return times, texts
        if times and not self._begun:
            self._begun = True
            if self.counted and times[0] > self.delivered.latest:
                self.overlap = Overlap.MISSING
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

    @property
    def only_repeats(self) -> bool:
        """Whether all held lines were delivered before: none is kept from the person, so that they can wait."""
        held = Counter(zip(self._times, map(hash, self._texts), strict=True))
        return held <= self._keys

    def decide(self) -> tuple[list[int], list[bytes]]:
        """Nothing more comes, or it has long been quiet: the held lines that were not delivered yet."""
        if self.overlap is not Overlap.SEARCHING:
            return [], []
        if self.counted:
            times, texts = self._times, self._texts
            self._forget()
            self.overlap = Overlap.MISSING
            return times, texts
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
