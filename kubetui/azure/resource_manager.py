"""GETs to Azure Resource Manager through ``azure-core``'s pipeline: our gate, our token, our limits; no retries.

Not ``azure-mgmt-compute``: its import costs half a second to a second and 45 MB, its models stall the event loop for
a quarter of a second per thousand machines, its pipeline waits as long as ``Retry-After`` says without a word, and it
registers resource providers by POST. Imports ``azure.core`` and aiohttp at once: import this file in a thread.
"""

from __future__ import annotations

import asyncio
import os
import zlib
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from azure.core import AsyncPipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline.policies import UserAgentPolicy
from azure.core.rest import HttpRequest

from kubetui.azure.connection_errors import connection_error
from kubetui.azure.machine_wire import NOT_UNDERSTOOD, PageWire, read
from kubetui.azure.resource_gate import check
from kubetui.azure.transport import AzureTransport
from kubetui.cluster.errors import (
    ClusterError,
    Forbidden,
    NotFound,
    Overloaded,
    TimedOut,
    Unauthorized,
)
from kubetui.cluster.status_errors import page_title, printable
from kubetui.cluster.token import TokenSource

CONNECT_S, READ_S, CALL_S = 10, 30, 60.0
"""Seconds to connect, between two parts of an answer, and for a whole answer, its token included."""
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_PAGES: Final = 200
_BLOCK: Final = 128 * 1024
"""Bytes taken from the transport at a time; its own 4,096 make 1,300 turns of a thousand machines."""
_LEFT: Final = "x-ms-ratelimit-remaining-"
_PROXY: Final = "a proxy's page? check HTTPS_PROXY and NO_PROXY"


class NotResourceManager(ClusterError):
    """Something answered that is not Azure Resource Manager: a proxy's page, a broken answer."""


class _ErrorWire(msgspec.Struct):
    code: str | None = None
    message: str | None = None


class _FailureWire(msgspec.Struct):
    error: _ErrorWire | None = None


class ResourceManager:
    """``async with ResourceManager(endpoint, tokens) as azure``; every error is a ClusterError."""

    def __init__(self, endpoint: str, tokens: TokenSource, environ: Mapping[str, str] | None = None) -> None:
        """``environ``: which proxy is on the way and whom TLS trusts; this process' own where None."""
        self.endpoint = endpoint.rstrip("/")
        self._host = urlsplit(self.endpoint).hostname or ""
        self.budget: int | None = None
        """Reads left of the scarcest allowance that the last answers named."""
        self.reads = 0
        """Requests that were sent."""
        self._tokens = tokens
        self._client: AsyncPipelineClient[Any, Any] = AsyncPipelineClient(
            self.endpoint,
            # No retry, redirect or provider registration: what waits is seen, and a token goes to one origin only.
            policies=[UserAgentPolicy(base_user_agent="kubetui")],
            transport=AzureTransport(
                os.environ if environ is None else environ,
                connection_timeout=CONNECT_S,
                read_timeout=READ_S,
                connection_data_block_size=_BLOCK,
            ),
        )

    async def __aenter__(self) -> ResourceManager:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def get(self, path: str, wire: Any, tried: str, **query: str) -> Any:
        """The resource at ``path``, decoded as ``wire``. Raises ClusterError types."""
        return await self._read(self._url(path, query), wire, tried)

    async def pages(self, path: str, tried: str, **query: str) -> AsyncIterator[PageWire]:
        """A list, page by page. Raises ClusterError types."""
        url = self._url(path, query)
        read: set[str] = set()
        while len(read) < MOST_PAGES:
            read.add(url)
            page: PageWire = await self._read(url, PageWire, tried)
            yield page
            if not page.next_link:
                return
            url = page.next_link
            if url in read:
                raise NotResourceManager(tried, "the list leads back to a page of its own")
        raise NotResourceManager(tried, f"the list has not ended after {MOST_PAGES} pages")

    def _url(self, path: str, query: Mapping[str, str]) -> str:
        given = {name.replace("_", "-") if name == "api_version" else f"${name}": text for name, text in query.items()}
        return f"{self.endpoint}{quote(path)}?{urlencode(given, quote_via=quote)}"

    async def _read(self, url: str, wire: Any, tried: str) -> Any:
        check("GET", url, self.endpoint)
        try:
            async with asyncio.timeout(CALL_S):
                body = await self._body(url, tried)
        except TimeoutError:
            raise TimedOut(tried, f"Azure gave no whole answer within {CALL_S:.0f} s") from None
        except (AzureError, OSError) as error:
            raise connection_error(tried, error, self._host) from None
        except zlib.error:
            raise NotResourceManager(tried, "the answer is compressed in a broken way", _PROXY) from None
        try:
            return read(body, wire)
        except NOT_UNDERSTOOD:
            raise NotResourceManager(tried, _no_answer_of_azures(body), _PROXY) from None

    async def _body(self, url: str, tried: str) -> bytes:
        credential = await self._tokens.credential()
        status, headers, body = await self._send(url, credential.token or "", tried)
        if status == 401:  # ended or revoked meanwhile: once more with another
            self._tokens.reject(credential)
            again = await self._tokens.credential()
            if again != credential:
                status, headers, body = await self._send(url, again.token or "", tried)
        if left := [int(text) for name, text in headers.items() if name.startswith(_LEFT) and text.isdecimal()]:
            self.budget = min(left)
        if status != 200:
            raise failure(status, headers, body, tried)
        return body

    async def _send(self, url: str, token: str, tried: str) -> tuple[int, Mapping[str, str], bytes]:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",  # aiohttp would offer all that is installed, and the transport unpacks this only
        }
        request = HttpRequest("GET", url, headers=headers)
        self.reads += 1
        response: Any = await self._client.send_request(request, stream=True)
        try:
            body = bytearray()
            async for part in response.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise NotResourceManager(tried, f"the answer has more than {MOST_BYTES // 2**20} MiB")
            return response.status_code, {k.lower(): v for k, v in response.headers.items()}, bytes(body)
        finally:
            await response.close()


def failure(status: int, headers: Mapping[str, str], body: bytes, tried: str) -> ClusterError:
    """The error that an answer of Azure Resource Manager is."""
    error = _error(body)
    code = error.code or ""
    words = printable(error.message or code).rstrip(".") or f"HTTP {status}"
    after = retry_after(headers)
    if not code and status in (401, 403, 404):  # Azure names its own
        return NotResourceManager(tried, f"HTTP {status}, {_no_answer_of_azures(body)}", _PROXY)
    if status == 401:
        return Unauthorized(tried, words, "run: az login", status=status, reason=code)
    if status == 403:
        return Forbidden(tried, words, status=status, reason=code)
    if status == 404:
        return NotFound(tried, words, status=status, reason=code)
    if status in (408, 429) or status >= 500:
        return Overloaded(tried, words, status=status, reason=code, retry_after=after)
    return NotResourceManager(tried, words if words.startswith("HTTP ") else f"HTTP {status}: {words}")


def _no_answer_of_azures(body: bytes) -> str:
    if body.lstrip()[:1] == b"<":
        title = page_title(body)
        return f"a web page came ({title})" if title else "a web page came"
    return "the answer is not one of Azure Resource Manager"


def _error(body: bytes) -> _ErrorWire:
    try:
        return msgspec.json.decode(body, type=_FailureWire).error or _ErrorWire()
    except NOT_UNDERSTOOD:
        return _ErrorWire()


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` asks to wait; Azure sends numbers, a date counts as none."""
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None
