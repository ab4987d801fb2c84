"""Restarts in the last hour: those seen, and what pods tell of the time before.

A pod says how often it was restarted in its whole life, and when the last time. So until an hour was watched, the
count of a pod that is older than that hour and was restarted more than once is a lower bound, and says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container
from typing import Final, NamedTuple

from kubetui.insight.pod_trouble import Owner, owner_of
from kubetui.kinds.kind import Key
from kubetui.kinds.pod_row import PodRow

WINDOW: Final = 3600.0
"""Seconds looked back."""
MOST: Final = 500
"""Marks kept of one owner; of more the newest."""


class Restarted(NamedTuple):
    """How often within the window."""

    times: int
    at_least: bool
    """There may have been more before anybody watched."""

    @property
    def text(self) -> str:
        """``3``, ``1+`` for at least one."""
        return f"{self.times}+" if self.at_least else str(self.times)


class _Mark(NamedTuple):
    at: int
    times: int
    born: int
    """When the pod was created, where ``times`` is all that happened since; 0: seen as it happened."""


class Restarts:
    """By owner. It outlives the store that feeds it: rows that come again are not counted again."""

    def __init__(self) -> None:
        self._known: dict[Key, int] = {}
        self._marks: dict[Owner, deque[_Mark]] = {}

    def fold(self, before: PodRow | None, after: PodRow | None) -> None:
        """A pod came, changed or went."""
        row = after or before
        if row is None or row.provisional:
            return
        key = (row.namespace, row.name)
        if after is None:
            self._known.pop(key, None)
            return
        known = self._known.get(key)
        self._known[key] = after.restarts
        if known is None:
            if after.restarts and after.restarted:
                self._mark(after, _Mark(after.restarted, after.restarts, after.created))
        elif after.restarts > known:
            self._mark(after, _Mark(after.restarted, after.restarts - known, 0))

    def _mark(self, row: PodRow, mark: _Mark) -> None:
        self._marks.setdefault(owner_of(row), deque(maxlen=MOST)).append(mark)

    def keep_only(self, keys: Container[Key]) -> None:
        """Forget pods that went while nobody watched."""
        self._known = {key: times for key, times in self._known.items() if key in keys}

    def of(self, owner: Owner, now: float) -> Restarted:
        """The restarts of one owner's pods within the window before ``now``."""
        marks = self._marks.get(owner)
        if marks is None:
            return Restarted(0, False)
        begin = now - WINDOW
        recent = [mark for mark in marks if mark.at >= begin]
        if not recent:
            del self._marks[owner]
            return Restarted(0, False)
        old = [mark for mark in recent if 0 < mark.born < begin]
        times = sum(mark.times for mark in recent) - sum(mark.times - 1 for mark in old)
        return Restarted(times, any(mark.times > 1 for mark in old))
