"""Sockets that notice a dead peer.

A watch may rightly be silent for a minute, so silence alone says nothing; without probes a peer that vanished is
never noticed. 20 s idle, then 3 probes 5 s apart, and TCP_USER_TIMEOUT for data that is not acknowledged: found
within 35 s (client-go needs 45). The probes also keep NAT and load-balancer entries alive.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any

IDLE_S, INTERVAL_S, PROBES = 20, 5, 3
USER_TIMEOUT_MS = 35_000


def keep_alive(sock: socket.socket) -> None:
    """Set the options that this system knows; one that it refuses is left out: better than no connection."""
    _set(sock, socket.IPPROTO_TCP, "TCP_NODELAY", 1)
    _set(sock, socket.SOL_SOCKET, "SO_KEEPALIVE", 1)
    # Linux says TCP_KEEPIDLE, macOS TCP_KEEPALIVE for the same.
    _set(sock, socket.IPPROTO_TCP, "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE", IDLE_S)
    _set(sock, socket.IPPROTO_TCP, "TCP_KEEPINTVL", INTERVAL_S)
    _set(sock, socket.IPPROTO_TCP, "TCP_KEEPCNT", PROBES)
    _set(sock, socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", USER_TIMEOUT_MS)


def socket_factory(address: tuple[Any, ...]) -> socket.socket:
    """A non-blocking socket for an entry of getaddrinfo; handed to aiohttp."""
    family, kind, protocol, *_ = address
    sock = socket.socket(family, kind, protocol)
    sock.setblocking(False)
    keep_alive(sock)
    return sock


def _set(sock: socket.socket, level: int, option: str, value: int) -> None:
    number = getattr(socket, option, None)
    if number is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(level, number, value)
