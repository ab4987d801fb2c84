"""One run for many who wait for the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Runs ``work`` once for all who ask while it runs.

    A waiter that is cancelled leaves the run to the others; when the last one has gone, the run is cancelled too,
    so it never outlives those who own it.
    """

    def __init__(self, work: Callable[[], Awaitable[T]]) -> None:
        self._work = work
        self._run: asyncio.Task[T] | None = None
        self._waiters = 0

    async def result(self) -> T:
        """The result of the current run, or of a new one; raises what it raised."""
        if self._run is None:
            self._run = asyncio.ensure_future(self._start())
            self._waiters = 0
        run = self._run
        self._waiters += 1
        try:
            return await asyncio.shield(run)
        finally:
            if self._run is run:
                self._waiters -= 1
                if run.done() or not self._waiters:
                    self._run = None
                    await _ended(run)

    async def _start(self) -> T:
        return await self._work()


async def _ended(run: asyncio.Task[T]) -> None:
    """Cancel ``run`` and wait for its end: what it holds (a process, the terminal) is given back before we go on."""
    if not run.done():
        run.cancel()
        await asyncio.wait([run])
