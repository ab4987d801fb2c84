"""Who speaks in a log: each container with its short name, how its stream stands, how much it says. Hide some."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from kubetui.cluster.logs.tail import LogTail
from kubetui.store.logs.sources import LogPhase, LogSource, LogSources, LogState, ordered
from kubetui.ui.log_words import rate_words
from kubetui.ui.state_words import count, span
from kubetui.ui.widgets.live_table import LiveTable
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Line, Style
from kubetui.ui.widgets.safe_text import safe

EVERY: Final = 1.0
"""Seconds between looks at rates and states."""
_STYLES: Final[Mapping[LogPhase, Style]] = {
    LogPhase.LIVE: "fine",
    LogPhase.RECONNECTING: "look",
    LogPhase.THROTTLED: "look",
    LogPhase.WAITING: "look",
    LogPhase.FORBIDDEN: "act",
}


def state_words(state: LogState, now: float) -> str:
    """``reconnecting 14s: connection reset · next try in 2s``."""
    words = state.phase.value
    if state.phase is LogPhase.RECONNECTING and state.since:
        words += f" {span(now - state.since)}"
    parts = [f"{words}: {state.missing or state.reason}" if state.missing or state.reason else words]
    if state.next_try is not None and state.next_try > now:
        parts.append(f"next try in {span(state.next_try - now)}")
    if state.advice:
        parts.append(state.advice)
    return " · ".join(parts)


class _Sources:
    """The sources as lines, then those that have no stream."""

    def __init__(self, tail: LogTail, hidden: set[int], now: Callable[[], float]) -> None:
        self._tail, self._hidden, self._now = tail, hidden, now
        self._shown: list[LogSource] = []
        self.refresh()

    def refresh(self) -> None:
        self._shown = ordered(list(self._tail.sources))

    def indexes(self) -> Sequence[int]:
        return [source.index for source in self._shown]

    def __len__(self) -> int:
        return len(self._shown)

    def line(self, index: int) -> Line:
        source, sources = self._shown[index], self._tail.sources
        state = sources.state(source.index)
        namespace, pod, container = source.key
        return Line(
            source.index,
            (
                Cell("–" if source.index in self._hidden else "●", "dim" if source.index in self._hidden else "fine"),
                Cell(sources.short(source.index), "bold"),
                Cell(f"{namespace}/{pod}"),
                Cell(container),
                Cell(rate_words(sources.rate(source.index))),
                Cell(count(sources.lines(source.index))),
                Cell(source.node, "dim"),
                Cell(state_words(state, self._now()), _STYLES.get(state.phase, "dim")),
            ),
        )

    def index_of(self, key: Hashable) -> int | None:
        return next((at for at, source in enumerate(self._shown) if source.index == key), None)


class LogSourcesScreen(ModalScreen[frozenset[int] | None]):
    """Gives back the indexes of the sources to hide; None: as before (Esc)."""

    CSS = """
    LogSourcesScreen { align: center middle; background: $background 60%; }
    LogSourcesScreen > Vertical { width: 95%; height: 80%; padding: 1 2; background: $surface; }
    LogSourcesScreen .title { height: 1; text-style: bold; }
    LogSourcesScreen .hint { height: auto; color: $foreground 60%; }
    LogSourcesScreen LiveTable { background: $surface; margin: 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", show=False, id="sources.cancel"),
        Binding("space", "hide", show=False, id="sources.toggle"),
        Binding("o", "only", show=False, id="sources.only"),
        Binding("a", "all", show=False, id="sources.all"),
        Binding("j", "by(1)", show=False, id="sources.down"),
        Binding("k", "by(-1)", show=False, id="sources.up"),
    ]

    def __init__(self, tail: LogTail, hidden: frozenset[int], now: Callable[[], float]) -> None:
        super().__init__()
        self._tail = tail
        self._hidden = set(hidden)
        self._sources = _Sources(tail, self._hidden, now)

    @property
    def _table(self) -> LiveTable:
        return self.query_one(LiveTable)

    def compose(self) -> ComposeResult:
        """Title, the sources, the keys."""
        with Vertical():
            yield Static(classes="title")
            yield LiveTable()
            yield Static("space hide or show · o only this one · a all · ⏎ done · Esc as before", classes="hint")

    def on_mount(self) -> None:
        """Fill the table, and keep it up to date."""
        self._table.set_columns(
            (
                ColumnSpec("shown", "", priority=0),
                ColumnSpec("short", "NAME", priority=0),
                ColumnSpec("pod", "POD", priority=3),
                ColumnSpec("container", "CONTAINER", priority=4),
                ColumnSpec("rate", "RATE", right=True, priority=2),
                ColumnSpec("lines", "LINES", right=True, priority=5),
                ColumnSpec("node", "NODE", priority=6),
                ColumnSpec("state", "STREAM", priority=1),
            )
        )
        self._table.set_source(self._sources)
        self._table.set_empty("no containers yet")
        self._refresh()
        self.set_interval(EVERY, self._refresh)
        self._table.focus()

    def _refresh(self) -> None:
        self._sources.refresh()
        self._table.source_changed()
        left_out = len(self._tail.left_out)
        more = f" · {count(left_out)} more without a stream" if left_out else ""
        sources: LogSources = self._tail.sources
        self.query_one(".title", Static).update(
            Text(safe(f"Sources of {self._tail.target.words} · {count(len(sources))}{more}"))
        )

    @on(LiveTable.Selected)
    def _done(self, event: LiveTable.Selected) -> None:
        event.stop()
        self.dismiss(frozenset(self._hidden))

    def _under_cursor(self) -> int | None:
        key = self._table.cursor_key
        return key if isinstance(key, int) else None

    def action_hide(self) -> None:
        """Hide the source under the cursor, or show it."""
        index = self._under_cursor()
        if index is not None:
            self._hidden ^= {index}
            self._refresh()

    def action_only(self) -> None:
        """Show this one alone."""
        index = self._under_cursor()
        if index is not None:
            self._hidden.clear()
            self._hidden.update(other for other in self._sources.indexes() if other != index)
            self._refresh()

    def action_all(self) -> None:
        """Show all."""
        self._hidden.clear()
        self._refresh()

    def action_by(self, rows: int) -> None:
        """Down or up."""
        self._table.cursor_by(rows)
