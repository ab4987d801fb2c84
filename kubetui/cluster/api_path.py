"""What a path of the Kubernetes API says: which resource, namespace, name and subresource.

One reading of paths for all who need it: the gate, the counting of traffic, the choice of timeouts.
Source of the grammar: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiPath:
    """A path taken apart. ``resource`` is ``""`` for paths that name none: ``/version``, ``/readyz``."""

    segments: tuple[str, ...]
    group: str = ""
    resource: str = ""
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    rest: tuple[str, ...] = ()
    """What follows the subresource; only ``proxy`` has it."""

    @property
    def is_collection(self) -> bool:
        """True for a list: its answer may be large."""
        return bool(self.resource) and not self.name

    @property
    def shape(self) -> str:
        """The path without what differs between objects: ``/api/v1/namespaces/*/pods/*/log``."""
        if not self.resource:
            return "/" + "/".join(self.segments[:3])
        root = self.segments[:3] if self.segments[0] == "apis" else self.segments[:2]
        parts = [*root]
        if self.namespace:
            parts += ["namespaces", "*"]
        parts.append(self.resource)
        if self.name:
            parts.append("*")
        if self.subresource:
            parts += [self.subresource, *self.rest]
        return "/" + "/".join(parts)


def parse_path(path: str) -> ApiPath:
    """Take ``path`` (no query) apart. Never raises: what is not a resource's path keeps its segments only."""
    segments = tuple(part for part in path.split("/") if part)
    if len(segments) >= 3 and segments[0] == "api":
        group, tail = "", segments[2:]
    elif len(segments) >= 4 and segments[0] == "apis":
        group, tail = segments[1], segments[3:]
    else:
        return ApiPath(segments)
    namespace = ""
    if tail[0] == "namespaces" and len(tail) > 2 and tail[2] not in ("status", "finalize"):
        namespace, tail = tail[1], tail[2:]
    return ApiPath(
        segments,
        group=group,
        resource=tail[0],
        namespace=namespace,
        name=tail[1] if len(tail) > 1 else "",
        subresource=tail[2] if len(tail) > 2 else "",
        rest=tail[3:],
    )
