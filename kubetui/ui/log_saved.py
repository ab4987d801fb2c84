"""Log lines for a file: the containers' true bytes, each with its time and its source in front."""

from __future__ import annotations

import asyncio
from typing import Final

from kubetui.store.logs.entry import LogLine
from kubetui.ui.log_feed import LogFeed
from kubetui.ui.log_shown import LogShown
from kubetui.ui.log_time import rfc3339

_SLICE: Final = 2_000
"""Lines between which others get their turn."""


async def saved_lines(feed: LogFeed, shown: LogShown) -> bytes:
    """All lines that are let through; marks between them in words."""
    saved: list[bytes] = []
    for position in range(len(shown.view)):
        saved.append(_saved(feed, shown.number(position)))
        if position % _SLICE == 0:
            await asyncio.sleep(0)
    return b"\n".join([*saved, b""])


def _saved(feed: LogFeed, number: int | None) -> bytes:
    if number is None or number < feed.buffer.first:
        return b"(dropped while this was saved: the buffer is full)"
    entry = feed.buffer.entry(number)
    source = feed.tail.sources.get(entry.source)
    name = "/".join(source.key) if source is not None else "-"
    text = entry.text if isinstance(entry, LogLine) else f"─── {entry.words} ───".encode()
    return f"{rfc3339(entry.time)} {name} ".encode() + text
