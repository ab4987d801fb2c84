"""How a table's line becomes a strip of exactly the table's width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from kubetui.ui.widgets.cells import fit, width_of
from kubetui.ui.widgets.column_layout import Layout
from kubetui.ui.widgets.component_styles import ComponentStyles
from kubetui.ui.widgets.row_source import ColumnSpec, Line
from kubetui.ui.widgets.safe_text import safe

GUTTER = 1
"""Cells left of the first column: the cursor's and the marks' place."""


class Marks(NamedTuple):
    """The signs a table draws."""

    expanded: str = "▾"
    collapsed: str = "▸"
    marked: str = "✓"
    cursor: str = "▌"
    ascending: str = "▲"
    descending: str = "▼"
    ellipsis: str = "…"


UNICODE_MARKS = Marks()
ASCII_MARKS = Marks("-", "+", "*", ">", "^", "v", "~")


class Paint(NamedTuple):
    """Everything that decides how one row looks: two equal ones need no repainting."""

    line: Line
    cursor: bool
    marked: bool
    changed: frozenset[int]


class SortMark(NamedTuple):
    """The column that orders the rows."""

    column_id: str
    reverse: bool


def lead(line: Line, marks: Marks) -> str:
    """What stands before the first column's text, always at its left end: the row's indent, its expansion mark."""
    if line.expanded is None:
        return "  " * line.depth
    return "  " * line.depth + (marks.expanded if line.expanded else marks.collapsed) + " "


def toggle_cells(line: Line) -> range:
    """The cells of a table's line, from its left edge, that hold the expansion mark; empty without one."""
    start = GUTTER + 2 * line.depth
    return range(start, start + (0 if line.expanded is None else 2))


def cell_widths(line: Line, marks: Marks) -> list[int]:
    """How many cells each column's text takes on this line."""
    widths = [width_of(safe(cell.text)) for cell in line.cells]
    if widths:
        widths[0] += 2 * line.depth + (0 if line.expanded is None else 2)
    return widths


def title_text(spec: ColumnSpec, sort: SortMark | None, marks: Marks) -> str:
    """The column's title with its sort mark."""
    if sort is None or sort.column_id != spec.id:
        return safe(spec.title)
    return f"{safe(spec.title)} {marks.descending if sort.reverse else marks.ascending}"


class LinePainter(NamedTuple):
    """What all lines of one frame have in common."""

    specs: Sequence[ColumnSpec]
    layout: Layout
    styles: ComponentStyles
    marks: Marks
    width: int

    def row(self, paint: Paint, dimmed: bool) -> Strip:
        """The strip of one row; ``dimmed`` puts the stale style over everything but the cursor."""
        line = paint.line
        over = ("stale" if dimmed else "", "cursor" if paint.cursor else "")
        plain = self.styles.of(line.style, "", "", *over)
        sign = self.marks.marked if paint.marked else self.marks.cursor if paint.cursor else " "
        pieces = _Pieces()
        pieces.add(sign, self.styles.of(line.style, "mark", "", *over) if sign != " " else plain)
        for index, x, width in self.layout.columns:
            if index >= len(line.cells):
                break
            text, style = line.cells[index]
            text = safe(text)
            before = lead(line, self.marks)[:width] if index == 0 else ""
            if not text and not before:
                continue
            changed = "changed" if index in paint.changed else ""
            pieces.pad_to(GUTTER + x, plain)
            shown = before + fit(text, width - len(before), self.specs[index].right, self.marks.ellipsis)
            if changed:  # the text alone: a marked pad would look like more than the value
                pieces.add(shown[: len(shown) - len(shown.lstrip(" "))], plain)
                shown = shown.strip(" ")
            pieces.add(shown, self.styles.of(line.style, style, changed, *over) if style or changed else plain)
        pieces.pad_to(self.width, plain)
        return pieces.strip(self.width)

    def header(self, sort: SortMark | None) -> Strip:
        """The strip of the titles, with the number of hidden columns at its right end."""
        style = self.styles.of("header")
        hidden = f" +{len(self.layout.hidden)}" if self.layout.hidden else ""
        pieces = _Pieces()
        for index, x, width in self.layout.columns:
            spec = self.specs[index]
            cells = max(1, min(width, self.width - GUTTER - x - len(hidden)))
            sorted_by = sort is not None and sort.column_id == spec.id
            pieces.pad_to(GUTTER + x, style)
            pieces.add(
                fit(title_text(spec, sort, self.marks), cells, spec.right, self.marks.ellipsis),
                self.styles.of("header", "sorted") if sorted_by else style,
            )
        pieces.pad_to(self.width - len(hidden), style)
        if pieces.width + len(hidden) <= self.width:
            pieces.add(hidden, style)
        return pieces.strip(self.width)

    def text(self, text: str, name: str) -> Strip:
        """A strip of plain text in the component style ``name``, indented by the gutter."""
        pieces = _Pieces()
        style = self.styles.of(name)
        pieces.add(fit(" " * GUTTER + safe(text), self.width, ellipsis=self.marks.ellipsis), style)
        return pieces.strip(self.width)


class _Pieces:
    """Segments from left to right; neighbours of one style become one, which saves the wire their colours."""

    __slots__ = ("_done", "_style", "_texts", "width")

    def __init__(self) -> None:
        self._done: list[Segment] = []
        self._texts: list[str] = []
        self._style: Style | None = None
        self.width = 0

    def add(self, text: str, style: Style) -> None:
        if not text:
            return
        if style is not self._style and style != self._style:
            self._close()
            self._style = style
        self._texts.append(text)
        self.width += width_of(text)

    def pad_to(self, width: int, style: Style) -> None:
        if self.width < width:
            self.add(" " * (width - self.width), style)

    def _close(self) -> None:
        if self._texts:
            self._done.append(Segment("".join(self._texts), self._style))
            self._texts = []

    def strip(self, width: int) -> Strip:
        self._close()
        strip = Strip(self._done, self.width)
        return strip if self.width == width else strip.adjust_cell_length(width)
