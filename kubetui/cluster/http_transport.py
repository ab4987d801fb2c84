"""HTTP to one API server, over aiohttp. Importing this file is cheap; aiohttp comes when a transport is built."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from kubetui.cluster import gate
from kubetui.cluster.api_path import ApiPath, parse_path
from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import ClusterError, TlsFailed, Unreachable
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.proxy import Proxy
from kubetui.cluster.request_headers import headers_for, impersonation_of
from kubetui.cluster.status_errors import status_error
from kubetui.cluster.tls import TlsContexts
from kubetui.cluster.token import Credential, TokenSource
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

CALLS_AT_ONCE = 8
"""Connections for calls. Streams have a pool of their own without a limit, so that they can't starve the calls."""
MOST_BODY = 512 * 1024 * 1024
"""Largest whole answer, bytes. 33,000 pods in one piece have 280 MiB; nothing here asks for more without pages, so
more is a fault that must not take the machine's memory."""
_MOST_ERROR_BODY = 256 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds."""

    connect: float = 10.0
    """To get a connection, TLS included."""
    call: float = 30.0
    """A call from start to end; for lists, which may be large: the longest silence."""
    silence: float = 150.0
    """A stream without a byte; two bookmarks, which come every 60 s, were missed by then."""


class HttpTransport:
    """Implements ``Transport``. Build it inside a running event loop; close it when done."""

    def __init__(
        self,
        target: Target,
        tokens: TokenSource,
        clock: Clock,
        traffic: Traffic,
        proxy: Proxy | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._target = target
        self._tokens = tokens
        self._clock = clock
        self._traffic = traffic
        self._proxy = proxy
        self._timeouts = timeouts or Timeouts()
        self._impersonation = impersonation_of(target)
        self._tls = TlsContexts(target)
        self._calls = _session(proxy, CALLS_AT_ONCE)
        self._streams = _session(proxy, 0)

    async def send(self, request: Request) -> Answer:
        """The whole answer. Raises ClusterError types; never an aiohttp one."""
        path = parse_path(request.path)
        response = await self._open(self._calls, request, self._call_timeout(path), self._call_encoding())
        try:
            body = await self._read(response, request, MOST_BODY)
        except BaseException:
            response.close()
            raise
        response.release()
        content_type = response.headers.get("Content-Type", "")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, body, content_type, headers)

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[HttpStream]:
        """Open a stream on a connection of its own. Raises ClusterError types on entering."""
        import aiohttp

        silence = self._timeouts.silence if request.silence is None else request.silence
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=self._timeouts.connect,
            sock_read=None if math.isinf(silence) else silence,
        )
        # Not compressed: since 1.37 servers flush each event as a gzip member of its own, which saves little.
        response = await self._open(self._streams, request, timeout, "identity")
        shape = _shape(request)
        self._traffic.stream(shape, 1)
        try:
            yield HttpStream(self, response, request)
        finally:
            self._traffic.stream(shape, -1)
            response.close()  # the rest of the stream is of no use to anybody

    async def close(self) -> None:
        """Close all connections."""
        await self._calls.close()
        await self._streams.close()

    def _call_timeout(self, path: ApiPath) -> aiohttp.ClientTimeout:
        import aiohttp

        limit = self._timeouts.call
        return aiohttp.ClientTimeout(
            total=None if path.is_collection else limit,
            sock_connect=self._timeouts.connect,
            sock_read=limit,
        )

    def _call_encoding(self) -> str:
        return "identity" if self._target.disable_compression else "gzip"

    async def _open(
        self,
        session: aiohttp.ClientSession,
        request: Request,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 – a set of timeouts that aiohttp keeps
        encoding: str,
    ) -> aiohttp.ClientResponse:
        """An answer 2xx that is no web page, its body still to be read; signs in again once on 401."""
        gate.check(request.method, request.path)
        credential = await self._tokens.credential()
        response = await self._ask(session, request, timeout, encoding, credential)
        if response.status == 401:
            self._tokens.reject(credential)
            renewed = await self._tokens.credential()
            if renewed != credential:
                response.close()
                response = await self._ask(session, request, timeout, encoding, renewed)
        page = "html" in response.headers.get("Content-Type", "") and "html" not in request.accept
        if 200 <= response.status < 300 and not page:
            return response
        try:
            raise await self._status_error(response, request)
        finally:
            response.release()

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        request: Request,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 – a set of timeouts that aiohttp keeps
        encoding: str,
        credential: Credential,
    ) -> aiohttp.ClientResponse:
        """The head of the answer, whatever its status."""
        from kubetui.cluster.connection_errors import CONNECTION_ERRORS

        shape = _shape(request)
        headers = headers_for(request, encoding, credential, self._impersonation)
        context = await self._tls.context(credential)
        begun = self._clock.monotonic()
        self._traffic.asked(shape)
        try:
            response = await session.request(
                request.method,
                self._url(request),
                headers=headers,
                data=request.body,
                timeout=timeout,
                ssl=context if context is not None else True,
                server_hostname=self._target.tls_server_name,
                allow_redirects=False,
            )
        except CONNECTION_ERRORS as error:
            self._traffic.failed(shape)
            raise self._translated(request, error) from None
        flow_schema = response.headers.get(_FLOW_SCHEMA, "")
        self._traffic.answered(shape, response.status, self._clock.monotonic() - begun, flow_schema)
        return response

    async def _read(self, response: aiohttp.ClientResponse, request: Request, most: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for chunk in self._chunks(response, request):
            size += len(chunk)
            if size > most:
                answer = f"the answer is larger than {most >> 20} MiB"
                raise Unreachable(request.tried, answer, "narrow it to a namespace")
            parts.append(chunk)
        return b"".join(parts)

    async def _chunks(self, response: aiohttp.ClientResponse, request: Request) -> AsyncIterator[bytes]:
        from kubetui.cluster.connection_errors import CONNECTION_ERRORS

        shape = _shape(request)
        counted = 0
        loose = 0
        try:
            async for chunk in response.content.iter_any():
                # Compressed bodies are counted as they came over the wire.
                loose += len(chunk)
                wire = response.content.total_compressed_bytes
                self._traffic.received(shape, (wire or loose) - counted)
                counted = wire or loose
                yield chunk
        except CONNECTION_ERRORS as error:
            self._traffic.failed(shape)
            raise self._translated(request, error) from None

    async def _status_error(self, response: aiohttp.ClientResponse, request: Request) -> ClusterError:
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            body = await self._read(response, request, _MOST_ERROR_BODY)
        except ClusterError:
            body = b""  # the status says enough
        return status_error(
            request.tried,
            response.status,
            body,
            headers,
            now=self._clock.now(),
            target=self._target,
            signs_in=self._tokens.describe(),
        )

    def _translated(self, request: Request, error: BaseException) -> ClusterError:
        from kubetui.cluster.connection_errors import connection_error

        translated = connection_error(request.tried, error, self._target, self._proxy)
        if isinstance(translated, TlsFailed):
            self._tls.forget()
        return translated

    def _url(self, request: Request) -> URL:
        from yarl import URL

        query = f"?{urlencode(request.query, quote_via=quote)}" if request.query else ""
        # Quoted here: yarl would leave some characters to the server's interpretation.
        return URL(f"{self._target.server}{quote(request.path, safe=_PATH_CHARACTERS)}{query}", encoded=True)


class HttpStream:
    """Implements ``Stream``."""

    def __init__(self, transport: HttpTransport, response: aiohttp.ClientResponse, request: Request) -> None:
        self._transport = transport
        self._response = response
        self._request = request

    def chunks(self) -> AsyncIterator[bytes]:
        """Bytes as they come; ends when the server ends it. Raises Unreachable when cut, TimedOut when silent."""
        return self._transport._chunks(self._response, self._request)  # noqa: SLF001 – the two are one thing


_PATH_CHARACTERS = "/:@!$&'()*+,;=-._~"


_FLOW_SCHEMA = "X-Kubernetes-PF-FlowSchema-UID"


def _shape(request: Request) -> str:
    verb = "WATCH" if ("watch", "true") in request.query else request.method
    return f"{verb} {parse_path(request.path).shape}"


def _session(proxy: Proxy | None, limit: int) -> aiohttp.ClientSession:
    import aiohttp

    from kubetui.cluster.connection_end import end_at_once
    from kubetui.cluster.proxy_connector import ProxyConnector
    from kubetui.cluster.socket_options import socket_factory

    connector: aiohttp.BaseConnector
    if proxy is not None:
        connector = ProxyConnector(proxy, limit)
    else:
        connector = aiohttp.TCPConnector(limit=limit, socket_factory=socket_factory)
    end_at_once(connector)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,  # ~/.netrc would collide with our Authorization header; proxies are chosen in proxy.py
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
    )
