"""HTTP to one API server. (Interface; see the class docstrings.)"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``tried`` says what it is for, in words that end up in error messages: ``list pods``."""

    path: str
    tried: str
    query: tuple[tuple[str, str], ...] = ()
    accept: str = "application/json"
    method: str = "GET"
    body: bytes | None = None
    silence: float | None = None
    """Seconds without a byte after which a stream counts as dead: None for the transport's default, ``inf`` for
    streams that may rightly say nothing for hours (logs)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with a 2xx status."""

    status: int
    body: bytes
    content_type: str
    headers: dict[str, str]
    """Lower-case names."""


class Stream(Protocol):
    """An answer that goes on; its status was 2xx."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Bytes as they come, decompressed; ends when the server ends it. Raises Unreachable when cut."""


class Transport(Protocol):
    """All that the rest of this room knows of HTTP. Implemented by ``HttpTransport``; faked by tests."""

    async def send(self, request: Request) -> Answer:
        """The whole answer. Raises ClusterError types; never an aiohttp one."""

    def stream(self, request: Request) -> AbstractAsyncContextManager[Stream]:
        """Open a stream, on connections of their own. Raises ClusterError types on entering."""

    async def close(self) -> None:
        """Close all connections."""
