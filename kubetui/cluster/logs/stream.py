"""One container's log as a stream that loses nothing: opened, watched over, resumed, and led through restarts.

A follow ends with a clean end of file when the container ends, after four hours (the kubelet's own limit), and after
many a failure between here and there. So an end means nothing by itself: the pod's status decides what follows.

A plain request reads the log of the latest run of a container, ``previous`` that of the run before it; of a container
that waits to be started again (CrashLoopBackOff) both read the run that ended last (``validateContainerLogStatus`` in
the kubelet). Neither can name a run, so whether an answer is of the run we mean shows in its lines (``resuming.py``).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from kubetui.cluster.backoff import Backoff
from kubetui.cluster.errors import ApiError, ClusterError, Forbidden, NotFound
from kubetui.cluster.logs.answer import UNDECIDED, LogAnswer
from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.outlet import Outlet
from kubetui.cluster.logs.place import LogPlace
from kubetui.cluster.logs.request import log_request
from kubetui.cluster.logs.resuming import Delivered, Overlap
from kubetui.cluster.logs.run_log import FIRST_PROBE, OtherRun, RunLog
from kubetui.cluster.logs.standing import Standing
from kubetui.cluster.logs.trouble import trouble_of
from kubetui.cluster.logs.voice import Voice
from kubetui.kinds.log_pod import LogContainer
from kubetui.store.logs.sources import LogPhase, LogSource

log = logging.getLogger(__name__)

SILENT_AGAIN: Final = 35.0
"""Seconds of silence after which a further try counts as live without a status: API servers and their tunnels give up
on a kubelet that can't be reached after 30 s at most, so that an error would have come by then."""
OUTLIVED: Final = 3.0
"""Seconds that a stream may go on after its container was started anew."""
DELETED: Final = 30.0
"""Seconds that a stream may go on after its pod was deleted."""
HEALTHY: Final = 5.0
"""Seconds; a stream that lasted so long and broke is taken up again at once, later ones after growing pauses."""
SETTLES: Final = 1.0
"""Seconds that a pod's status is given to tell of a restart, before missing lines are called a gap."""
FOR_GOOD: Final = 5.0
"""Seconds after which a container that has ended counts as ended for good."""
ATTEMPTS: Final = 4
"""How often in a row a log that is read once may fail before giving up: who waits for the answer waits some 10 s."""


class LogStream:
    """``run`` reads until nothing more can come; ``update`` tells it how the pod stands, ``tick`` that time passed."""

    def __init__(
        self,
        place: LogPlace,
        out: Outlet,
        source: LogSource,
        container: LogContainer,
        options: LogOptions,
        latest: Callable[[], Awaitable[LogContainer | None]],
        *,
        joined: bool = False,
    ) -> None:
        """``latest`` asks the API server how the container stands; ``joined``: its pod is younger than the tail."""
        self._place, self._out, self._options = place, out, options
        self._clock, self._key, self._index = place.clock, source.key, source.index
        self._voice = Voice(out, source.index, place.clock)
        self._stands = Standing(place.clock, container, latest)
        self._log = RunLog(place, out, source, options, self._voice, self._newer_run, whole=joined)
        self._run, self._drained = -1, False
        self._backoff = Backoff(place.clock, place.random)
        self._hailed: LogAnswer | None = None
        self._idle = self._outlived = self._tried = self._was_running = False
        self._probe: asyncio.Task[None] | None = None
        self.failed: ClusterError | None = None
        """Why it ended, where that was a failure."""

    # --- what the tail tells

    def update(self, container: LogContainer | None) -> None:
        """The pod's status changed; None: the pod is gone."""
        self._stands.update(container)

    def retry_now(self) -> None:
        """Cut a pause short; ask a silent container for its last line."""
        self._stands.wake()
        self._log.probe_at = self._clock.monotonic()

    def nudge(self) -> None:
        """The way is free again: cut a pause short."""
        if self._log.answer is None and self._log.broken is not None:
            self._stands.wake()

    @property
    def reads(self) -> bool:
        """Whether it reads or tries to; not so while it waits for a container to start, or to start again."""
        return not self._idle

    @property
    def busy(self) -> bool:
        """Whether ``tick`` is wanted often."""
        return self._log.answer is not None and (self._log.answer.unsettled or self._log.broken is not None)

    def tick(self) -> None:
        """Time passed."""
        answer, now = self._log.answer, self._clock.monotonic()
        if answer is None:
            return
        answer.tick()
        if not answer.follow:
            return
        if answer.past_in:
            self._out.live(self._index)
        if answer.answered:
            if self._log.broken is not None and answer.opened and answer is not self._hailed:
                self._hailed = answer
                self._place.recovered()
            if answer.opened or not self._voice.broken or answer.silent >= SILENT_AGAIN:
                self._voice.say(LogPhase.LIVE)
            joined = answer.silent >= UNDECIDED and answer.reading.overlap is Overlap.FOUND
            if self._log.broken is not None and joined:
                self._log.mend()
        outlived = self._stands.container.run > self._run and now - max(self._stands.told_at, answer.asked) >= OUTLIVED
        if outlived or (self._stands.gone and now - self._stands.told_at >= DELETED):
            self._outlived = outlived
            answer.cut()
        if now >= self._log.probe_at and answer.silent >= FIRST_PROBE and self._probe is None:
            self._probe = asyncio.create_task(self._log.ask_for_last_line(answer), name="log probe")
            self._probe.add_done_callback(self._probed)

    def _probed(self, probe: asyncio.Task[None]) -> None:
        self._probe = None

    # --- its life

    async def run(self) -> None:
        """Read until nothing more can come. Ends by itself; cancel it to stop."""
        try:
            if self._options.previous:
                await self._read_previous_alone()
            else:
                await self._show_run_before()
                while await self._go_on():
                    pass
        finally:
            self._out.merge.leave(self._index)
            if self._probe is not None:
                self._probe.cancel()

    async def _go_on(self) -> bool:
        """Do what the container's state asks for; False at the end."""
        container, self._idle = self._stands.container, False
        if self._stands.gone:
            self._end_gone()
            return False
        if container.exists and container.run > self._run >= 0:
            await self._change_run(container)
        elif not container.exists or (self._drained and container.run == self._run):
            return await self._wait_for_run(container)
        elif self._run < 0 and container.state != "running" and self._ended_too_long_ago(container):
            self._run, self._drained = container.run, True
        else:
            self._run = container.run
            await self._read_run(container)
        return True

    async def _wait_for_run(self, container: LogContainer) -> bool:
        """Nothing is to be read now; False where nothing will be."""
        self._out.live(self._index)
        self._idle = True
        if not self._drained:
            self._voice.say(LogPhase.WAITING, container.reason or "the container has not started", container.message)
            if self._options.follow:
                await self._stands.pause(None)
        elif not self._options.follow:
            self._voice.say(LogPhase.ENDED, f"{self.failed.tried}: {self.failed.answer}" if self.failed else "")
        elif self._log.unstamped:
            self._voice.say(LogPhase.ENDED, "the log comes without time stamps, so it can't be followed further")
            await self._stands.pause(None)
        elif container.state == "terminated":
            self._voice.say(LogPhase.ENDED, container.ended_reason)
            if not await self._stands.pause(FOR_GOOD):
                if self._was_running:  # what ended before anybody looked is no news
                    self._voice.ended(container, self._log.delivered.last)
                await self._stands.pause(None)
        else:
            self._voice.say(LogPhase.WAITING, container.reason, container.message)
            await self._stands.pause(None)
        return self._options.follow

    async def _read_run(self, container: LogContainer) -> None:
        """Read the present run to an end or a failure, and wait as long as that asks for."""
        if self._tried and not self._log.delivered:
            await self._stands.learn()  # no line was delivered that could prove which run answers
            if self._stands.gone or self._stands.container.run != self._run:
                return
        self._tried = True
        follow = self._options.follow and container.state == "running"
        self._was_running = self._was_running or follow
        began = self._clock.monotonic()
        try:
            whole = await self._log.read(lambda: self._log.request(follow=follow), follow=follow)
        except OtherRun:
            return
        except ClusterError as error:
            await self._recover(error, began)
            return
        if not follow:
            self._drained = whole or not self._options.follow
            self._log.broken = None if self._drained else self._log.broken
            if not self._drained and self._log.delivered.looks > 1:
                await self._stands.pause(self._backoff.next())
            return
        # The container's end, or somebody's on the way? The pod's status tells, if not at once.
        self._log.ended_cleanly = self._log.ended_cleanly or self._log.broken is None
        self._log.breaks()
        if self._log.unstamped:
            self._drained = True
        elif self._stands.container is container and not await self._stands.pause(SETTLES):
            self._voice.say(LogPhase.RECONNECTING, "the stream ended")
            if self._clock.monotonic() - began < HEALTHY:
                await self._stands.pause(self._backoff.next())

    async def _recover(self, error: ClusterError, began: float) -> None:
        """Say what is wrong, and wait."""
        log.info("%s", error)
        healthy = self._log.opened and self._clock.monotonic() - began >= HEALTHY
        if self._log.opened or self._log.delivered:
            self._log.breaks()
        if isinstance(error, NotFound) and await self._stands.is_gone():
            return
        self._log.ended_cleanly = False
        if healthy and not isinstance(error, ApiError):
            self._voice.say(LogPhase.RECONNECTING, f"{error.tried}: {error.answer}")
            return
        trouble = trouble_of(error, self._backoff)
        # Who is asked to come later, or not at all, does not ask for the pod beside the log.
        self._tried = trouble.phase is LogPhase.RECONNECTING
        self._log.attempts += 1
        if not self._options.follow and (trouble.final or self._log.attempts >= ATTEMPTS):
            self.failed, self._drained = error, True
            return
        self._out.live(self._index)
        self._voice.say(
            trouble.phase,
            f"{error.tried}: {error.answer}",
            trouble.advice,
            next_try=self._clock.now() + trouble.pause,
            missing=trouble.missing,
        )
        await self._stands.pause(trouble.pause)

    def _end_gone(self) -> None:
        if self._log.broken is not None and not (self._log.ended_cleanly or self._drained) and self._log.delivered:
            lost = self._clock.monotonic() - self._log.broken
            self._log.gap("the pod was deleted while its log could not be read", seconds=lost)
        self._voice.gone()

    # --- runs

    async def _show_run_before(self) -> None:
        """The last lines of the run before, where that ended within what is asked for."""
        container, options = self._stands.container, self._options
        wanted = options.follow and options.old_lines and options.tail != 0 and not self._log.whole
        restarted = container.state == "running" and container.ended_run >= 0
        if not wanted or not restarted or self._ended_too_long_ago(container):
            return
        request = log_request(
            self._key, previous=True, tail=options.old_lines, since_seconds=self._log.window(options.since)
        )
        shown = Delivered()
        try:
            await self._log.read(lambda: request, follow=False, into=shown, previous=True)
        except ClusterError as error:
            log.info("the lines before a restart: %s", error)
        if shown:
            self._voice.restarted(container, shown.total)

    def _ended_too_long_ago(self, container: LogContainer) -> bool:
        """Whether the run that ended last ended before what is asked for: its log need not be read."""
        since = self._log.window(self._options.since)
        return since is not None and 0 < container.ended < self._clock.now() - since - SETTLES

    async def _change_run(self, container: LogContainer) -> None:
        """A newer run is there: read what is left of the old one and what is still held of those between; mark it."""
        # A stream that outlived its run was opened when the new one had begun; else its end was the old one's.
        already = self._outlived and bool(self._log.delivered) and await self._log.belongs(container)
        old = self._log.before_gap if already and self._log.before_gap is not None else self._log.delivered
        between = container.run - self._run - 1
        readable = container.state != "waiting"
        if between:
            lost = between - readable
            if lost or not self._drained:
                self._log.gap(_runs_words(lost, rest=not self._drained))
        if not readable and not between and not self._drained:
            self._log.gap("the old container's log was replaced before it could be read")
        if readable and (between or not self._drained):
            # Of a run that came and went meanwhile, and of one that was never read, nothing was delivered.
            never = already and self._log.before_gap is None
            if not await self._read_old(container, Delivered() if between or never else old, whole=bool(between)):
                return
        self._voice.restarted(container)
        self._log.begin_next(keep=already)
        self._run, self._drained = container.run, False
        self._outlived = self._tried = self._was_running = False

    async def _read_old(self, container: LogContainer, old: Delivered, *, whole: bool) -> bool:
        """The run before this one, from where it was left, or ``whole``; False where things changed meanwhile."""
        while self._stands.container.run == container.run and not self._stands.gone:
            began = self._clock.monotonic()
            try:
                if await self._log.read(
                    lambda: self._log.request(follow=False, previous=True, after=old, whole=whole or self._log.whole),
                    follow=False,
                    into=old,
                    previous=True,
                ):
                    return True
                if old.looks > 1:
                    await self._stands.pause(self._backoff.next())
            except ClusterError as error:
                if isinstance(error, ApiError) and error.status == 400:
                    self._log.gap("the old container's log was gone before it could be read", after=old)
                    return True
                await self._recover(error, began)
        return False

    async def _read_previous_alone(self) -> None:
        """``previous`` was asked for: the run before, once."""
        while not self._drained and not self._stands.gone:
            began = self._clock.monotonic()
            try:
                await self._log.read(
                    lambda: self._log.request(follow=False, previous=True), follow=False, previous=True
                )
                self._drained = True
            except ClusterError as error:
                self._log.attempts += 1
                final = isinstance(error, ApiError) and error.status in (400, 404)
                if final or self._log.attempts >= ATTEMPTS:
                    self.failed, self._drained = error, True
                else:
                    await self._recover(error, began)
        self._voice.say(LogPhase.ENDED, f"{self.failed.tried}: {self.failed.answer}" if self.failed else "")

    async def _newer_run(self) -> bool:
        """Whether the container was started anew; the pod's status may come late. Raises ClusterError types where
        that can't be known now, but may be later.
        """
        if self._stands.container.run == self._run:
            await self._clock.sleep(SETTLES)
            try:
                await self._stands.ask()
            except Forbidden as error:
                log.info("%s", error)  # who may not get the pod never knows
        return self._stands.container.run > self._run


def _runs_words(lost: int, *, rest: bool) -> str:
    """What of a container's runs was not read."""
    runs = f"{lost} run{'s' if lost > 1 else ''} of the container came and went" if lost else ""
    return " and ".join(part for part in ("the end of a run" if rest else "", runs) if part) + ", unread"
