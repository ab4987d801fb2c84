"""Answers with an error status, as errors that speak to the person."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import msgspec

from kubetui.cluster.errors import (
    ApiError,
    ClusterError,
    Expired,
    Forbidden,
    NotFound,
    NotKubernetes,
    Overloaded,
    TooLargeResourceVersion,
    Unauthorized,
)
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.wire import Status, decode_status

_MOST_WORDS = 300
_MOST_BODY = 16_384
_ADMINS_ONLY = frozenset({"nodes", "nodes/proxy", "csinodes", "volumeattachments", "apiservices"})
_WRITERS_ONLY = frozenset({"pods/log", "secrets", "leases"})
_AZURE_RBAC = "Azure"  # the webhook of Azure RBAC ends its refusals with "… in Azure. Update role assignment …"


def status_error(
    tried: str, status: int, body: bytes, headers: Mapping[str, str], *, now: float, target: Target, signs_in: str
) -> ClusterError:
    """The error for an answer that is not 2xx.

    ``headers`` with lower-case names, ``now`` in Unix seconds (for a Retry-After that is a date), ``signs_in`` how
    the account signs in. Never raises.
    """
    if 300 <= status < 400:
        return _redirected(tried, status, headers)
    content_type = headers.get("content-type", "")
    if "html" in content_type or (status < 500 and _looks_like_html(body)):
        return not_kubernetes(tried, status, body, target)
    parsed = _parse(body)
    words = printable(parsed.message if parsed else body.decode("utf-8", "replace"))
    answer = f"{status}: {words}" if words else f"{status}"
    kind, advice = _kind_and_advice(status, parsed, words, target, signs_in)
    return kind(
        tried,
        answer,
        advice,
        status=status,
        reason=parsed.reason if parsed else "",
        retry_after=_retry_after(headers, parsed, now),
        body=body[:_MOST_BODY].decode("utf-8", "replace"),
    )


def not_kubernetes(tried: str, status: int, body: bytes, target: Target) -> NotKubernetes:
    """Something else than an API server answered: a page, a login form."""
    host = target.server.partition("://")[2]
    title = page_title(body)
    said = f"a web page, “{title}”" if title else "a web page"
    return NotKubernetes(
        tried, f"{host} answered {status} with {said}", "is a proxy, a gateway or a login form in between?"
    )


def printable(text: str) -> str:
    """``text`` on one line, without control characters and tokens, cut to a bearable length."""
    text = re.sub(r"eyJ[\w-]{8,}(\.[\w-]+)*", "…", text)  # a JSON Web Token
    text = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]", "", text)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _MOST_WORDS else text[: _MOST_WORDS - 1] + "…"


def page_title(body: bytes) -> str:
    """The title of an HTML page, or its first words; ``""`` if it has none."""
    text = body[:65536].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>(.*?)</title", text, re.IGNORECASE | re.DOTALL)
    words = title[1] if title else re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", text, flags=re.I | re.S)
    words = printable(html.unescape(words))
    return words if len(words) <= 80 else words[:79] + "…"


def _looks_like_html(body: bytes) -> bool:
    return body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


def _parse(body: bytes) -> Status | None:
    try:
        return decode_status(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _kind_and_advice(
    status: int, parsed: Status | None, words: str, target: Target, signs_in: str
) -> tuple[type[ApiError], str]:
    if status == 401:
        return Unauthorized, _sign_in_advice(target, signs_in)
    if status == 403:
        return Forbidden, _rights_advice(words)
    if status == 404:
        return NotFound, ""
    if status == 410 or (parsed and parsed.reason in ("Expired", "Gone")):
        return Expired, ""
    if status == 504 and parsed and _too_large(parsed):
        return TooLargeResourceVersion, ""
    if status in (429, 500, 502, 503, 504):
        return Overloaded, ""
    return ApiError, ""


def _too_large(status: Status) -> bool:
    causes = (status.details.causes if status.details else None) or ()
    return any(cause.reason == "ResourceVersionTooLarge" for cause in causes)


def _sign_in_advice(target: Target, signs_in: str) -> str:
    if target.is_aks or "kubelogin" in signs_in:
        return f"the server does not accept this account ({signs_in}); run: az login, then press ^r"
    return f"the server does not accept this account ({signs_in}); sign in again, then press ^r"


def _rights_advice(words: str) -> str:
    """What is missing, from ``User "x" cannot list resource "pods" in API group "" in the namespace "y"``."""
    missing = re.search(r'cannot (\S+) resource "([^"]+)"(?: in API group "([^"]*)")?', words)
    if missing is None:
        what = re.search(r'cannot (\S+) path "([^"]+)"', words)
        need = f"{what[1]} on {what[2]}" if what else ""
    else:
        need = f"{missing[1]} on {missing[2]}" + (f".{missing[3]}" if missing[3] else "")
    where = re.search(r'in the namespace "([^"]+)"', words)
    scope = f" in namespace {where[1]}" if where else " in the whole cluster" if "cluster scope" in words else ""
    role = _azure_role(missing[2] if missing else "") if _AZURE_RBAC in words else "a role"
    return f"ask for {role} that allows {need}{scope}" if need else f"ask for {role} that allows it"


def _azure_role(resource: str) -> str:
    """The least of Azure's built-in roles that has the resource, by their published data actions."""
    if resource in _ADMINS_ONLY:
        least = "RBAC Cluster Admin, or one of your own with managedClusters/nodes/read; Reader and Writer lack it"
    elif resource in _WRITERS_ONLY:
        least = "RBAC Writer or more; Reader lacks it"
    else:
        least = "RBAC Reader or more"
    return f"an Azure role (Azure Kubernetes Service {least})"


def _redirected(tried: str, status: int, headers: Mapping[str, str]) -> NotKubernetes:
    # Not followed: the account's token would travel to wherever it points.
    host = re.sub(r"^(\w+://)?(?:[^/@]*@)?([^/?#]*).*$", r"\1\2", headers.get("location", ""), flags=re.DOTALL)
    where = f" to {printable(host)}" if host else ""
    return NotKubernetes(
        tried,
        f"redirected ({status}){where}; API servers don't do this",
        "is the server's address in kubeconfig right?",
    )


def _retry_after(headers: Mapping[str, str], parsed: Status | None, now: float) -> float | None:
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError, OverflowError):
        return parsed.details.retry_after if parsed and parsed.details else None
