"""Failures below HTTP on the way to Azure Resource Manager, as errors that speak to the person.

``azure-core`` wraps what aiohttp raised; its own words are a class and its arguments. Imports aiohttp at once: only
``resource_manager.py`` imports this file, in a thread.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import aiohttp

from kubetui.cluster.errors import ClusterError, TimedOut, TlsFailed, Unreachable
from kubetui.cluster.status_errors import printable

_REACH = "can this machine reach Azure, through a proxy perhaps? see HTTPS_PROXY and NO_PROXY"
_PROXY = "check HTTPS_PROXY: its address, and a name and password in it where it wants them"
_INTERCEPTED = "does a proxy open TLS? name the file of its CA in SSL_CERT_FILE"


def connection_error(tried: str, error: BaseException, host: str) -> ClusterError:
    """The error for what azure-core, aiohttp or the system raised while ``host`` was asked. Never raises."""
    causes = tuple(_chain(error))
    for known in (_of_proxy, _known):  # a proxy that refuses is no Azure that does
        for cause in causes:
            if (found := known(tried, cause, host)) is not None:
                return found
    return Unreachable(tried, f"{host}: {printable(str(error)) or type(error).__name__}", _REACH)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """What was raised and what it was raised for, innermost first: that knows most."""
    found: list[BaseException] = []
    seen: BaseException | None = error
    while seen is not None and seen not in found:
        found.append(seen)
        seen = getattr(seen, "inner_exception", None) or seen.__cause__
    return reversed(found)


def _of_proxy(tried: str, error: BaseException, host: str) -> ClusterError | None:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return Unreachable(tried, f"the proxy answered {error.status} {printable(error.message)}".rstrip(), _PROXY)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return Unreachable(tried, f"the proxy {error.host}:{error.port} could not be reached", _PROXY)
    return None


def _known(tried: str, error: BaseException, host: str) -> ClusterError | None:
    if (certificate := _certificate_error(error)) is not None:
        said = printable(certificate.verify_message) or "its certificate was not accepted"
        return TlsFailed(tried, f"TLS with {host} failed: {said}", _INTERCEPTED)
    if isinstance(error, (aiohttp.ClientConnectorDNSError, socket.gaierror)):
        return Unreachable(tried, f"the name {host} was not found", _REACH)
    if isinstance(error, TimeoutError):  # all of aiohttp's timeouts are
        return TimedOut(tried, f"{host} did not answer in time", _REACH)
    if isinstance(error, aiohttp.ClientPayloadError):
        return Unreachable(tried, f"{host} cut the answer short")
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return Unreachable(tried, f"{host} closed the connection without an answer")
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(tried, f"{host} refused the connection", _REACH)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _known(tried, error.os_error, host) or Unreachable(
            tried, f"{host}: {printable(error.os_error.strerror or 'no connection').lower()}", _REACH
        )
    return None


def _certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    inner = getattr(error, "certificate_error", error)
    return inner if isinstance(inner, ssl.SSLCertVerificationError) else None
