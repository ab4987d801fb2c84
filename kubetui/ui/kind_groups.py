"""The kinds of a server in the order in which people look for them: by API group, the common ones first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from kubetui.kinds.served_kind import ServedKind

_FIRST: Final = (
    *("", "apps", "batch", "autoscaling", "networking.k8s.io", "discovery.k8s.io", "gateway.networking.k8s.io"),
    *("policy", "storage.k8s.io", "rbac.authorization.k8s.io", "apiextensions.k8s.io", "metrics.k8s.io"),
)
_ORDER: Final = {group: place for place, group in enumerate(_FIRST)}

OWN_PANES: Final = {
    ("", "nodes"): "nodes",
    ("", "pods"): "pods",
    ("apps", "daemonsets"): "daemonsets",
    ("apps", "deployments"): "deployments",
    ("", "events"): "events",
    ("events.k8s.io", "events"): "events",
}
"""Kinds that have a pane of their own: group and resource to its name."""


class GroupKey(NamedTuple):
    """An API group's line."""

    group: str


def group_title(group: str) -> str:
    """How a group is called on the screen."""
    return group or "core"


def group_order(group: str) -> tuple[int, bool, str]:
    """Well-known groups, then custom resources', then the rest of Kubernetes' own."""
    known = _ORDER.get(group)
    return (len(_ORDER), group.endswith(".k8s.io"), group) if known is None else (known, False, group)


def found_by(kinds: Iterable[ServedKind], name: str) -> ServedKind | None:
    """The kind that a person means by ``svc``, ``services`` or ``ingresses.networking.k8s.io``.

    Where several groups have it, the one that people look for first, as kubectl prefers Kubernetes' own.
    """
    wanted = name.lower()
    meant = [kind for kind in kinds if kind.plural and wanted in kind.names]
    return min(meant, key=lambda kind: (wanted != kind.full_name, *group_order(kind.group)), default=None)
