"""Log entries as lines to paint: time, the source's short name in its colour, and the text with its own colours."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Final

from kubetui.store.logs.entry import NO_SOURCE, LogLine, Mark, MarkKind
from kubetui.store.logs.level import Level, level_of
from kubetui.store.logs.sources import LogSources
from kubetui.store.logs.view import LogView
from kubetui.ui.highlights import Highlights
from kubetui.ui.log_time import TimeFormat, time_text
from kubetui.ui.moments import local_times
from kubetui.ui.sgr import runs
from kubetui.ui.widgets.cells import fit
from kubetui.ui.widgets.line_source import Span, TextStyle
from kubetui.ui.widgets.safe_text import safe

SERIES: Final[tuple[TextStyle, ...]] = (
    "series0", "series1", "series2", "series3", "series4", "series5", "series6", "series7",
)  # fmt: skip
"""Colours of sources; after the last the first comes again, which is why names stand there too."""
_OF_LEVEL: Final[Mapping[Level, TextStyle]] = {
    Level.DEBUG: "dim", Level.WARNING: "look", Level.ERROR: "act", Level.FATAL: "act",
}  # fmt: skip
_OF_MARK: Final[Mapping[MarkKind, TextStyle]] = {
    MarkKind.GAP: "act", MarkKind.NODE_SAID: "look", MarkKind.RESTARTED: "look",
}  # fmt: skip
_RULE: Final = "───────"
_LEAST_NAME: Final = 12
_NAMES_SHARE: Final = 5
"""Names take one cell in so many."""
_LONGEST: Final = 64 * 1024
"""Bytes of a line that are decoded to be painted."""


def series(source: int) -> TextStyle:
    """The colour of a source."""
    return SERIES[(source - 1) % len(SERIES)] if source != NO_SOURCE else "dim"


class LogLines:
    """Fulfils ``LineSource``: the lines of a view."""

    def __init__(self, view: LogView, sources: LogSources, marked: Container[int], highlights: Highlights) -> None:
        """``marked``: numbers of the lines that the person marked."""
        self._view, self._sources, self._marked, self._highlights = view, sources, marked, highlights
        self.times = TimeFormat.LOCAL if local_times() else TimeFormat.UTC
        self.name_width = 0
        """Cells for the sources' names."""
        self.now = 0.0
        """Unix seconds."""

    def __len__(self) -> int:
        return len(self._view)

    def line(self, index: int) -> Sequence[Span]:
        """See ``LineSource``."""
        try:
            number = self._view.number(index)
            entry = self._view.entry(index)
        except IndexError:
            return (Span("(dropped: the buffer is full)", "dim"),)
        if isinstance(entry, Mark):
            return self._mark(entry)
        return (*self._front(entry, number in self._marked), *self._body(entry.text))

    def fit_names(self, screen: int) -> bool:
        """Give names the room that the sources with lines need, on a screen so wide; whether that changed."""
        sources = self._sources
        longest = max((len(sources.short(one.index)) for one in sources if sources.lines(one.index)), default=0)
        width = min(longest, max(_LEAST_NAME, screen // _NAMES_SHARE))
        changed, self.name_width = width != self.name_width, width
        return changed

    def text(self, index: int) -> str:
        """The line as it is painted, for copying."""
        return "".join(span.text for span in self.line(index))

    def _front(self, line: LogLine, marked: bool) -> list[Span]:
        spans = [Span("◆ ", "bold")] if marked else []
        at = time_text(line.time, self.times, self.now)
        if at:
            spans.append(Span(f"{at}  ", "dim"))
        name = fit(safe(self._sources.short(line.source)), self.name_width)
        spans.append(Span(f"{name}  ", series(line.source)))
        return spans

    def _body(self, text: bytes) -> list[Span]:
        shown = text[:_LONGEST].decode("utf-8", "replace")
        parts = [(part, style) for part, style in runs(shown)]
        coloured = any(style is not None for _, style in parts)
        base: TextStyle = "" if coloured else _OF_LEVEL.get(level_of(text), "")
        return self._highlights.divide([Span(part, base, style) for part, style in parts])

    def _mark(self, mark: Mark) -> Sequence[Span]:
        style = _OF_MARK.get(mark.kind, "rule")
        at = time_text(mark.time, self.times, self.now)
        name = "" if mark.source == NO_SOURCE else f"{self._sources.short(mark.source)} "
        front = [Span(f"{at}  ", "dim")] if at else []
        return (*front, Span(f"{_RULE} ", style), Span(name, series(mark.source)), Span(f"{mark.words} {_RULE}", style))
