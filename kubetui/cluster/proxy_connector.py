"""Connections through a proxy, for aiohttp: HTTP CONNECT (plain or TLS to the proxy) and SOCKS5.

aiohttp's own proxy support knows no SOCKS, and checks an https proxy against the cluster's CA. Imports aiohttp at
once: only the transport imports this file, when it is built.
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import ssl
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.client_proto import ResponseHandler

from kubetui.cluster.proxy import Proxy
from kubetui.cluster.socket_options import keep_alive

if TYPE_CHECKING:
    from aiohttp.tracing import Trace

_MOST_HEAD = 64 * 1024


class ProxyFailed(aiohttp.ClientConnectionError):
    """The proxy could not be reached, or would not lead on. ``status``: the HTTP code of its answer, 0 if none."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


class ProxyConnector(aiohttp.BaseConnector):
    """Opens every connection through ``proxy``; the server's name is resolved behind it.

    ``context`` is for TLS requests that bring none of their own.
    """

    def __init__(self, proxy: Proxy, limit: int, context: ssl.SSLContext | None = None) -> None:
        super().__init__(limit=limit)
        self._proxy = proxy
        self._context = context

    async def _create_connection(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 – the name that aiohttp calls it by
    ) -> ResponseHandler:
        # The extension point of BaseConnector: its own subclasses for TCP and Unix sockets override it too.
        host, port = req.url.raw_host or "", req.port or 0
        own = req.ssl if isinstance(req.ssl, ssl.SSLContext) else self._context
        context = (own or ssl.create_default_context()) if req.is_ssl() else None
        server_name = (req.server_hostname or host).rstrip(".") if context else None
        handler: ResponseHandler = self._factory()
        try:
            async with asyncio.timeout(timeout.sock_connect):
                if self._proxy.scheme.startswith("socks5"):
                    sock = await self._socks(host, port)
                    await self._loop.create_connection(
                        lambda: handler, sock=sock, ssl=context, server_hostname=server_name
                    )
                else:
                    await self._http_connect(host, port, handler, context, server_name)
        except ssl.CertificateError as error:
            raise aiohttp.ClientConnectorCertificateError(req.connection_key, error) from error
        except ssl.SSLError as error:
            raise aiohttp.ClientConnectorSSLError(req.connection_key, error) from error
        return handler

    async def _socks(self, host: str, port: int) -> socket.socket:
        from python_socks import ProxyError, ProxyType
        from python_socks.async_.asyncio import Proxy as SocksProxy

        proxy = self._proxy
        socks = SocksProxy(
            ProxyType.SOCKS5, proxy.host, proxy.port, proxy.username or None, proxy.password or None, rdns=True
        )
        try:
            # Our own timeout holds around this; theirs must only not be shorter.
            sock: socket.socket = await socks.connect(host, port, timeout=3600)
        except ProxyError as error:
            raise ProxyFailed(str(error)) from error
        except OSError as error:
            raise ProxyFailed(_words(error)) from error
        keep_alive(sock)
        return sock

    async def _http_connect(
        self,
        host: str,
        port: int,
        handler: ResponseHandler,
        context: ssl.SSLContext | None,
        server_name: str | None,
    ) -> None:
        proxy = self._proxy
        # The proxy's certificate is judged by the system's CAs: the cluster's CA has not signed it.
        to_proxy = await asyncio.to_thread(ssl.create_default_context) if proxy.scheme == "https" else None
        try:
            transport, reply = await self._loop.create_connection(
                lambda: _ConnectReply(self._loop), proxy.host, proxy.port, ssl=to_proxy
            )
        except ssl.SSLError as error:
            raise ProxyFailed(f"TLS to the proxy failed: {error.reason or error}") from error
        except OSError as error:
            raise ProxyFailed(_words(error)) from error
        try:
            keep_alive(transport.get_extra_info("socket"))
            transport.write(_connect_request(proxy, host, port))
            await reply.accepted
            if context is None:
                transport.set_protocol(handler)
                handler.connection_made(transport)
                return
            upgraded = await self._loop.start_tls(transport, handler, context, server_hostname=server_name)
            if upgraded is None:  # asyncio's answer where the transport is closing
                raise ProxyFailed("the proxy closed the connection")
            handler.connection_made(upgraded)
        except BaseException:
            transport.abort()
            raise


class _ConnectReply(asyncio.Protocol):
    """Reads the proxy's answer to CONNECT; ``accepted`` ends with None, or with ProxyFailed."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.accepted: asyncio.Future[None] = loop.create_future()
        self._head = b""

    def data_received(self, data: bytes) -> None:
        self._head += data
        if b"\r\n\r\n" in self._head:
            self._judge()
        elif len(self._head) > _MOST_HEAD:
            self._fail(ProxyFailed("its answer is not HTTP"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(ProxyFailed("it closed the connection"))

    def _judge(self) -> None:
        line = self._head.split(b"\r\n", 1)[0].decode("latin-1")
        version, _, rest = line.partition(" ")
        code, _, reason = rest.partition(" ")
        if not version.startswith("HTTP/") or not code.isdigit():
            self._fail(ProxyFailed("its answer is not HTTP"))
        elif not code.startswith("2"):
            self._fail(ProxyFailed(f"it answered {code} {reason}".strip(), int(code)))
        elif not self.accepted.done():
            self.accepted.set_result(None)

    def _fail(self, error: ProxyFailed) -> None:
        if not self.accepted.done():
            self.accepted.set_exception(error)
            self.accepted.exception()  # seen: nobody may be waiting any more


def _connect_request(proxy: Proxy, host: str, port: int) -> bytes:
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if proxy.username:
        secret = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {secret}")
    return "\r\n".join([*lines, "", ""]).encode()


def _words(error: OSError) -> str:
    # asyncio's own text is "Connect call failed" with an address; a name that is not found has no errno of the system.
    if error.errno and not isinstance(error, (socket.gaierror, ssl.SSLError)):
        return os.strerror(error.errno).lower()
    return error.strerror or str(error)
