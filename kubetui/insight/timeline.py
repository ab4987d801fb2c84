"""What changed lately: bounded, in memory, seeded from what objects and events tell of the time before.

The server forgets events after an hour and conditions keep one time each; so from the first look on, changes are
noted as they are seen. Objects that come again after a pause are compared with what was last known of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from kubetui.insight.finding import Target, count_of
from kubetui.kinds.kind import Meaning

MOST: Final = 300
"""Changes kept; of more the newest."""
SEEDED: Final = 3600
"""Seconds before the first look from which changes are told."""
_SAME: Final = 90
"""Seconds within which the same words about the same object are the same change: an object and an event tell it."""
_TOGETHER: Final = 120
"""Seconds within which equal changes of several objects are one line."""


class Change(NamedTuple):
    """One change."""

    at: int
    """Unix seconds."""
    subject: str
    """``aks-general-27182818-vmss00000h``."""
    words: str
    """``Ready → NotReady``."""
    meaning: Meaning
    target: Target
    group: str = ""
    """What equal changes of several objects are told of: ``pool general``."""


class Timeline:
    """Changes in the order of their time, newest first."""

    def __init__(self) -> None:
        self._changes: list[tuple[int, int, Change]] = []
        """A heap, the oldest first; the number tells equal times apart."""
        self._last: dict[tuple[str, str], int] = {}
        self._noted = 0
        self._ordered: list[Change] | None = None

    def __len__(self) -> int:
        return len(self._changes)

    def note(self, change: Change) -> None:
        """Remember a change, unless it is remembered already."""
        same = (change.subject, change.words)
        known = self._last.get(same)
        if known is not None and abs(known - change.at) <= _SAME:
            return
        self._last[same] = max(change.at, known or 0)
        self._push(change)

    def amend(self, change: Change, within: int) -> None:
        """Note a change that goes on from one noted at most ``within`` seconds ago: ``3/3 → 2/3`` becomes ``→ 0/3``."""
        begun, _, reached = change.words.partition(" → ")
        for at, number, known in self._changes:
            first, arrow, before = known.words.partition(" → ")
            if known.subject == change.subject and arrow and before == begun and 0 <= change.at - at <= within:
                self._drop(at, number, known)
                if first != reached:
                    self._push(change._replace(words=f"{first} → {reached}"))
                return
        self._push(change)

    def _push(self, change: Change) -> None:
        self._noted += 1
        self._ordered = None
        heapq.heappush(self._changes, (change.at, self._noted, change))
        if len(self._changes) > MOST:
            _, _, oldest = heapq.heappop(self._changes)
            self._last.pop((oldest.subject, oldest.words), None)

    def _drop(self, at: int, number: int, change: Change) -> None:
        self._changes.remove((at, number, change))
        heapq.heapify(self._changes)
        self._ordered = None

    def newest(self, most: int) -> Sequence[Change]:
        """The newest changes, equal ones of several objects folded into one."""
        if self._ordered is None:
            self._ordered = list(_folded(change for _, _, change in sorted(self._changes, reverse=True)))
        return self._ordered[:most]


def _folded(changes: Iterable[Change]) -> Iterable[Change]:
    """Neighbours with the same words of the same group become one: ``12 nodes of pool general``."""
    run: list[Change] = []
    for change in changes:
        first = run[0] if run else None
        alike = (
            first is not None
            and first.group
            and (first.group, first.words) == (change.group, change.words)
            and first.at - change.at <= _TOGETHER
        )
        if not alike:
            yield from _one(run)
            run = []
        run.append(change)
    yield from _one(run)


def _one(run: Sequence[Change]) -> Iterable[Change]:
    if len(run) < 2:
        yield from run
        return
    keys = tuple(dict.fromkeys(key for change in run for key in change.target.keys))
    subject = f"{count_of(len(keys), run[0].target.kind.removesuffix('s'))} of {run[0].group}"
    yield run[0]._replace(subject=subject, target=run[0].target._replace(keys=keys))
