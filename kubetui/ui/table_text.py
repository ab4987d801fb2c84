"""A table as text for a file: the columns shown, every row, aligned."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from kubetui.ui.widgets.cells import width_of
from kubetui.ui.widgets.row_source import ColumnSpec, RowSource

SLICE: Final = 100
"""Rows between two turns of the loop: some 5 ms."""
_FOLDS: Final = {None: "", True: "▾ ", False: "▸ "}


async def table_text(columns: Sequence[ColumnSpec], source: RowSource) -> str:
    """The whole table. Rows that come or go while it is made may be in it or not; a line feed in a cell is ``\\n``."""
    rows: list[list[str]] = []
    index = 0
    while index < len(source):
        line = source.line(index)
        cells = [_one_line(cell.text) for cell in line.cells]
        if cells:
            cells[0] = "  " * line.depth + _FOLDS[line.expanded] + cells[0]
            rows.append(cells)
        index += 1
        if index % SLICE == 0:
            await asyncio.sleep(0)
    titles = [column.title for column in columns]
    widths = await _widths([titles, *rows])
    lines = []
    for number, row in enumerate([titles, *rows]):
        padded = [
            _pad(cell, width, right=column.right) for cell, width, column in zip(row, widths, columns, strict=False)
        ]
        lines.append("  ".join(padded).rstrip())
        if number % SLICE == SLICE - 1:
            await asyncio.sleep(0)
    return "\n".join(lines) + "\n"


async def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    widths: list[int] = []
    for number, row in enumerate(rows):
        widths += [0] * (len(row) - len(widths))
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], width_of(cell))
        if number % SLICE == SLICE - 1:
            await asyncio.sleep(0)
    return widths


def _one_line(text: str) -> str:
    return text.replace("\r", "\\r").replace("\n", "\\n") if "\n" in text or "\r" in text else text


def _pad(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - width_of(text))
    return blanks + text if right else text + blanks
