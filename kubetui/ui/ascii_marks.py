"""What the interface draws beyond ASCII, in ASCII: one cell for one cell, at the last step before the terminal."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS: Final = str.maketrans(
    {
        "●": "o", "○": "o", "▲": "!", "✖": "X", "◐": "~", "◆": "#", "◇": "#", "–": "-", "—": "-", "…": "~", "·": "-",
        "•": "*", "▾": "-", "▸": "+", "▼": "v", "✓": "*", "▌": ">", "│": "|", "┃": "|", "─": "-", "━": "-", "┆": ":",
        "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "×": "x", "→": ">", "←": "<", "↑": "^", "↓": "v", "⏎": "E",
        "├": "|", "└": "`", "┌": "+", "┐": "+", "┘": "+", "┤": "|", "┬": "-", "┴": "-", "┼": "+", "╴": "-", "╵": "'",
        "█": "#", "▉": "#", "▊": "#", "▋": "#", "▍": "=", "▎": "-", "▏": "|", "▕": "|", "▁": "_", "▂": "_", "▃": "_",
        "▄": "=", "▅": "=", "▆": "=", "▇": "#", "▔": "-", "▖": ".", "▗": ".", "▘": "'", "▝": "'", "░": ".", "▒": ":",
        "▓": "#", "≤": "<", "≥": ">", "±": "+", "µ": "u", "°": "o", "\u00a0": " ", "\u202f": " ",
    }
)  # fmt: skip
UNKNOWN: Final = "?"
"""Stands for each cell of any other character."""


@lru_cache(maxsize=4096)
def in_ascii(text: str) -> str:
    """``text`` in ASCII, as wide as it was."""
    known = text.translate(_SIGNS)
    if known.isascii():
        return known
    return "".join(one if one.isascii() else UNKNOWN * cell_len(one) for one in known)


class AsciiFilter(LineFilter):
    """Applied to everything that is painted: panes, messages, scrollbars."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in ASCII."""
        return [
            segment if segment.text.isascii() else Segment(in_ascii(segment.text), segment.style, segment.control)
            for segment in segments
        ]
