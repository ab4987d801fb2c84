"""Failures below HTTP (no connection, TLS, silence, a cut), as errors that speak to the person.

Imports aiohttp at once: only the transport imports this file, when it is built.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from traceback import walk_tb

import aiohttp

from kubetui.cluster.errors import ClusterError, NotKubernetes, TimedOut, TlsFailed, Unreachable
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.proxy import Proxy
from kubetui.cluster.proxy_connector import ProxyFailed
from kubetui.cluster.status_errors import printable

# X509_V_ERR_… of OpenSSL's x509_vfy.h
_UNKNOWN_SIGNER = {18, 19, 20, 21}
_OUTSIDE_ITS_TIME = {9, 10}
_WRONG_NAME = {62, 64}


def connection_error(tried: str, error: BaseException, target: Target, proxy: Proxy | None) -> ClusterError:
    """The error for what aiohttp, asyncio, ssl or the system raised. Never raises."""
    host = target.server.partition("://")[2].partition("/")[0]
    where = f"{host} through {proxy}" if proxy else host
    if isinstance(error, ProxyFailed):
        return _proxy_failed(tried, error, proxy)
    if (tls := _ssl_error(error)) is not None:
        return _tls_failed(tried, tls, target, host)
    if isinstance(error, TimeoutError):  # all of aiohttp's timeouts are
        return _timed_out(tried, error, where, target)
    if isinstance(error, aiohttp.ClientConnectorDNSError) or isinstance(_os_error(error), socket.gaierror):
        advice = "is the VPN up, is the name right? a private cluster's name is known inside its network only"
        return Unreachable(tried, f"the name {host.rpartition(':')[0] or host} was not found", advice)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _not_connected(tried, error, where, target)
    if isinstance(error, aiohttp.ClientResponseError) or type(error).__module__ == "aiohttp.http_exceptions":
        return NotKubernetes(tried, f"what answered at {host} speaks no HTTP", "check the server's scheme and port")
    return _cut(tried, error, where, target)


def _ssl_error(error: BaseException) -> ssl.SSLError | None:
    """The ssl error in the chain, unless it's the mere end of a stream."""
    seen: BaseException | None = error
    while seen is not None:
        inner = getattr(seen, "certificate_error", None) or getattr(seen, "os_error", None)
        for candidate in (inner, seen):  # aiohttp's wrappers are ssl errors too, but empty ones
            if isinstance(candidate, ssl.SSLError) and not isinstance(candidate, ssl.SSLEOFError):
                return candidate
        seen = seen.__cause__
    return None


def _os_error(error: BaseException) -> OSError | None:
    inner = getattr(error, "os_error", None) or error
    return inner if isinstance(inner, OSError) else None


def _tls_failed(tried: str, error: ssl.SSLError, target: Target, host: str) -> TlsFailed:
    refresh = (
        "run: az aks get-credentials --resource-group … --name … --overwrite-existing"
        if target.is_aks
        else "get the kubeconfig anew"
    )
    code = getattr(error, "verify_code", 0)
    said = printable(
        getattr(error, "verify_message", "") or (getattr(error, "reason", "") or "TLS failed").replace("_", " ").lower()
    )
    if code in _UNKNOWN_SIGNER:
        advice = f"was the cluster made anew or its CA rotated? {refresh}; else a proxy is reading along"
    elif code in _OUTSIDE_ITS_TIME:
        advice = "is this machine's clock right? else the server's certificate has to be renewed"
    elif code in _WRONG_NAME:
        advice = "if the address is right, set the cluster's tls-server-name to a name in its certificate"
    elif "alert" in said:
        advice = f"the server did not accept our certificate: has it ended? {refresh}"
    elif "wrong version number" in said:
        advice = "the server speaks no TLS there: check scheme and port of the server, and the proxy"
    else:
        advice = refresh
    return TlsFailed(tried, f"TLS with {host} failed: {said}", advice)


def _timed_out(tried: str, error: BaseException, where: str, target: Target) -> TimedOut:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        if _taken(error):
            answer = f"{where} took the connection, and TLS with it got no answer in time"
            return TimedOut(tried, answer, "does the server hang, or a proxy or firewall on the way to it?")
        answer = f"{where} did not take the connection in time"
        advice = "is the VPN up? does a firewall or the cluster's authorized IP ranges leave you out?"
        return TimedOut(tried, answer, advice)
    return TimedOut(tried, f"{where} did not answer in time", "is the API server overloaded? :requests shows latencies")


def _taken(error: BaseException) -> bool:
    """Whether TCP was through when time was up: then the loop was setting up TLS, which the traceback tells alone."""
    seen: BaseException | None = error
    while seen is not None:
        frames = walk_tb(seen.__traceback__)
        if any(frame.f_code.co_name == "_create_connection_transport" for frame, _ in frames):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _not_connected(tried: str, error: aiohttp.ClientConnectorError, where: str, target: Target) -> Unreachable:
    code = error.os_error.errno
    if code == errno.ECONNREFUSED:
        advice = (
            "is the cluster stopped? az aks show --resource-group … --name … --query powerState"
            if target.is_aks
            else "is the API server running, and its port right?"
        )
        return Unreachable(tried, f"{where} refused the connection", advice)
    if code in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return Unreachable(tried, f"there is no route to {where}", "is the network or the VPN up?")
    words = os.strerror(code) if code else error.os_error.strerror or "no connection"
    return Unreachable(tried, f"{where}: {printable(words).lower()}", "is the network or the VPN up?")


def _cut(tried: str, error: BaseException, where: str, target: Target) -> Unreachable:
    if isinstance(error, aiohttp.ClientPayloadError):
        answer = f"{where} cut the answer short"
    elif isinstance(error, aiohttp.ServerDisconnectedError):
        answer = f"{where} closed the connection without an answer"
    elif isinstance(error, (ConnectionResetError, BrokenPipeError)) or isinstance(_os_error(error), OSError):
        answer = f"{where} broke the connection"
    else:
        answer = f"{where}: the connection failed ({type(error).__name__})"
    # A server's "no" to our certificate may get lost on its way: then the connection just breaks.
    certificate = target.server.startswith("https:") and not isinstance(error, aiohttp.ClientPayloadError)
    advice = "; if it goes on, the server may not accept our certificate" if certificate else ""
    return Unreachable(tried, answer, "trying again may help" + advice)


def _proxy_failed(tried: str, error: ProxyFailed, proxy: Proxy | None) -> Unreachable:
    if error.status == 407:
        advice = "put the account into the address: http://user:password@host:port"
    elif error.status:
        advice = "the proxy does not lead to this server: ask who runs it, or exclude the server by NO_PROXY"
    else:
        advice = "does it run? for an SSH jump host: ssh -D 1080 -N jumphost"
    return Unreachable(tried, f"the proxy {proxy} failed: {printable(error.words)}", advice)


CONNECTION_ERRORS = (
    aiohttp.ClientError,
    asyncio.TimeoutError,
    OSError,
    aiohttp.http_exceptions.HttpProcessingError,
)
"""What a request through aiohttp may raise, cancellation and bugs apart."""
