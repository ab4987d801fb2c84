"""Reads a container's log for one client: what is there, and, when it follows, what comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Literal

from kubetui.demo.clock import Clock, WallClock
from kubetui.demo.delivery import Dropped
from kubetui.demo.kubelets_reached import KubeletsReached
from kubetui.demo.logs.line import SECOND
from kubetui.demo.logs.log_file import Files, Printer, Start, tail
from kubetui.demo.logs.log_options import LogOptions
from kubetui.demo.logs.run import NoRun, Run, readable_run, state_of
from kubetui.demo.logs.script import Script
from kubetui.demo.world import World

LONGEST = 4 * 3600 * SECOND
"""The kubelet's HTTP server ends every answer after four hours, mid-line if need be."""
_SOONEST, _LATEST = 0.04, 1.0
"""Real seconds between two looks at a log that is followed; the kubelet looks once a second whether the run is over."""
_LATE = SECOND
"""A log's lines may be stamped a little earlier than they were written."""
_SLICE = 200


@dataclass(eq=False)
class Following:
    """A stream that is open, for those who cut it."""

    run: Run
    container: str
    cut: Literal["", "end", "reset"] = ""
    torn: bool = False
    """The cut comes within a line."""
    task: asyncio.Task[object] | None = field(default_factory=asyncio.current_task)
    """Who sends it."""


@dataclass(eq=False)
class Reader:
    """Opens logs. Bodies are made while they are sent; what is followed costs nothing while nothing is written."""

    world: World
    script: Script
    kubelets: KubeletsReached
    clock: Clock
    files: Files = field(init=False)
    following: set[Following] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.files = Files(self.script)

    def now(self) -> int:
        """The moment that the world has reached, in nanoseconds, after everything that is due has happened."""
        self.world.agenda.live(self.clock.now(), _SLICE)
        return int(self.world.agenda.now * SECOND)

    def close(self) -> None:
        """Drop every open stream, as an API server does that goes down."""
        for stream in self.following:
            if stream.task is not None:
                stream.task.cancel()

    async def read(self, run: Run, container: str, options: LogOptions) -> AsyncGenerator[bytes, None]:
        """The body of the answer: all that is there, or on and on until the container, or the connection, ends."""
        now = self.now()
        tape = self.script.tape(run)
        printer = Printer(
            options.since(now + (tape.offset(now) if tape else 0)), options.timestamps, options.limit_bytes
        )
        start = await self._start(run, options, printer.since, now)
        for piece in printer.print(start.lines, start.skip):
            yield piece
        if not options.follow:
            for batch in self.script.batches(run, start.position, now):
                for piece in printer.print(batch):
                    yield piece
                    if printer.full:
                        return
            return
        async for piece in self._follow(Following(run, container), printer, start.position, now):
            yield piece

    async def _start(self, run: Run, options: LogOptions, since: int, now: int) -> Start:
        begin = self.files.begin(run, now)
        if options.tail is not None:
            return await tail(self.script, run, begin, now, options.tail)
        tape = self.script.tape(run)
        if tape is None or not tape.skews:
            begin = max(begin, since - _LATE)
        return Start((), 0, begin)

    async def _follow(
        self, stream: Following, printer: Printer, position: int, opened: int
    ) -> AsyncGenerator[bytes, None]:
        self.following.add(stream)
        try:
            while True:
                now = self.now()
                current = self._refreshed(stream.run)
                if current is not None:
                    stream.run = current
                for batch in self.script.batches(stream.run, position, now):
                    for piece in printer.print(batch):
                        yield self._torn(stream, piece)
                        if printer.full or stream.cut:
                            self._check(stream)
                            return
                position = max(position, now)
                self._check(stream)
                if self._over(stream, current, now, opened):
                    return
                await self.clock.sleep(self._pause(stream.run, position, now))
        finally:
            self.following.discard(stream)

    def _refreshed(self, run: Run) -> Run | None:
        """The same run as it is now; None when it is no longer the container's last one, or the pod is gone."""
        pod = self.world.pods.current(run.pod)
        if pod is None:
            return None
        state = state_of(pod, run.place)
        if state is None:
            return None
        try:
            for previous in (False, True):
                found = readable_run(pod, run.place, "", previous=previous)
                if found.restarts == run.restarts:
                    return found
        except NoRun:
            return None
        return None

    def _over(self, stream: Following, current: Run | None, now: int, opened: int) -> bool:
        if current is None or stream.cut or now - opened >= LONGEST:
            return True
        if current.end is not None and now > current.end:
            return True
        host = current.pod.host
        return host is None or not self.kubelets.connected(host.name)

    @staticmethod
    def _torn(stream: Following, piece: bytes) -> bytes:
        return piece[: len(piece) // 2] if stream.cut and stream.torn else piece

    @staticmethod
    def _check(stream: Following) -> None:
        if stream.cut == "reset":
            raise Dropped

    def _pause(self, run: Run, position: int, now: int) -> float:
        """The world's seconds until it is worth looking again."""
        speed = self.clock.speed if isinstance(self.clock, WallClock) else 1.0
        following = (self.script.next_line(run, position) - now) / SECOND
        return min(max(following, _SOONEST * speed), _LATEST * max(1.0, speed))
