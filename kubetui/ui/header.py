"""The line at the top: which cluster, its version, how far in step, what we cost it, the time to the minute."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual.widgets import Static

from kubetui.ui.moments import moment
from kubetui.ui.widgets.safe_text import safe


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """All that the header says."""

    context: str = ""
    version: str = ""
    state: str = ""
    calm: bool = True
    insecure: bool = False
    nodes: str = ""
    pods: str = ""
    requests: int = 0
    """Own requests of the last minute."""
    throttled: int = 0
    """Answers 429 so far."""
    minute: str = ""


def clock_text(now: float) -> str:
    """``2026-11-21 12:04Z``, or local without the Z."""
    return moment(now)


def header_text(facts: HeaderFacts, width: int) -> Text:
    """As much of the facts as fits: the right side loses the read-only mark, then the costs, then the date."""
    left = Text(" ", no_wrap=True)
    left.append(safe(facts.context) or "no context", "bold")
    if facts.insecure:
        left.append("  TLS not verified", "bold reverse")
    if facts.version:
        left.append(f"  {safe(facts.version)}")
    left.append(f"  {'' if facts.calm else '▲ '}{safe(facts.state)}", "" if facts.calm else "bold")
    counts = "  ".join(f"{word} {number}" for word, number in (("nodes", facts.nodes), ("pods", facts.pods)) if number)
    costs = f"{facts.requests} req/min" + (f" · {facts.throttled}×429" if facts.throttled else "")
    for parts in (
        (counts, costs, "read-only", facts.minute),
        (counts, costs, facts.minute),
        (counts, costs, facts.minute[11:]),
        (costs, facts.minute[11:]),
        (facts.minute[11:],),
        (),
    ):
        right = "   ".join(part for part in parts if part)
        gap = width - left.cell_len - len(right) - 1
        if gap >= 2 or not parts:
            break
    return left + Text(" " * max(0, gap) + right)


class Header(Static):
    """Repaints only when what it says changes."""

    def __init__(self) -> None:
        super().__init__(id="header")
        self._facts = HeaderFacts()
        self._painted: tuple[HeaderFacts, int] | None = None

    def show(self, facts: HeaderFacts) -> None:
        """Say these."""
        self._facts = facts
        if self._painted != (facts, self.size.width):
            self._painted = (facts, self.size.width)
            self.update(header_text(facts, self.size.width), layout=False)

    def on_resize(self) -> None:
        """Another width, another choice of facts."""
        self.show(self._facts)
