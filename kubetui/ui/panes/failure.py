"""No cluster: what was tried, what came back, what to do. The keys still work."""

from __future__ import annotations

from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.store.state import Phase, SyncState
from kubetui.ui.keymap import DECLARED, KeyMap
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.folding import folded
from kubetui.ui.widgets.line_source import Span, TextLines
from kubetui.ui.widgets.safe_text import safe


def failure_lines(error: ClusterError, log_file: str, keymap: KeyMap = DECLARED) -> list[str]:
    """The screen's lines."""
    lines = ["", f"▲ {error.tried}", "", *(f"  {line}" for line in error.answer.splitlines())]
    if error.advice:
        lines += ["", "  What to do", "", *(f"  {line}" for line in error.advice.split("; "))]
    return [
        *lines,
        "",
        (
            f"  {keymap.shown_of('context')} chooses another context, {keymap.shown_of('reconnect')} tries again, "
            f"{keymap.shown_of('demo')} opens a simulated cluster, {keymap.shown_of('quit')} quits."
        ),
        f"  Log file: {log_file}",
    ]


def _style(line: str) -> tuple[Span, ...]:
    return (Span(line, "look" if line.startswith("▲") else "bold" if line.strip() == "What to do" else ""),)


class FailurePane(TextPane):
    """Shows why there is no session."""

    def __init__(self, desk: Any, error: ClusterError, log_file: str) -> None:
        super().__init__(desk, None)
        self._error = error
        self._log_file = log_file

    @property
    def heading(self) -> str:
        """What this is."""
        return "No cluster"

    @property
    def state(self) -> SyncState:
        """Not connected."""
        return SyncState(Phase.FAILED, reason=self._error.answer)

    @property
    def text(self) -> str:
        """The lines."""
        return "\n".join(failure_lines(self._error, self._log_file, self.desk.preferences.keymap))

    def enter(self) -> None:
        """Show them."""
        self._show()

    def on_resize(self) -> None:
        """Fold them anew, once the lines know their width."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        self.lines.wrapped = True
        width = self.lines.line_width or self.size.width
        rows = [row for line in self.text.split("\n") for row in folded(safe(line), width)] if width else []
        self.lines.set_source(TextLines(rows, _style))
