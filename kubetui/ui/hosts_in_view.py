"""On which nodes the pods of the rows in view are: whose kubelets are asked while metrics-server is down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from kubetui.insight.usage_book import Level, group_of
from kubetui.kinds.kind import Key
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow
from kubetui.store.store import Store

MOST: Final = 40
"""Kubelets asked at most for rows that are sums: of larger ones metrics-server alone can tell."""
EVERY: Final = 5.0
"""Seconds until the same rows are looked up again."""
_PIECE: Final = 2048
"""Pods or nodes looked at in one go: some 2 ms."""


class HostsInView:
    """``look`` at each tick; ``names`` are the nodes, as far as one has looked."""

    def __init__(self) -> None:
        self.names: Sequence[str] = ()
        self.cut = False
        """Whether the rows are on more nodes than ``MOST``."""
        self._shown: frozenset[Key] = frozenset()
        self._found: dict[str, None] = {}
        self._rest: Iterator[PodRow | NodeRow] | None = None
        self._next = 0.0

    def look(self, store: Store[PodRow | NodeRow], level: Level, shown: frozenset[Key], now: float) -> bool:
        """Look for the members of the rows ``shown``, which are pods or, of pools, nodes; whether there are more."""
        if self._rest is None:
            if shown == self._shown and now < self._next:
                return False
            self._shown, self._found, self._rest = shown, {}, iter(list(store))
        piece = list(islice(self._rest, _PIECE))
        for row in piece:
            if group_of(level, row) in self._shown:
                self._found[row.name if isinstance(row, NodeRow) else row.node] = None
        self._found.pop("", None)
        if len(piece) == _PIECE and len(self._found) <= MOST:
            return True
        self.names, self.cut = list(self._found)[:MOST], len(self._found) > MOST
        self._rest, self._next = None, now + EVERY
        return False

    @property
    def note(self) -> str:
        """What is to be said about the sums; ``""`` where they are whole."""
        return f"of sums (≥) {MOST} nodes are asked at most" if self.cut else ""
