"""Filling a large store from server-side Tables at once, with the objects' pages behind, beside the watch.

On a real API server 33,000 pods take 5.5 s as objects and 0.2 s as Tables. Who wins where the three meet is
``store/two_step.py``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Generic, TypeVar

from kubetui.cluster.backoff import Backoff
from kubetui.cluster.clock import Clock
from kubetui.cluster.collector import collector_paused
from kubetui.cluster.errors import ApiError, ClusterError, Expired
from kubetui.cluster.foreground import Foreground
from kubetui.cluster.paging import PAGE, pages_from, sliced
from kubetui.cluster.source import Page, Source
from kubetui.kinds.kind import Key, Row
from kubetui.store.store import Store
from kubetui.store.two_step import TwoStep

R = TypeVar("R", bound=Row)

log = logging.getLogger(__name__)

WORTH_TABLES = 2000
"""Objects that must follow the first page before Tables pay."""
TABLES_AT_ONCE = 4
"""The API server charges each Table as a list of all objects."""


def worth_tables(first: Page[R]) -> bool:
    """Whether a list that begins with ``first`` is large enough, and its versions are integers (KEP-5504)."""
    return first.version.isdecimal() and (first.remaining or 0) > WORTH_TABLES


class TablesFirst(Generic[R]):
    """One such filling. ``start`` returns once the first page is in; the rest goes on in a task of its own."""

    def __init__(
        self,
        source: Source[R],
        store: Store[R],
        clock: Clock,
        foreground: Foreground,
        backoff: Backoff,
        progress: Callable[[int, int, bool], None],
    ) -> None:
        self._source, self._store, self._clock, self._backoff = source, store, clock, backoff
        self._foreground = foreground
        self._progress = progress
        self._merge: TwoStep[R] = TwoStep(store)
        self._task: asyncio.Task[None] | None = None
        self._total = 0
        self._keyed = False
        self.done = False
        """All objects are in."""

    async def start(self, first: Page[R], namespaces: Sequence[str]) -> None:
        """Take the first page; then Tables and pages in the background."""
        self._total = first.count + (first.remaining or 0)
        await self._take_page(first)
        self._task = asyncio.create_task(self._fill(first, namespaces))
        self._task.add_done_callback(_report_defect)

    def events(self, events: Sequence[tuple[Key, int, R | None]]) -> None:
        """Watch events that came meanwhile."""
        self._merge.events(events)

    async def wait(self) -> None:
        """Until all objects are in."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """Give up what is not in yet."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _fill(self, first: Page[R], namespaces: Sequence[str]) -> None:
        with collector_paused():
            await self._all_tables(namespaces)
            self._keyed = True
            self._say()
            await self._all_pages(first)
        self._merge.finish()
        self.done = True
        self._say()

    async def _all_tables(self, namespaces: Sequence[str]) -> None:
        waiting = iter(namespaces)

        async def ask() -> None:
            for namespace in waiting:
                try:
                    self._merge.table(await self._source.table(namespace))
                except ClusterError as error:
                    # A Table only saves time: what it could not bring, the pages bring.
                    log.info("%s", error)
                self._say()

        async with asyncio.TaskGroup() as group:
            for _ in range(TABLES_AT_ONCE):
                group.create_task(ask())

    async def _all_pages(self, first: Page[R]) -> None:
        """The pages after ``first``. A failure is waited out here; the watch goes on beside it."""
        token = first.token
        while token:
            try:
                # The page that was taken stands for itself, emptied, so that the next one is asked for.
                taken = replace(first, token=token, rows=iter(()))
                async with aclosing(pages_from(self._source, taken)) as pages:
                    async for page in pages:
                        await self._take_page(page)
                        token = page.token
            except Expired:
                # Paging starts over; what is in stays, and the watch has kept it right.
                token = await self._start_over()
            except ClusterError as error:
                await self._wait_out(error)

    async def _start_over(self) -> str:
        while True:
            try:
                first = await self._source.page(limit=PAGE)
            except ClusterError as error:
                await self._wait_out(error)
            else:
                await self._take_page(first)
                return first.token

    async def _take_page(self, page: Page[R]) -> None:
        async for rows, unreadable in sliced(page.rows, self._clock, self._foreground):
            self._merge.page(rows)
            if unreadable:
                self._progress(self._total, unreadable, self._keyed)
        self._say()

    async def _wait_out(self, error: ClusterError) -> None:
        log.info("%s", error)
        asked = error.retry_after if isinstance(error, ApiError) else None
        await self._clock.sleep(max(self._backoff.next(), asked or 0.0))

    def _say(self) -> None:
        self._progress(self._total, 0, self._keyed)


def _report_defect(task: asyncio.Task[None]) -> None:
    """A ClusterError never gets here; what does is a defect, which must not stay silent."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("filling from Tables stopped", exc_info=error)
