"""Time in the demo, injected: a real clock that may run faster, or one that a test turns by hand."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the demo knows of time."""

    def now(self) -> float:
        """Unix seconds of the demo's world."""

    async def sleep(self, seconds: float) -> None:
        """Wait that many of the world's seconds."""


class WallClock:
    """The machine's time; with ``speed`` 10 the world lives ten seconds in each real one."""

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"the demo's speed must be more than 0, not {speed}")
        self._speed = speed
        self._epoch = time.time()
        self._origin = time.monotonic()

    def now(self) -> float:
        """Unix seconds: true at the start, then ``speed`` times as fast."""
        return self._epoch + (time.monotonic() - self._origin) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(max(0.0, seconds / self._speed))
