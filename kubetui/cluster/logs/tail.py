"""Many containers' logs as one: as many streams as allowed, merged by time into one sink.

    buffer = LogBuffer()
    tail = LogTail(session, parse_target("deploy/coredns", frozenset({"kube-system"})), LogOptions(since=900), buffer)
    task = asyncio.create_task(tail.run())  # cancel it to stop; nothing stays open then

The sink gets entries in their final order, ten times a second at most. ``sources`` has the containers with their
short names, states and rates; ``left_out`` those that the limit keeps out; ``state`` how the list of pods stands.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from kubetui.cluster.clock import until_set
from kubetui.cluster.errors import ClusterError, NotFound, NotKubernetes
from kubetui.cluster.logs.choice import choices_for
from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.outlet import Outlet
from kubetui.cluster.logs.place import LogPlace, RequestPace
from kubetui.cluster.logs.roster import Member, Roster
from kubetui.cluster.logs.stream import LogStream
from kubetui.cluster.logs.target import LogTarget
from kubetui.cluster.logs.voice import Voice
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.expression import Expression
from kubetui.kinds.log_pod import LOG_POD, LogContainer
from kubetui.kinds.wire import decode_row
from kubetui.store.logs.entry import LogSink
from kubetui.store.logs.merge import STALLED, Merge
from kubetui.store.logs.sources import LogPhase, LogSources, LogState, SourceKey
from kubetui.store.state import Phase, SyncState

log = logging.getLogger(__name__)

TICK = 0.1
"""Seconds between looks while lines wait or a stream is unsettled."""
IDLE_TICK = 1.0
ONCE_STALLED = 30.0
"""Seconds that all wait for one source where logs are read once: there order counts more than time."""
NUDGES_APART = 5.0
_LISTING = SyncState(Phase.CONNECTING)


@dataclass(eq=False)
class _Reader:
    """A container that is meant, with its stream once it has one."""

    member: Member
    stream: LogStream | None = None
    task: asyncio.Task[None] | None = None


class LogTail:
    """See the module. Without ``follow`` it ends when all was read, else by cancellation."""

    def __init__(self, session: Session, target: LogTarget, options: LogOptions, sink: LogSink) -> None:
        """Raises ``re.error`` where ``options.containers`` is no regular expression. Nothing is asked for yet."""
        self.target, self.options = target, options
        self.most_streams = options.most_streams
        """How many streams may be open; ``widen`` changes it."""
        self._session, self._sink, self._clock = session, sink, session.clock
        self.sources = LogSources(self._clock.monotonic)
        """The containers, in order of appearance."""
        self._merge = Merge(stalled=STALLED if options.follow else ONCE_STALLED)
        self._due = asyncio.Event()
        self._out = Outlet(self._merge, self.sources, self._clock, self._due.set)
        self._containers = Expression(options.containers)
        self._roster: Roster | None = None
        self._readers: dict[SourceKey, _Reader] = {}
        self._waiting: dict[SourceKey, None] = {}
        self._running: dict[asyncio.Task[None], LogStream] = {}
        self._place = LogPlace(
            session,
            self._clock,
            session.random,
            RequestPace(self._clock),
            session.foreground.turn,
            self._clock.monotonic(),
            self._nudge,
        )
        self._nudged_at = -NUDGES_APART
        self.failures: list[tuple[SourceKey, ClusterError]] = []
        """What ended because it could not be read, and why; without ``follow`` only."""

    # --- what a pane reads and does

    @property
    def state(self) -> SyncState:
        """How the list of pods stands: syncing, live, forbidden, and why."""
        return _LISTING if self._roster is None else self._roster.state

    @property
    def settled(self) -> bool:
        """Whether all pods that were there at the beginning are known: with none, the target has no pods."""
        return self._roster is not None and self._roster.settled

    @property
    def pods(self) -> int:
        """Pods that are meant, with or without a stream."""
        return 0 if self._roster is None else self._roster.pods

    @property
    def left_out(self) -> Sequence[SourceKey]:
        """Containers without a stream because ``most_streams`` are open, in order."""
        return sorted(self._waiting)

    def widen(self, most_streams: int) -> None:
        """Allow so many streams; more are opened at once, none is closed."""
        self.most_streams = most_streams
        self._due.set()

    def retry_now(self) -> None:
        """Reconnect what is broken, at once, and make sure of what is silent."""
        for stream in self._running.values():
            stream.retry_now()

    def _nudge(self) -> None:
        """One stream is answered again: the others try now, but not for each of many."""
        now = self._clock.monotonic()
        if now - self._nudged_at >= NUDGES_APART:
            self._nudged_at = now
            for stream in self._running.values():
                stream.nudge()

    # --- its life

    async def run(self) -> None:
        """Follow the target. Raises ClusterError types where it can't be found."""
        try:
            choices = await choices_for(self._session, self.target)
            self._roster = Roster(self._session, choices, self._containers, self._due.set)
            while not self._done:
                self._look()
                self._open_more()
                for stream in self._running.values():
                    stream.tick()
                self._flush()
                await self._rest()
            self._flush(all_of_it=True)
        finally:
            await self._close()

    @property
    def _done(self) -> bool:
        return not (self.options.follow or self._running or self._waiting) and self.settled

    async def _rest(self) -> None:
        """Until the next tick; while nothing is under way also until something changes."""
        if self._merge.pending or any(stream.busy for stream in self._running.values()):
            await self._clock.sleep(TICK)
        else:
            await until_set(self._due, self._clock, IDLE_TICK)
        self._due.clear()

    def _flush(self, *, all_of_it: bool = False) -> None:
        entries = self._merge.take(self._clock.monotonic(), all_of_it=all_of_it)
        if entries is not None:
            self._sink.extend(entries)

    async def _close(self) -> None:
        tasks = [*self._running]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._roster is not None:
            self._roster.close()

    # --- who is read

    def _look(self) -> None:
        """Take the pods' changes."""
        assert self._roster is not None
        for member in self._roster.changes():
            reader = self._readers.get(member.key)
            if reader is not None and reader.stream is not None:
                reader.stream.update(member.container)
            if member.container is None:
                # What its stream has to read still, it reads alone; the name is free for a pod made anew.
                self._readers.pop(member.key, None)
                self._waiting.pop(member.key, None)
            elif reader is None:
                self._readers[member.key] = _Reader(member)
                self._waiting[member.key] = None
            else:
                reader.member = member

    def _open_more(self) -> None:
        """Open streams for those who wait, as many as may be open: running containers first."""
        room = self.most_streams - sum(stream.reads for stream in self._running.values())
        if not self._waiting or room <= 0:
            return
        for key in sorted(self._waiting, key=self._order)[:room]:
            del self._waiting[key]
            self._open(self._readers[key])

    def _order(self, key: SourceKey) -> tuple[bool, SourceKey]:
        container = self._readers[key].member.container
        return container is None or container.state != "running", key

    def _open(self, reader: _Reader) -> None:
        member = reader.member
        assert member.container is not None
        source = self.sources.add(member.key, member.container.kind, member.node)
        if member.joined:
            Voice(self._out, source.index, self._clock).joined(member.container)
        reader.stream = LogStream(
            self._place,
            self._out,
            source,
            member.container,
            self.options,
            lambda: self._latest(member),
            joined=member.joined,
        )
        task = asyncio.create_task(reader.stream.run(), name=f"log {'/'.join(member.key)}")
        self._running[task] = reader.stream
        task.add_done_callback(lambda done: self._ended(done, member.key))

    def _ended(self, task: asyncio.Task[None], key: SourceKey) -> None:
        stream = self._running.pop(task)
        self._due.set()
        if task.cancelled():
            return
        if (defect := task.exception()) is not None:  # a defect becomes a state word, and a traceback in the log file
            log.error("a log stream stopped", exc_info=defect)
            if (source := self.sources.find(key)) is not None:
                words = f"{type(defect).__name__}, a defect of kubetui; the log file has the details"
                self.sources.set_state(source.index, LogState(LogPhase.ENDED, self._clock.now(), words))
        if stream.failed is not None:
            self.failures.append((key, stream.failed))

    async def _latest(self, member: Member) -> LogContainer | None:
        """How the container stands at the API server now; None where its pod is gone. Raises ClusterError types."""
        namespace, pod, container = member.key
        tried = f"get pod {namespace}/{pod}"
        try:
            answer = await self._session.send(Request(f"{LOG_POD.path_in(namespace)}/{pod}", tried))
            row = decode_row(LOG_POD, answer.body)
        except NotFound:
            return None
        except msgspec.ValidationError as error:
            raise NotKubernetes(tried, f"the answer is no pod: {error}") from error
        if row.uid != member.uid:
            return None
        return next((one for one in row.containers if one.name == container), member.container)
