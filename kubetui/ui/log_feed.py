"""One tail with what it needs to live in a pane: its buffer, its task, a new beginning after a failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from kubetui.cluster.clock import until_set
from kubetui.cluster.errors import ClusterError, Forbidden
from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.tail import LogTail
from kubetui.cluster.logs.target import LogTarget
from kubetui.cluster.session import Session
from kubetui.store.logs.buffer import MOST_LINES, LogBuffer
from kubetui.store.state import Phase, SyncState

log = logging.getLogger(__name__)

AGAIN = (2.0, 60.0)
"""Seconds, first and longest, until a target that could not be found is looked for again."""


class LogFeed:
    """Owns the tail's task: ``start`` begins it, ``stop`` ends it, ``restart`` does both with other options."""

    def __init__(
        self,
        session: Session,
        target: LogTarget,
        options: LogOptions,
        wake: Callable[[], None],
        most_lines: int = MOST_LINES,
    ) -> None:
        """``wake`` is called when lines came, and when a source or the tail's state changed."""
        self._session, self._wake = session, wake
        self.target, self.options = target, options
        self.buffer = LogBuffer(most_lines=most_lines)
        self.tail = self._new_tail()
        self._error: ClusterError | None = None
        self._began = 0.0
        self._next_try = 0.0
        self._task: asyncio.Task[None] | None = None
        self._retry = asyncio.Event()
        self.buffer.on_change(wake)

    @property
    def running(self) -> bool:
        """Whether the tail is under way."""
        return self._task is not None and not self._task.done()

    @property
    def state(self) -> SyncState:
        """How the tail stands."""
        error = self._error
        if error is None:
            return self.tail.state
        if isinstance(error, Forbidden):
            return SyncState(Phase.FORBIDDEN, reason=error.answer, advice=error.advice,
                             missing=error.tried)  # fmt: skip
        return SyncState(
            Phase.FAILED,
            reason=f"{error.tried}: {error.answer}",
            advice=error.advice,
            word="no logs",
            next_try=self._next_try,
        )

    @property
    def age(self) -> float:
        """Seconds since it began to read."""
        return self._session.clock.monotonic() - self._began

    def start(self) -> None:
        """Begin, unless it runs."""
        if not self.running:
            self._began = self._session.clock.monotonic()
            self._task = asyncio.create_task(self._run(), name=f"logs {self.target.words}")

    def stop(self) -> None:
        """End the tail; what it held stays."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def restart(self, options: LogOptions, target: LogTarget | None = None) -> None:
        """Begin anew with other options, or another target: all lines are read again."""
        self.stop()
        self._error = None
        if target is None:
            options = replace(options, most_streams=max(options.most_streams, self.tail.most_streams))
        self.target, self.options = target or self.target, options
        self.buffer.clear()
        self.tail = self._new_tail()
        self.start()

    def retry_now(self) -> None:
        """Try at once what waits."""
        self._retry.set()
        self.tail.retry_now()

    def _new_tail(self) -> LogTail:
        tail = LogTail(self._session, self.target, self.options, self.buffer)
        tail.sources.on_change(self._wake)
        return tail

    async def _run(self) -> None:
        pause = AGAIN[0]
        while True:
            try:
                await self.tail.run()
            except ClusterError as error:
                log.info("%s", error)
                self._fail(error, pause)
                await self._wait(pause)
                pause = min(pause * 2, AGAIN[1])
                self._error = None
            except Exception as error:  # the boundary at which a defect becomes words instead of a silent pane
                log.exception("the tail of %s stopped", self.target.words)
                defect = f"{type(error).__name__}, a defect of kubetui; the log file has the details"
                self._fail(ClusterError(f"follow {self.target.words}", defect), 0.0)
                return
            else:
                self._wake()
                return

    def _fail(self, error: ClusterError, pause: float) -> None:
        self._error = error
        self._next_try = self._session.clock.now() + pause
        self._wake()

    async def _wait(self, seconds: float) -> None:
        self._retry.clear()
        await until_set(self._retry, self._session.clock, seconds)
