"""Logs of many containers in time order: what they say now, what they said before it broke, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from kubetui.cluster.session import Session
from kubetui.store.logs.matcher import BadPattern as BadMatch
from kubetui.store.logs.matcher import Matcher
from kubetui.ui.actions import Focus, bindings_for
from kubetui.ui.log_saved import saved_lines
from kubetui.ui.log_search import LogSearch
from kubetui.ui.log_time import go_to
from kubetui.ui.logs_desk import LogChoice, LogsDesk
from kubetui.ui.panes.log_tail_pane import LogTailPane
from kubetui.ui.panes.pane import Desk
from kubetui.ui.screens.log_sources import LogSourcesScreen
from kubetui.ui.widgets.filter_bar import FilterBar
from kubetui.ui.widgets.line_search import BadPattern

MOST_COPIED: Final = 10_000
"""Lines that go to a clipboard at most: more is for a file."""


class LogsPane(LogTailPane):
    """One target's logs, looked through: filters, searches, highlights, marks, times."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Focus.LOGS)
    focus_group = Focus.LOGS

    def __init__(self, desk: Desk, session: Session, choice: LogChoice, **kwargs: Any) -> None:
        super().__init__(desk, session, choice, **kwargs)
        self.only_bar = FilterBar("&", "only lines with: text  /regex/  !not")
        self.light_bar = FilterBar("highlight ", "text  /regex/; the same again: no longer")
        self.time_bar = FilterBar("go to ", "12:03  12:03:58  2026-11-20 12:03  -5m")
        self._search = LogSearch(self._found)

    def compose(self) -> ComposeResult:
        """The tail; the lines for typing."""
        yield from super().compose()
        yield from (self.search_bar, self.only_bar, self.light_bar, self.time_bar)

    def on_unmount(self) -> None:
        """Look no longer."""
        self._search.close()

    # --- what is typed

    @on(FilterBar.Changed)
    @on(FilterBar.Kept)
    @on(FilterBar.Cleared)
    def _typed(self, event: FilterBar.Told) -> None:
        takers: dict[FilterBar, Callable[[FilterBar.Told], None]] = {
            self.search_bar: self._take_search,
            self.only_bar: self._take_only,
            self.light_bar: self._take_highlight,
            self.time_bar: self._take_time,
        }
        event.stop()
        event.prevent_default()  # the one search line of other texts
        takers[event.bar](event)
        if event.bar.left(event):
            self.focus_content()

    # --- filters

    def action_only(self) -> None:
        """Show only what matches."""
        self.only_bar.open(self.shown.filter.text.typed if self.shown.filter.text else "")

    def _take_only(self, event: FilterBar.Told) -> None:
        try:
            text = Matcher(event.text) if event.text else None
        except BadMatch as error:
            self.only_bar.set_error(str(error))
            return
        self.only_bar.set_status("")
        self.shown.only(text, self.lines)

    def action_context(self, more: int) -> None:
        """More or fewer lines around each match."""
        if self.shown.filter.text is None:
            self.desk.say("lines of context stand around what & lets through")
            return
        self.desk.say(f"{self.shown.more_context(more, self.lines)} lines before and after each match")

    def action_level(self) -> None:
        """Go through the level filters."""
        self.shown.next_level(self.lines)

    def action_sources(self) -> None:
        """Who speaks here, and how each stream stands; hide some."""
        screen = LogSourcesScreen(self.feed.tail, self.shown.filter.hidden, self.desk.now)
        self.app.push_screen(screen, self._hide)

    def _hide(self, hidden: frozenset[int] | None) -> None:
        if hidden is not None:
            self.shown.hide(hidden, self.lines)

    # --- highlights, marks, times

    def action_highlight(self) -> None:
        """Mark all places of a text, beside those marked already."""
        self.light_bar.open("")

    def _take_highlight(self, event: FilterBar.Told) -> None:
        self.light_bar.set_status("")
        if not isinstance(event, FilterBar.Kept) or not event.text:
            return
        try:
            self._highlights.toggle(event.text)
        except BadPattern as error:
            self.light_bar.set_error(str(error))
        self._repaint()

    def action_mark(self) -> None:
        """Mark the line found last, or the first one shown; again: no longer."""
        self.shown.toggle_mark(self.lines.top if self.lines.found_line is None else self.lines.found_line)
        self._repaint()

    def action_next_mark(self) -> None:
        """The next marked line, restart or gap; after the last the first."""
        position = self.shown.next_mark(self.lines.top)
        if position is None:
            self.desk.say("no marks: v marks a line")
            return
        self._go(position)

    def action_times(self) -> None:
        """The next way to write times."""
        self._log_lines.times = self._log_lines.times.next
        self._repaint()

    def action_go_to_time(self) -> None:
        """Type a time to go to."""
        self.time_bar.open("")

    def _take_time(self, event: FilterBar.Told) -> None:
        self.time_bar.set_status("")
        if not isinstance(event, FilterBar.Kept) or not event.text:
            return
        time = go_to(event.text, self._log_lines.times, self.desk.now())
        if time is None:
            self.time_bar.set_error("no time; 12:03, 12:03:58, 2026-11-20 12:03, -5m are")
            return
        self._go(self.shown.view.position(self.feed.buffer.at_time(time)))

    def _go(self, position: int) -> None:
        self.lines.follow = False
        self.lines.to_line(position)
        self.desk.request_tick()

    def _repaint(self) -> None:
        self.lines.source_changed()
        self.desk.request_tick()

    # --- searching what is held

    def action_search(self) -> None:
        """Type what to look for; nothing, and ⏎: the same again."""
        self.search_bar.open("")

    def _take_search(self, event: FilterBar.Told) -> None:
        if isinstance(event, FilterBar.Kept) and not event.text and self._search.matcher is not None:
            self.action_next_match(1)
            return
        try:
            self._search.set(event.text)
            self.lines.search(self._search.matcher.shown if self._search.matcher else "")
        except (BadMatch, BadPattern) as error:
            self.search_bar.set_error(str(error))
            return
        self.search_bar.set_status("")
        self._search.go(self.shown.view, self.lines.top, forward=True)

    def action_next_match(self, step: int) -> None:
        """The next or previous line that matches, among all that are shown."""
        if self._search.matcher is None:
            self.action_search()
            return
        found = self.lines.found_line
        self._search.go(self.shown.view, self.lines.top if found is None else found + step, step > 0)

    def _found(self, position: int | None) -> None:
        trouble = self._search.matcher.trouble if self._search.matcher is not None else ""
        if position is not None:
            self.lines.show_found(position)
        elif trouble:
            self.desk.say(trouble)
        elif self.search_bar.is_open:
            self.search_bar.set_status("no match")
        else:
            self.desk.say("no match")

    def take_back(self) -> bool:
        """Esc ends a pause, then a search, the filters, the highlights."""
        if self._paused_at is not None:
            self._paused_at = None
        elif self._search.matcher is not None:
            self._search.set("")
            self.lines.search("")
        elif not self.shown.filter.everything:
            self.shown.show_all(self.lines)
        elif self._highlights.typed:
            self._highlights.clear()
            self._repaint()
        else:
            return False
        self.desk.request_tick()
        return True

    # --- taking lines elsewhere

    @property
    def text(self) -> str:
        """The newest ``MOST_COPIED`` lines that are shown, as they are painted."""
        return "\n".join(self._painted(max(0, len(self.shown.view) - MOST_COPIED), len(self.shown.view)))

    def _painted(self, first: int, end: int) -> list[str]:
        return [self._log_lines.text(index) for index in range(first, min(end, first + MOST_COPIED))]

    def action_copy(self) -> None:
        """Copy the mouse's selection, else from the first marked line to the last, else what the screen shows."""
        text = self.screen.get_selected_text()
        if not text:
            screenful = (self.lines.top, min(len(self.shown.view), self.lines.top + self.lines.size.height))
            text = "\n".join(self._painted(*(self.shown.marked_range() or screenful)))
        self.desk.copy(text, f"{len(text.splitlines()):,} lines")

    @property
    def save_parts(self) -> Sequence[str]:
        """``logs/coredns.log``, below the context."""
        target = self.feed.target
        return ("logs", f"{(target.name or target.expression or target.labels).strip('^$') or 'all'}.log")

    async def saved_text(self) -> bytes:
        """The true bytes of all lines that are let through, each with its time and source in front."""
        return await saved_lines(self.feed, self.shown)


class TopLogsPane(LogsPane):
    """Pane 6: shows what was asked for last, wherever that was."""

    def __init__(self, desk: Desk, session: Session, logs: LogsDesk, **kwargs: Any) -> None:
        super().__init__(desk, session, logs.choice, **kwargs)
        self._logs = logs

    def enter(self) -> None:
        """Follow, from where it was left or what was asked for meanwhile."""
        if self._logs.choice != self.choice:
            self._keep_on()
            self.retarget(self._logs.choice)
        super().enter()
