"""A view of a store as the lines of a LiveTable: one row's columns, as text and style."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar, cast

from kubetui.kinds.kind import Column, Key, Meaning, Row
from kubetui.store.view import View
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Line

R = TypeVar("R", bound=Row)

NOT_KNOWN = Cell("–", "dim")


def spec_of(column: Column[R]) -> ColumnSpec:
    """A kind's column as the table knows it."""
    marked = column.marked
    return ColumnSpec(
        id=column.title,
        title=f"  {column.title}" if marked else column.title,
        right=column.right,
        min_width=column.width + 2 * marked,
        max_width=column.max_width + 2 * marked,
        priority=column.priority,
        quiet=column.timed,
        keep=column.keep,
    )


def cell_of(column: Column[R], row: R, now: float) -> Cell:
    """One cell."""
    if row.provisional and column.from_table == "absent":
        return NOT_KNOWN
    text = column.text(row, now)
    meaning = column.meaning(row) if column.meaning is not None else Meaning.PLAIN
    style = STYLES[meaning]
    if column.marked:
        quiet = meaning in (Meaning.FINE, Meaning.PLAIN)
        return Cell(f"  {text}" if quiet else f"{mark(meaning)} {text}", style)
    if column.title == "NAME":
        return Cell(text, "bold")
    if meaning is Meaning.FINE and text == mark(meaning):
        return Cell(text, "fine")
    return Cell(text, style or ("dim" if text in ("0", "–", "") else ""))


class ViewSource(Generic[R]):
    """Lines of a view, made when asked for. ``now`` is set by the owner before each look."""

    def __init__(self, view: View[R], columns: Sequence[Column[R]]) -> None:
        self.view = view
        self.columns = columns
        self.now = 0.0

    def __len__(self) -> int:
        return len(self.view)

    def line(self, index: int) -> Line:
        """The row at ``index``."""
        row = self.view[index]
        return Line((row.namespace, row.name), tuple(cell_of(column, row, self.now) for column in self.columns))

    def index_of(self, key: Hashable) -> int | None:
        """Where the row with ``key`` stands now."""
        return self.view.index_of(cast(Key, key))
