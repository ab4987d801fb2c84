"""A world with a server on it, both on clocks that a test turns."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec

from kubetui.demo.access import standard_users
from kubetui.demo.api_server import ApiServer
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.handlers.control import PATH, Control
from kubetui.demo.incidents.registry import INCIDENTS
from kubetui.demo.machinery import Machinery
from tests.demo.serving import PATIENCE, Served
from tests.demo.worlds import HandClock, Lived


@dataclass
class Machine:
    """A demo as it is served, but for its clocks."""

    lived: Lived
    machinery: Machinery
    server: ApiServer
    control: Control
    session: aiohttp.ClientSession

    @property
    def clock(self) -> HandClock:
        return self.lived.clock

    async def get(self, path: str, *, user: int = 0, accept: str = "") -> Served:
        token = self.server.gate.users[user].token
        headers = {"Authorization": f"Bearer {token}"} | ({"Accept": accept} if accept else {})
        async with self.session.get(self.server.url + path, headers=headers) as response:
            return Served(response.status, dict(response.headers), await response.read())

    @asynccontextmanager
    async def follow(self, path: str) -> AsyncIterator[aiohttp.StreamReader]:
        """An open log."""
        headers = {"Authorization": f"Bearer {self.server.gate.users[0].token}"}
        async with self.session.get(self.server.url + path, headers=headers) as response:
            assert response.status == 200, await response.text()
            yield response.content

    async def tell(self, do: str, **more: Any) -> Served:
        """A control call; its answer must be good."""
        headers = {"Authorization": f"Bearer {self.control.token}"}
        body = msgspec.json.encode({"do": do, **more})
        async with self.session.post(self.server.url + PATH, headers=headers, data=body) as response:
            return Served(response.status, dict(response.headers), await response.read())

    def pods(self, namespace: str, pattern: str) -> list[PodEntry]:
        """Pods whose names fit, by name."""
        workloads = self.lived.world.workloads.all.values()
        found = [pod for item in workloads if item.namespace == namespace for pod in item.pods.values()]
        return sorted((pod for pod in found if re.match(pattern, pod.name)), key=lambda pod: pod.name)

    def pod(self, namespace: str, pattern: str) -> PodEntry:
        """The first of them."""
        return self.pods(namespace, pattern)[0]


@asynccontextmanager
async def machine(**options: Any) -> AsyncIterator[Machine]:
    """Serve a world; nothing happens in it unless its clock is turned, or somebody sleeps on it."""
    lived = Lived(**options)
    machinery = Machinery(lived.world, lived.clock, lived.clock)
    users = standard_users("team-00")
    server = ApiServer(lived.storage, users, clock=lived.clock, pace=lived.clock)
    incidents = lived.world.incidents
    control = Control(
        lived.storage,
        server.gate,
        server.faults,
        server.health,
        lived.clock,
        incidents,
        tuple(INCIDENTS),
        server.refuse_for,
        machinery.commands,
    )
    server.route_open(PATH, control.answer)
    machinery.connect(server)
    await server.start()
    timeout = aiohttp.ClientTimeout(total=PATIENCE * 3)
    try:
        async with aiohttp.ClientSession(timeout=timeout, read_bufsize=2**22) as session:
            yield Machine(lived, machinery, server, control, session)
    finally:
        await server.stop()


def log_path(pod: PodEntry, **query: object) -> str:
    """Of the pod's log, with a query."""
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}/log" + (f"?{words}" if words else "")


async def lines(content: aiohttp.StreamReader, count: int) -> list[bytes]:
    """The next lines of a stream, without their ends."""
    return [(await asyncio.wait_for(content.readline(), PATIENCE)).rstrip(b"\n") for _ in range(count)]
