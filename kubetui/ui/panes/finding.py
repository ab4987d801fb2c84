"""One finding, whole: what the Overview has to cut, and the objects it is about. It stays as it was when opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kubetui.insight.describe.in_short import details
from kubetui.insight.describe.page import Entry, Words
from kubetui.insight.finding import Finding
from kubetui.kinds.kind import Meaning
from kubetui.ui.meanings import ascii_only, mark
from kubetui.ui.moments import moment
from kubetui.ui.overview_picture import since_text
from kubetui.ui.panes.folded_pane import FoldedPane
from kubetui.ui.widgets.line_source import Span, TextStyle

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


def finding_entries(finding: Finding) -> list[Entry]:
    """The same, short, for the top of a description of what it is about."""
    return [Words(finding.title, meaning=finding.meaning), *details(finding.detail, f"next: {finding.advice}")]


_STYLES: dict[Meaning, TextStyle] = {Meaning.ACT: "act", Meaning.LOOK: "look", Meaning.PLANNED: "planned"}


class FindingPane(FoldedPane):
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

    def style(self, row: str) -> tuple[Span, ...]:
        """The title stands out, the parts' names too."""
        if row and not row.startswith(" "):
            return (Span(row, _STYLES.get(self._finding.meaning, "bold")),)
        return (Span(row, "bold" if row.startswith("  ") and not row.startswith("   ") else ""),)
