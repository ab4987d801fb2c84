"""What stands between this machine and Azure is named: a port, a proxy, a certificate; each with the next step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from kubetui.azure.resource_manager import ResourceManager
from kubetui.azure.scale_sets import read_machines
from kubetui.cluster.errors import ClusterError, TlsFailed, Unreachable
from tests.unit.azure.resource_manager_double import PLACE, Tokens
from tests.unit.cluster.api_server_double import Tls, serving

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def no_proxy_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[int]:
    """A port where somebody answers in a way of their own."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def error_of(endpoint: str) -> ClusterError:
    async with ResourceManager(endpoint, Tokens()) as azure:
        with pytest.raises(ClusterError) as raised:
            await read_machines(azure, {PLACE: frozenset()}, 0.0)
    return raised.value


async def test_nobody_at_the_port() -> None:
    error = await error_of("http://127.0.0.1:1")

    assert isinstance(error, Unreachable)
    assert error.answer == "127.0.0.1 refused the connection"
    assert "HTTPS_PROXY" in error.advice


async def test_a_name_that_is_not_known() -> None:
    error = await error_of("https://management.azure.invalid")

    assert error.answer == "the name management.azure.invalid was not found"


async def test_a_connection_closed_without_an_answer() -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say nothing."""

    async with talking(leave) as port:
        error = await error_of(f"http://127.0.0.1:{port}")

    assert error.answer == "127.0.0.1 closed the connection without an answer"


async def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")

    error = await error_of("https://management.azure.invalid")

    assert error.answer == "the proxy http://127.0.0.1:1 (from HTTPS_PROXY) failed: connection refused"
    assert error.advice.startswith("check HTTPS_PROXY")


async def test_a_proxy_that_wants_a_name_and_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async with talking(refuse) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://joe:the-password@127.0.0.1:{port}")
        error = await error_of("https://management.azure.invalid")

    assert error.answer.endswith("(from HTTPS_PROXY) failed: it answered 407 Proxy Authentication Required")
    assert "name and password" in error.advice
    assert "the-password" not in str(error)


async def test_a_certificate_of_a_proxy_that_opens_tls(tmp_path: Path) -> None:
    async def never(request: web.BaseRequest) -> web.StreamResponse:
        raise AssertionError("it has no certificate that we trust")

    async with serving(never, Tls.make(tmp_path).server_context()) as server:
        error = await error_of(f"https://127.0.0.1:{server.port}")

    assert isinstance(error, TlsFailed)
    assert error.answer == "TLS with 127.0.0.1 failed: unable to get local issuer certificate"
    assert "REQUESTS_CA_BUNDLE" in error.advice
