"""Connections that end at once, without TLS's farewell.

A connection is closed when nobody wants the rest of it: a stream that is left, a call that is cancelled or took too
long. asyncio then waits up to half a minute for the server's ``close_notify``, which one that is slow or gone does not
send, and holds socket and buffers meanwhile. Imports aiohttp at once: only what builds connectors imports this file.
"""

from __future__ import annotations

from functools import partial

import aiohttp
from aiohttp.client_proto import ResponseHandler


class EndedAtOnce(ResponseHandler):
    """aiohttp's own, but for its end."""

    def close(self) -> None:
        """As ``abort``: the server sees the end of TCP's connection, which is all that it needs."""
        self.abort()


def end_at_once(connector: aiohttp.BaseConnector) -> None:
    """Let all connections that ``connector`` will open end so."""
    # aiohttp makes its handlers here and offers no other place to give one of our own; its type names its own alone.
    connector._factory = partial(EndedAtOnce, loop=connector._loop)  # type: ignore[assignment]  # noqa: SLF001
