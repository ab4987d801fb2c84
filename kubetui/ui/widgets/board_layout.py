"""Blocks of short tables placed on one sheet, in one column or two. Pure arithmetic; it knows no Kubernetes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from kubetui.ui.widgets.cells import fit, width_of
from kubetui.ui.widgets.column_layout import Layout, lay_out
from kubetui.ui.widgets.folding import folded_within
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Style
from kubetui.ui.widgets.safe_text import safe

TWO_COLUMNS: Final = 110
"""Cells from which two columns stand side by side."""
LEFT_SHARE: Final = 0.66
GAP: Final = 2
"""Cells between the two."""
BLANK: Final = Cell("")
_GUTTER: Final = 1
"""Cells left of a row: the cursor's mark."""
_INDENT: Final = 4
"""Of lines that belong to the row above."""
_HANG: Final = 2
"""Of a cell's further lines: a mark and a blank."""
_FOLDED: Final = 3
"""Lines of a cell, at most."""


class Side(Enum):
    """Where a block stands where there is room for two columns."""

    FULL = "full"
    LEFT = "left"
    RIGHT = "right"


class Below(NamedTuple):
    """A line below a row, folded at words; what needs more rows loses its middle."""

    text: str
    style: Style = ""
    rows: int = 2
    """At most."""


class BoardRow(NamedTuple):
    """One row: its cells, and lines below that belong to it."""

    key: Hashable | None
    """What ``Selected`` tells; None: the cursor passes by."""
    cells: tuple[Cell, ...]
    below: tuple[Below, ...] = ()


@dataclass(frozen=True)
class Block:
    """A titled table."""

    id: str
    title: str
    columns: tuple[ColumnSpec, ...]
    rows: tuple[BoardRow, ...]
    side: Side = Side.FULL
    note: Cell = BLANK
    """Behind the title: how far its data are in step."""
    empty: Cell = BLANK
    """Instead of rows."""
    heads: bool = False
    """Show the columns' titles."""
    spills: str = ""
    """The column whose cells move below their row where they don't fit."""
    folds: str = ""
    """The column whose cells go on in further lines of their column, before they lose their middle."""


class Piece(NamedTuple):
    """Text at a place of a line."""

    x: int
    text: str
    styles: tuple[Style | str, ...]


class Stop(NamedTuple):
    """A row that the cursor can stand on."""

    block: str
    key: Hashable
    y: int
    x: int
    width: int
    side: Side
    height: int = 1
    """Lines with those below it."""


class Sheet(NamedTuple):
    """All lines, and where the cursor can stand, in the order in which it goes."""

    lines: tuple[tuple[Piece, ...], ...] = ()
    stops: tuple[Stop, ...] = ()


def is_wide(width: int) -> bool:
    """Whether two columns stand side by side."""
    return width >= TWO_COLUMNS


def sheet_of(blocks: Sequence[Block], width: int, ellipsis: str = "…", rule: str = "─") -> Sheet:
    """Blocks in their order in one column; in two, those to the left beside those to the right."""
    draw = _Drawing(ellipsis, rule)
    if not is_wide(width):
        draw.column(blocks, 0, width, 0)
        return draw.sheet()
    full = [block for block in blocks if block.side is Side.FULL]
    top = draw.column(full, 0, width, 0)
    left = int((width - GAP) * LEFT_SHARE)
    draw.column([block for block in blocks if block.side is Side.LEFT], 0, left, top)
    right = left + GAP
    draw.column([block for block in blocks if block.side is Side.RIGHT], right, width - right, top)
    return draw.sheet()


class _Drawing:
    def __init__(self, ellipsis: str, rule: str) -> None:
        self._ellipsis, self._rule = ellipsis, rule
        self._lines: list[list[Piece]] = []
        self._stops: list[Stop] = []

    def sheet(self) -> Sheet:
        return Sheet(tuple(tuple(line) for line in self._lines), tuple(self._stops))

    def column(self, blocks: Sequence[Block], x: int, width: int, y: int) -> int:
        """Draw blocks one under the other from line ``y``; the line after the last."""
        for block in blocks:
            y = self._block(block, x, width, y)
        return y

    def _put(self, y: int, *pieces: Piece) -> None:
        while len(self._lines) <= y:
            self._lines.append([])
        self._lines[y] += [piece for piece in pieces if piece.text]

    def _block(self, block: Block, x: int, width: int, y: int) -> int:
        self._title(block, x, width, y)
        y += 1
        if not block.rows:
            if block.empty.text:
                text = fit(safe(block.empty.text), width - _GUTTER, ellipsis=self._ellipsis)
                self._put(y, Piece(x + _GUTTER, text, (block.empty.style or "dim",)))
                y += 1
            return y
        layout = _layout(block, width - _GUTTER)
        if block.heads:
            self._put(y, *self._heads(block, layout, x + _GUTTER))
            y += 1
        for row in block.rows:
            y = self._row(block, row, layout, x, width, y)
        return y

    def _title(self, block: Block, x: int, width: int, y: int) -> None:
        title = fit(safe(block.title), min(width_of(safe(block.title)), width - 2), ellipsis=self._ellipsis)
        note = safe(block.note.text)
        room = width - width_of(title) - 4
        if note:
            note = fit(note, min(width_of(note), max(0, room)), ellipsis=self._ellipsis)
        pieces = [Piece(x + 1, title, ("bold",))]
        at = x + 1 + width_of(title) + 1
        if note:
            pieces.append(Piece(at + 1, note, (block.note.style or "dim",)))
            at += width_of(note) + 2
        pieces.append(Piece(at, self._rule * max(0, x + width - at), ("rule",)))
        self._put(y, *pieces)

    def _heads(self, block: Block, layout: Layout, x: int) -> list[Piece]:
        return [
            Piece(x + at, fit(safe(block.columns[index].title), width, block.columns[index].right), ("header",))
            for index, at, width in layout.columns
        ]

    def _row(self, block: Block, row: BoardRow, layout: Layout, x: int, width: int, y: int) -> int:
        start = y
        pieces = []
        spilled = []
        more: list[tuple[Piece, ...]] = []
        places = {index: (at, cells) for index, at, cells in layout.columns}
        for index, (text, style) in enumerate(row.cells):
            spec = block.columns[index]
            at, cells = places.get(index, (0, 0))
            shown = safe(text)
            if spec.id == block.spills and width_of(shown) > cells:
                spilled.append(Below(text, style))
            elif shown and cells:
                if spec.id == block.folds and width_of(shown) > cells > 2 * _HANG:
                    shown, *rest = folded_within(shown, cells - _HANG, _FOLDED, self._ellipsis)
                    more = [(Piece(x + _GUTTER + at + _HANG, line, (style,)),) for line in rest]
                pieces.append(Piece(x + _GUTTER + at, fit(shown, cells, spec.right, self._ellipsis), (style,)))
        for line in (tuple(pieces), *more):
            self._put(y, *line)
            y += 1
        for below in (*spilled, *row.below):
            y = self._below(below, x + _GUTTER + _INDENT, max(2, width - _GUTTER - _INDENT), y)
        if row.key is not None:
            self._stops.append(Stop(block.id, row.key, start, x, width, block.side, y - start))
        return y

    def _below(self, below: Below, x: int, width: int, y: int) -> int:
        for row in folded_within(safe(below.text), width, below.rows, self._ellipsis):
            self._put(y, Piece(x, row, (below.style or "dim",)))
            y += 1
        return y


def _layout(block: Block, width: int) -> Layout:
    seen = [width_of(safe(spec.title)) if block.heads else 0 for spec in block.columns]
    for row in block.rows:
        for index, cell in enumerate(row.cells[: len(seen)]):
            seen[index] = max(seen[index], width_of(safe(cell.text)))
    return lay_out(block.columns, seen, width)
