"""A server in memory with a history of writes, as a Source that fails on request."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from kubetui.cluster.errors import ClusterError, Expired
from kubetui.cluster.source import Event, Page
from tests.fake_clock import FakeClock
from tests.unit.store.rows import Thing


def expired(tried: str = "watch things") -> Expired:
    return Expired(tried, "too old resource version", status=410, reason="Expired")


class HistorySource:
    """Objects and their history. Faults are queued: each call takes the next one of its own queue."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.writes: list[tuple[str, Thing | None]] = []
        self.objects: dict[str, Thing] = {}
        self.compacted = 0
        self.page_faults: deque[ClusterError | None] = deque()
        self.watch_faults: deque[Exception | None] = deque()
        self.tables_of: list[str] | None = None
        self.table_version: int | None = None
        self.pages = self.watches = self.tables = 0
        self.watched_from: list[str] = []
        self._wakers: set[asyncio.Event] = set()
        self._cuts: list[asyncio.Future[ClusterError | None]] = []
        self._opened = asyncio.Condition()

    # --- what a test does to it

    def put(self, name: str, value: int = 0) -> None:
        row = Thing(name, version=len(self.writes) + 1, value=value)
        self.objects[name] = row
        self._write(name, row)

    def delete(self, name: str) -> None:
        if self.objects.pop(name, None) is not None:
            self._write(name, None)

    def compact(self) -> None:
        """Forget the history; watches that are open stay open."""
        self.compacted = len(self.writes)

    def end_watches(self, error: ClusterError | None = None) -> None:
        """Cut all open watches with ``error``; None: the server ends them in order."""
        cuts, self._cuts = self._cuts, []
        for cut in cuts:
            if not cut.done():
                cut.set_result(error)

    async def watched(self, times: int) -> None:
        """Until a watch was asked for that many times."""
        async with self._opened:
            await self._opened.wait_for(lambda: self.watches >= times)

    @property
    def open_watches(self) -> int:
        return sum(not cut.done() for cut in self._cuts)

    def _write(self, name: str, row: Thing | None) -> None:
        self.writes.append((name, row))
        for waker in self._wakers:
            waker.set()

    # --- what the reflector sees

    async def page(self, *, limit: int, token: str = "", version: str = "") -> Page[Thing]:
        self.pages += 1
        await asyncio.sleep(0)
        if self.page_faults and (error := self.page_faults.popleft()) is not None:
            raise error
        snapshot, start = (int(part) for part in token.split(":")) if token else (len(self.writes), 0)
        if token and snapshot < self.compacted:
            raise expired("list things")
        rows = sorted(self._at(snapshot).values(), key=lambda row: row.name)
        part = rows[start : start + limit]
        end = start + len(part)
        more = end < len(rows)
        return Page(
            str(snapshot),
            f"{snapshot}:{end}" if more else "",
            len(rows) - end if more else None,
            len(part),
            iter(part),
        )

    def _at(self, version: int) -> dict[str, Thing]:
        held: dict[str, Thing] = {}
        for name, row in self.writes[:version]:
            if row is None:
                held.pop(name, None)
            else:
                held[name] = row
        return held

    @asynccontextmanager
    async def watch(
        self, version: str, *, seconds: float, initial: bool = False
    ) -> AsyncIterator[AsyncIterator[Sequence[Event[Thing]]]]:
        self.watches += 1
        self.watched_from.append(version)
        async with self._opened:
            self._opened.notify_all()
        if self.watch_faults and (error := self.watch_faults.popleft()) is not None:
            raise error
        cut: asyncio.Future[ClusterError | None] = asyncio.get_running_loop().create_future()
        self._cuts.append(cut)
        waker = asyncio.Event()
        self._wakers.add(waker)
        try:
            yield self._events(int(version or 0), cut, waker, initial)
        finally:
            self._wakers.discard(waker)
            cut.cancel()

    async def _events(
        self, version: int, cut: asyncio.Future[ClusterError | None], waker: asyncio.Event, initial: bool
    ) -> AsyncIterator[Sequence[Event[Thing]]]:
        at = self._clock.now()
        if initial:
            version = len(self.writes)
            yield [self._event(row.version, "ADDED", row) for row in self.objects.values()]
            yield [Event("BOOKMARK", at, version=str(version), initial_end=True)]
        elif version < self.compacted:
            yield [Event("ERROR", at, error=expired())]
            return
        while not cut.done():
            waker.clear()
            if version < len(self.writes):
                version += 1
                name, row = self.writes[version - 1]
                if row is None:
                    yield [Event("DELETED", self._clock.now(), ("default", name), str(version))]
                else:
                    yield [self._event(version, "MODIFIED", row)]
                continue
            woken = asyncio.create_task(waker.wait())
            waits: list[asyncio.Future[Any]] = [woken, cut]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
        if not cut.cancelled() and (error := cut.result()) is not None:
            raise error

    def _event(self, version: int, event_type: str, row: Thing) -> Event[Thing]:
        return Event("ADDED" if event_type == "ADDED" else "MODIFIED", self._clock.now(), row.key, str(version), row)

    async def namespaces(self) -> Sequence[str] | None:
        return self.tables_of

    async def table(self, namespace: str) -> list[Thing]:
        self.tables += 1
        await asyncio.sleep(0)
        version = len(self.writes) if self.table_version is None else self.table_version
        return [
            Thing(row.name, version=version, value=row.value, provisional=True) for row in self._at(version).values()
        ]
