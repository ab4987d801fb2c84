"""Where streams put what they read: into the merge, with the sources' states and rates kept beside."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Sequence

from kubetui.cluster.clock import Clock
from kubetui.store.logs.entry import NANO, Mark
from kubetui.store.logs.merge import Merge
from kubetui.store.logs.rate import WINDOW
from kubetui.store.logs.sources import LogSources, LogState

CROWDED_PAUSE = 0.05
"""Seconds between looks whether a source may be read on."""


class Outlet:
    """One for all streams of a tail."""

    def __init__(self, merge: Merge, sources: LogSources, clock: Clock, wake: Callable[[], None]) -> None:
        self.merge, self.sources = merge, sources
        self._clock, self._wake = clock, wake

    def lines(self, source: int, times: Sequence[int], texts: Sequence[bytes]) -> None:
        """Lines in the order of the node's file."""
        if times:
            self.merge.put(source, times, texts, self._clock.monotonic(), self._clock.now())
            recent = int((self._clock.now() - WINDOW) * NANO)
            self.sources.heard(source, len(times), bisect_left(times, recent))
            self._wake()

    def mark(self, mark: Mark) -> None:
        """A mark behind what its source has sent, in order of time with all else."""
        self.merge.put_mark(mark.source, mark, self._clock.monotonic(), self._clock.now())
        self._wake()

    def history(self, source: int) -> None:
        """Others' lines wait for this source's past."""
        self.merge.history(source, self._clock.monotonic())

    def live(self, source: int) -> None:
        """Its past is in."""
        if self.merge.live(source):
            self._wake()

    def state(self, source: int, state: LogState) -> None:
        """Its stream stands so."""
        self.sources.set_state(source, state)

    async def room(self, source: int) -> None:
        """Wait while too many lines wait to come out, unless others wait for this very source."""
        await asyncio.sleep(0)
        while self.merge.crowded and not self.merge.held_up_by(source):
            await self._clock.sleep(CROWDED_PAUSE)
