"""Connections through real proxies, with TLS to the API server inside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from kubetui.cluster.connect import open_transport
from kubetui.cluster.errors import TimedOut, TlsFailed, Unreachable
from kubetui.cluster.http_transport import HttpTransport, Timeouts
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.proxy import Proxy
from kubetui.cluster.token import Credential
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Request
from tests.fake_clock import FakeClock
from tests.unit.cluster.api_server_double import ConnectProxy, Double, SocksProxy, Tls, serving, talking
from tests.unit.cluster.test_http_transport import forever, free_port

VERSION = Request("/version", "get version")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return Tls.make(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def server(tls: Tls) -> AsyncIterator[Double]:
    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"ok": True})

    async with serving(handler, tls.server_context()) as double:
        yield double


def behind(server: Double, tls: Tls, proxy_url: str | None = None) -> Target:
    """The server under a name that only the proxy knows."""
    address = f"https://kubernetes:{server.port}"
    return Target("lab", "default", address, ca_file=tls.ca, proxy_url=proxy_url)


async def ask(target: Target, environ: dict[str, str] | None = None) -> bytes:
    clock = FakeClock()
    transport = await open_transport(target, clock, Traffic(clock), environ or {})
    try:
        async with transport.stream(VERSION) as stream:
            streamed = b"".join([chunk async for chunk in stream.chunks()])
        body = (await transport.send(VERSION)).body
        assert streamed == body
        return body
    finally:
        await transport.close()


async def test_an_http_proxy_leads_to_a_name_that_it_resolves(server: Double, tls: Tls) -> None:
    proxy = ConnectProxy()
    async with talking(proxy.talk) as port:
        assert await ask(behind(server, tls, f"http://127.0.0.1:{port}")) == b'{"ok": true}'
    assert proxy.heads[0].startswith(f"CONNECT kubernetes:{server.port} HTTP/1.1\r\n")
    assert "Proxy-Authorization" not in proxy.heads[0]


async def test_an_http_proxy_gets_its_password_and_the_server_does_not(server: Double, tls: Tls) -> None:
    proxy = ConnectProxy()
    async with talking(proxy.talk) as port:
        await ask(behind(server, tls, f"http://me:p%40ss@127.0.0.1:{port}"))
    assert "Proxy-Authorization: Basic bWU6cEBzcw==\r\n" in proxy.heads[0]
    assert all("Proxy-Authorization" not in request.headers for request in server.requests)


async def test_an_https_proxy_is_reached_by_tls_of_its_own(
    server: Double, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls.ca))  # the system's CAs, for OpenSSL
    proxy = ConnectProxy()
    async with talking(proxy.talk, tls.server_context()) as port:
        assert await ask(behind(server, tls, f"https://127.0.0.1:{port}")) == b'{"ok": true}'
    assert len(proxy.heads) == 2


async def test_an_https_proxy_is_not_judged_by_the_clusters_ca(server: Double, tls: Tls) -> None:
    async with talking(ConnectProxy().talk, tls.server_context()) as port:
        with pytest.raises(Unreachable, match="TLS to the proxy failed"):
            await ask(behind(server, tls, f"https://127.0.0.1:{port}"))


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_a_socks_proxy_resolves_the_name_too(server: Double, tls: Tls, scheme: str) -> None:
    proxy = SocksProxy()
    async with talking(proxy.talk) as port:
        assert await ask(behind(server, tls, f"{scheme}://127.0.0.1:{port}")) == b'{"ok": true}'
    assert set(proxy.asked) == {"kubernetes"}


async def test_a_socks_proxy_may_want_a_password(server: Double, tls: Tls) -> None:
    proxy = SocksProxy(password=("me", "p@ss"))
    async with talking(proxy.talk) as port:
        assert await ask(behind(server, tls, f"socks5://me:p%40ss@127.0.0.1:{port}")) == b'{"ok": true}'
        with pytest.raises(Unreachable) as caught:
            await ask(behind(server, tls, f"socks5://me:wr0ng@127.0.0.1:{port}"))
    assert "wr0ng" not in str(caught.value)


async def test_the_environments_proxy_is_used_unless_excluded(server: Double, tls: Tls) -> None:
    proxy = ConnectProxy()
    async with talking(proxy.talk) as port:
        environ = {"https_proxy": f"http://127.0.0.1:{port}", "NO_PROXY": "10.0.0.0/8"}
        assert await ask(behind(server, tls), environ) == b'{"ok": true}'
        used = len(proxy.heads)
        assert used
        local = Target("lab", "default", server.url, ca_file=tls.ca)
        await ask(local, {**environ, "NO_PROXY": "127.0.0.0/8"})
        assert len(proxy.heads) == used


async def test_a_proxy_that_wants_a_password_says_where_to_put_it(server: Double, tls: Tls) -> None:
    async with talking(ConnectProxy("407 Proxy Authentication Required").talk) as port:
        with pytest.raises(Unreachable, match="it answered 407 Proxy Authentication Required") as caught:
            await ask(behind(server, tls, f"http://127.0.0.1:{port}"))
    assert "user:password@" in caught.value.advice


@pytest.mark.parametrize("answer", ["403 Forbidden", "502 Bad Gateway"])
async def test_a_proxy_that_does_not_lead_there_is_told(server: Double, tls: Tls, answer: str) -> None:
    async with talking(ConnectProxy(answer).talk) as port:
        with pytest.raises(Unreachable, match=f"it answered {answer}") as caught:
            await ask(behind(server, tls, f"http://127.0.0.1:{port}"))
    assert "NO_PROXY" in caught.value.advice


async def test_a_socks_proxy_that_does_not_lead_there_is_told(server: Double, tls: Tls) -> None:
    async with talking(SocksProxy(reply=5).talk) as port:
        with pytest.raises(Unreachable, match="refused"):
            await ask(behind(server, tls, f"socks5://127.0.0.1:{port}"))


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
async def test_a_proxy_that_does_not_run_is_told_with_its_origin(server: Double, tls: Tls, scheme: str) -> None:
    port = free_port()
    with pytest.raises(Unreachable, match=rf"{scheme}://127.0.0.1:{port} \(from proxy-url\) failed") as caught:
        await ask(behind(server, tls, f"{scheme}://me:s3cret@127.0.0.1:{port}"))
    assert "ssh -D" in caught.value.advice
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_says_nothing_times_out(server: Double, tls: Tls, scheme: str) -> None:
    clock = FakeClock()

    class Anonymous:
        async def credential(self) -> Credential:
            return Credential()

        def reject(self, credential: Credential) -> None: ...

        def describe(self) -> str:
            return "anonymously"

    async with talking(forever) as port:
        proxy = Proxy(scheme, "127.0.0.1", port)
        timeouts = Timeouts(connect=0.05)
        target = behind(server, tls)
        transport = HttpTransport(target, Anonymous(), clock, Traffic(clock), proxy, timeouts)
        with pytest.raises(TimedOut, match="did not take the connection in time"):
            await transport.send(VERSION)
        await transport.close()


@pytest.mark.parametrize("raw", [b"", b"SSH-2.0\r\n\r\n", b"HTTP/1.1 nonsense\r\n\r\n", b"x" * 100_000])
async def test_what_is_no_http_proxy_is_told(server: Double, tls: Tls, raw: bytes) -> None:
    from tests.unit.cluster.test_http_transport import says

    async with talking(says(raw)) as port:
        with pytest.raises(Unreachable, match=r"the proxy .* failed"):
            await ask(behind(server, tls, f"http://127.0.0.1:{port}"))


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_the_server_behind_is_judged_by_the_clusters_ca(server: Double, tls: Tls, scheme: str) -> None:
    talk = ConnectProxy().talk if scheme == "http" else SocksProxy().talk
    async with talking(talk) as port:
        target = Target(
            "lab",
            "default",
            f"https://kubernetes:{server.port}",
            ca_file=Path(tls.other_ca),
            proxy_url=f"{scheme}://127.0.0.1:{port}",
        )
        with pytest.raises(TlsFailed):
            await ask(target)
