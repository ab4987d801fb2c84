"""A pane of sentences: folded at words to its width, and anew where that changes."""

from __future__ import annotations

from collections.abc import Sequence

from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.folding import folded
from kubetui.ui.widgets.line_source import Span, TextLines
from kubetui.ui.widgets.safe_text import safe


class FoldedPane(TextPane):
    """Subclasses give ``text``, and how a row of it looks. What is copied and saved is not folded."""

    def style(self, row: str) -> Sequence[Span]:
        """How one row looks."""
        return (Span(row),)

    def fold(self, line: str, width: int) -> list[str]:
        """The rows of one line; its indentation goes on."""
        return folded(line, width)

    def enter(self) -> None:
        """Show it."""
        self._show()

    def on_resize(self) -> None:
        """Fold it anew, once the lines know their width."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        width = self.lines.line_width
        rows = [row for line in self.text.split("\n") for row in self.fold(safe(line), width)] if width else []
        self.lines.set_source(TextLines(rows, self.style))
