"""Overview: is anything wrong, since when, and what to look at. Enter: the pane that shows it."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from kubetui.cluster.clock import Clock, SystemClock
from kubetui.cluster.session import EVERYWHERE, Scope, Session
from kubetui.commands.subject import Subject
from kubetui.expression import Expression
from kubetui.insight.finding import Finding, Target
from kubetui.insight.findings import findings
from kubetui.store.state import SyncState
from kubetui.ui.actions import Focus, bindings_for
from kubetui.ui.meanings import ascii_only
from kubetui.ui.overview_blocks import blocks_of
from kubetui.ui.overview_picture import Blocks, Picture, States
from kubetui.ui.overview_reader import OverviewReader
from kubetui.ui.overview_right_blocks import MOST_CHANGES
from kubetui.ui.overview_targets import described, pane_for, subjects, yaml_for
from kubetui.ui.panes.pane import Desk, Pane
from kubetui.ui.state_words import count, words_for
from kubetui.ui.widgets.board import Board
from kubetui.ui.widgets.board_layout import Block
from kubetui.ui.widgets.filter_bar import FilterBar
from kubetui.ui.widgets.line_search import BadPattern, compile_search
from kubetui.ui.widgets.row_source import Cell
from kubetui.ui.widgets.safe_text import safe
from kubetui.ui.work import WORK

PAUSE = 0.5
"""Seconds between two pictures while things change, at least."""
PART = 60
"""Times what a picture took until the next: 1.7 % of a core."""


class OverviewPane(Pane):
    """Blocks of what is known of the whole cluster."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Focus.BOARD)
    focus_group = Focus.BOARD

    def __init__(self, desk: Desk, session: Session, scope: Scope = EVERYWHERE, clock: Clock | None = None) -> None:
        super().__init__(desk, session)
        self._scope = scope
        self.reader = OverviewReader(session, clock or SystemClock(), self._changed, desk.azure)
        self.board = Board(plain=ascii_only())
        self.filter_bar = FilterBar(placeholder="text  /regex/")
        self._title = Static(classes="title")
        self._said = ""
        self._blocks = Blocks((), {})
        self._filter: Expression[str] | None = None
        self._filter_text = ""
        self._dirty = True
        self._drawn = float("-inf")
        self._cost = 0.0
        self._waits = False
        self._findings: list[Finding] = []

    def compose(self) -> ComposeResult:
        """Title, board, filter."""
        yield self._title
        yield self.board
        yield self.filter_bar

    # --- coming and going

    def enter(self) -> None:
        """Follow the cluster."""
        if not self.reader.is_open:
            self.reader.open(self._scope.namespaces)
            self._dirty = True
            self.desk.request_tick()

    def leave(self) -> None:
        """Follow nothing; restarts and changes seen so far stay."""
        self.reader.close()

    def set_scope(self, scope: Scope) -> None:
        """Other namespaces count only where not all may be read."""
        if scope != self._scope:
            self._scope = scope
            if self.reader.is_open:
                self.leave()
                self.enter()

    def focus_content(self) -> None:
        """The board takes the keyboard."""
        self.screen.set_focus(self.board)  # at once: Widget.focus() waits a turn, and a key typed meanwhile is lost

    # --- what it shows

    @property
    def state(self) -> SyncState:
        """The worst of what it stands on."""
        return self.reader.state

    @property
    def findings(self) -> list[Finding]:
        """Those shown."""
        return self._findings

    @property
    def heading(self) -> str:
        """The cluster: context, region, kind of cluster, version."""
        nodes = self.reader.nodes
        group = nodes.resource_group
        parts = [
            f"filter {self._filter_text}" if self._filter_text else "",
            self.session.context,
            nodes.region,
            f"AKS, node resource group {group}" if group else "AKS" if nodes.is_aks else "",
            f"API server {self.reader.server_version}" if self.reader.server_version else "",
        ]
        return "Overview  " + " · ".join(part for part in parts if part)

    def _changed(self) -> None:
        self._dirty = True
        self.desk.request_tick()

    def tick(self, now: float) -> None:
        """Fold what changed; draw anew at most twice a second, and each second for what changes with time."""
        if not self.reader.is_open:
            return
        if self.reader.step(WORK):
            self._dirty = True
            self.desk.go_on()
            return
        self.reader.follow_machines(now)
        words = words_for(self.state, now)
        self.board.dimmed = not words.calm and words.word.startswith("stale")
        passed = get_running_loop().time() - self._drawn
        pause = max(PAUSE, self._cost * PART)
        if passed >= (pause if self._dirty else 2 * pause):
            self._draw(now)
        elif self._dirty and not self._waits:
            self._waits = True
            self.set_timer(pause - passed, self._wake)

    def _wake(self) -> None:
        self._waits = False
        self.desk.request_tick()

    def _draw(self, now: float) -> None:
        self._dirty, self._drawn, begun = False, get_running_loop().time(), perf_counter()
        reader = self.reader
        evidence = reader.evidence(now)
        self._findings = findings(evidence)
        picture = Picture(
            evidence=evidence,
            findings=self._findings,
            changes=reader.timeline.newest(MOST_CHANGES),
            health=reader.health,
            leases=reader.leases,
            states=States(*reader.states),
            whole=reader.whole,
            pod_count=reader.pod_count,
            width=self.board.line_width,
            plain=ascii_only(),
            azure=reader.machines.words(now),
            everywhere=self._scope.namespaces is None,
        )
        self._blocks = blocks_of(picture)
        self._show()
        self._cost = perf_counter() - begun

    def _show(self) -> None:
        self.board.show([self._kept(block) for block in self._blocks.blocks])
        if self.heading != self._said:
            self._said = self.heading
            self._title.update(Text(safe(self._said), no_wrap=True, overflow="ellipsis"), layout=False)

    def on_resize(self) -> None:
        """Other columns at another width."""
        if self.reader.is_open and self._drawn > float("-inf"):
            self._draw(self.desk.now())

    # --- filter

    def _kept(self, block: Block) -> Block:
        """The rows that the filter lets through."""
        pattern = self._filter
        if pattern is None:
            return block
        rows = [
            row
            for row in block.rows
            if any(pattern.matches(cell.text) for cell in row.cells)
            or any(pattern.matches(line.text) for line in row.below)
        ]
        # What a block says of having no rows is true of all its rows only: "nothing is wrong", "no nodes".
        empty = Cell(f"{count(len(block.rows))} hidden by the filter", "dim") if block.rows else block.empty
        return replace(block, rows=tuple(rows), empty=empty)

    def action_filter(self) -> None:
        """Type a filter."""
        self.filter_bar.open(self._filter_text)

    @on(FilterBar.Changed)
    @on(FilterBar.Kept)
    @on(FilterBar.Cleared)
    def _filter_typed(self, event: FilterBar.Told) -> None:
        event.stop()
        self._take_filter(event.text)
        if self.filter_bar.left(event):
            self.focus_content()

    def _take_filter(self, text: str) -> None:
        try:
            self._filter = compile_search(text) if text else None
        except BadPattern as error:
            self.filter_bar.set_error(str(error))
            return
        self._filter_text = text
        self.filter_bar.set_status("")
        self._show()

    def take_back(self) -> bool:
        """Esc clears the filter."""
        had, self._filter, self._filter_text = self._filter is not None, None, ""
        if had:
            self._show()
        return had

    # --- lines

    def _target(self, block: str, key: Hashable) -> Target | None:
        return self._blocks.targets.get((block, key))

    @on(Board.Selected)
    def _selected(self, event: Board.Selected) -> None:
        event.stop()
        self._open(self._target(event.block, event.key), pane_for, self._finding_under_cursor())

    def _open(
        self,
        target: Target | None,
        make: Callable[[Target, Desk, Session, OverviewReader], Pane | None],
        finding: Finding | None = None,
    ) -> None:
        pane = make(target, self.desk, self.session, self.reader) if target is not None else None
        if pane is None and finding is not None:
            from kubetui.ui.panes.finding import FindingPane

            pane = FindingPane(self.desk, self.session, finding)
        if pane is None:
            self.desk.say("nothing more to show about this line")
        else:
            self.desk.open_pane(pane)

    def action_yaml(self) -> None:
        """The object under the cursor as YAML."""
        self._open(self._target_under_cursor(), lambda target, desk, session, reader: yaml_for(target, desk, session))

    def action_describe(self) -> None:
        """The one object behind the line in words; else what was found, whole."""
        # Not before: describing is a room of its own, which the first rows need not wait for.
        from kubetui.ui.panes.finding import FindingPane, finding_entries

        target, finding = self._target_under_cursor(), self._finding_under_cursor()
        found = described(target) if target is not None else None
        if found is not None and target is not None and (finding is None or len(target.keys) == 1):
            self.desk.open_pane(found.pane(self.desk, self.session, finding_entries(finding) if finding else ()))
        elif finding is not None:
            self.desk.open_pane(FindingPane(self.desk, self.session, finding))
        else:
            self.desk.say("no single object behind this line")

    def subjects(self) -> Sequence[Subject]:
        """The objects behind the line."""
        target = self._target_under_cursor()
        return subjects(target, self.reader) if target is not None else ()

    def _target_under_cursor(self) -> Target | None:
        cursor = self.board.cursor
        return self._target(*cursor) if cursor is not None else None

    def _finding_under_cursor(self) -> Finding | None:
        cursor = self.board.cursor
        return next((one for one in self._findings if cursor == ("wrong", one.subject)), None)

    def action_copy(self) -> None:
        """Copy the finding, or the name, under the cursor."""
        cursor = self.board.cursor
        if cursor is None:
            return
        finding = self._finding_under_cursor()
        if finding is not None:
            text = f"{finding.title}: {finding.detail}; next: {finding.advice}"
            self.desk.copy("\n".join(line for line in (text, finding.command) if line), "the finding")
            return
        target = self._target(*cursor)
        names = [name for _, name in target.keys] if target is not None else []
        if names:
            self.desk.copy("\n".join(names), names[0] if len(names) == 1 else f"{len(names)} names")

    def action_board_by(self, rows: int) -> None:
        """Move the cursor."""
        self.board.cursor_by(rows)

    def action_board_to(self, index: int) -> None:
        """To the first or last row."""
        self.board.cursor_to(index)

    def action_board_page(self, pages: int) -> None:
        """By pages."""
        self.board.page(pages)

    def action_next_block(self, step: int) -> None:
        """To the next or previous block."""
        self.board.next_block(step)
