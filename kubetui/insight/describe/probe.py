"""Probes in one line each, as ``DescribeProbe`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.reading import Json, get, go_text, mapping, number, text

_KINDS: Final = (("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe"))


def probes(container: Json, level: int) -> Iterator[Entry]:
    """Those that are set."""
    for label, field in _KINDS:
        if get(container, field) is not None:
            yield Field(label, probe_text(mapping(container, field)), level)


def probe_text(probe: Json) -> str:
    """``http-get http://:8080/ready delay=0s timeout=1s period=10s #success=1 #failure=3``."""
    counts = (
        f"delay={number(probe, 'initialDelaySeconds')}s timeout={number(probe, 'timeoutSeconds')}s "
        f"period={number(probe, 'periodSeconds')}s #success={number(probe, 'successThreshold')} "
        f"#failure={number(probe, 'failureThreshold')}"
    )
    return f"{_what(probe)} {counts}"


def _what(probe: Json) -> str:
    if get(probe, "exec") is not None:
        return f"exec {go_text(get(probe, 'exec', 'command') or [])}"
    if get(probe, "httpGet") is not None:
        return f"http-get {_url(mapping(probe, 'httpGet'))}"
    if get(probe, "tcpSocket") is not None:
        return f"tcp-socket {text(probe, 'tcpSocket', 'host')}:{text(probe, 'tcpSocket', 'port')}"
    if get(probe, "grpc") is not None:
        return f"grpc <pod>:{text(probe, 'grpc', 'port')} {text(probe, 'grpc', 'service')}"
    return "unknown"


def _url(get_: Json) -> str:
    host, path = text(get_, "host"), text(get_, "path")
    at = f"[{host}]" if ":" in host else host
    slash = "" if not path or path.startswith("/") else "/"
    return f"{text(get_, 'scheme').lower()}://{at}:{text(get_, 'port')}{slash}{path}"
