"""One answer of the log endpoint while it is read: what its silence means, and how it is cut.

The kubelet sends no status before the first byte, so a container that says nothing looks as one that does not
answer. After a moment a follow counts as live; ``last_line.py`` makes sure of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from kubetui.cluster.errors import TimedOut
from kubetui.cluster.logs.place import LogPlace
from kubetui.cluster.logs.reading import Reading
from kubetui.cluster.transport import Request

ANSWERS: Final = 2.0
"""Seconds after which a follow without an error counts as live, though no byte has come."""
SILENT_START: Final = 1.0
"""Seconds without a first byte after which a source's past counts as empty."""
PAST_QUIET: Final = 0.3
"""Seconds of silence after which a source's past counts as complete."""
UNDECIDED: Final = 2.0
"""Seconds of silence after which what a resumed stream has sent is judged as it is."""
LONG_QUIET: Final = 30.0
"""The same where all that it sent were repetitions."""


class LogAnswer:
    """Read it once with ``read``; ``tick`` it meanwhile."""

    def __init__(self, place: LogPlace, request: Request, reading: Reading, *, follow: bool) -> None:
        self._place, self._request, self.reading, self.follow = place, request, reading, follow
        self._timeout: asyncio.Timeout | None = None
        self._wanted_end = False
        self.asked = self.heard = place.clock.monotonic()
        """Monotonic seconds."""
        self.answered = False
        """A status came, or a follow has stood long enough without an error."""
        self.opened = False
        """A status came."""
        self.past_in = False
        """What the container had said before is complete, as far as silence tells."""

    @property
    def silent(self) -> float:
        """Seconds since the last byte."""
        return self._place.clock.monotonic() - self.heard

    @property
    def unsettled(self) -> bool:
        """Whether ``tick`` has something to decide soon."""
        return not (self.answered and self.past_in) or self.reading.undecided

    async def read(self, missing: Callable[[Reading], Awaitable[None]], room: Callable[[], Awaitable[None]]) -> bool:
        """Read to the end; False where ``cut`` ended it. ``missing`` is awaited while the reading holds lines that
        follow a gap, ``room`` after each chunk. Raises ClusterError types, and what ``missing`` raises.
        """
        await self._place.pace.turn()
        self.asked = self.heard = self._place.clock.monotonic()
        try:
            async with asyncio.timeout(None) as self._timeout, self._place.api.stream(self._request) as stream:
                self.opened = self.answered = True
                self.heard = self._place.clock.monotonic()
                async for chunk in stream.chunks():
                    self.heard = self._place.clock.monotonic()
                    self.reading.feed(chunk)
                    while self.reading.held is not None:
                        await missing(self.reading)
                    await self._place.yield_loop()
                    await room()
        except TimeoutError:
            if self._wanted_end:
                return False
            raise TimedOut(self._request.tried, "the stream was silent while new lines were written") from None
        finally:
            self._timeout = None
        return True

    def tick(self) -> None:
        """Time passed."""
        now = self._place.clock.monotonic()
        if self.follow and now - self.asked >= ANSWERS:
            self.answered = True
        heard_something = self.heard > self.asked
        if now - self.heard >= (PAST_QUIET if heard_something else SILENT_START):
            self.past_in = True
        if now - self.heard >= UNDECIDED:
            self.reading.quiet(for_long=now - self.heard >= LONG_QUIET)

    def cut(self, *, dead: bool = False) -> None:
        """End it now: ``dead`` makes ``read`` raise TimedOut, else it returns False."""
        self._wanted_end = not dead
        if self._timeout is not None:
            self._timeout.reschedule(asyncio.get_running_loop().time())
