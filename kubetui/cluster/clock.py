"""Time, injected: the tests hold the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """What the rest of the program knows of time."""

    def now(self) -> float:
        """Unix seconds; may jump."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary point; never jumps."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since boot or so."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(seconds)


async def until_set(event: asyncio.Event, clock: Clock, seconds: float | None) -> bool:
    """Wait for ``event``, at most ``seconds`` of ``clock`` (None: as long as it takes); whether it is set."""
    if seconds is None:
        return await event.wait()
    waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(_slept(clock, seconds))]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return event.is_set()


class Late(TimeoutError):
    """Work took longer than it may; not what a time limit of its own would raise."""


async def within(work: Awaitable[T], clock: Clock, seconds: float) -> T:
    """What ``work`` gives; raises Late, and ends it, where it takes longer than ``seconds`` of ``clock``."""
    return await before(work, clock.sleep(seconds))


async def before(work: Awaitable[T], limit: Awaitable[None]) -> T:
    """What ``work`` gives; raises Late, and ends it, where ``limit`` is over first."""
    working, limiting = asyncio.ensure_future(work), asyncio.ensure_future(limit)
    try:
        await asyncio.wait([working, limiting], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Late("it took too long")
        return working.result()
    finally:
        working.cancel()
        limiting.cancel()
        await asyncio.gather(working, limiting, return_exceptions=True)


async def _slept(clock: Clock, seconds: float) -> bool:
    await clock.sleep(seconds)
    return True
