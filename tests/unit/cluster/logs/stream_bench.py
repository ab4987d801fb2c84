"""A stream on the kubelet's model, with a record of what came out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from kubetui.cluster.errors import ClusterError, NotFound
from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.outlet import Outlet
from kubetui.cluster.logs.place import LogPlace, RequestPace
from kubetui.cluster.logs.stream import LogStream
from kubetui.cluster.transport import Request
from kubetui.kinds.log_pod import LogContainer
from kubetui.store.logs.entry import Mark, MarkKind
from kubetui.store.logs.merge import Merge
from kubetui.store.logs.sources import LogPhase, LogSources, LogState, SourceKey
from tests.fake_clock import FakeClock, settle
from tests.unit.cluster.logs.kubelet_model import Container, KubeletModel


class StreamBench:
    """One container, one stream, one clock."""

    def __init__(self, options: LogOptions | None = None, *, joined: bool = False, zone: str = "Z") -> None:
        self.clock = FakeClock()
        self.model = KubeletModel(self.clock)
        self.container: Container = self.model.add(zone=zone)
        self.options = options or LogOptions()
        self.joined = joined
        self.out: list[bytes | Mark] = []
        self.states: list[LogState] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.merge = Merge()
        self.sources = LogSources(self.clock.monotonic)
        outlet = Outlet(self.merge, self.sources, self.clock, lambda: None)
        place = LogPlace(self.model, self.clock, Random(1), RequestPace(self.clock), self._turn, self.clock.monotonic())
        container = self.container
        key = SourceKey(container.namespace, container.pod, container.name)
        source = self.sources.add(key, "container", "node-1")
        self.sources.on_change(self._note_state)
        self.stream = LogStream(place, outlet, source, container.told, self.options, self._latest, joined=self.joined)
        self.task = asyncio.create_task(self.stream.run())
        ticks = asyncio.create_task(self._ticks())
        try:
            await settle()
            yield
        finally:
            for task in (self.task, ticks):
                task.cancel()
            done, _ = await asyncio.wait([self.task, ticks])
            for task in done:
                if not task.cancelled() and (error := task.exception()) is not None:
                    raise error
            self.take()

    async def _turn(self) -> None:
        await asyncio.sleep(0)

    async def _ticks(self) -> None:
        while True:
            await self.clock.sleep(0.1 if self.stream.busy else 5.0)
            self.stream.tick()

    async def _latest(self) -> LogContainer | None:
        place = (self.container.namespace, self.container.pod)
        error = self.model.fault(Request(f"/api/v1/namespaces/{place[0]}/pods/{place[1]}", "get pod"))
        if isinstance(error, NotFound) or place not in self.model.uids:
            return None
        if isinstance(error, ClusterError):
            raise error
        return self.container.told

    def _note_state(self) -> None:
        state = self.sources.state(1)
        if not self.states or self.states[-1] != state:
            self.states.append(state)

    def tell(self) -> None:
        """The watch catches up."""
        place = (self.container.namespace, self.container.pod)
        self.stream.update(self.container.told if place in self.model.uids else None)

    def take(self) -> list[bytes | Mark]:
        """All that came out so far, in order."""
        entries = self.merge.take(self.clock.monotonic(), all_of_it=True)
        if entries is not None:
            self.out += [entries.marks.get(index, text) for index, text in enumerate(entries.texts)]
        return self.out

    @property
    def lines(self) -> list[bytes]:
        return [one for one in self.take() if isinstance(one, bytes)]

    @property
    def marks(self) -> list[Mark]:
        return [one for one in self.take() if isinstance(one, Mark)]

    @property
    def kinds(self) -> list[MarkKind]:
        return [mark.kind for mark in self.marks]

    @property
    def phase(self) -> LogPhase:
        return self.sources.state(1).phase
