"""What a kubelet knows of a node or a pod: memory in detail, filesystems, network, volumes, pressure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from kubetui.cluster.clock import until_set
from kubetui.cluster.errors import ClusterError, Forbidden
from kubetui.cluster.kubelet_config import next_step
from kubetui.cluster.session import Session
from kubetui.cluster.stats_summary import Summary, read_summary
from kubetui.insight.stats_words import StatsLine, node_lines, pod_lines
from kubetui.kinds.age import age
from kubetui.kinds.kind import Key, Meaning
from kubetui.store.state import Phase, SyncState
from kubetui.ui.meanings import STYLES, ascii_only, mark
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.line_source import Span, TextStyle

AGAIN: Final = 15.0
"""Seconds between two looks; a kubelet counts every ten."""
_WIDEST: Final = 48
_TEXT_STYLES: Final[dict[Meaning, TextStyle]] = {Meaning.LOOK: "look", Meaning.ACT: "act"}


class _Lines:
    def __init__(self, lines: Sequence[StatsLine]) -> None:
        self._lines = lines
        width = max((len(line.name) for line in lines if line.value), default=0)
        self._width = min(width, _WIDEST)
        self._plain = ascii_only()

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> Sequence[Span]:
        line = self._lines[index]
        if not line.value:
            return (Span(line.name, "bold"),)
        sign = mark(line.meaning, plain=self._plain) if line.meaning in STYLES and line.meaning in _TEXT_STYLES else " "
        style = _TEXT_STYLES.get(line.meaning, "")
        return (Span(f"  {line.name.ljust(self._width)}  ", "key"), Span(f"{sign} {line.value}", style))


class StatsSummaryPane(TextPane):
    """Reads the node's ``stats/summary`` when opened, and again every quarter of a minute."""

    def __init__(self, desk: Desk, session: Session, node: str, pod: Key | None = None) -> None:
        super().__init__(desk, session)
        self._node, self._pod = node, pod
        self._summary: Summary | None = None
        self._error: ClusterError | None = None
        self._reading: asyncio.Task[None] | None = None
        self._again = asyncio.Event()

    # --- coming and going

    def enter(self) -> None:
        """Ask the kubelet."""
        if not self._node:
            self.lines.set_empty("this pod has no node yet, so that no kubelet knows of it")
            return
        self.lines.set_empty(f"asking the kubelet of {self._node} …")
        self._reading = asyncio.create_task(self._read(), name=f"stats of {self._node}")

    def leave(self) -> None:
        """Ask no more."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def refetch(self) -> None:
        """Ask now."""
        self._again.set()

    async def _read(self) -> None:
        while True:
            try:
                self._summary, self._error = await read_summary(self.session, self._node), None
                self._show()
            except ClusterError as error:
                self._error = error
                if self._summary is None:
                    self.lines.set_empty(f"▲ {error.tried}: {error.answer}\n\n{next_step(error)}")
            self.desk.request_tick()
            self._again.clear()
            await until_set(self._again, self.session.clock, AGAIN)

    def _show(self) -> None:
        assert self._summary is not None
        stats = self._summary.stats
        found = node_lines(stats) if self._pod is None else pod_lines(stats, self._pod)
        if len(self.lines.source):
            self._replace(found)
        else:
            self.lines.set_source(_Lines(found))

    def _replace(self, found: Sequence[StatsLine]) -> None:
        """The same lines with newer figures: the view stays where it is."""
        top = self.lines.top
        self.lines.set_source(_Lines(found))
        self.lines.to_line(top)

    # --- what is said

    @property
    def heading(self) -> str:
        """``Stats  aks-… · from its kubelet, 4s ago``."""
        what = self._node if self._pod is None else "/".join(self._pod)
        if self._summary is None:
            return f"Stats  {what}"
        taken = f"from its kubelet {age(int(self._summary.at), self.desk.now())} ago"
        return f"Stats  {what} · {taken}"

    @property
    def state(self) -> SyncState:
        """Whether the kubelet answers."""
        error = self._error
        if error is None:
            return SyncState(Phase.LIVE if self._summary is not None else Phase.CONNECTING)
        phase = Phase.FORBIDDEN if isinstance(error, Forbidden) else Phase.FAILED
        if self._summary is not None:
            phase = Phase.STALE
        return SyncState(
            phase,
            since=self._summary.at if self._summary is not None else None,
            reason=f"{error.tried}: {error.answer}",
            advice=next_step(error),
            missing="get nodes/proxy",
            word="no answer",
        )

    @property
    def text(self) -> str:
        """All lines."""
        source = self.lines.source
        return "\n".join("".join(span.text for span in source.line(index)) for index in range(len(source)))

    @property
    def save_parts(self) -> Sequence[str]:
        """``stats/NODE.txt``."""
        return ("stats", f"{self._node if self._pod is None else '-'.join(self._pod)}.txt")
