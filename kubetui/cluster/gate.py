"""The gate: which requests may leave this program. It reads, and asks what the account may do; nothing else.

A pure function over (method, path), so that every request of the whole program is judged by the same few lines.
"""

from __future__ import annotations

import re

from kubetui.cluster.api_path import ApiPath, parse_path
from kubetui.cluster.errors import Refused

_REVIEWS = {
    ("authorization.k8s.io", "selfsubjectaccessreviews"),
    ("authorization.k8s.io", "selfsubjectrulesreviews"),
    ("authentication.k8s.io", "selfsubjectreviews"),
}
"""Created by POST, but nothing is stored: the server answers a question about the asking account."""

_SUBRESOURCES = {"", "log", "proxy", "scale", "status"}
"""Subresources that a GET only reads. On others it may open a session: ``exec``, ``attach`` and ``portforward``
upgrade to a websocket (kubernetes/kubernetes#136550), ``console`` and ``vnc`` of KubeVirt do too."""

_NODE_PROXY = {
    "configz",
    "stats/summary",
    "metrics",
    "metrics/resource",
    "metrics/cadvisor",
    "metrics/probes",
    "healthz",
    "statusz",
    "flagz",
    "pods",
}
"""Read-only endpoints of the kubelet. ``exec``, ``run`` and ``attach`` stand beside them on the same port."""

_POD_PROXY = {
    "configz",
    "metrics",
    "proxyMode",
    "healthz",
    "livez",
    "readyz",
    "ready",
    "health",
    "statusz",
    "flagz",
}
"""Read-only endpoints of kube-system's components (kube-proxy, CoreDNS, metrics-server)."""

_PROXIES = {"nodes": _NODE_PROXY, "pods": _POD_PROXY}

_UNSAFE = re.compile(r"[%?#\\\x00-\x1f\x7f]|//|(?:^|/)\.{1,2}(?:/|$)")
"""What could make a path mean another one to the server: escapes, a hidden query, dot segments."""


def check(method: str, path: str) -> None:
    """Let a read or an access review pass.

    Raises Refused for everything else: writes, GETs that open a session in a container, proxied paths that are not
    known to be harmless, and paths that are not plain.
    """
    tried = f"{method} {path}"
    if not path.startswith("/") or _UNSAFE.search(path):
        raise Refused(tried, "this path is not written plainly, so it can't be judged")
    parsed = parse_path(path)
    if method == "GET":
        _check_read(tried, parsed)
    elif method != "POST" or not _is_review(parsed):
        raise Refused(tried, "kubetui reads and changes nothing", "do it with kubectl")


def _is_review(path: ApiPath) -> bool:
    plain = not (path.namespace or path.name)
    return plain and (path.group, path.resource) in _REVIEWS


def _check_read(tried: str, path: ApiPath) -> None:
    if path.subresource not in _SUBRESOURCES or (path.rest and path.subresource != "proxy"):
        raise Refused(tried, f"{path.subresource} is not known to be a mere read", "do it with kubectl")
    if path.subresource == "proxy" and "/".join(path.rest) not in _PROXIES.get(path.resource, ()):
        raise Refused(tried, "this address behind the API server's proxy is not known to be a mere read")
    if path.segments[:1] == ("proxy",) or path.segments[2:3] in (("proxy",), ("redirect",)):
        raise Refused(tried, "the API server's old proxy paths are not used")
