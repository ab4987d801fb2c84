"""Failures below HTTP on the way to Azure Resource Manager, as errors that speak to the person.

``azure-core`` wraps what aiohttp raised; its own words are a class and its arguments. Imports aiohttp at once: only
``resource_manager.py`` imports this file, in a thread.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable

import aiohttp
from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from kubetui.azure.transport import ProxyOnTheWay
from kubetui.cluster.errors import ClusterError, TimedOut, TlsFailed, Unreachable
from kubetui.cluster.status_errors import printable

_REACH = "can this machine reach Azure, through a proxy perhaps? see HTTPS_PROXY and NO_PROXY"
_PROXY = "check HTTPS_PROXY: its address, and a name and password in it where it wants them"
_INTERCEPTED = "does a proxy open TLS? its CA has to be in the file that REQUESTS_CA_BUNDLE names, for az too"


def connection_error(tried: str, error: BaseException, host: str) -> ClusterError:
    """The error for what azure-core, aiohttp or the system raised while ``host`` was asked. Never raises."""
    # Innermost first: that knows most.
    causes = _along(error, lambda one: getattr(one, "inner_exception", None) or one.__cause__)[::-1]
    for known in (_of_proxy, _known):  # a proxy that refuses is no Azure that does
        for cause in causes:
            if (found := known(tried, cause, host)) is not None:
                return found
    return Unreachable(tried, f"{host}: {printable(str(error)) or type(error).__name__}", _REACH)


def unreached(tried: str, error: BaseException, host: str) -> ClusterError | None:
    """The error for what came from below HTTP, wrapped in whatever; None for what ``host`` answered itself."""
    # azure-identity wraps what came from below HTTP in an error of its own.
    for cause in _along(error, lambda one: one.__cause__ or one.__context__):
        if isinstance(cause, ClusterError):  # of the proxy or the CAs that are named to us
            return cause
        if isinstance(cause, (ServiceRequestError, ServiceResponseError)):
            return connection_error(tried, cause, host)
    return None


def _along(error: BaseException, link: Callable[[BaseException], BaseException | None]) -> list[BaseException]:
    """What was raised and what it was raised for, one ``link`` after the other."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = link(following)
    return found


def _of_proxy(tried: str, error: BaseException, host: str) -> ClusterError | None:
    if not isinstance(error, ProxyOnTheWay):
        return None
    return Unreachable(tried, f"the proxy {error.proxy} failed: {printable(error.words)}", _PROXY)


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
