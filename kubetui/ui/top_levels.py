"""How one goes down Top's levels, and where one was before."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from kubetui.insight.usage import UsageRow
from kubetui.insight.usage_book import Level


class Place(NamedTuple):
    """Where one was before a row was opened."""

    level: Level
    filter: str
    sort: str
    reverse: bool
    cursor: Hashable


def down(level: Level, row: UsageRow) -> tuple[Level, str] | None:
    """The level below, and the filter that leaves the row's own; None at the bottom."""
    if level is Level.POOLS:
        return Level.NODES, f"POOL:{row.name}"
    if level is Level.NODES:
        return Level.PODS, f"NODE:{row.name}"
    if level is Level.NAMESPACES:
        return Level.PODS, f"NAMESPACE:{row.name}"
    if level is Level.WORKLOADS:
        return Level.PODS, f"NAME:{row.name.partition('/')[2]}"
    if level is Level.PODS:
        return Level.CONTAINERS, f"NAME:{row.name}/"
    return None
