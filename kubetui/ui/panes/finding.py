"""One finding, whole: what the Overview has to cut, and the objects it is about. It stays as it was when opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kubetui.insight.finding import Finding
from kubetui.kinds.kind import Meaning
from kubetui.ui.meanings import ascii_only, mark
from kubetui.ui.moments import moment
from kubetui.ui.overview_picture import since_text
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.folding import folded
from kubetui.ui.widgets.line_source import Span, TextLines, TextStyle
from kubetui.ui.widgets.safe_text import safe

if TYPE_CHECKING:
    from kubetui.cluster.session import Session
    from kubetui.ui.panes.pane import Desk

MOST_NAMED = 200
"""Objects that are listed by name."""


def finding_lines(finding: Finding, now: float) -> list[str]:
    """Title, since, what it means, what to do, a line to copy, the objects; each a line, however long."""
    lines = ["", f"{mark(finding.meaning, plain=ascii_only())} {finding.title}"]
    if finding.since:
        lines += ["", f"  since {moment(finding.since)}, {since_text(finding.since, now)}"]
    for title, text in (("What it means", finding.detail), ("What to do", finding.advice)):
        if text:
            lines += ["", f"  {title}", "", *(f"    {part}" for part in text.split("; "))]
    if finding.command:
        lines += ["", "  A line to copy (c)", "", f"    {finding.command}"]
    keys = finding.target.keys
    if keys:
        lines += ["", f"  {finding.target.kind} ({len(keys)})", ""]
        lines += [f"    {namespace}/{name}" if namespace else f"    {name}" for namespace, name in keys[:MOST_NAMED]]
        lines += [f"    and {len(keys) - MOST_NAMED} more"] if len(keys) > MOST_NAMED else []
    return lines


_STYLES: dict[Meaning, TextStyle] = {Meaning.ACT: "act", Meaning.LOOK: "look", Meaning.PLANNED: "planned"}


class FindingPane(TextPane):
    """Shows ``finding_lines``, folded at words."""

    def __init__(self, desk: Desk, session: Session, finding: Finding) -> None:
        super().__init__(desk, session)
        self._finding = finding
        self._now = desk.now()

    @property
    def heading(self) -> str:
        """What this is."""
        return "Finding  · as it was when opened · Esc goes back"

    @property
    def text(self) -> str:
        """The lines."""
        return "\n".join(finding_lines(self._finding, self._now))

    @property
    def save_parts(self) -> Sequence[str]:
        """``findings``, then what it is about."""
        return ("findings", f"{self._finding.subject}.txt")

    def action_copy(self) -> None:
        """The line to copy where there is one, else the whole text."""
        if self._finding.command:
            self.desk.copy(self._finding.command, "the line")
        else:
            super().action_copy()

    def enter(self) -> None:
        """Show it."""
        self._show()

    def on_resize(self) -> None:
        """Fold it anew, once the lines know their width."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        width = self.lines.line_width
        lines = self.text.split("\n")
        rows = [row for line in lines for row in folded(safe(line), width)] if width else []
        self.lines.set_source(TextLines(rows, self._style))

    def _style(self, line: str) -> tuple[Span, ...]:
        if line and not line.startswith(" "):
            return (Span(line, _STYLES.get(self._finding.meaning, "bold")),)
        return (Span(line, "bold" if line.startswith("  ") and not line.startswith("   ") else ""),)
