"""The configuration of another component: kube-proxy's, CoreDNS', the autoscaler's. Read when opened, and on ``^r``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kubetui.cluster.component_config import ComponentConfig, Section, read_component
from kubetui.cluster.session import Session
from kubetui.store.state import Phase, SyncState
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.state_words import span
from kubetui.ui.widgets.line_source import Span, TextLines
from kubetui.ui.widgets.yaml_lines import yaml_spans

_HEAD = "### "


class ConfigzTextPane(TextPane):
    """Each text under a line that says where it stands."""

    def __init__(self, desk: Desk, session: Session, component: ComponentConfig) -> None:
        super().__init__(desk, session)
        self._component = component
        self._sections: list[Section] = []
        self._reading: asyncio.Task[None] | None = None
        self._at = 0.0

    @property
    def heading(self) -> str:
        """``Configz  coredns · Corefile, and what coredns-custom adds · read 3m ago``."""
        parts = [self._component.name, self._component.title]
        if self._at:
            parts.append(f"read {span(self.desk.now() - self._at)} ago")
        return f"Configz  {' · '.join(parts)}"

    @property
    def state(self) -> SyncState:
        """Whether it was read."""
        troubles = [section.trouble for section in self._sections if section.trouble]
        if not self._at:
            return SyncState(Phase.CONNECTING)
        if troubles and not any(section.text for section in self._sections):
            return SyncState(Phase.FAILED, word="nothing read", reason=" · ".join(troubles))
        return SyncState(Phase.LIVE)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines())

    @property
    def save_parts(self) -> Sequence[str]:
        """``Configz``, ``coredns.txt``."""
        return ("Configz", f"{self._component.name}.txt")

    def enter(self) -> None:
        """Read it."""
        if self._reading is None:
            self.refetch()

    def leave(self) -> None:
        """Stop reading."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = None

    def refetch(self) -> None:
        """Read it (again)."""
        self.leave()
        self._reading = asyncio.create_task(self._read(), name="component configuration")

    async def _read(self) -> None:
        self.lines.set_empty("reading …")
        self._sections = await read_component(self.session, self._component)
        self._at = self.desk.now()
        self.lines.set_source(TextLines(self._lines(), _spans))
        self.desk.request_tick()

    def _lines(self) -> list[str]:
        lines: list[str] = []
        for section in self._sections:
            lines += [f"{_HEAD}{section.title}", ""]
            lines += [f"▲ {section.trouble}"] if section.trouble else section.text.rstrip("\n").split("\n")
            lines.append("")
        return lines


def _spans(line: str) -> Sequence[Span]:
    if line.startswith(_HEAD):
        return (Span(line, "bold"),)
    return (Span(line, "look"),) if line.startswith("▲ ") else yaml_spans(line)
