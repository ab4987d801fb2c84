"""Groups and their members as lines of a table: laid out anew when they change, painted only where visible."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from kubetui.ui.widgets.row_source import Cell, Line


class Entry(NamedTuple):
    """One line's place in the tree."""

    key: Hashable
    depth: int = 0
    expanded: bool | None = None
    """Whether its members follow; None where it has none."""


class RowTree:
    """A ``RowSource`` of entries; ``paint`` gives a line's cells by its key."""

    def __init__(self, paint: Callable[[Hashable], Sequence[Cell]]) -> None:
        self._paint = paint
        self._entries: Sequence[Entry] = ()
        self._places: dict[Hashable, int] = {}

    def lay(self, entries: Sequence[Entry]) -> None:
        """Take these lines. Keys are unique."""
        self._entries = entries
        self._places = {entry.key: index for index, entry in enumerate(entries)}

    @property
    def keys(self) -> Sequence[Hashable]:
        """All lines' keys, from above."""
        return [entry.key for entry in self._entries]

    def __len__(self) -> int:
        return len(self._entries)

    def line(self, index: int) -> Line:
        """The line at ``index``."""
        entry = self._entries[index]
        return Line(entry.key, tuple(self._paint(entry.key)), depth=entry.depth, expanded=entry.expanded)

    def index_of(self, key: Hashable) -> int | None:
        """Where the line with ``key`` stands."""
        return self._places.get(key)
