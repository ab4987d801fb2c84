"""What a description is made of: fields, headings, tables and plain lines; and how they become aligned text.

A *note* is kubetui's own word behind what kubectl prints: it begins with a dash, or with the mark of its meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from kubetui.kinds.kind import Meaning

Style = Literal["", "key", "dim", "bold", "fine", "look", "act", "planned"]
"""The screen's names for how text looks."""

WIDEST_LABEL: Final = 30
"""Labels longer than this do not push the values of all others to the right."""
_NOTABLE: Final = frozenset({Meaning.LOOK, Meaning.ACT, Meaning.PLANNED})
_STYLES: Final[dict[Meaning, Style]] = {
    Meaning.LOOK: "look",
    Meaning.ACT: "act",
    Meaning.PLANNED: "planned",
    Meaning.UNKNOWN: "dim",
}


class Piece(NamedTuple):
    """A run of text in one style."""

    text: str
    style: Style = ""


Line: TypeAlias = tuple[Piece, ...]


class Field(NamedTuple):
    """``Label:  value``; several values stand below one another."""

    label: str
    value: str | Sequence[str] = ""
    level: int = 0
    note: str = ""
    meaning: Meaning = Meaning.PLAIN


class Heading(NamedTuple):
    """``Label:`` with something beneath."""

    label: str
    level: int = 0
    note: str = ""
    meaning: Meaning = Meaning.PLAIN


class Words(NamedTuple):
    """A line that is no field."""

    text: str
    level: int = 0
    meaning: Meaning = Meaning.PLAIN
    style: Style = ""


class Row(NamedTuple):
    """A row of a ``Grid``."""

    cells: Sequence[str]
    note: str = ""
    meaning: Meaning = Meaning.PLAIN


class Grid(NamedTuple):
    """A small table; rows may be shorter than the head. ``ruled``: dashes under the titles, as kubectl draws them."""

    head: Sequence[str]
    rows: Sequence[Row]
    level: int = 1
    ruled: bool = True


Entry: TypeAlias = Field | Heading | Words | Grid
Mark: TypeAlias = Callable[[Meaning], str]


def lay_out(sections: Iterable[Iterable[Entry]], mark: Mark) -> list[Line]:
    """All sections as lines, an empty one between them; ``mark`` draws a meaning in one cell."""
    lines: list[Line] = []
    for section in sections:
        entries = list(section)
        if entries and lines:
            lines.append(())
        lines += _section(entries, mark)
    return lines


def plain_text(lines: Iterable[Line]) -> str:
    """The lines without their styles."""
    return "".join("".join(piece.text for piece in line).rstrip() + "\n" for line in lines)


def _section(entries: Sequence[Entry], mark: Mark) -> Iterator[Line]:
    starts = _value_columns(entries)
    for entry in entries:
        match entry:
            case Field():
                yield from _field(entry, starts[entry.level], mark)
            case Heading():
                label = Piece("  " * entry.level + entry.label + ":", "bold")
                yield (label, *_note(entry.note, entry.meaning, mark))
            case Words():
                yield _words(entry, mark)
            case Grid():
                yield from _grid(entry, mark)


def _value_columns(entries: Sequence[Entry]) -> dict[int, int]:
    """Level to the column at which values of that level begin."""
    widths: dict[int, int] = {}
    for entry in entries:
        if isinstance(entry, Field):
            width = len(entry.label) if len(entry.label) <= WIDEST_LABEL else 0
            widths[entry.level] = max(widths.get(entry.level, 0), width)
    return {level: 2 * level + width + 3 for level, width in widths.items()}


def _field(entry: Field, start: int, mark: Mark) -> Iterator[Line]:
    values = [entry.value] if isinstance(entry.value, str) else list(entry.value) or [""]
    label = "  " * entry.level + entry.label + ":"
    gap = " " * max(2, start - len(label))
    style = _STYLES.get(entry.meaning, "")
    first, *rest = values
    yield (Piece(label, "key"), Piece(gap), Piece(first, style), *_note(entry.note, entry.meaning, mark))
    for value in rest:
        yield (Piece(" " * start), Piece(value, style))


def _words(entry: Words, mark: Mark) -> Line:
    shown = f"{mark(entry.meaning)} " if entry.meaning in _NOTABLE else ""
    style = _STYLES.get(entry.meaning, entry.style)
    return (Piece("  " * entry.level + shown + entry.text, style),)


def _grid(grid: Grid, mark: Mark) -> Iterator[Line]:
    count = max([len(grid.head), *(len(row.cells) for row in grid.rows)])
    widths = [0] * count
    for cells in (grid.head, *(row.cells for row in grid.rows)):
        for column, cell in enumerate(cells):
            widths[column] = max(widths[column], len(cell))
    indent = "  " * grid.level
    if grid.head:
        yield (Piece(indent + _joined(grid.head, widths), "dim"),)
    if grid.head and grid.ruled:
        yield (Piece(indent + _joined(["-" * len(title) for title in grid.head], widths), "dim"),)
    noted = max((len(_joined(row.cells, widths)) for row in grid.rows if row.note), default=0)
    for row in grid.rows:
        text = _joined(row.cells, widths).ljust(noted if row.note else 0)
        yield (Piece(indent + text, _STYLES.get(row.meaning, "")), *_note(row.note, row.meaning, mark))


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)).rstrip()


def _note(note: str, meaning: Meaning, mark: Mark) -> Line:
    if not note:
        return ()
    sign = mark(meaning) if meaning in _NOTABLE else "–"
    return (Piece(f"  {sign} {note}", _STYLES.get(meaning, "dim")),)
