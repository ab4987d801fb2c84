"""The log of one container's present run: how it is asked for, where it was left, and whether an answer goes on there.

Requests can't name a run, so whether an answer is of the run we mean shows in its lines (``resuming.py``).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from kubetui.cluster.errors import ApiError, ClusterError
from kubetui.cluster.logs.answer import LogAnswer
from kubetui.cluster.logs.last_line import last_line
from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.outlet import Outlet
from kubetui.cluster.logs.place import LogPlace
from kubetui.cluster.logs.reading import Reading
from kubetui.cluster.logs.request import log_request
from kubetui.cluster.logs.resuming import OVERLAP, Delivered, Overlap, TooFew
from kubetui.cluster.logs.voice import Voice
from kubetui.cluster.transport import Request
from kubetui.kinds.log_pod import LogContainer
from kubetui.store.logs.entry import NANO
from kubetui.store.logs.sources import LogSource

log = logging.getLogger(__name__)

FIRST_PROBE: Final = 10.0
PROBE_EVERY: Final = 300.0
"""Seconds of silence after which a container is asked for its last line."""
IN_FLIGHT: Final = 2.0
"""Seconds in which a line that was asked for apart should have come by the stream as well."""


class OtherRun(Exception):
    """The answer is that of another run of the container."""


class RunLog:
    """Reads one answer after the other; new lines and marks go to ``voice``."""

    def __init__(
        self,
        place: LogPlace,
        out: Outlet,
        source: LogSource,
        options: LogOptions,
        voice: Voice,
        newer_run: Callable[[], Awaitable[bool]],
        *,
        whole: bool,
    ) -> None:
        """``newer_run`` makes sure whether the container was started anew; ``whole``: read it from its first line."""
        self._place, self._out, self._options, self._voice = place, out, options, voice
        self._newer_run = newer_run
        self._clock, self._key, self._index = place.clock, source.key, source.index
        self.whole = whole
        """All of it is wanted: it began while somebody was looking."""
        self.delivered = Delivered()
        self.before_gap: Delivered | None = None
        """What was delivered before the last gap: perhaps of the run before."""
        self.attempts = 0
        """Failures since the last new line."""
        self.answer: LogAnswer | None = None
        """What is being read."""
        self.broken: float | None = None
        """Since when (monotonic seconds) it is cut off; None while it is not."""
        self.ended_cleanly = False
        """That began with an end of file: perhaps the container's own end."""
        self.opened = False
        """The last answer had a status, or stood for a while."""
        self.unstamped = False
        """It comes without time stamps, so nothing can be resumed."""
        self.probe_at = 0.0
        """When a silent container is asked for its last line."""
        self._open_for = 0.0
        self._unfinished = False
        self._heard = place.clock.monotonic()
        self._counted = True
        self._earliest: int | None = None
        self._last_line: tuple[int, bytes] | None = None
        self._asked_for_last = False

    def begin_next(self, *, keep: bool) -> None:
        """The next run begins; ``keep``: what was delivered last is of that run already."""
        if not keep:
            self.delivered = Delivered()
        self.before_gap, self.broken, self.ended_cleanly, self.whole = None, None, False, True

    def breaks(self) -> None:
        """It is cut off, from now on unless it was before."""
        if self.broken is None:
            self.broken = self._clock.monotonic()

    async def belongs(self, container: LogContainer) -> bool:
        """Whether the lines delivered last are the present run's: its log has them."""
        reading = Reading(
            self.delivered.copy(),
            lambda times, texts: None,
            lambda time, text: None,
            self._voice.now,
            resume=True,
            longest=self._options.longest_line,
        )
        answer = LogAnswer(self._place, log_request(self._key, since=self.delivered.since), reading, follow=False)

        async def missing(held: Reading) -> None:
            held.accept()
            answer.cut()

        async def enough() -> None:
            if reading.overlap is not Overlap.SEARCHING:
                answer.cut()

        try:
            await answer.read(missing, enough)
        except ClusterError as error:
            log.info("which run is it: %s", error)
            return self.before_gap is not None or 0 < (container.started + 1) * NANO <= self.delivered.last
        reading.quiet()
        return reading.overlap is Overlap.FOUND

    def request(
        self, *, follow: bool, previous: bool = False, after: Delivered | None = None, whole: bool | None = None
    ) -> Request:
        """The request that goes on ``after`` what was delivered, or begins with what is asked for."""
        delivered, options = self.delivered if after is None else after, self._options
        if delivered and (back := self._lines_back(delivered)) is not None:
            return log_request(self._key, follow=follow, previous=previous, tail=back)
        if delivered:
            from_then = delivered.since if self._earliest is None else min(self._earliest, delivered.since)
            return log_request(self._key, follow=follow, previous=previous, since=from_then)
        if self.whole if whole is None else whole:
            return log_request(self._key, follow=follow, previous=previous)
        if follow and options.tail is not None and self._open_for >= FIRST_PROBE and not self._unfinished:
            # It was followed so long without a line, so there was none: whatever comes now is new.
            return log_request(self._key, follow=follow, since_seconds=self._open_for + IN_FLIGHT)
        since = self.window(options.since)
        return log_request(self._key, follow=follow, previous=previous, tail=options.tail, since_seconds=since)

    def _lines_back(self, delivered: Delivered) -> int | None:
        """How many last lines a stream that goes on asks for; None: it asks by time."""
        return delivered.lines_back(self._clock.monotonic() - self._heard) if self._counted else None

    def window(self, since: float | None) -> float | None:
        """Seconds back from now that reach to ``since`` before the tail began."""
        return None if since is None else since + self._clock.monotonic() - self._place.began

    async def read(
        self, request: Callable[[], Request], *, follow: bool, into: Delivered | None = None, previous: bool = False
    ) -> bool:
        """Read one answer; whether all was read: a follow was not cut, what is read once did not end too early.

        ``request`` makes what is asked for. Raises ClusterError types, and OtherRun.
        """
        delivered = self.delivered if into is None else into
        try:
            return await self._read(request(), delivered, follow=follow, previous=previous)
        except TooFew:
            self._counted = False
            return await self._read(request(), delivered, follow=follow, previous=previous)
        finally:
            self._counted = True

    async def _read(self, request: Request, delivered: Delivered, *, follow: bool, previous: bool) -> bool:
        counted = bool(delivered) and self._lines_back(delivered) is not None
        reading = Reading(
            delivered,
            self._emit,
            self._voice.node_said,
            self._voice.now,
            resume=bool(delivered),
            longest=self._options.longest_line,
            counted=counted,
        )
        answer = self.answer = LogAnswer(self._place, request, reading, follow=follow)
        self.probe_at = self._clock.monotonic() + FIRST_PROBE
        if not delivered:
            self._out.history(self._index)
            self._voice.opening()

        async def missing(held: Reading) -> None:
            if counted:
                raise TooFew
            await self._explain(held, delivered, previous=previous)

        try:
            whole = await answer.read(missing, lambda: self._out.room(self._index))
            if not follow:
                # Whoever is in between may end an answer cleanly where it breaks: only a second look can tell.
                whole = delivered.seems_whole(reading.complete, reading.lines, reading.rest)
                if whole or not self._options.follow:
                    reading.finish()
                else:
                    reading.quiet()
                while reading.held is not None:
                    await missing(reading)
            elif reading.complete:
                delivered.rest = reading.rest
        finally:
            self.answer = None
            self.opened, self.unstamped = answer.answered, reading.unstamped
            self._unfinished = bool(reading.rest)
            if answer.answered and follow and not delivered:
                self._open_for += self._clock.monotonic() - answer.asked
        return whole

    async def _explain(self, reading: Reading, delivered: Delivered, *, previous: bool) -> None:
        """The last delivered line is not in the answer: it is another run's, or lines were rotated away."""
        assert reading.held is not None
        if not previous:
            if await self._newer_run():
                raise OtherRun
            self.before_gap = delivered.copy()
        first = reading.held[0][0]
        self.gap(
            "rotated on the node before it could be read",
            seconds=max(0.0, (first - delivered.last) / NANO),
            after=delivered,
        )
        reading.accept()

    async def ask_for_last_line(self, answer: LogAnswer) -> None:
        """Cut the stream where the container has said something that did not come by it."""
        try:
            heard = answer.heard
            last = await last_line(self._place.api, self._key)
            await self._clock.sleep(IN_FLIGHT)
            if answer is self.answer and answer.heard == heard and self._is_news(last, answer):
                answer.cut(dead=True)
        except ClusterError as error:
            log.info("%s", error)
            # A refusal says nothing about the stream; no way to the node does.
            if answer is self.answer and not (isinstance(error, ApiError) and error.status < 500):
                answer.cut(dead=True)
        finally:
            self.probe_at = self._clock.monotonic() + PROBE_EVERY * (1 + self._place.random.random() / 4)

    def _is_news(self, last: tuple[int, bytes] | None, answer: LogAnswer) -> bool:
        """Whether the container's last line is one that the stream should have brought and did not."""
        before, self._last_line = self._last_line, last
        asked, self._asked_for_last = self._asked_for_last, True
        if last is None:
            return False
        if not self.delivered:
            # It had said nothing within what is asked for: the first answer only tells where it stands.
            return asked and last != before
        if self.delivered.ends_with(*last) or (last == before and answer.reading.complete):
            return False  # the same again, though it was read anew: the last record of a line that we have
        if last[0] < self.delivered.since:  # the node's clock was set back: by time, lines would stay hidden
            away = self._clock.monotonic() - self._heard + IN_FLIGHT
            self._earliest = last[0] - int(away * NANO) - OVERLAP
        return True

    def _emit(self, times: Sequence[int], texts: Sequence[bytes]) -> None:
        if self.broken is not None:
            self.mend()
        self.attempts, self._heard, self._earliest = 0, self._clock.monotonic(), None
        self._voice.lines(times, texts)

    def mend(self) -> None:
        """It goes on, and nothing was lost. The rest of a container that ended is no reconnection."""
        answer = self.answer
        if self.broken is not None and self.delivered and (not self.ended_cleanly or (answer and answer.follow)):
            opened = self._clock.monotonic() if answer is None else answer.asked
            self._voice.reconnected(self.delivered.last, max(0.0, opened - self.broken))
        self.broken, self.ended_cleanly = None, False

    def gap(self, why: str, *, seconds: float = 0.0, after: Delivered | None = None) -> None:
        """Lines are missing behind what was delivered."""
        self._voice.gap((after or self.delivered).last, why, seconds)
        self.broken, self.ended_cleanly = None, False
