"""Many requests at the API server and many objects into etcd, some at a time."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp

from tests.cluster.control_plane import ControlPlane
from tests.cluster.etcd import Etcd

_AT_ONCE = 24  # requests in flight; more gained nothing on two cores
_BATCH = 200  # objects an etcd transaction, some 2 MB
_TRIES = 6
_REQUEST_SECONDS = 60.0

Object = dict[str, Any]  # a Kubernetes object as JSON
Item = TypeVar("Item")
Made = TypeVar("Made")


class BulkApi:
    """Requests as admin over a few connections; see ``bulk_api``."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def items(self, path: str) -> list[Object]:
        """The items of a list."""
        listed: list[Object] = (await self.request("GET", path))["items"]
        return listed

    async def request(
        self, method: str, path: str, body: Object | None = None, headers: dict[str, str] | None = None
    ) -> Object:
        """One request, repeated while the server is overburdened; any other refusal raises ``RuntimeError``."""
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"} | (headers or {})
        text = ""
        for attempt in range(_TRIES):
            async with self._session.request(method, path, data=data, headers=headers) as answer:
                text = await answer.text()
                if answer.status < 400:
                    found: Object = json.loads(text)
                    return found
                if answer.status not in (429, 500, 503, 504):
                    break
            await asyncio.sleep(2**attempt / 4)
        raise RuntimeError(f"{method} {path}: {text[:500]}")


@asynccontextmanager
async def bulk_api(plane: ControlPlane) -> AsyncIterator[BulkApi]:
    """A client for the block's time."""
    connector = aiohttp.TCPConnector(ssl=plane.admin.tls, limit=_AT_ONCE)
    timeout = aiohttp.ClientTimeout(total=_REQUEST_SECONDS)
    async with aiohttp.ClientSession(plane.server, connector=connector, timeout=timeout) as session:
        yield BulkApi(session)


async def each(items: Iterable[Item], work: Callable[[Item], Awaitable[Made]]) -> list[Made]:
    """Do the work for every item, some at a time, and give the results in order; the first failure ends it."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(item: Item) -> Made:
        async with gate:
            return await work(item)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]


def write(etcd: Etcd, objects: Iterable[tuple[str, bytes]]) -> int:
    """Store objects under their keys, behind the API server's back; gives their number."""
    remaining, written = iter(objects), 0
    while batch := list(itertools.islice(remaining, _BATCH)):
        etcd.put_all(batch)
        written += len(batch)
    return written
