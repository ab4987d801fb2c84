"""Who goes first: a person's key before a large list that comes in.

A key takes some ten turns of the event loop until its frame is out. With a slice of decoding in each of them it would
wait for all of those slices; so whoever decodes asks before each slice, and waits while a key has no frame yet.
"""

from __future__ import annotations

import asyncio

from kubetui.cluster.clock import Clock, until_set

LONGEST_WAIT = 0.05
"""Seconds that a key holds others up without a frame: some keys change nothing on the screen."""
FRAMES = 2
"""Frames after which a key shows surely: the first may have been under way when it came."""


class Foreground:
    """``claim`` when a key comes, ``frame`` when one is out; background work awaits ``turn``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = 0.0
        self._frames = 0
        self._released: asyncio.Event | None = None

    def claim(self) -> None:
        """A person waits for the screen. The claim ends by itself after ``LONGEST_WAIT``."""
        self._until = self._clock.monotonic() + LONGEST_WAIT
        self._frames = FRAMES
        if self._released is None:
            self._released = asyncio.Event()

    def frame(self) -> None:
        """The screen was brought up to date."""
        self._frames -= 1
        if self._frames <= 0:
            self._release()

    def _release(self) -> None:
        if self._released is not None:
            self._released.set()
            self._released = None

    async def turn(self) -> None:
        """Let the event loop run; come back when nobody waits for the screen. Never longer than one claim."""
        await asyncio.sleep(0)
        released, left = self._released, self._until - self._clock.monotonic()
        if released is None:
            return
        if left > 0:
            await until_set(released, self._clock, left)
        if self._released is released:
            self._release()
