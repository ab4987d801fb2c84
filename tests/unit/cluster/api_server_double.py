"""A server on loopback that answers as a test says, with or without TLS; and proxies that lead to it.

What it saw is kept: requests with their headers, connections opened through the proxies.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakSet

from aiohttp import web

from tests.cluster.certificates import Authority, Certificate

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Tls:
    """A CA, a certificate for 127.0.0.1 and ``kubernetes``, and one for a user."""

    ca: Path
    server: Certificate
    client: Certificate
    other_ca: Path

    @staticmethod
    def make(folder: Path) -> Tls:
        authority = Authority(folder, "ca")
        return Tls(
            authority.root.certificate,
            authority.issue("server", "api", alternatives="IP:127.0.0.1,DNS:kubernetes"),
            authority.issue("joe", "joe", organizations=("team",)),
            Authority(folder / "other", "other").root.certificate,
        )

    def server_context(self, *, ask_client: bool = False) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.server.certificate, self.server.key)
        if ask_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.ca)
        return context


@dataclass
class Double:
    """A running server."""

    port: int = 0
    scheme: str = "http"
    requests: list[web.BaseRequest] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def tokens(self) -> list[str]:
        return [request.headers.get("Authorization", "") for request in self.requests]


class _Server(web.Server):
    """One whose connections end with it, those in the midst of a farewell and those that come late too."""

    def __init__(self, handler: Handler) -> None:
        super().__init__(handler)
        self._ended = False
        self._transports: WeakSet[asyncio.Transport] = WeakSet()

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        # The one below TLS: asyncio's TLS transport can't be aborted any more once it was closed twice.
        below = getattr(getattr(transport, "_ssl_protocol", None), "_transport", transport)
        self._transports.add(below)
        if self._ended:
            below.abort()

    def end(self) -> None:
        self._ended = True
        for transport in self._transports:
            transport.abort()


async def _end_handshakes() -> None:
    """Clients that connect while a server closes are left in their handshake: asyncio's server forgets these."""
    await asyncio.sleep(0)  # a handshake that has not begun would leave its socket open
    handshakes = [task for task in asyncio.all_tasks() if "_accept_connection2" in repr(task.get_coro())]
    for handshake in handshakes:
        handshake.cancel()
    await asyncio.gather(*handshakes, return_exceptions=True)


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[Double]:
    """An aiohttp server that gives each request to ``handler``."""
    double = Double(scheme="https" if tls else "http")

    async def keep(request: web.BaseRequest) -> web.StreamResponse:
        double.requests.append(request)
        return await handler(request)

    web_server = _Server(keep)
    runner = web.ServerRunner(web_server, shutdown_timeout=0.01)  # some handlers never end; 0 would wait for them
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    double.port = runner.addresses[0][1]
    try:
        yield double
    finally:
        await runner.cleanup()
        web_server.end()
        await _end_handshakes()


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def talking(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server of raw bytes; yields its port. Connections are closed when ``talk`` returns."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client went away; that is its right
        except asyncio.CancelledError:
            pass  # by us, below; asyncio's streams would log it
        finally:
            tasks.discard(task)
            writer.transport.abort() if writer.transport.get_write_buffer_size() == 0 else writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await _end_handshakes()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def _lead(host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    there, back = await asyncio.open_connection(host, port)
    try:
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
    finally:
        back.close()


@dataclass
class ConnectProxy:
    """An HTTP proxy. Names resolve to 127.0.0.1: only the proxy knows them, as behind a VPN."""

    answer: str = "200 Connection established"
    heads: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        writer.write(f"HTTP/1.1 {self.answer}\r\nVia: test\r\n\r\n".encode())
        await writer.drain()
        if self.answer.startswith("200"):
            port = int(head.split()[1].rpartition(":")[2])
            await _lead("127.0.0.1", port, reader, writer)


@dataclass
class SocksProxy:
    """A SOCKS5 proxy (RFC 1928) that may want a password (RFC 1929). Names resolve to 127.0.0.1."""

    password: tuple[str, str] | None = None
    reply: int = 0
    asked: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        wanted = 2 if self.password else 0
        writer.write(bytes([5, wanted if wanted in methods else 0xFF]))
        if wanted not in methods:
            await writer.drain()
            return
        if self.password and not await self._password_fits(reader, writer):
            return
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = ".".join(map(str, await reader.readexactly(4)))
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(host)
        writer.write(bytes([5, self.reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        await writer.drain()
        if not self.reply:
            await _lead("127.0.0.1", port, reader, writer)

    async def _password_fits(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, length = await reader.readexactly(2)
        name = (await reader.readexactly(length)).decode()
        word = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        fits = (name, word) == self.password
        writer.write(bytes([1, 0 if fits else 1]))
        await writer.drain()
        return fits
