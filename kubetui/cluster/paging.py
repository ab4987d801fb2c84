"""Pages of a list, the next one on its way while this one is read; and rows in slices of a few milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from itertools import islice
from typing import TypeVar

from kubetui.cluster.clock import Clock
from kubetui.cluster.foreground import Foreground
from kubetui.cluster.source import Page, Source, Unreadable
from kubetui.kinds.kind import Row

R = TypeVar("R", bound=Row)

PAGE = 500
"""Objects a page has: kubectl's own size; a page of pods is some 4 MB."""
SLICE = 0.002
"""Seconds of decoding after which the event loop gets its turn."""
_LOOK_EVERY = 16


async def pages_from(source: Source[R], first: Page[R]) -> AsyncGenerator[Page[R]]:
    """``first`` and all pages that follow it, each asked for while the one before is read. Raises ClusterError."""
    page = first
    while True:
        ahead = asyncio.create_task(source.page(limit=PAGE, token=page.token)) if page.token else None
        try:
            yield page
            if ahead is None:
                return
            page = await ahead
        finally:
            if ahead is not None and not ahead.done():
                ahead.cancel()
            if ahead is not None:
                await asyncio.wait([ahead])
                # Fetched so that a failure nobody came to read is not reported as lost.
                _ = ahead.cancelled() or ahead.exception()


async def sliced(
    rows: Iterator[R | Unreadable], clock: Clock, foreground: Foreground
) -> AsyncGenerator[tuple[list[R], int]]:
    """Rows as they are decoded, with the number of unreadable objects among them; keys and the loop go first."""
    part: list[R] = []
    unreadable = 0
    started = clock.monotonic()
    while batch := list(islice(rows, _LOOK_EVERY)):
        read = [row for row in batch if not isinstance(row, Unreadable)]
        unreadable += len(batch) - len(read)
        part += read
        if clock.monotonic() - started > SLICE:
            yield part, unreadable
            part, unreadable = [], 0
            await foreground.turn()
            started = clock.monotonic()
    yield part, unreadable
