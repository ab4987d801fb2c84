"""Connections that nobody wants any more end at once, however slow the server's farewell is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from kubetui.cluster.http_transport import HttpTransport
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.token import Credential
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from tests.connection.fault_proxy import FaultProxy, fault_proxy
from tests.fake_clock import FakeClock
from tests.unit.cluster.api_server_double import Double, Tls, serving

WATCH = Request("/api/v1/pods", "watch pods", query=(("watch", "true"),))
SOON = 10.0
"""Real seconds; asyncio would wait for a farewell for 30."""


class Nobody:
    """Signs in without anything."""

    async def credential(self) -> Credential:
        return Credential()

    def reject(self, credential: Credential) -> None:
        pass

    def describe(self) -> str:
        return "nothing"


@dataclass
class Lab:
    """A server whose answers never end, behind a line that a test may let swallow everything."""

    server: Double
    line: FaultProxy
    transport: HttpTransport

    async def asked(self) -> asyncio.Task[Answer]:
        """A call that has reached the server."""
        call = asyncio.create_task(self.transport.send(WATCH))
        await until(lambda: bool(self.server.requests))
        return call


@asynccontextmanager
async def far_away(folder: Path) -> AsyncIterator[Lab]:
    tls = Tls.make(folder)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"{}\n")
        await asyncio.Event().wait()
        return response

    clock = FakeClock()
    async with serving(answer, tls.server_context()) as server, fault_proxy(server.port, clock) as line:
        target = Target("lab", "", f"https://127.0.0.1:{line.port}", ca_file=tls.ca)
        transport = HttpTransport(target, Nobody(), clock, Traffic(clock))
        yield Lab(server, line, transport)
        await transport.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110 – sockets give no event
            await asyncio.sleep(0.005)


async def leave_a_stream(lab: Lab) -> None:
    async with lab.transport.stream(WATCH) as stream:
        await anext(stream.chunks())
        lab.line.swallow(new=False)


async def cancel_a_call(lab: Lab) -> None:
    call = await lab.asked()
    lab.line.swallow(new=False)
    call.cancel()
    await asyncio.wait([call])


async def close_the_transport(lab: Lab) -> None:
    call = await lab.asked()
    lab.line.swallow(new=False)
    await lab.transport.close()
    call.cancel()
    await asyncio.wait([call])


@pytest.mark.parametrize("leave", [leave_a_stream, cancel_a_call, close_the_transport])
async def test_the_connection_is_gone_though_the_server_says_nothing_more(
    leave: Callable[[Lab], Awaitable[None]], tmp_path: Path
) -> None:
    async with far_away(tmp_path) as lab:
        await leave(lab)

        await until(lambda: lab.line.connected == 0)
