"""How often to list a kind that can't be watched: as often as its data change, within bounds.

The pace of metrics-server's samples is not in its API (``--metric-resolution``: 15 s in its manifest, 60 s by default);
it shows in how far the samples' times move from one list to the next, where a list in between found nothing new.
Samples that moved by the very next list say only that they come at least so often: after an outage of metrics-server
they moved by all of it.
"""

from __future__ import annotations

from typing import Final

LEAST: Final = 15.0
"""Seconds between two lists at least."""
MOST: Final = 60.0
"""Seconds between two lists at most."""
MANY: Final = 20_000
"""Objects above which every list costs the server so much that ``MOST`` is right at once."""
DOUBT: Final = 8
"""Lists in a row that all found newer samples, after which one comes early, lest the samples come faster by now."""


class Polling:
    """The pause after each list of one kind in one scope."""

    def __init__(self) -> None:
        self._newest = 0
        self._seen = 0
        self._count = 0
        self._pause = LEAST
        self._waited = LEAST
        self._unmoved = self._moved = 0

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
        self._newest = max(self._newest, self._seen)
        self._waited = self._learn(moved)
        return self._waited

    def _learn(self, moved: int) -> float:
        if moved <= 0:
            self._unmoved, self._moved = self._unmoved + 1, 0
            return LEAST
        if not self._unmoved:
            self._pause = min(self._pause, self._waited)
        elif moved <= self._pause + (self._unmoved + 1) * LEAST:  # more than was waited for is no pace
            self._pause = min(MOST, max(LEAST, float(moved)))
        self._unmoved, self._moved = 0, self._moved + 1
        return LEAST if self._moved % DOUBT == 0 else self._pause
