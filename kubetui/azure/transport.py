"""How Azure is reached: by which proxy, and with which CAs trusted, alike for sign-ins and the resource manager.

aiohttp's own reading of the environment knows no SOCKS and no ranges in NO_PROXY, leaves a proxy with ``https://`` out
without a word, and asks a proxy for the metadata address. So the way is chosen as for the API server. Imports aiohttp
and ``azure.core`` at once: import this file in a thread.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.client_proto import ResponseHandler
from azure.core.exceptions import ServiceRequestError
from azure.core.pipeline.transport import AioHttpTransport, HttpTransport

from kubetui.azure.trust import trusted
from kubetui.cluster.connection_end import end_at_once
from kubetui.cluster.proxy import Proxy, choose_proxy
from kubetui.cluster.proxy_connector import ProxyConnector, ProxyFailed

if TYPE_CHECKING:
    from aiohttp.tracing import Trace

_MOST: Final = 8
"""Connections at a time; the resource manager is asked a few things at once, Entra one."""


def proxy_to(url: str, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy on the way to ``url``; None: straight. Raises KubeconfigError for one that can't be used."""
    return None if _link_local(urlsplit(url).hostname or "") else choose_proxy(url, None, environ)


def _link_local(host: str) -> bool:
    """Such as 169.254.169.254, which gives out the machine's own tokens: a proxy's would be another machine's."""
    try:
        return ipaddress.ip_address(host).is_link_local
    except ValueError:
        return False


class ProxyOnTheWay(ProxyFailed):
    """``ProxyFailed``, with the proxy that it was."""

    def __init__(self, error: ProxyFailed, proxy: Proxy) -> None:
        super().__init__(error.words, error.status)
        self.proxy = proxy


class AzureConnector(aiohttp.BaseConnector):
    """Opens each connection by the environment's proxy for its address, or straight."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(limit=_MOST)
        self._environ = environ
        self._context: ssl.SSLContext | None = None
        self._trusting = asyncio.Lock()
        self._ways: dict[tuple[Proxy | None, bool], aiohttp.BaseConnector] = {}

    async def _create_connection(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 – the name that aiohttp calls it by
    ) -> ResponseHandler:
        # The extension point of BaseConnector, as in proxy_connector.py. What is not encrypted needs no CAs: a bundle
        # that is missing must not keep a managed identity's token away.
        proxy = proxy_to(str(req.url), self._environ)
        context = await self._trusted() if req.is_ssl() else None
        try:
            way = self._way(proxy, context)
            return await way._create_connection(req, traces, timeout)  # noqa: SLF001 – the extension point itself
        except ProxyFailed as error:
            assert proxy is not None
            raise ProxyOnTheWay(error, proxy) from error

    async def _trusted(self) -> ssl.SSLContext:
        async with self._trusting:
            if self._context is None:
                self._context = await asyncio.to_thread(trusted, self._environ)
            return self._context

    def _way(self, proxy: Proxy | None, context: ssl.SSLContext | None) -> aiohttp.BaseConnector:
        key = (proxy, context is not None)
        if key not in self._ways:
            way: aiohttp.BaseConnector = (
                ProxyConnector(proxy, _MOST, context)
                if proxy
                else aiohttp.TCPConnector(limit=_MOST, ssl=context or True)
            )
            end_at_once(way)
            self._ways[key] = way
        return self._ways[key]

    async def close_ways(self) -> None:
        """What is behind it; connections themselves are this connector's own."""
        for way in self._ways.values():
            await way.close()
        self._ways.clear()


class AzureTransport(AioHttpTransport):  # type: ignore[misc]  # the package exports it lazily, without a type
    """``azure-core``'s transport on an ``AzureConnector``. Further options are its own."""

    session: Any

    def __init__(self, environ: Mapping[str, str], **options: Any) -> None:
        super().__init__(use_env_settings=False, **options)
        self._environ = environ
        self._connector: AzureConnector | None = None

    async def open(self) -> None:
        """Ready for requests. Reads nothing: what TLS needs is read with the first connection that is encrypted."""
        if self._connector is None:
            self._connector = AzureConnector(self._environ)
            self.session = aiohttp.ClientSession(
                connector=self._connector,
                trust_env=False,  # ~/.netrc would collide with our Authorization header
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # azure-core does it
            )
        await super().open()

    async def close(self) -> None:
        """End all connections."""
        await super().close()
        if self._connector is not None:
            await self._connector.close_ways()


class EndableTransport(HttpTransport[Any, Any]):
    """For what ``azure-identity`` has synchronously only: an ``AzureTransport`` for each request.

    So it keeps no connection between requests; it makes none any more once ``ended`` is set. Blocks: use it in a thread
    without an event loop.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.ended = threading.Event()

    def open(self) -> None:
        """Nothing is open between requests."""

    def close(self) -> None:
        """Nothing is open between requests."""

    def __exit__(self, *_: object) -> None:
        """Nothing is open between requests."""

    def send(self, request: Any, **options: Any) -> Any:
        """Send, on a connection for this request alone."""
        if self.ended.is_set():
            raise ServiceRequestError("the sign-in was ended")
        return asyncio.run(self._send(request, options))

    async def _send(self, request: Any, options: dict[str, Any]) -> Any:
        async with AzureTransport(self._environ, connection_timeout=10, read_timeout=30) as transport:
            return await transport.send(request, **options)
