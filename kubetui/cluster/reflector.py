"""Keeps one store in step with the server: pages, then a watch that is resumed, never restarted without need.

Behaves as client-go's reflector where that is right (0.36 ``tools/cache/reflector.go``: bookmarks, 410 means a new
list behind the old rows, its backoff, a watch of less than a second without an event is a failure) and resumes
where client-go lists anew: after a cut, a 5xx or a proxy's page the watch goes on from the last version.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from random import Random
from typing import Generic, TypeVar

from kubetui.cluster.backoff import Backoff
from kubetui.cluster.clock import Clock, until_set
from kubetui.cluster.collector import collector_paused
from kubetui.cluster.errors import (
    ApiError,
    ClusterError,
    Expired,
    Forbidden,
    TimedOut,
    TooLargeResourceVersion,
    Unreachable,
)
from kubetui.cluster.foreground import Foreground
from kubetui.cluster.paging import PAGE, pages_from, sliced
from kubetui.cluster.recovery import Plan, plan_for
from kubetui.cluster.source import Event, NotWatched, Page, Source
from kubetui.cluster.tables_first import TablesFirst, worth_tables
from kubetui.kinds.kind import Key, Row
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)

log = logging.getLogger(__name__)

WATCH_SECONDS = (300.0, 600.0)
"""client-go's range: it bounds every hang, and spreads reconnects."""
SHORT = 1.0
"""Seconds; a watch that ends sooner without an event is a failure (client-go's VeryShortWatchError)."""
HEALTHY = 5.0
"""Seconds; a watch that lasted this long and was cut is taken up again once before it counts as trouble."""
POLL_PAUSE = 30.0
"""Seconds between lists where listing is allowed and watching is not."""
NOT_ALLOWED = 405
"""The server's word for a kind that has no watch."""
PAGING_ATTEMPTS = 3
"""How often an expired paging starts over before it counts as a failure."""
EXPIRED_PAUSE = 0.8
"""Seconds (up to doubled) before the list that follows a 410: many clients meet it at once after a restart."""
EXPIRED_APART = 60.0
"""Seconds; a 410 sooner after the last one waits out the backoff."""
LAGGING_ATTEMPTS = 3
"""How often a version that is too large for this API server is asked for before listing anew."""


class _EndedAtOnce(Unreachable):
    """The server ended a watch at once."""


class Reflector(Generic[R]):
    """One kind, one selection, one store. ``run`` until cancelled; ``retry_now`` cuts a pause short."""

    def __init__(
        self,
        source: Source[R],
        store: Store[R],
        *,
        resource: str,
        clock: Clock,
        random: Random,
        foreground: Foreground | None = None,
        watch_list: bool = False,
        recovered: Callable[[], None] = lambda: None,
    ) -> None:
        """``recovered`` is called when trouble is over: others of the same server need not wait out their pauses."""
        self._source, self._store, self._resource = source, store, resource
        self._clock, self._random = clock, random
        self._foreground = foreground or Foreground(clock)
        self._backoff = Backoff(clock, random)
        self._retry = asyncio.Event()
        self._watching: asyncio.Timeout | None = None
        self._doubted: ClusterError | None = None
        self._watch_list = watch_list
        self._initial: set[Key] | None = None
        self._version = ""
        self._tables: TablesFirst[R] | None = None
        self._synced = False
        self._total: int | None = None
        self._unreadable = 0
        self._opened: float | None = None
        self._heard_at: float | None = None
        self._lagging = 0
        self._expired_at = -EXPIRED_APART
        self._recovered = recovered
        self._trouble: tuple[ClusterError, Plan, float] | None = None
        self._polled: NotWatched | None = None
        self._rests = False

    async def run(self) -> None:
        """Keep the store in step. Ends only by cancellation."""
        while True:
            try:
                if not self._version and self._initial is None:
                    await self._list()
                await self._watch()
            except ClusterError as error:
                await self._recover(error)
            finally:
                if not self._version and self._tables is not None:
                    await self._tables.stop()
                    self._tables = None

    async def close(self) -> None:
        """Stop what runs beside ``run``, after that was cancelled."""
        if self._tables is not None:
            await self._tables.stop()

    def nudge(self) -> None:
        """Cut the present pause short, if there is one."""
        self._retry.set()

    def retry_now(self) -> None:
        """Cut the present pause short, or open the watch anew."""
        self._retry.set()
        if self._watching is not None:
            self._watching.reschedule(asyncio.get_running_loop().time())

    def doubt(self, error: ClusterError) -> None:
        """The server does not answer on the way that the watch came: silence is not to be taken for peace."""
        if self._watching is not None:
            self._doubted = error
            self._watching.reschedule(asyncio.get_running_loop().time())
        elif self.resting:
            self._doubted = error
            self._retry.set()

    @property
    def resting(self) -> bool:
        """Whether the next list is minutes away: until then nothing of its own would tell that the server is gone."""
        return self._rests

    # --- the list

    async def _list(self) -> None:
        # What is listed again because it can't be watched is in step meanwhile.
        self._synced = self._synced and self._polled is not None
        if self._watch_list:
            self._initial = set()
            return
        first = await self._source.page(limit=PAGE)
        self._heard()
        if worth_tables(first) and not len(self._store):
            namespaces = await self._source.namespaces()
            if namespaces is not None:
                self._tables = TablesFirst(
                    self._source, self._store, self._clock, self._foreground, self._backoff, self._progress
                )
                self._version = first.version
                await self._tables.start(first, namespaces)
                return
        with collector_paused():
            self._version = await self._all_pages(first)
        self._synced = True
        self._report()

    async def _all_pages(self, first: Page[R]) -> str:
        """Put all pages into the store and take out what none of them had; the version to watch from."""
        for attempt in range(PAGING_ATTEMPTS):
            try:
                await self._replace(first)
            except Expired:
                if attempt == PAGING_ATTEMPTS - 1:
                    raise
                first = await self._source.page(limit=PAGE)
            else:
                break
        return first.version

    async def _replace(self, first: Page[R]) -> None:
        seen: set[Key] = set()
        async with aclosing(pages_from(self._source, first)) as pages:
            async for page in pages:
                async for rows, unreadable in sliced(page.rows, self._clock, self._foreground):
                    self._unreadable += unreadable
                    keys = [(row.namespace, row.name) for row in rows]
                    seen.update(keys)
                    self._store.apply(zip(keys, rows, strict=True))
                self._total = len(seen) + (page.remaining or 0)
                self._heard()
                self._report()
        if len(self._store) > len(seen):  # all that was seen is held
            self._store.keep_only(seen)

    def _progress(self, total: int, unreadable: int, synced: bool) -> None:
        """TablesFirst has come further."""
        self._total, self._synced = total, synced
        self._unreadable += unreadable
        self._heard_at = self._clock.now()
        self._report()

    # --- the watch

    async def _watch(self) -> None:
        """One watch, to its end."""
        self._opened = None
        started, events = self._clock.monotonic(), 0
        seconds = self._random.uniform(*WATCH_SECONDS)
        watch = self._source.watch(self._version, seconds=seconds, initial=self._initial is not None)
        try:
            async with asyncio.timeout(None) as self._watching, watch as batches:
                self._opened, self._polled = self._clock.monotonic(), None
                self._heard()
                self._report()
                async for batch in batches:
                    events += sum(event.type != "BOOKMARK" for event in batch)
                    self._take(batch)
                    self._heard()
                    await asyncio.sleep(0)
                self._heard_at = self._clock.now()  # the server ended it in good order: it was there until now
        except TimeoutError:
            doubted, self._doubted = self._doubted, None
            if doubted is None:
                return  # retry_now
            self._opened = None  # however long it lasted, its silence said nothing
            raise doubted from None
        except NotWatched as told:
            await self._poll(told)
            return
        except ApiError as error:
            if isinstance(error, Forbidden) or error.status == NOT_ALLOWED:
                await self._poll(NotWatched(POLL_PAUSE, f"{error.tried}: {error.answer}"))
                return
            if self._initial is None or error.status not in (400, 422):
                raise
            log.info("no WatchList here: %s", error)
            self._watch_list, self._initial = False, None
            return
        finally:
            self._watching = None
        if not events and self._clock.monotonic() - started < SHORT:
            raise _EndedAtOnce(f"watch {self._resource}", "the server ended the watch at once")

    def _take(self, batch: Sequence[Event[R]]) -> None:
        changes: list[tuple[Key, int, R | None]] = []
        try:
            for event in batch:
                if event.error is not None:
                    raise event.error
                self._note(event, changes)
        finally:
            if self._tables is not None and not self._tables.done:
                self._tables.events(changes)
            else:
                self._store.apply((key, row) for key, _, row in changes)

    def _note(self, event: Event[R], changes: list[tuple[Key, int, R | None]]) -> None:
        if event.type == "BOOKMARK":
            self._end_initial(event)
        elif event.row is None and event.type != "DELETED":
            self._unreadable += 1
        else:
            changes.append((event.key, int(event.version) if event.version.isdecimal() else 0, event.row))
        if self._initial is None:
            self._version = event.version or self._version
        elif event.type != "BOOKMARK":
            # A WatchList's first events are unordered: their versions are nothing to go on from.
            self._initial.add(event.key)

    def _end_initial(self, event: Event[R]) -> None:
        if self._initial is not None and event.initial_end:
            initial, self._initial = self._initial, None
            self._store.keep_only(initial)
            self._synced = True
            self._report()

    # --- when it does not go well

    async def _recover(self, error: ClusterError) -> None:
        log.info("%s", error)
        if isinstance(error, Expired):
            self._version = ""
        if isinstance(error, TooLargeResourceVersion):
            self._lagging += 1
            if self._lagging >= LAGGING_ATTEMPTS:
                self._version, self._lagging = "", 0
        if self._initial is not None:
            self._initial = set()
        if self._opened is not None and not isinstance(error, TimedOut):
            # A connection that was cut was good until then; one that went silent, only until its last word.
            self._heard_at = self._clock.now()
        healthy, self._opened = self._was_healthy(), None
        if healthy and isinstance(error, Unreachable):
            return
        plan = plan_for(error, held=self._heard_at is not None, resource=self._resource, backoff=self._backoff)
        if isinstance(error, Expired):
            # The server is there and asks for a new list: a long pause from before is over, unless it goes on so.
            now, last = self._clock.monotonic(), self._expired_at
            self._expired_at = now
            if now - last >= EXPIRED_APART:
                plan = replace(plan, pause=EXPIRED_PAUSE * (1 + self._random.random()))
        self._trouble = (error, plan, self._clock.now() + plan.pause)
        self._report()
        await self._pause(plan.pause)

    def _was_healthy(self) -> bool:
        return self._opened is not None and self._clock.monotonic() - self._opened > HEALTHY

    async def _poll(self, told: NotWatched) -> None:
        """Listing is possible and watching is not: list again after a pause."""
        self._watching = None
        if self._tables is not None:
            await self._tables.wait()
        self._polled, self._rests = told, told.pause > POLL_PAUSE
        self._report()
        try:
            await self._pause(told.pause)
        finally:
            self._rests = False
        self._version = ""
        doubted, self._doubted = self._doubted, None
        if doubted is not None:
            self._opened = None  # resting said nothing about the server
            raise doubted

    async def _pause(self, seconds: float) -> None:
        self._retry.clear()
        await until_set(self._retry, self._clock, seconds)

    # --- what is said

    def _heard(self) -> None:
        """The server answered: whatever was wrong is over."""
        self._heard_at = self._clock.now()
        self._lagging = 0
        if self._trouble is not None:
            self._trouble = None
            self._report()
            self._recovered()
        elif self._store.state.phase is Phase.CONNECTING:
            self._report()

    def _report(self) -> None:
        self._store.state = self._state()

    def _state(self) -> SyncState:
        held = len(self._store)
        if self._trouble is not None:
            error, plan, next_try = self._trouble
            return SyncState(
                plan.phase,
                held=held,
                since=self._heard_at,
                reason=f"{error.tried}: {error.answer}",
                advice=error.advice,
                next_try=next_try,
                missing=plan.missing,
                word=plan.word,
                unreadable=self._unreadable,
            )
        if not self._synced:
            return SyncState(Phase.SYNCING, held=held, total=self._total, unreadable=self._unreadable)
        if self._tables is not None and not self._tables.done:
            return SyncState(Phase.DETAILS, unreadable=self._unreadable)
        if self._polled is not None and self._polled.words:
            return SyncState(
                Phase.LIVE,
                reason=f"{self._polled.words}; listed every {self._polled.pause:.0f} s instead",
                missing=f"watch {self._resource}",
                unreadable=self._unreadable,
            )
        return SyncState(Phase.LIVE, unreadable=self._unreadable)
