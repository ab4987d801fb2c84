"""What all streams of one tail share: the API, time, and the pace at which requests may leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from random import Random
from typing import Protocol

from kubetui.cluster.clock import Clock
from kubetui.cluster.transport import Answer, Request, Stream

AT_ONCE = 8
APART = 0.025
"""Seconds between requests after the first ``AT_ONCE``: a restarted API server must not meet all streams at once."""


class LogApi(Protocol):
    """What streams ask of a session."""

    async def send(self, request: Request) -> Answer:
        """One request. Raises ClusterError types."""

    def stream(self, request: Request) -> AbstractAsyncContextManager[Stream]:
        """Open a stream. Raises ClusterError types on entering."""


class RequestPace:
    """Some requests at once, the others one after another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free = clock.monotonic()

    async def turn(self) -> None:
        """Wait until the next request may leave."""
        now = self._clock.monotonic()
        self._free = max(self._free, now - AT_ONCE * APART) + APART
        if self._free > now:
            await self._clock.sleep(self._free - now)


@dataclass(frozen=True)
class LogPlace:
    """Shared by all streams of a tail."""

    api: LogApi
    clock: Clock
    random: Random
    pace: RequestPace
    yield_loop: Callable[[], Awaitable[None]]
    """Lets the loop, and a person who waits for the screen, go first."""
    began: float
    """When the tail began, monotonic seconds: ``since`` counts back from then."""
    recovered: Callable[[], None] = lambda: None
    """Called when a broken stream was answered again: the others need not wait out their pauses."""
