"""Sentences folded to a width: at blanks, as a person breaks lines. Logs and YAML wrap elsewhere, cell by cell."""

from __future__ import annotations

from rich.cells import chop_cells

from kubetui.ui.widgets.cells import cut_middle, width_of


def folded(text: str, width: int) -> list[str]:
    """``text``, given that it went through ``safe`` line by line, in rows of at most ``width`` cells.

    A word that is longer than a row (a path, a digest) is broken anywhere; what follows of a line is indented as its
    beginning is. At least one row.
    """
    return [row for line in text.split("\n") for row in _fold(line, max(2, width))]


def folded_within(text: str, width: int, most: int, ellipsis: str = "…") -> list[str]:
    """``folded``, in at most ``most`` rows: of a text that needs more, the middle is left out and the end stays."""
    rows = folded(text, width)
    if len(rows) <= most:
        return rows
    rest = " ".join(row.strip() for row in rows[most - 1 :])
    indent = rows[most - 1][: len(rows[most - 1]) - len(rows[most - 1].lstrip(" "))]
    return [*rows[: most - 1], indent + cut_middle(rest, width - len(indent), ellipsis)]


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
