"""Sockets that notice a dead peer: the options are really set."""

from __future__ import annotations

import socket
import sys

import pytest

from kubetui.cluster.socket_options import keep_alive, socket_factory


def made() -> socket.socket:
    return socket_factory((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 1)))


def test_a_socket_is_probed_and_sends_at_once() -> None:
    with made() as sock:
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert not sock.getblocking()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems name and offer other options")
def test_on_linux_a_dead_peer_is_found_within_35_seconds() -> None:
    with made() as sock:
        got = [
            sock.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
        ]
    assert got == [20, 5, 3, 35_000]


def test_a_system_that_knows_fewer_options_still_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT"):
        monkeypatch.delattr(socket, option, raising=False)
    with made():
        pass


def test_a_system_that_refuses_an_option_still_connects() -> None:
    left, right = socket.socketpair()  # no TCP: knows none of the options
    with left, right:
        keep_alive(left)
