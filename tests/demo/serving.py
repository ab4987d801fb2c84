"""A demo server for tests, with clocks that stand still, and a client for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp

from kubetui.demo.access import User, cluster_reader
from kubetui.demo.api_server import ApiServer
from kubetui.demo.storage import Storage
from tests.demo.synthetic import RESOURCES
from tests.fake_clock import FakeClock

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
PATIENCE = 10.0
"""Real seconds after which a test that waits for bytes has failed."""


@dataclass
class Served:
    """What came back."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def names(self) -> list[str]:
        """Of a list's items."""
        return [item["metadata"]["name"] for item in self.json["items"]]


class Stream:
    """An open watch."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def event(self) -> Any:
        """The next event; None at the clean end."""
        line = await asyncio.wait_for(self.response.content.readline(), PATIENCE)
        return json.loads(line) if line else None

    async def words(self, count: int) -> list[str]:
        """``ADDED a`` and so on, for the next events."""
        return [word(await self.event()) for _ in range(count)]

    async def rest(self) -> list[str]:
        """All until the clean end."""
        words = []
        while (event := await self.event()) is not None:
            words.append(word(event))
        return words


def word(event: Any) -> str:
    """An event as a test says it."""
    name = event["object"].get("metadata", {}).get("name")
    return f"{event['type']} {name}" if name else str(event["type"])


@dataclass
class Demo:
    """A running server and what drives it."""

    storage: Storage
    server: ApiServer
    clock: FakeClock
    """The world's."""
    pace: FakeClock
    """The clients'."""
    session: aiohttp.ClientSession
    token: str

    def headers(self, accept: str = "", token: str | None = None) -> dict[str, str]:
        chosen = self.token if token is None else token
        headers = {"Authorization": f"Bearer {chosen}"} if chosen else {}
        return headers | ({"Accept": accept} if accept else {})

    async def get(self, path: str, accept: str = "", token: str | None = None, **more: str) -> Served:
        return await self.call("GET", path, self.headers(accept, token) | more)

    async def call(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Served:
        async with self.session.request(method, self.server.url + path, headers=headers, data=body) as response:
            return Served(response.status, dict(response.headers), await response.read())

    async def post(self, path: str, body: Any, token: str | None = None) -> Served:
        return await self.call("POST", path, self.headers(token=token), json.dumps(body).encode())

    @asynccontextmanager
    async def watch(self, path: str, accept: str = "", token: str | None = None) -> AsyncIterator[Stream]:
        joint = "&" if "?" in path else "?"
        url = f"{self.server.url}{path}{joint}watch=true"
        async with self.session.get(url, headers=self.headers(accept, token)) as response:
            yield Stream(response)


@asynccontextmanager
async def demo_server(*users: User, history_capacity: int = 1000, watcher_capacity: int = 1000) -> AsyncIterator[Demo]:
    """A server over the synthetic resources, empty."""
    everybody = users or (cluster_reader(),)
    storage = Storage(RESOURCES, history_capacity=history_capacity, watcher_capacity=watcher_capacity)
    clock, pace = FakeClock(), FakeClock()
    server = ApiServer(storage, everybody, clock=clock, pace=pace, random=Random(1))
    await server.start()
    timeout = aiohttp.ClientTimeout(total=PATIENCE * 3)
    try:
        async with aiohttp.ClientSession(timeout=timeout, auto_decompress=True) as session:
            yield Demo(storage, server, clock, pace, session, everybody[0].token)
    finally:
        await server.stop()
