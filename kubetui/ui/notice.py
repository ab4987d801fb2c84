"""One line under the panes' names for what the person should know and need not act on now."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from kubetui.ui.widgets.safe_text import safe


class Notice(Static):
    """Takes no room while there is nothing to say."""

    DEFAULT_CSS = """
    Notice { height: auto; max-height: 2; padding: 0 1; color: $text-warning; display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id="notice")
        self.text = ""

    def show(self, text: str) -> None:
        """Say this; ``""`` takes it away."""
        if text != self.text:
            self.text = text
            self.display = bool(text)
            self.update(Text(safe(f"▲ {text} · Esc hides this") if text else "", overflow="fold"))
