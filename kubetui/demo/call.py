"""A request on its way through the server, and what is answered. Handlers know no HTTP library."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kubetui.demo.access import User
from kubetui.demo.request_info import RequestInfo

Body = bytes | Iterator[bytes] | AsyncGenerator[bytes, None]
"""All of it; or made while it is sent; or made as things happen, until the client leaves."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, let in."""

    method: str
    info: RequestInfo
    query: Mapping[str, str]
    accept: str
    bearer: str = field(repr=False)
    """The token of the Authorization header, ``""`` for none."""
    user: User | None
    read: Callable[[], Awaitable[bytes]] = field(repr=False)
    """The request's body."""
    match: Mapping[str, str] = field(default_factory=dict)
    """What a routed pattern's names stood for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets."""

    body: Body
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    compress: bool = False
    """Gzip it when the client takes that and it is more than 128 KiB, as the API server does for lists."""


Handler = Callable[[Call], Awaitable[Answer]]
"""Answers a routed path; raises ``ApiError`` to refuse."""
