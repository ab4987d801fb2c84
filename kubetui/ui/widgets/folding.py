"""Sentences folded to a width: at blanks, as a person breaks lines. Logs and YAML wrap elsewhere, cell by cell."""

from __future__ import annotations

from rich.cells import chop_cells

from kubetui.ui.widgets.cells import width_of


def folded(text: str, width: int) -> list[str]:
    """``text``, given that it went through ``safe`` line by line, in rows of at most ``width`` cells.

    A word that is longer than a row (a path, a digest) is broken anywhere; what follows of a line is indented as its
    beginning is. At least one row.
    """
    return [row for line in text.split("\n") for row in _fold(line, max(2, width))]


def _fold(line: str, width: int) -> list[str]:
    if width_of(line) <= width:
        return [line]
    words = line.split()
    indent = " " * min(len(line) - len(line.lstrip(" ")), width // 2, width - 2)
    room = width - len(indent)
    rows: list[str] = []
    row = ""
    for word in words:
        both = f"{row} {word}" if row else word
        if width_of(both) <= room:
            row = both
            continue
        if row:
            rows.append(row)
        *full, row = chop_cells(word, room) or [""]
        rows += full
    rows.append(row)
    return [indent + one for one in rows]
