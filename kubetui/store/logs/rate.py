"""Lines a second over the last seconds, with a count a second and nothing else kept."""

from __future__ import annotations

from collections import deque

WINDOW = 10
"""Seconds looked back."""


class Rate:
    """How much one source says."""

    __slots__ = ("_first", "_seconds", "total")

    def __init__(self) -> None:
        self._seconds: deque[tuple[int, int]] = deque(maxlen=WINDOW + 1)
        self._first: float | None = None
        self.total = 0
        """All lines so far."""

    def add(self, now: float, lines: int, past: int = 0) -> None:
        """``lines`` came at ``now`` (monotonic seconds), ``past`` of them written long before: they are no rate."""
        self.total += lines
        lines -= past
        if self._first is None:
            self._first = now
        second = int(now)
        if self._seconds and self._seconds[-1][0] == second:
            lines += self._seconds.pop()[1]
        self._seconds.append((second, lines))

    def per_second(self, now: float) -> float:
        """Lines a second over the last ``WINDOW`` whole seconds, over fewer while it is younger."""
        if self._first is None:
            return 0.0
        second = int(now)
        count = sum(lines for at, lines in self._seconds if second - WINDOW <= at < second)
        return count / max(1, min(WINDOW, second - int(self._first)))
