"""What LineView paints: lines of styled text, asked for only where they are visible or searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, Protocol

from rich.style import Style

TextStyle = Literal[
    "", "key", "string", "number", "comment", "dim", "bold", "fine", "look", "act", "planned", "rule",
    "series0", "series1", "series2", "series3", "series4", "series5", "series6", "series7",
    "light0", "light1", "light2", "light3",
]  # fmt: skip
"""Names of component classes; the theme gives them colours. ``series``: things told apart, ``light``: highlights."""


class Span(NamedTuple):
    """A run of text in one style; ``painted``, colours that the text itself asks for, lies over it."""

    text: str
    style: TextStyle = ""
    painted: Style | None = None


class LineSource(Protocol):
    """The view's content. It may change between calls; ``LineView.source_changed`` says when to look again."""

    def __len__(self) -> int:
        """How many lines there are."""

    def line(self, index: int) -> Sequence[Span]:
        """The line at ``index``, 0 <= index < len, without its line end."""


def plain(text: str) -> Sequence[Span]:
    """One line in one plain span."""
    return (Span(text),)


class TextLines:
    """Lines held in a list; ``style`` divides a line into spans when it is painted."""

    def __init__(self, lines: Sequence[str], style: Callable[[str], Sequence[Span]] = plain) -> None:
        self._lines = lines
        self._style = style

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> Sequence[Span]:
        """See ``LineSource``."""
        return self._style(self._lines[index])
