"""Logs of many containers in time order: what they say now, what they said before it broke, and what is missing."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.target import LogTarget
from kubetui.cluster.session import Session
from kubetui.store.logs.entry import LogLine
from kubetui.store.logs.matcher import BadPattern as BadMatch
from kubetui.store.logs.matcher import Matcher
from kubetui.store.logs.sources import LogPhase
from kubetui.store.state import SyncState
from kubetui.ui.actions import Focus, bindings_for
from kubetui.ui.highlights import Highlights
from kubetui.ui.log_feed import LogFeed
from kubetui.ui.log_lines import LogLines
from kubetui.ui.log_search import LogSearch
from kubetui.ui.log_shown import LogShown
from kubetui.ui.log_state import stands
from kubetui.ui.log_time import TimeFormat, go_to, rfc3339, time_text
from kubetui.ui.log_words import SINCE, LogFacts, heading, notice, since_words, status
from kubetui.ui.logs_desk import LogChoice, LogsDesk
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.screens.log_sources import LogSourcesScreen
from kubetui.ui.state_words import count, words_for
from kubetui.ui.widgets.filter_bar import FilterBar
from kubetui.ui.widgets.line_search import BadPattern
from kubetui.ui.widgets.safe_text import safe

LINGER: Final = 180.0
"""Seconds that a pane that is not looked at follows on, so that coming back finds no hole."""
MOST_COPIED: Final = 10_000
"""Lines that go to a clipboard at most: more is for a file."""
MORE_STREAMS: Final = 50
SETTLING: Final = 3.0
"""Seconds in which a log that has no lines yet may still have some."""


class LogsPane(TextPane):
    """One target's logs."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Focus.LOGS)
    focus_group = Focus.LOGS

    def __init__(self, desk: Desk, session: Session, choice: LogChoice, **kwargs: Any) -> None:
        super().__init__(desk, session, **kwargs)
        self.choice = choice
        self._limits = desk.preferences.settings.logs
        options = choice.options(self._limits)
        self.feed = LogFeed(session, choice.target, options, desk.request_tick, self._limits.lines)
        self.shown = LogShown(self.feed.buffer, desk.request_tick)
        self.only_bar = FilterBar("&", "only lines with: text  /regex/  !not")
        self.light_bar = FilterBar("highlight ", "text  /regex/; the same again: no longer")
        self.time_bar = FilterBar("go to ", "12:03  12:03:58  2026-11-20 12:03  -5m")
        self._status = Static(classes="log-status")
        self._notice = Static(classes="banner")
        self._highlights = Highlights()
        self._search = LogSearch(self._found)
        self._log_lines = self._new_lines()
        self._paused_at: int | None = None
        self._lingering: asyncio.TimerHandle | None = None
        self._told = ("", "", "")
        self._painted_at = 0

    def _new_lines(self) -> LogLines:
        return LogLines(self.shown.view, self.feed.tail.sources, self.shown.marks, self._highlights)

    def compose(self) -> ComposeResult:
        """Title, what is left out, lines, status; the lines for typing."""
        yield self._title
        yield self._notice
        yield self.lines
        yield self._status
        yield from (self.search_bar, self.only_bar, self.light_bar, self.time_bar)

    # --- coming and going

    def enter(self) -> None:
        """Follow, from where it was left."""
        self._keep_on()
        if not self.feed.running:
            self.feed.start()
            self._show_from_the_end()
        self.desk.request_tick()

    def leave(self) -> None:
        """Follow on for a while."""
        self._keep_on()
        self._lingering = asyncio.get_running_loop().call_later(LINGER, self.feed.stop)

    def on_unmount(self) -> None:
        """Leave nothing open."""
        self._keep_on()
        self._search.close()
        self.feed.stop()

    def _keep_on(self) -> None:
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None

    def refetch(self) -> None:
        """``^r``: reconnect at once what is broken."""
        self.feed.retry_now()

    @property
    def state(self) -> SyncState:
        """How the list of pods stands, or why nothing can be read."""
        sources = self.feed.tail.sources
        return stands(self.feed.state, [sources.state(source.index) for source in sources])

    def _show_from_the_end(self) -> None:
        self.lines.set_source(self._log_lines)
        self.lines.follow = True

    # --- one tick

    def tick(self, now: float) -> None:
        """New lines, then what is said about them."""
        self._log_lines.now = now
        self.shown.step(self.lines, paused=self._paused_at is not None)
        aged = self._log_lines.times is TimeFormat.AGO and int(now) != self._painted_at
        if self._log_lines.fit_names(self.size.width) or aged:
            self._painted_at = int(now)
            self.lines.source_changed()
        self._say(self._facts(now), now)

    def _say(self, facts: LogFacts, now: float) -> None:
        words = words_for(self.state, now)
        trouble = "" if words.calm else f"▲ {words.word}: {words.sentence}"
        self.lines.set_empty(self._folded(trouble) if trouble else self._why_empty(facts))
        over = trouble if trouble and len(self.lines.source) else notice(facts)
        told = (heading(facts), over, status(facts))
        if told == self._told:
            return
        self._told = told
        self._title.update(Text(safe(told[0]), no_wrap=True, overflow="ellipsis"), layout=False)
        self._status.update(Text(safe(told[2]), no_wrap=True, overflow="ellipsis"), layout=False)
        self._notice.set_class(bool(told[1]), "-shown")
        self._notice.update(Text(safe(told[1]), overflow="fold"))

    def _folded(self, trouble: str) -> str:
        """What is wrong, its parts on lines of their own, as wide as the pane."""
        width = max(40, self.size.width - 4)
        return "\n".join(line for part in trouble.split(" · ") for line in textwrap.wrap(part, width))

    def _facts(self, now: float) -> LogFacts:
        tail, buffer, view = self.feed.tail, self.feed.buffer, self.shown.view
        oldest = buffer.time(buffer.first) if len(buffer) else 0
        times = self._log_lines.times
        readable = TimeFormat.UTC if times is TimeFormat.OFF else times
        return LogFacts(
            name=self.choice.words,
            place=tail.target.place,
            options=self.feed.options,
            pods=tail.pods,
            phases=[tail.sources.state(source.index).phase for source in tail.sources],
            rate=tail.sources.total_rate,
            follow=self.lines.follow,
            fresh=None if self._paused_at is None else buffer.end - self._paused_at,
            wanted=self.shown.filter,
            level=self.shown.level,
            matched=view.matched,
            progress=view.progress,
            highlights=self._highlights.typed,
            held=len(buffer),
            since=time_text(oldest, readable, now).strip() if oldest else "",
            dropped=buffer.dropped,
            left_out=len(tail.left_out),
            most_streams=tail.most_streams,
            marked=len(self.shown.marks),
            times=times,
        )

    @property
    def heading(self) -> str:
        """What stands above the lines."""
        return self._told[0]

    def _why_empty(self, facts: LogFacts) -> str:
        tail = self.feed.tail
        if not tail.settled:
            return f"looking for the pods of {tail.target.words} …"
        if not tail.pods:
            return f"{tail.target.words} has no pods in {tail.target.place}; they will show when there are any"
        if facts.held and not facts.wanted.everything:
            return f"none of the {count(facts.held)} lines held is let through · Esc clears the filter" + _hint(facts)
        if not facts.held and (LogPhase.OPENING in facts.phases or self.feed.age < SETTLING):
            return f"reading the logs of {count(len(facts.phases))} containers …"
        if LogPhase.WAITING in facts.phases and LogPhase.LIVE not in facts.phases:
            return "the containers wait to be started; s says what for"
        if facts.options.previous:
            return "no container here has run before"
        if facts.options.since is not None:
            return f"no lines in the last {since_words(facts.options.since)} · 9 reads all that the nodes hold"
        return "no lines yet"

    # --- what is read

    def action_since(self, digit: str) -> None:
        """Read anew from so far back."""
        self._begin_anew(replace(self.feed.options, since=SINCE[digit], previous=False, follow=True))

    def action_previous(self) -> None:
        """The runs before the present ones, or back to these."""
        choice = replace(self.choice, previous=not self.feed.options.previous)
        self._begin_anew(choice.options(self._limits))

    def action_widen(self) -> None:
        """Open more streams."""
        if self.feed.tail.left_out:
            self.feed.tail.widen(self.feed.tail.most_streams + MORE_STREAMS)
        else:
            self.desk.say("all containers are shown")

    def retarget(self, choice: LogChoice) -> None:
        """Other logs."""
        self.choice = choice
        self._begin_anew(choice.options(self._limits), choice.target)

    def _begin_anew(self, options: LogOptions, target: LogTarget | None = None) -> None:
        self.feed.restart(options, target)
        self.shown.begin_anew()
        self._paused_at = None
        times = self._log_lines.times
        self._log_lines = self._new_lines()
        self._log_lines.times = times
        self._show_from_the_end()
        self.desk.request_tick()

    # --- following and pausing

    def action_follow(self) -> None:
        """Stay at the end, or no longer."""
        self._paused_at = None
        self.lines.follow = not self.lines.follow
        self.desk.request_tick()

    def action_pause(self) -> None:
        """Show nothing new, or go on; nothing is lost meanwhile."""
        self._paused_at = self.feed.buffer.end if self._paused_at is None else None
        self.desk.request_tick()

    def action_lines_to(self, line: int) -> None:
        """To the first line, or to the last and stay there."""
        super().action_lines_to(line)
        if line < 0:
            self.lines.follow = True
        self.desk.request_tick()

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
        if isinstance(event, FilterBar.Kept | FilterBar.Cleared):
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
        if not isinstance(event, FilterBar.Kept) or not event.text:
            return
        try:
            self._highlights.toggle(event.text)
        except BadPattern as error:
            self.desk.say(str(error))
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
        if not isinstance(event, FilterBar.Kept) or not event.text:
            return
        time = go_to(event.text, self._log_lines.times, self.desk.now())
        if time is None:
            self.desk.say(f"{event.text!r} is no time; 12:03, 12:03:58, 2026-11-20 12:03, -5m are")
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
        saved: list[bytes] = []
        for position in range(len(self.shown.view)):
            saved.append(self._saved(self.shown.number(position)))
            if position % 2_000 == 0:
                await asyncio.sleep(0)
        return b"\n".join([*saved, b""])

    def _saved(self, number: int | None) -> bytes:
        if number is None or number < self.feed.buffer.first:
            return b"(dropped while this was saved: the buffer is full)"
        entry = self.feed.buffer.entry(number)
        source = self.feed.tail.sources.get(entry.source)
        name = "/".join(source.key) if source is not None else "-"
        text = entry.text if isinstance(entry, LogLine) else f"─── {entry.words} ───".encode()
        return f"{rfc3339(entry.time)} {name} ".encode() + text


def _hint(facts: LogFacts) -> str:
    """Where signs were typed that only mean something in a regular expression."""
    text = facts.wanted.text
    if text is None or text.expression or not set(text.typed) & set("|*+?[]()^$\\"):
        return ""
    return f"\n\nsearched as plain text; /{text.typed}/ is a regular expression"


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
