"""Nodes under their pools, as lines of a table."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kubetui.insight.instances import Lone
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.node_row import NodeRow
from kubetui.ui.lone_line import InstanceKey, lone_line
from kubetui.ui.node_machines import NodeMachines
from kubetui.ui.pool_line import PoolShown, pool_cells
from kubetui.ui.view_source import cell_of
from kubetui.ui.widgets.row_source import Line

_ASK = (Meaning.ACT, Meaning.LOOK)
MOST_UNFOLDED = 40
"""A pool with more nodes begins folded: it then shows only the nodes that need a look."""


@dataclass(frozen=True, slots=True)
class PoolKey:
    """The key of a pool's line."""

    name: str


class NodeTree:
    """Built from the nodes in view and the pools' totals; painted row by row, each from the newest node."""

    def __init__(
        self, newest: Callable[[str], NodeRow | None], columns: Sequence[Column[NodeRow]], machines: NodeMachines
    ) -> None:
        self._newest = newest
        self._machines = machines
        self.columns = columns
        self.now = 0.0
        self.pods_known = False
        self._turned: dict[str, bool] = {}
        self._chosen = False
        """A filter chose the nodes."""
        self._closed: set[str] = set()
        """Pools that were folded since: a filter begins with all that it found in sight."""
        self._pools: dict[str, PoolShown] = {}
        self._entries: list[PoolKey | InstanceKey | str] = []
        self._lone: dict[InstanceKey, Lone] = {}
        self._places: dict[Hashable, int] = {}

    def build(
        self,
        nodes: Iterable[NodeRow],
        pools: Sequence[PoolShown],
        *,
        sort: Callable[[NodeRow], Any] | None,
        reverse: bool,
        everything: bool,
        lone: Mapping[str, Sequence[Lone]],
    ) -> None:
        """Lay the lines out anew. ``everything``: all of ``nodes`` are shown, for a filter chose them; a pool is then
        folded only by hand, and then whole.

        ``lone``: instances without a node, by pool.
        """
        members: dict[str, list[NodeRow]] = {}
        for node in nodes:
            members.setdefault(node.pool, []).append(node)
        self._pools = {shown.pool.name: shown for shown in pools}
        self._entries, self._lone = [], {}
        self._chosen = everything
        if not everything:
            self._closed.clear()
        for name in self._pools:
            rows, alone = members.get(name, []), lone.get(name, ())
            if not rows and not alone and everything:
                continue
            if not self.unfolded(name):
                rows = [node for node in rows if not everything and self._machines.meaning(node) in _ASK]
                alone = [one for one in alone if not everything and one.trouble.meaning in _ASK]
            rows.sort(key=sort or (lambda node: node.name), reverse=reverse)
            self._entries.append(PoolKey(name))
            self._entries += [node.name for node in rows]
            found = {InstanceKey(one.instance.id): one for one in alone}
            self._entries += found
            self._lone |= found
        self._places = {self._key(entry): index for index, entry in enumerate(self._entries)}

    def unfolded(self, pool: str) -> bool:
        """Whether all nodes of the pool are shown."""
        if self._chosen:
            return pool not in self._closed
        known = self._pools.get(pool)
        return self._turned.get(pool, known is None or known.pool.nodes <= MOST_UNFOLDED)

    def turn(self, pool: str) -> None:
        """Fold or unfold a pool."""
        if self._chosen:
            self._closed ^= {pool}
            return
        self._turned[pool] = not self.unfolded(pool)

    def turn_all(self) -> None:
        """Unfold all pools; if they are, fold them."""
        unfold = not all(self.unfolded(pool) for pool in self._pools)
        if self._chosen:
            self._closed = set() if unfold else set(self._pools)
            return
        self._turned = dict.fromkeys(self._pools, unfold)

    def __len__(self) -> int:
        return len(self._entries)

    def line(self, index: int) -> Line:
        """A pool's or a node's line."""
        entry = self._entries[index]
        if isinstance(entry, PoolKey):
            cells = pool_cells(self._pools[entry.name], self.columns, pods_known=self.pods_known)
            return Line(entry, cells, expanded=self.unfolded(entry.name))
        if isinstance(entry, InstanceKey):
            return lone_line(self._lone[entry], self.columns, self.now)
        row = self._newest(entry)
        if row is None:
            return Line(("", entry), (), depth=1)
        return Line(("", entry), tuple(cell_of(column, row, self.now) for column in self.columns), depth=1)

    def pools_between(self, first: int, count: int) -> set[str]:
        """The pools that ``count`` lines from ``first`` on belong to."""
        found = set()
        for entry in self._entries[max(0, first) : max(0, first) + count]:
            if isinstance(entry, PoolKey):
                found.add(entry.name)
            elif isinstance(entry, InstanceKey):
                found.add(self._lone[entry].pool)
            elif (row := self._newest(entry)) is not None:
                found.add(row.pool)
        return found

    def index_of(self, key: Hashable) -> int | None:
        """Where the line with ``key`` stands."""
        return self._places.get(key)

    @property
    def lone_count(self) -> int:
        """How many lines are instances without a node."""
        return len(self._lone)

    def lone(self, key: Hashable) -> Lone | None:
        """The instance without a node on the line with ``key``."""
        return self._lone.get(key) if isinstance(key, InstanceKey) else None

    @staticmethod
    def _key(entry: PoolKey | InstanceKey | str) -> Hashable:
        return ("", entry) if isinstance(entry, str) else entry
