"""Which proxy leads to the API server, as Go decides."""

from __future__ import annotations

import pytest

from kubetui.cluster.errors import KubeconfigError
from kubetui.cluster.proxy import choose_proxy, goes_direct

SERVER = "https://aks.example.com:443"


@pytest.mark.parametrize(
    ("no_proxy", "host", "port", "direct"),
    [
        ("", "aks.example.com", 443, False),
        ("*", "aks.example.com", 443, True),
        ("10.0.0.0/8", "10.1.2.3", 443, True),
        ("10.0.0.0/8", "11.1.2.3", 443, False),
        ("10.0.0.0/8", "ten.example.com", 443, False),
        ("10.1.2.3/8", "10.9.9.9", 443, True),  # host bits do not matter to Go
        ("fd00::/8", "fd00::1", 443, True),
        ("10.1.2.3", "10.1.2.3", 443, True),
        ("10.1.2.3:443", "10.1.2.3", 443, True),
        ("10.1.2.3:6443", "10.1.2.3", 443, False),
        ("[fd00::1]:443", "fd00::1", 443, True),
        ("fd00::1", "fd00::1", 443, True),
        ("example.com", "example.com", 443, True),
        ("example.com", "aks.example.com", 443, True),
        ("example.com", "notexample.com", 443, False),
        (".example.com", "example.com", 443, False),
        (".example.com", "aks.example.com", 443, True),
        ("*.example.com", "aks.example.com", 443, True),
        ("*.example.com", "example.com", 443, False),
        ("example.com:6443", "aks.example.com", 443, False),
        (" a.b , EXAMPLE.com ", "AKS.example.com", 443, True),
        ("", "localhost", 6443, True),
        ("", "127.0.0.1", 6443, True),
        ("", "127.8.8.8", 6443, True),
        ("", "::1", 6443, True),
        (",,300.1.1.1/99,:443,[", "aks.example.com", 443, False),
    ],
)
def test_no_proxy_is_read_as_go_reads_it(no_proxy: str, host: str, port: int, direct: bool) -> None:
    assert goes_direct(host, port, no_proxy) is direct


@pytest.mark.parametrize(
    ("environ", "origin"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://p:1", "https_proxy": "http://p:2"}, "HTTPS_PROXY"),
        ({"https_proxy": "http://p:2"}, "https_proxy"),
        ({"HTTP_PROXY": "http://p:1"}, None),  # for plain http servers only
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.com"}, None),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "example.com"}, None),
        ({"HTTPS_PROXY": "  "}, None),
    ],
)
def test_the_environment_chooses(environ: dict[str, str], origin: str | None) -> None:
    proxy = choose_proxy(SERVER, None, environ)
    assert (proxy.origin if proxy else None) == origin


def test_a_plain_http_server_has_a_variable_of_its_own() -> None:
    proxy = choose_proxy("http://aks.example.com", None, {"HTTP_PROXY": "p:3128"})
    assert proxy is not None
    assert (proxy.scheme, proxy.host, proxy.port) == ("http", "p", 3128)


def test_proxy_url_goes_before_the_environment_and_its_exclusions() -> None:
    environ = {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}
    proxy = choose_proxy(SERVER, "socks5://jump", environ)
    assert proxy is not None
    assert str(proxy) == "socks5://jump:1080 (from proxy-url)"


def test_a_password_is_used_but_never_shown() -> None:
    proxy = choose_proxy(SERVER, "https://me:p%40ss@proxy.example", {})
    assert proxy is not None
    assert (proxy.username, proxy.password, proxy.port) == ("me", "p@ss", 443)
    assert "p@ss" not in f"{proxy} {proxy!r}"


@pytest.mark.parametrize("url", ["ftp://s3cret@p", "http://", "http://s3cret@p:port", "http://s3cret@[::1"])
def test_an_address_that_is_none_is_an_error_of_ours(url: str) -> None:
    with pytest.raises(KubeconfigError, match="use the proxy of proxy-url") as caught:
        choose_proxy(SERVER, url, {})
    assert "s3cret" not in str(caught.value)
