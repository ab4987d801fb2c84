"""How a line of text becomes rows of a screen: made safe, cut where it is too long, wrapped at the width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.cells import chop_cells
from rich.style import Style

from kubetui.ui.widgets.cells import width_of
from kubetui.ui.widgets.line_source import Span, TextStyle
from kubetui.ui.widgets.safe_text import TAB_WIDTH, safe

LONGEST = 16_384
"""Characters of a line that are painted and searched; what is cut is said."""


class SafeLine(NamedTuple):
    """A line that may be painted."""

    spans: tuple[Span, ...]
    text: str
    """All spans' text."""


class Row(NamedTuple):
    """A part of a line that takes one row: characters ``start`` to ``end`` of line ``line``."""

    line: int
    start: int
    end: int


def safe_line(spans: Iterable[Span]) -> SafeLine:
    """The spans with safe texts; tabs reach the stops of the whole line, lines over ``LONGEST`` are cut."""
    result: list[Span] = []
    length = total = 0
    for text, style, painted in spans:
        total += len(text)
        if length < LONGEST and text:
            shown = _safe_at(text[: LONGEST - length], length)
            result.append(Span(shown, style, painted))
            length += len(shown)
    if total > LONGEST:
        result.append(Span(f" … {total - LONGEST:,} characters more", "dim"))
    return SafeLine(tuple(result), "".join(span.text for span in result))


def _safe_at(text: str, column: int) -> str:
    if "\t" not in text:
        return safe(text)
    before = column % TAB_WIDTH
    return safe(" " * before + text)[before:]


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Where to cut ``text`` into rows of at most ``width`` cells, as character ranges; at least one."""
    if width <= 0 or width_of(text) <= width:
        return [(0, len(text))]
    if text.isascii():
        return [(start, min(start + width, len(text))) for start in range(0, len(text), width)]
    ranges = []
    start = 0
    for piece in chop_cells(text, width):
        ranges.append((start, start + len(piece)))
        start += len(piece)
    if start < len(text):  # characters without a width at the end belong to the last row
        ranges[-1] = (ranges[-1][0], len(text))
    return ranges


class Piece(NamedTuple):
    """A run of a row in one style, and whether a search or the mouse selected it."""

    text: str
    style: TextStyle
    painted: Style | None
    found: bool
    selected: bool


def pieces(
    spans: Sequence[Span],
    start: int,
    end: int,
    found: Sequence[tuple[int, int]],
    selected: tuple[int, int] | None,
) -> list[Piece]:
    """Characters ``start`` to ``end`` of the spans, divided where a style, a match or the selection begins or ends."""
    cuts = {start, end}
    marked = [*found, *([selected] if selected is not None else [])]
    cuts.update(edge for edges in marked for edge in edges if start < edge < end)
    position = 0
    bounds: list[tuple[int, TextStyle, Style | None]] = []
    for text, style, painted in spans:
        bounds.append((position + len(text), style, painted))
        position += len(text)
        if start < position < end:
            cuts.add(position)
    text = "".join(span.text for span in spans)
    edges = sorted(cuts)
    result = []
    at = 0
    for left, right in pairwise(edges):
        while at < len(bounds) - 1 and bounds[at][0] <= left:
            at += 1
        _, style, painted = bounds[at] if bounds else (0, "", None)
        result.append(
            Piece(
                text[left:right],
                style,
                painted,
                any(a <= left < b for a, b in found),
                selected is not None and selected[0] <= left < selected[1],
            )
        )
    return [piece for piece in result if piece.text]
