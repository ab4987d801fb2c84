"""What a request is about, read from its path as ``RequestInfoFactory`` of k8s.io/apiserver does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_NAMESPACE_SUBRESOURCES = frozenset({"status", "finalize"})


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """A request in the API's terms."""

    path: str
    verb: str
    """``get``, ``list``, ``watch``, ``create``, ``update``, ``patch``, ``delete`` or ``deletecollection``."""
    is_resource: bool = False
    group: str = ""
    version: str = ""
    namespace: str = ""
    resource: str = ""
    name: str = ""
    subresource: str = ""
    rest: str = ""
    """What follows the subresource: the path behind a proxy."""

    @property
    def resource_path(self) -> str:
        """``pods`` or ``pods/log``, as RBAC names it."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def is_watch(query: Mapping[str, str]) -> bool:
    """Whether the query asks to watch; Go's ``strconv.ParseBool`` after defaulting, so ``watch=`` means yes."""
    return "watch" in query and query["watch"].lower() not in ("0", "f", "false")


def read_request(method: str, path: str, query: Mapping[str, str]) -> RequestInfo:
    """Take the path apart; a path that is no resource gives ``is_resource`` False."""
    parts = [part for part in path.split("/") if part]
    if len(parts) > 2 and parts[0] == "api":
        group, version, rest = "", parts[1], parts[2:]
    elif len(parts) > 3 and parts[0] == "apis":
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return RequestInfo(path, _VERBS.get(method, "get"))
    old_watch = rest[0] == "watch" and len(rest) > 1  # /api/v1/watch/pods, deprecated and still served
    if old_watch:
        rest = rest[1:]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 1:
        namespace = rest[1]
        if len(rest) > 2 and rest[2] not in _NAMESPACE_SUBRESOURCES:
            rest = rest[2:]
    resource, name, subresource, *behind = [*rest, "", "", ""]
    return RequestInfo(
        path,
        _verb(method, name, old_watch, query),
        is_resource=True,
        group=group,
        version=version,
        namespace=namespace,
        resource=resource,
        name=name or _selected_name(query),
        subresource=subresource,
        rest="/".join(behind).rstrip("/"),
    )


def _verb(method: str, name: str, old_watch: bool, query: Mapping[str, str]) -> str:
    if method in ("GET", "HEAD"):
        if old_watch or (not name and is_watch(query)):
            return "watch"
        return "get" if name else "list"
    if method == "DELETE" and not name:
        return "deletecollection"
    return _VERBS.get(method, method.lower())


def _selected_name(query: Mapping[str, str]) -> str:
    """A list narrowed to one name is authorized, and refused, as that object."""
    terms = query.get("fieldSelector", "").split(",")
    return next((term.split("=")[-1] for term in terms if term.replace("==", "=").startswith("metadata.name=")), "")
