"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import heapq

TURNS = 30
"""Turns of the event loop that let everything ready come to rest between two moments."""


class FakeClock:
    """Fulfils ``kubetui.cluster.clock.Clock``. ``advance`` wakes each sleeper at its own moment, in order."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self._now = now
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, self._count, future))
        await future

    def jump(self, seconds: float) -> None:
        """Set the wall clock, as a suspended laptop or an NTP step does; monotonic time stays."""
        self._now += seconds

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        end = self._elapsed + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, future = heapq.heappop(self._sleepers)
            self._now += due - self._elapsed
            self._elapsed = due
            if not future.done():
                future.set_result(None)
            await settle()
        self._now += end - self._elapsed
        self._elapsed = end
        await settle()


async def settle() -> None:
    """Give all ready tasks their turns."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
