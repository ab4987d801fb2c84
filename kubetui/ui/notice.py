"""A line or two under the panes' names for what the person should know and need not act on now."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import Static

from kubetui.ui.widgets.cells import fit
from kubetui.ui.widgets.folding import folded
from kubetui.ui.widgets.safe_text import safe

ROWS = 3
"""At most; what does not fit ends with an ellipsis, the log file has it whole."""


class Notice(Static):
    """Takes no room while there is nothing to say."""

    DEFAULT_CSS = """
    Notice { height: auto; padding: 0 1; color: $text-warning; display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._texts: dict[str, str] = {}

    def show(self, text: str, about: str = "") -> None:
        """Say this in the place of what was said ``about`` the same; ``""`` takes that away."""
        if text == self._texts.get(about, ""):
            return
        self._texts.pop(about, "")
        if text:
            self._texts[about] = text
        self._paint()

    def hide(self) -> None:
        """The person has read it."""
        if self._texts:
            self._texts.clear()
            self._paint()

    def on_resize(self) -> None:
        """Fold it anew."""
        self._paint()

    def _paint(self) -> None:
        self.display = bool(self._texts)
        self.update(Text("\n".join(notice_rows(list(self._texts.values()), self.app.size.width - 2))))


def notice_rows(texts: Sequence[str], width: int) -> list[str]:
    """The texts in at most ``ROWS`` rows, with how they go away."""
    if not texts:
        return []
    hides = " · Esc hides this"
    rows = folded(safe("▲ " + " · ".join(texts) + hides), width)
    if len(rows) <= ROWS:
        return rows
    last = fit(" ".join(rows[ROWS - 1 :]), width - len(hides)).rstrip()
    return [*rows[: ROWS - 1], f"{last}{hides}"]
