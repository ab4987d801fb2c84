"""All keys, from the one declaration of them."""

from __future__ import annotations

from kubetui.ui.actions import Focus, actions_for
from kubetui.ui.keymap import DECLARED, KeyMap
from kubetui.ui.panes.folded_pane import FoldedPane
from kubetui.ui.widgets.folding import folded
from kubetui.ui.widgets.line_source import Span

KEYS = 20
"""Cells of the column of keys."""


def help_lines(log_file: str, keymap: KeyMap = DECLARED) -> list[str]:
    """The help, line by line: each focus' keys, then the marks."""
    lines: list[str] = []
    for focus in (Focus.TABLE, Focus.BOARD, Focus.TEXT, Focus.LOGS, Focus.INSTANCE, Focus.EVERYWHERE):
        lines += [focus.value.upper(), ""]
        for action in actions_for(focus):
            if action.focus is focus and action.listed:
                lines.append(f"  {keymap.shown(action):<{KEYS - 2}}{action.help}")
        lines.append("")
    lines += [
        "MARKS",
        "",
        "  ●  fine    ▲  look    ✖  act    ◐  planned or in progress    –  not known",
        "",
        "kubetui changes nothing in a cluster: it reads, and asks what the account may do.",
        f"Log file: {log_file}",
    ]
    return lines


def _style(line: str) -> tuple[Span, ...]:
    if line and not line.startswith(" ") and line.isupper():
        return (Span(line, "bold"),)
    if line.startswith("  "):
        return (Span(line[:KEYS], "key"), Span(line[KEYS:]))
    return (Span(line),)


class HelpPane(FoldedPane):
    """Shows ``help_lines``."""

    log_file = ""

    @property
    def heading(self) -> str:
        """What this is."""
        return "Help  · all keys · Esc goes back"

    @property
    def text(self) -> str:
        """The help."""
        return "\n".join(help_lines(self.log_file, self.desk.preferences.keymap))

    def style(self, row: str) -> tuple[Span, ...]:
        """Keys and titles stand out."""
        return _style(row)

    def fold(self, line: str, width: int) -> list[str]:
        """What a key does goes on below where it began."""
        if not line.startswith("  ") or width <= 2 * KEYS:
            return folded(line, width)
        first, *more = folded(line[KEYS:], width - KEYS)
        return [line[:KEYS] + first, *(" " * KEYS + row for row in more)]
