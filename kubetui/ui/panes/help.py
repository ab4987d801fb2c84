"""All keys, from the one declaration of them."""

from __future__ import annotations

from kubetui.ui.actions import Focus, actions_for
from kubetui.ui.keymap import DECLARED, KeyMap
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.line_source import Span, TextLines


def help_lines(log_file: str, keymap: KeyMap = DECLARED) -> list[str]:
    """The help, line by line: each focus' keys, then the marks."""
    lines: list[str] = []
    for focus in (Focus.TABLE, Focus.BOARD, Focus.TEXT, Focus.LOGS, Focus.INSTANCE, Focus.EVERYWHERE):
        lines += [focus.value.upper(), ""]
        for action in actions_for(focus):
            if action.focus is focus and action.listed:
                lines.append(f"  {keymap.shown(action):<18}{action.help}")
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
        return (Span(line[:20], "key"), Span(line[20:]))
    return (Span(line),)


class HelpPane(TextPane):
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

    def enter(self) -> None:
        """Show it."""
        self.lines.set_source(TextLines(help_lines(self.log_file, self.desk.preferences.keymap), _style))
