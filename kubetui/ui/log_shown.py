"""What of a tail's buffer a pane shows: the filter, the view that follows it, the marks a person set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from kubetui.store.logs.buffer import LogBuffer
from kubetui.store.logs.level import Level
from kubetui.store.logs.matcher import Matcher
from kubetui.store.logs.view import LogFilter, LogView
from kubetui.ui.work import is_left

MOST_CONTEXT: Final = 20
LEVELS: Final[dict[str, frozenset[Level] | None]] = {
    "": None,
    "warnings and worse": frozenset({Level.WARNING, Level.ERROR, Level.FATAL}),
    "errors and worse": frozenset({Level.ERROR, Level.FATAL}),
}
"""The level filters by name, in the order in which ``L`` goes through them."""


class Anchored(Protocol):
    """What shows the view: ``LineView``."""

    follow: bool

    @property
    def top(self) -> int:
        """The first line on the screen."""

    def source_changed(self, dropped: int = 0) -> None:
        """Look at the source again."""

    def to_line(self, line: int) -> None:
        """Show ``line`` first."""


class LogShown:
    """Positions are the view's; numbers are the buffer's and never change."""

    def __init__(self, buffer: LogBuffer, wake: Callable[[], None]) -> None:
        """``wake`` asks for another ``step``."""
        self._buffer, self._wake = buffer, wake
        self.view = LogView(buffer)
        self.marks: set[int] = set()
        """Numbers of the lines that the person marked."""
        self.level = ""
        """A key of ``LEVELS``."""
        self._revision = 0
        self._anchor: int | None = None

    @property
    def filter(self) -> LogFilter:
        """What is let through."""
        return self.view.filter

    def begin_anew(self) -> None:
        """The buffer was emptied, and sources have new indexes."""
        wanted = replace(self.filter, hidden=frozenset())
        self.view, self._revision, self._anchor = LogView(self._buffer, wanted), 0, None
        self.marks.clear()

    # --- other filters

    def arrange(self, wanted: LogFilter, lines: Anchored) -> None:
        """Let other lines through; the screen stays on the line that it shows first, or at the end."""
        if wanted == self.filter:
            return
        self._anchor = None if lines.follow else self.number(lines.top)
        self.view.arrange(wanted)
        self._wake()

    def only(self, text: Matcher | None, lines: Anchored) -> None:
        """Only lines that match."""
        if (text and text.typed) != (self.filter.text and self.filter.text.typed):
            self.arrange(replace(self.filter, text=text), lines)

    def next_level(self, lines: Anchored) -> None:
        """The next of ``LEVELS``."""
        names = list(LEVELS)
        self.level = names[(names.index(self.level) + 1) % len(names)]
        self.arrange(replace(self.filter, levels=LEVELS[self.level]), lines)

    def more_context(self, more: int, lines: Anchored) -> int:
        """So many lines more around each match; how many those are then."""
        context = max(0, min(MOST_CONTEXT, self.filter.context + more))
        self.arrange(replace(self.filter, context=context), lines)
        return context

    def hide(self, hidden: frozenset[int], lines: Anchored) -> None:
        """Let these sources' lines not through."""
        self.arrange(replace(self.filter, hidden=hidden), lines)

    def show_all(self, lines: Anchored) -> None:
        """Let everything through."""
        self.level = ""
        self.arrange(LogFilter(), lines)

    # --- keeping in step

    def step(self, lines: Anchored, *, paused: bool) -> None:
        """Bring the view, and the screen where that matters, up to date; a piece of filtering at a time."""
        dropped = self.view.trim()
        changed = bool(dropped)
        if not (paused and self.view.progress == 1.0) and self.view.has_changes:
            changed = True
            if is_left(self.view.step):
                self._wake()
        if changed:
            lines.source_changed(dropped)
        if self.view.revision != self._revision:
            self._revision = self.view.revision
            if self._anchor is not None:
                lines.to_line(self.view.position(self._anchor))

    # --- places

    def number(self, position: int) -> int | None:
        """The buffer's number of the entry at ``position``; None where there is none."""
        return self.view.number(position) if 0 <= position < len(self.view) else None

    def toggle_mark(self, position: int) -> None:
        """Mark the line, or no longer."""
        number = self.number(position)
        if number is not None:
            self.marks ^= {number}

    def next_mark(self, position: int) -> int | None:
        """Where the next line is that a person marked, or where a restart or gap stands; after the last the first."""
        places = sorted({*(mark for mark in self.marks if mark >= self._buffer.first),
                         *(number for number, _ in self._buffer.marks())})  # fmt: skip
        if not places:
            return None
        here = self.number(position)
        number = next((place for place in places if here is None or place > here), places[0])
        return self.view.position(number)

    def marked_range(self) -> tuple[int, int] | None:
        """Positions from the first marked line to the last, as a half-open range; None with fewer than two."""
        if len(self.marks) < 2:
            return None
        first, last = (self.view.position(number) for number in (min(self.marks), max(self.marks)))
        return first, min(len(self.view), last + 1)
