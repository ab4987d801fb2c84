"""What LiveTable paints: a source of finished lines, asked for only where they are visible."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal, NamedTuple, Protocol

Style = Literal["", "fine", "look", "act", "planned", "unknown", "dim", "bold", "total", "changed"]
"""Names of component classes; the theme gives them colours."""


class Cell(NamedTuple):
    """A cell's text and its style."""

    text: str
    style: Style = ""


class ColumnSpec(NamedTuple):
    """A column's place and width, in cells."""

    id: str
    title: str
    right: bool = False
    min_width: int = 4
    max_width: int = 60
    priority: int = 5
    """Columns leave a narrow table highest number first; 0 never leaves. The first column is frozen."""
    quiet: bool = False
    """A change of text is not marked: ages and other columns that change by themselves."""
    keep: int = 0
    """A wide column gives way down to this before others leave the table; 0: as its priority says."""


class Line(NamedTuple):
    """One row as it is painted."""

    key: Hashable
    cells: Sequence[Cell]
    depth: int = 0
    """Indent of the first column, two cells a level."""
    expanded: bool | None = None
    """Draw the first column's ▾ (True) or ▸ (False); None: the row has no children."""
    style: Style = ""
    """Of the whole row, under the cells' own."""


class RowSource(Protocol):
    """The table's content. It may change between calls; ``LiveTable.source_changed`` says when to look again."""

    def __len__(self) -> int:
        """How many rows there are."""

    def line(self, index: int) -> Line:
        """The row at ``index``, 0 <= index < len."""

    def index_of(self, key: Hashable) -> int | None:
        """Where the row with ``key`` stands now, or None."""
