"""What a kubelet serves of a container's log: the same from the demo's and from a real one."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import msgspec
import pytest

from kubetui.cluster.connection_end import end_at_once
from kubetui.demo.child import DemoChild
from kubetui.demo.command_line import ServeOptions
from kubetui.demo.options import WorldOptions
from kubetui.demo.ready import Ready
from tests.cluster.real.cluster import RealCluster
from tests.cluster.real.containers import run

STAMP = re.compile(rb"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d)) (.*)$", re.DOTALL)
LONG = "L" * 40_000
RECORD = 16_384
PATIENCE = 60.0


@dataclass(frozen=True)
class Served:
    """An answer."""

    status: int
    body: bytes

    @property
    def lines(self) -> list[bytes]:
        return self.body.split(b"\n")[:-1]

    @property
    def message(self) -> str:
        return str(msgspec.json.decode(self.body)["message"])


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110 - what is waited for is in another process, or on another machine
            await asyncio.sleep(0.2)


@dataclass
class LogServer:
    """Somewhere a container can be made to write lines, and its log be read."""

    read: Callable[..., Awaitable[Served]]
    """The log of a pod, with query parameters."""
    wrote: Callable[[Sequence[str]], Awaitable[str]]
    """A pod whose newest lines are these."""
    fails: Callable[[Sequence[str]], Awaitable[str]]
    """A pod whose container wrote these lines and then failed; it starts again."""
    waits: Callable[[], Awaitable[tuple[str, str]]]
    """A pod whose container has never run, and the container's name."""


@dataclass
class _Demo:
    """Pods of the demo, made to write by its control calls."""

    ready: Ready
    http: aiohttp.ClientSession

    async def _get(self, path: str, **query: str) -> Served:
        headers = {"Authorization": f"Bearer {self.ready.token}"}
        url = f"{self.ready.server}/api/v1/namespaces{path}"
        async with self.http.get(url, params=query, headers=headers) as answer:
            return Served(answer.status, await answer.read())

    async def _tell(self, do: str, **more: Any) -> None:
        headers = {"Authorization": f"Bearer {self.ready.control_token}"}
        async with self.http.post(self.ready.control, json={"do": do, **more}, headers=headers) as answer:
            assert answer.status == 200, await answer.text()

    async def _pods(self, namespace: str, selector: str) -> list[Any]:
        listed = await self._get(f"/{namespace}/pods", labelSelector=selector)
        pods: list[Any] = msgspec.json.decode(listed.body)["items"]
        return pods

    async def read(self, pod: str, **query: str) -> Served:
        namespace, name = pod.split("/")
        return await self._get(f"/{namespace}/pods/{name}/log", **query)

    async def wrote(self, lines: Sequence[str]) -> str:
        pod = (await self._pods("kube-system", "component=kube-proxy"))[0]["metadata"]["name"]
        await self._tell("mute-log", pod=pod)
        await self._tell("write-log", pod=pod, lines=lines)
        return f"kube-system/{pod}"

    async def fails(self, lines: Sequence[str]) -> str:
        pod = await self.wrote(lines)
        await self._tell("restart-container", pod=pod.partition("/")[2], exit_code=2)
        return pod

    async def waits(self) -> tuple[str, str]:
        await self._tell("incident", name="image-pull-failure")
        found: list[Any] = []

        async def waiting() -> bool:
            found[:] = [pod for pod in await self._pods("team-00", "app=cart") if _waits_for_image(pod)]
            return bool(found)

        await until(waiting)
        return f"team-00/{found[0]['metadata']['name']}", "cart"


def _waits_for_image(pod: Any) -> bool:
    states = [status["state"] for status in pod["status"].get("containerStatuses", ())]
    return any("Pull" in state.get("waiting", {}).get("reason", "") for state in states)


def _http(tls: ssl.SSLContext | bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(ssl=tls)
    end_at_once(connector)
    return aiohttp.ClientSession(connector=connector)


@asynccontextmanager
async def demo_server() -> AsyncIterator[LogServer]:
    options = ServeOptions(WorldOptions(nodes=6, pods=120, changes=0))
    async with DemoChild(options) as ready, _http(False) as http:
        demo = _Demo(ready, http)
        yield LogServer(demo.read, demo.wrote, demo.fails, demo.waits)


@dataclass
class _Real:
    """Pods of the stand-in on the real node."""

    cluster: RealCluster
    namespace: str
    http: aiohttp.ClientSession
    made: Iterator[int] = field(default_factory=lambda: iter(range(100)))

    def _name(self) -> str:
        return f"log-{next(self.made)}-{time.monotonic_ns() % 10**6}"

    async def read(self, pod: str, **query: str) -> Served:
        namespace, name = pod.split("/")
        url = f"{self.cluster.server}/api/v1/namespaces/{namespace}/pods/{name}/log"
        async with self.http.get(url, params=query) as answer:
            return Served(answer.status, await answer.read())

    async def _until(self, pod: str, last: str, **query: str) -> str:
        async def written() -> bool:
            return last.encode() in (await self.read(pod, **query)).body

        await until(written)
        return pod

    async def wrote(self, lines: Sequence[str]) -> str:
        name = self._name()
        await asyncio.to_thread(run, self.cluster, self.namespace, name, "fail", "-after", "600s", *lines)
        return await self._until(f"{self.namespace}/{name}", lines[-1])

    async def fails(self, lines: Sequence[str]) -> str:
        name = self._name()
        await asyncio.to_thread(run, self.cluster, self.namespace, name, "fail", "-after", "2s", "-code", "2", *lines)
        return await self._until(f"{self.namespace}/{name}", lines[-1], previous="true")

    async def waits(self) -> tuple[str, str]:
        name = self._name()
        container = {"name": "main", "image": "registry.invalid/none:1", "imagePullPolicy": "Never"}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}}
        await asyncio.to_thread(self.cluster.admin.post, f"/api/v1/namespaces/{self.namespace}/pods", pod)

        async def waiting() -> bool:
            return b"waiting to start" in (await self.read(f"{self.namespace}/{name}")).body

        await until(waiting)
        return f"{self.namespace}/{name}", "main"


@asynccontextmanager
async def real_server(cluster: RealCluster, namespace: str) -> AsyncIterator[LogServer]:
    async with _http(cluster.admin.tls) as http:
        real = _Real(cluster, namespace, http)
        yield LogServer(real.read, real.wrote, real.fails, real.waits)


Opened = Callable[[], AbstractAsyncContextManager[LogServer]]


@pytest.fixture(params=["demo", pytest.param("real", marks=[pytest.mark.cluster, pytest.mark.real_cluster])])
def opened(request: pytest.FixtureRequest) -> Opened:
    """Each of them in turn."""
    if request.param == "demo":
        return demo_server
    cluster: RealCluster = request.getfixturevalue("real_cluster")
    namespace: str = request.getfixturevalue("real_namespace")
    return lambda: real_server(cluster, namespace)


def split(line: bytes) -> tuple[str, bytes]:
    """A line's timestamp and the rest."""
    found = STAMP.match(line)
    assert found, line[:80]
    return found[1].decode(), found[2]


async def test_lines_come_as_they_were_written(opened: Opened) -> None:
    async with opened() as server:
        pod = await server.wrote(["one", "\ttwo \x1b[31mred\x1b[0m", "", "three ünïcode"])
        plain = await server.read(pod, tailLines="4")
        stamped = await server.read(pod, tailLines="4", timestamps="true")

    expected = [b"one", b"\ttwo \x1b[31mred\x1b[0m", b"", "three ünïcode".encode()]
    assert plain.lines == expected
    assert [split(line)[1] for line in stamped.lines] == expected


async def test_tails_and_limits(opened: Opened) -> None:
    async with opened() as server:
        pod = await server.wrote(["one", "two", "three"])
        assert (await server.read(pod, tailLines="2")).lines == [b"two", b"three"]
        assert (await server.read(pod, tailLines="0")) == Served(200, b"")
        assert (await server.read(pod, tailLines="2", limitBytes="6")).body == b"two\nth"


async def test_a_long_line_is_joined_and_a_tail_may_begin_within_it(opened: Opened) -> None:
    async with opened() as server:
        pod = await server.wrote(["short", LONG])
        whole = await server.read(pod, tailLines="4", timestamps="true")
        part = await server.read(pod, tailLines="2", timestamps="true")
        rest = await server.read(pod, tailLines="1")

    assert [split(line)[1] for line in whole.lines] == [b"short", LONG.encode()]
    assert split(part.lines[0])[1] == LONG[RECORD:].encode()
    assert rest.body == LONG[2 * RECORD :].encode() + b"\n"


async def test_since_is_cut_to_its_second(opened: Opened) -> None:
    async with opened() as server:
        pod = await server.wrote(["one", "two"])
        stamp, _ = split((await server.read(pod, tailLines="2", timestamps="true")).lines[0])
        moment = datetime.fromisoformat(stamp[:19] + "+00:00").astimezone(UTC)
        same = f"{moment:%Y-%m-%dT%H:%M:%S}.999999999Z"
        assert b"one" in (await server.read(pod, sinceTime=same)).lines
        assert (await server.read(pod, sinceTime="2199-01-01T00:00:00Z")).body == b""


async def test_the_previous_run_can_be_read_after_a_restart(opened: Opened) -> None:
    async with opened() as server:
        pod = await server.fails(["last but one", "last words"])

        async def ended() -> bool:
            return b"last words" in (await server.read(pod, previous="true", tailLines="1")).lines

        await until(ended)
        got = await server.read(pod, previous="true", tailLines="2", timestamps="true")

    assert [split(line)[1] for line in got.lines] == [b"last but one", b"last words"]


async def test_following_ends_cleanly_with_the_container(opened: Opened) -> None:
    async with opened() as server:
        pod = await server.fails(["before", "the end"])
        async with asyncio.timeout(PATIENCE):
            got = await server.read(pod, follow="true", previous="true", tailLines="1")

    assert got == Served(200, b"the end\n")


async def test_what_never_ran_cannot_be_read(opened: Opened) -> None:
    async with opened() as server:
        pod, container = await server.waits()
        name = pod.partition("/")[2]
        current = await server.read(pod, container=container)
        previous = await server.read(pod, container=container, previous="true")

    assert current.status == previous.status == 400
    assert current.message.startswith(f'container "{container}" in pod "{name}" is waiting to start: ')
    assert previous.message == f'previous terminated container "{container}" in pod "{name}" not found'
