"""A tail in a pane: its lines come, are followed or paused, and are read anew from further back."""

from __future__ import annotations

import asyncio
import textwrap
from dataclasses import replace
from typing import Any, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.target import LogTarget
from kubetui.cluster.session import Session
from kubetui.store.state import SyncState
from kubetui.ui.highlights import Highlights
from kubetui.ui.log_feed import LogFeed
from kubetui.ui.log_lines import LogLines
from kubetui.ui.log_shown import LogShown
from kubetui.ui.log_state import stands
from kubetui.ui.log_time import TimeFormat, time_text
from kubetui.ui.log_words import SINCE, LogFacts, heading, notice, status, why_empty
from kubetui.ui.logs_desk import LogChoice
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.state_words import words_for
from kubetui.ui.widgets.safe_text import safe

LINGER: Final = 180.0
"""Seconds that a pane that is not looked at follows on, so that coming back finds no hole."""
MORE_STREAMS: Final = 50
SETTLING: Final = 3.0
"""Seconds in which a log that has no lines yet may still have some."""


class LogTailPane(TextPane):
    """One target's logs: the tail, and what is said about it. ``LogsPane`` looks through them."""

    def __init__(self, desk: Desk, session: Session, choice: LogChoice, **kwargs: Any) -> None:
        super().__init__(desk, session, **kwargs)
        self.choice = choice
        self._limits = desk.preferences.settings.logs
        options = choice.options(self._limits)
        self.feed = LogFeed(session, choice.target, options, desk.request_tick, self._limits.lines)
        self.shown = LogShown(self.feed.buffer, desk.request_tick)
        self._status = Static(classes="log-status")
        self._notice = Static(classes="banner")
        self._highlights = Highlights()
        self._log_lines = self._new_lines()
        self._paused_at: int | None = None
        self._lingering: asyncio.TimerHandle | None = None
        self._told = ("", "", "")
        self._painted_at = 0

    def _new_lines(self) -> LogLines:
        return LogLines(self.shown.view, self.feed.tail.sources, self.shown.marks, self._highlights)

    def compose(self) -> ComposeResult:
        """Title, what is left out, lines, status."""
        yield self._title
        yield self._notice
        yield self.lines
        yield self._status

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
        self.lines.set_empty(self._folded(trouble) if trouble else why_empty(facts))
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
            target=tail.target.words,
            options=self.feed.options,
            pods=tail.pods,
            settled=tail.settled,
            young=self.feed.age < SETTLING,
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
