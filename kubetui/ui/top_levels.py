"""How one goes down Top's levels, and where one was before."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple

from kubetui.insight.usage import UsageRow
from kubetui.insight.usage_book import NO_POOL, Level


class Place(NamedTuple):
    """Where one was before a row was opened."""

    level: Level
    filter: str
    sort: str
    reverse: bool
    cursor: Hashable


_LONG: Final = 40
"""Characters of a workload's name from which its pods' names may not hold all of it (they have 63 at most)."""
_PODS_OF: Final = {"Deployment": "-[^-]+-[^-]+$", "StatefulSet": "-[0-9]+$", "Pod": "$"}
"""What follows a workload's name in those of its pods; of other kinds one generated part."""


def down(level: Level, row: UsageRow, *, namespaces: bool = True) -> tuple[Level, str] | None:
    """The level below, and the filter that leaves the row's own; None at the bottom.

    ``namespaces``: rows tell theirs, since those of several are shown.
    """
    if level is Level.POOLS:
        return Level.NODES, f"POOL:/^{'' if row.name == NO_POOL else _exactly(row.name)}$/"
    if level is Level.NODES:
        return Level.PODS, f"NODE:{row.name}"
    if level is Level.NAMESPACES:
        return Level.PODS, _in(row.name) if namespaces else ""
    within = f"{_in(row.namespace)} " if namespaces else ""
    if level is Level.WORKLOADS:
        return Level.PODS, f"{within}NAME:/^{_pods_of(*row.name.split('/', 1))}/"
    if level is Level.PODS:
        return Level.CONTAINERS, f"{within}NAME:{row.name}/"
    return None


def _in(namespace: str) -> str:
    return f"NAMESPACE:/^{_exactly(namespace)}$/"


def _pods_of(kind: str, name: str) -> str:
    return _exactly(name[:_LONG]) + (_PODS_OF.get(kind, "-[^-]+$") if len(name) <= _LONG else "")


def _exactly(name: str) -> str:
    """Names have dots, and nothing else that means something in an expression."""
    return name.replace(".", r"\.")
