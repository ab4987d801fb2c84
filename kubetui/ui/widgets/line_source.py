"""What LineView paints: lines of styled text, asked for only where they are visible or searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, Protocol

TextStyle = Literal["", "key", "string", "number", "comment", "dim", "bold", "fine", "look", "act", "planned", "rule"]
"""Names of component classes; the theme gives them colours."""


class Span(NamedTuple):
    """A run of text in one style."""

    text: str
    style: TextStyle = ""


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
