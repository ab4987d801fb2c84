"""Time in the demo, injected: a real clock that may run faster, or one that a test turns by hand."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Protocol

_STEP = 1.0
"""Real seconds."""


class Clock(Protocol):
    """What the demo knows of time."""

    def now(self) -> float:
        """Unix seconds of the demo's world."""

    async def sleep(self, seconds: float) -> None:
        """Wait that many of the world's seconds."""


class WallClock:
    """The machine's time; with ``speed`` 10 the world lives ten seconds in each real one."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = _checked(speed)
        self._epoch = time.time()
        self._origin = time.monotonic()

    @property
    def speed(self) -> float:
        """The world's seconds per real second."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        """From now on; who sleeps notices within a second. Raises ValueError for 0 and less."""
        checked = _checked(speed)
        self._epoch, self._origin = self.now(), time.monotonic()
        self._speed = checked

    def now(self) -> float:
        """Unix seconds: true at the start, then ``speed`` times as fast."""
        return self._epoch + (time.monotonic() - self._origin) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop, in steps of a second, so that a new speed is noticed."""
        end = self.now() + seconds
        left = max(0.0, seconds)
        while True:
            await asyncio.sleep(min(_STEP, left / self._speed))
            left = end - self.now()
            if left <= 0:
                return


def _checked(speed: float) -> float:
    if not 0 < speed < math.inf:
        raise ValueError(f"the demo's speed must be more than 0, not {speed}")
    return speed
