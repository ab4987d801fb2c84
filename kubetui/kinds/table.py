"""Reading back the cells of a server-side Table: strings made for people."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import msgspec

from kubetui.kinds.age import parse_duration
from kubetui.kinds.kind import TableCells

_OF: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})", re.ASCII)
_RESTARTS: Final = re.compile(r"([0-9]{1,9})(?: \((.+) ago\))?", re.ASCII)
_NOTHING: Final = frozenset({"<none>", "<unknown>"})


class Restarts(NamedTuple):
    """Restarts, and when the last one was; Unix seconds, 0 where there was none."""

    times: int
    last: int


def cell(table: TableCells, column: str) -> str:
    """A cell's text; ``""`` where the Table has no such column, and for kubectl's ``<none>`` and ``<unknown>``."""
    index = table.columns.get(column, -1)
    if not 0 <= index < len(table.cells) or table.cells[index] is None:
        return ""
    text = str(table.cells[index])
    return "" if text in _NOTHING else text


def name_cell(table: TableCells) -> str:
    """The object's name. Raises msgspec.ValidationError where the row has none."""
    name = cell(table, "Name")
    if not name:
        raise msgspec.ValidationError("a Table row without a name")
    return name


def pair_cell(table: TableCells, column: str) -> tuple[int, int]:
    """``1/2`` as numbers; (0, 0) where it is none."""
    match = _OF.fullmatch(cell(table, column))
    return (int(match[1]), int(match[2])) if match else (0, 0)


def age_cell(table: TableCells, column: str) -> int:
    """An age as the time it counts from, Unix seconds, to kubectl's rounding; 0 where it is not known."""
    return _back(table, cell(table, column))


def restarts_cell(table: TableCells, column: str) -> Restarts:
    """``3 (5m ago)`` as numbers."""
    match = _RESTARTS.fullmatch(cell(table, column))
    return Restarts(int(match[1]), _back(table, match[2] or "")) if match else Restarts(0, 0)


def _back(table: TableCells, text: str) -> int:
    ago = parse_duration(text)
    return 0 if ago is None else int(table.now) - ago
