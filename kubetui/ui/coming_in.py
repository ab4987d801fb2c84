"""Whether a poll is still coming in: its rows are then put in order once, when all are there, instead of many times."""

from __future__ import annotations

from typing import Final

MANY: Final = 1024
"""Changes from which on it may be a poll."""
PATIENCE: Final = 2.0
"""Seconds that the order waits at most: some changes never end."""


class ComingIn:
    """Asked at each tick with how many changes wait."""

    def __init__(self) -> None:
        self._waiting = 0
        self._until: float | None = None

    def goes_on(self, waiting: int, shown: int, now: float) -> bool:
        """Whether more came since the last tick. Where few rows are ``shown`` yet, nothing is worth waiting for."""
        grew, self._waiting = waiting > self._waiting, waiting
        if waiting <= MANY or shown <= MANY or not grew:
            self._until = None
            return False
        if self._until is None:
            self._until = now + PATIENCE
        return now < self._until
