"""Spot machines that Azure took back: their nodes announced it by an event, and are gone."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Final, NamedTuple

from kubetui.kinds.event import EventRow

REASON: Final = "PreemptScheduled"
RECENT: Final = 3600
"""Seconds for which an eviction is told: as long as the API server keeps events."""
MOST: Final = 1000


class Eviction(NamedTuple):
    """One spot node that is gone."""

    node: str
    at: int
    """When it was announced, Unix seconds; the machine goes half a minute later."""


class EvictionBook:
    """Fed with the events about nodes. What the server forgets within the hour stays."""

    def __init__(self) -> None:
        self._announced: dict[str, int] = {}

    def fold(self, after: EventRow | None) -> None:
        """An event came or was repeated."""
        if after is None or after.reason != REASON or after.object_kind != "Node":
            return
        if after.object_name in self._announced or len(self._announced) < MOST:
            self._announced[after.object_name] = after.last

    def recent(self, now: float, nodes: Container[str]) -> Sequence[Eviction]:
        """Those of the last hour whose node is not among ``nodes`` any more, oldest first."""
        self._announced = {node: at for node, at in self._announced.items() if now - at <= RECENT}
        found = (Eviction(node, at) for node, at in self._announced.items() if node not in nodes)
        return sorted(found, key=lambda one: one.at)
