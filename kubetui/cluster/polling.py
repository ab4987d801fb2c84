"""How often to list a kind that can't be watched: as often as its data change, within bounds.

The pace of metrics-server's samples is not in its API (``--metric-resolution``: 15 s in its manifest, 60 s by default);
it shows in how far the samples' times move from one list to the next.
"""

from __future__ import annotations

LEAST = 15.0
"""Seconds between two lists at least."""
MOST = 60.0
"""Seconds between two lists at most."""
MANY = 20_000
"""Objects above which every list costs the server so much that ``MOST`` is right at once."""


class Polling:
    """The pause after each list of one kind in one scope."""

    def __init__(self) -> None:
        self._newest = 0
        self._seen = 0
        self._count = 0
        self._pause = LEAST

    def begin(self, count: int) -> None:
        """A list begins; ``count`` objects."""
        self._count, self._seen = count, 0

    def saw(self, at: int) -> None:
        """One object's sample is of ``at``, Unix seconds."""
        if at > self._seen:
            self._seen = at

    def pause(self) -> float:
        """Seconds until the next list, now that this one is read."""
        if self._count > MANY:
            return MOST
        moved = self._seen - self._newest
        if self._newest and moved > 0:
            self._pause = min(MOST, max(LEAST, float(moved)))
        unmoved = moved <= 0
        self._newest = max(self._newest, self._seen)
        return LEAST if unmoved else self._pause
