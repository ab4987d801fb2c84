"""A TCP proxy in front of an API server that does what networks, balancers and gateways do to connections."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from kubetui.cluster.clock import Clock

_REQUEST = re.compile(rb"(?:^|\r\n)(GET|POST) (\S+) HTTP/1\.1\r\n")
_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>no upstream</body></html>"


@dataclass(eq=False)
class _Pair:
    """One client's connection and ours to the server."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    swallowed: bool = False
    """Nothing passes any more, in either direction, and nobody is told."""


@dataclass
class FaultProxy:
    """Passes bytes on, until told otherwise. Faults hold for all connections until ``heal``."""

    upstream: int
    """The server's port on loopback."""
    clock: Clock
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """``GET /api/v1/pods?limit=500`` of each request that reached us."""
    reply: bytes = b""
    """If set, each request is answered with this, and the server hears nothing."""
    latency: float = 0.0
    """Seconds, of the injected clock, that each piece of an answer is held back."""
    most: int | None = None
    """Bytes of an answer after which the connection breaks, in the midst of a line."""
    closes: bool = False
    """Answers end right after they began."""
    _pairs: set[_Pair] = field(default_factory=set)
    _swallow: bool = False
    _listener: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def connected(self) -> int:
        """Clients' connections that are open."""
        return sum(not pair.client.is_closing() for pair in self._pairs)

    # --- what a test does

    def heal(self) -> None:
        """All is well for new connections; those that were swallowed stay so."""
        self.reply, self.latency, self.most, self.closes, self._swallow = b"", 0.0, None, False, False

    def cut(self) -> None:
        """Break every open connection with a reset."""
        for pair in tuple(self._pairs):
            _reset(pair.client)
            if pair.server is not None:
                _reset(pair.server)

    def swallow(self, *, new: bool) -> None:
        """Drop all that comes on open connections from now on, silently; with ``new`` on new ones too."""
        for pair in self._pairs:
            pair.swallowed = True
        self._swallow = new

    def answers(self, status: str, body: bytes, *headers: str) -> None:
        """Answer each request so, from now on."""
        head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
        self.reply = "\r\n".join([*head, "", ""]).encode() + body
        self.cut()

    def answers_a_page(self) -> None:
        """What a gateway shows whose server is gone."""
        self.answers("502 Bad Gateway", _PAGE, "Content-Type: text/html")

    def throttles(self) -> None:
        """429 in plain text, as the API server's own filter answers."""
        self.answers("429 Too Many Requests", b"Too many requests, please try again later.\n", "Retry-After: 1",
                     "Content-Type: text/plain")  # fmt: skip

    async def refuse(self) -> None:
        """Close the door and all connections."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self.cut()

    async def listen(self) -> None:
        """Open the door, on the same port again."""
        if self._listener is None:
            self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._listener.sockets[0].getsockname()[1]

    def requests(self, path: str, *, watch: bool) -> int:
        """How often a list, or a watch, of ``path`` was asked for."""
        own = [url for url in self.asked if url.partition("?")[0] == f"GET {path}"]
        return sum(("watch=true" in url) is watch for url in own)

    # --- the pipes

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = _Pair(writer, swallowed=self._swallow)
        self._pairs.add(pair)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._carry(pair, reader)
        except (OSError, asyncio.CancelledError):
            pass  # a cut is our own doing, and cancellation is the end of the test
        finally:
            self._tasks.discard(task)
            self._pairs.discard(pair)
            writer.close()
            if pair.server is not None:
                pair.server.close()

    async def _carry(self, pair: _Pair, reader: asyncio.StreamReader) -> None:
        back, pair.server = await asyncio.open_connection("127.0.0.1", self.upstream)
        pipes = [
            asyncio.create_task(self._up(pair, reader, pair.server)),
            asyncio.create_task(self._down(pair, back)),
        ]
        try:
            await asyncio.wait(pipes, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pipe in pipes:
                pipe.cancel()
            await asyncio.gather(*pipes, return_exceptions=True)

    async def _up(self, pair: _Pair, reader: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            self.asked += [f"{verb.decode()} {url.decode()}" for verb, url in _REQUEST.findall(data)]
            if pair.swallowed:
                continue
            if self.reply:
                pair.client.write(self.reply)
                await pair.client.drain()
                return
            server.write(data)
            await server.drain()

    async def _down(self, pair: _Pair, back: asyncio.StreamReader) -> None:
        sent = 0
        while data := await back.read(65536):
            if self.latency:
                await self.clock.sleep(self.latency)
            if pair.swallowed:
                continue
            if self.most is not None:
                data = data[: max(0, self.most - sent)]
            sent += len(data)
            pair.client.write(data)
            await pair.client.drain()
            if self.closes or (self.most is not None and sent >= self.most):
                return
        if pair.swallowed:
            await asyncio.Event().wait()

    async def close(self) -> None:
        """End everything."""
        await self.refuse()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _reset(writer: asyncio.StreamWriter) -> None:
    found = writer.get_extra_info("socket")
    if found is not None:
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def fault_proxy(upstream: int, clock: Clock) -> AsyncIterator[FaultProxy]:
    """A proxy that listens; all is well with it."""
    proxy = FaultProxy(upstream, clock)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.close()
