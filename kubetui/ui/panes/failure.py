"""No cluster: what was tried, what came back, what to do. The keys still work."""

from __future__ import annotations

from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.store.state import Phase, SyncState
from kubetui.ui.keymap import DECLARED, KeyMap
from kubetui.ui.panes.folded_pane import FoldedPane
from kubetui.ui.widgets.line_source import Span


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


class FailurePane(FoldedPane):
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

    def style(self, row: str) -> tuple[Span, ...]:
        """What is wrong stands out."""
        return _style(row)
