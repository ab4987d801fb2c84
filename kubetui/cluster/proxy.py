"""Which proxy leads to the API server: kubeconfig's ``proxy-url``, else the environment as Go reads it.

Source of the rules: golang.org/x/net/http/httpproxy (``config.useProxy``), which kubectl uses; unlike Python's
own, it honours address ranges in NO_PROXY, and never sends loopback addresses through a proxy.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from kubetui.cluster.errors import KubeconfigError

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy to connect through. Its repr and its str show no password."""

    scheme: str
    """``http``, ``https``, ``socks5`` or ``socks5h``; names are resolved behind the proxy always, as Go does."""
    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    origin: str = "proxy-url"
    """Where it was set: ``proxy-url`` or the variable's name."""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port} (from {self.origin})"


def choose_proxy(server: str, proxy_url: str | None, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy for ``server`` (a URL); None: connect directly. Raises KubeconfigError for an unusable one."""
    if proxy_url:
        return _parse(proxy_url, "proxy-url")
    parts = urlsplit(server)
    variables = ("HTTPS_PROXY", "https_proxy") if parts.scheme == "https" else ("HTTP_PROXY", "http_proxy")
    for variable in variables:
        if value := environ.get(variable, "").strip():
            port = parts.port or _PORTS[parts.scheme]
            excluded = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
            return None if goes_direct(parts.hostname or "", port, excluded) else _parse(value, variable)
    return None


def goes_direct(host: str, port: int, no_proxy: str) -> bool:
    """True if ``host`` is local or NO_PROXY names it: by name, domain, address or range, also with a port."""
    host = host.rstrip(".").lower()
    address = _address(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return True
    entries = [entry.strip().lower() for entry in no_proxy.split(",")]
    return any(_matches(entry, host, address, port) for entry in entries if entry)


def _matches(entry: str, host: str, address: _Address | None, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        try:
            return address is not None and address in ipaddress.ip_network(entry, strict=False)
        except ValueError:
            return False  # Go goes on and compares it as a name, which can't match
    name, wanted_port = _split_port(entry)
    if wanted_port and wanted_port != str(port):
        return False
    if (wanted := _address(name)) is not None:
        return address == wanted
    if not name:
        return False
    domain = name.removeprefix("*")
    return host.endswith(domain) if domain.startswith(".") else host == domain or host.endswith("." + domain)


def _split_port(entry: str) -> tuple[str, str]:
    if entry.startswith("["):
        name, _, rest = entry[1:].partition("]")
        return name, rest.removeprefix(":")
    if entry.count(":") == 1:
        name, _, port = entry.partition(":")
        return name, port
    return entry, ""


def _address(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _parse(url: str, origin: str) -> Proxy:
    """A proxy's URL; without a scheme it is http, as Go takes it. Never quoted: it may hold a password."""
    tried = f"use the proxy of {origin}"
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise KubeconfigError(tried, "its address can't be read", "write it as http://host:port") from None
    if parts.scheme not in _PORTS:
        schemes = ", ".join(_PORTS)
        raise KubeconfigError(tried, f"the scheme {parts.scheme!r} is not known", f"known are {schemes}")
    if not host:
        raise KubeconfigError(tried, "its address has no host", "write it as http://host:port")
    return Proxy(parts.scheme, host, port, unquote(parts.username or ""), unquote(parts.password or ""), origin)
