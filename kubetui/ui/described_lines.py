"""A description as the lines of a LineView. They change in place, so that the view stays where it is."""

from __future__ import annotations

from collections.abc import Sequence

from kubetui.insight.describe.page import Line, plain_text
from kubetui.ui.widgets.line_source import Span


class DescribedLines:
    """A ``LineSource``."""

    def __init__(self) -> None:
        self._lines: Sequence[Line] = ()

    def put(self, lines: Sequence[Line]) -> bool:
        """Take these lines; whether they differ from those before."""
        changed = lines != self._lines
        self._lines = lines
        return changed

    @property
    def text(self) -> str:
        """All lines without styles, true bytes."""
        return plain_text(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> Sequence[Span]:
        """See ``LineSource``."""
        return tuple(Span(piece.text, piece.style) for piece in self._lines[index])
