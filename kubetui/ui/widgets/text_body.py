"""The body of a text view: which rows are on the screen, how they look, and what of that must be repainted."""

from __future__ import annotations

from typing import Any, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from kubetui.expression import Expression
from kubetui.ui.widgets.cells import fit
from kubetui.ui.widgets.folding import folded
from kubetui.ui.widgets.line_source import LineSource, TextLines
from kubetui.ui.widgets.safe_text import safe
from kubetui.ui.widgets.scrolled_lines import ScrolledLines, different
from kubetui.ui.widgets.text_rows import Piece, Row, SafeLine, pieces, safe_line, wrap

SIDEWAYS = 16
"""Cells of one step sideways."""

_KEPT_LINES = 512
_MAX_MATCHES = 200
"""Matches marked in one line."""
_MORE = "…"
"""In the last cell of a line that goes on to the right."""


class _Paint(NamedTuple):
    """What decides how a row looks."""

    row: Row
    line: SafeLine
    left: int
    found: tuple[tuple[int, int], ...]
    selected: tuple[int, int] | None


class TextBody(ScrolledLines):
    """The part of ``LineView`` without keys, search and messages; see there."""

    COMPONENTS = "line-view"

    def __init__(self, source: LineSource | None = None, **kwargs: Any) -> None:
        """``kwargs`` as ``Widget`` takes them."""
        super().__init__(**kwargs)
        self._source: LineSource = source if source is not None else TextLines(())
        self._count = 0
        self._kept: dict[int, SafeLine] = {}
        self._sub = 0
        self._left = 0
        self._wrapped = False
        self._follow = False
        self._pattern: Expression[str] | None = None
        self._found_line: int | None = None
        self._painted: list[_Paint | None] = []
        self._empty = ""

    # What the owner sets

    def set_source(self, source: LineSource) -> None:
        """Show these lines from the first one, or from the end where the view follows."""
        self._source = source
        self._sub = self._left = 0
        self._found_line = None
        self.put_top(0)
        self.source_changed()

    def source_changed(self, dropped: int = 0) -> None:
        """Look at the source again. ``dropped``: lines that left at its front since the last call; the view stays
        on what it shows."""
        self._kept.clear()
        self._count = len(self._source)
        if self._found_line is not None:
            self._found_line = self._found_line - dropped if self._found_line >= dropped else None
        if self._follow:
            self._to_last()
        else:
            top, sub = self.top - dropped, self._sub
            self._go(*((top, sub) if top >= 0 else (0, 0)))
        self._repaint()

    def set_empty(self, text: str) -> None:
        """What to say while there is no line."""
        self._empty = text
        if not self._count:
            self.refresh()

    @property
    def wrapped(self) -> bool:
        """Whether long lines continue on the next row."""
        return self._wrapped

    @wrapped.setter
    def wrapped(self, wrapped: bool) -> None:
        self._wrapped = wrapped
        self._left = 0
        self._go(self.top, 0)
        if self._follow:
            self._to_last()
        self._repaint()

    @property
    def follow(self) -> bool:
        """Whether the view stays at the end; going up ends it."""
        return self._follow

    @follow.setter
    def follow(self, follow: bool) -> None:
        if follow != self._follow:
            self._follow = follow
            self.follow_changed()
        if follow:
            self._to_last()
            self._repaint()

    # Moving

    @property
    def at_end(self) -> bool:
        """Whether the last line shows."""
        return (self.top, self._sub) >= self._last_top()

    def rows_by(self, rows: int) -> None:
        """Move down by ``rows`` of the screen, up where negative."""
        if rows < 0:
            self.follow = False
        top, sub = self.top, self._sub + rows
        while sub < 0 and top > 0:
            top -= 1
            sub += len(self._ranges(top))
        while top < self._count - 1 and sub >= (height := len(self._ranges(top))):
            sub -= height
            top += 1
        self._go(top, max(0, sub))
        self._repaint()

    def page(self, pages: int) -> None:
        """Move by whole screens; one row stays for orientation."""
        self.rows_by(pages * max(1, self.size.height - 1))

    def to_line(self, line: int) -> None:
        """Show ``line`` as the first one, as far as the end allows."""
        if line < self.top:
            self.follow = False
        self._go(line, 0)
        self._repaint()

    def to_end(self) -> None:
        """Show the last line."""
        self._to_last()
        self._repaint()

    def sideways(self, steps: int) -> None:
        """Move sideways; nothing moves while lines are wrapped."""
        if self._wrapped:
            return
        widest = max((len(paint.line.text) for paint in self._painted if paint is not None), default=0)
        left = self._left + steps * SIDEWAYS
        self._left = max(0, min(left, max(self._left, widest - self.line_width + 1)))
        self._repaint()

    def follow_changed(self) -> None:
        """Called when ``follow`` became another."""

    # Where things are, in lines and their rows

    def safe_line(self, index: int) -> SafeLine:
        """The line at ``index`` as it may be painted; an empty one where the source has none any more."""
        line = self._kept.get(index)
        if line is None:
            line = self.unkept_line(index)
            if len(self._kept) >= _KEPT_LINES:
                self._kept.clear()
            self._kept[index] = line
        return line

    def unkept_line(self, index: int) -> SafeLine:
        """The same, without keeping it for the next painting: for walks through many lines."""
        return safe_line(self._source.line(index) if index < len(self._source) else ())

    def _ranges(self, index: int) -> list[tuple[int, int]]:
        text = self.safe_line(index).text
        return wrap(text, self.line_width) if self._wrapped else [(0, len(text))]

    def _last_top(self) -> tuple[int, int]:
        """The line, and the row in it, that is first on the screen when the last row is last."""
        missing = self.size.height
        for index in range(self._count - 1, -1, -1):
            height = len(self._ranges(index))
            if height >= missing:
                return index, height - missing
            missing -= height
        return 0, 0

    def _go(self, top: int, sub: int) -> None:
        """Put this row first, as far as the end allows. Nothing is repainted."""
        last, last_sub = self._last_top()
        if (top, sub) > (last, last_sub):
            top, sub = last, last_sub
        # The bar counts lines: its end is where the last row shows, however many rows the lines before it take.
        self.fit_height(last + self.size.height)
        self._sub = max(0, sub) if self._wrapped else 0
        self.put_top(max(0, top))

    def _to_last(self) -> None:
        self._go(*self._last_top())

    # Painting

    def _paints(self) -> list[_Paint | None]:
        paints: list[_Paint | None] = []
        index, sub, height = self.top, self._sub, self.size.height
        while len(paints) < height and index < self._count:
            line = self.safe_line(index)
            found = self._matches(line.text)
            selected = self._selected(index, line.text)
            for start, end in self._ranges(index)[sub : sub + height - len(paints)]:
                paints.append(_Paint(Row(index, start, end), line, self._left, found, selected))
            index, sub = index + 1, 0
        paints.extend([None] * (height - len(paints)))
        return paints

    def _matches(self, text: str) -> tuple[tuple[int, int], ...]:
        if self._pattern is None:
            return ()
        spans = (match.span() for match in self._pattern.places(text))
        return tuple(span for span, _ in zip(spans, range(_MAX_MATCHES), strict=False) if span[0] < span[1])

    def _selected(self, index: int, text: str) -> tuple[int, int] | None:
        selection = self.text_selection
        span = selection.get_span(index) if selection is not None else None
        if span is None:
            return None
        return span[0], len(text) if span[1] == -1 else span[1]

    def _repaint(self) -> None:
        """Bring the screen in step: repaint the rows that look different."""
        before, self._painted = self._painted, self._paints()
        self.repaint_lines(different(before, self._painted))

    def render_line(self, y: int) -> Strip:
        """One row of the widget."""
        width = self.line_width
        paint = self._painted[y] if y < len(self._painted) else None
        if paint is not None:
            return self._strip(paint, width)
        lines = self._empty_lines(width) if not self._count else []
        if y < len(lines):
            return Strip([Segment(fit(lines[y], width), self._styles.of("empty"))], width)
        return Strip.blank(width, self._styles.of())

    def _empty_lines(self, width: int) -> list[str]:
        """An error is read to its end: it is folded, not cut."""
        return [part for line in self._empty.split("\n") for part in folded(safe(line), width)]

    def _strip(self, paint: _Paint, width: int) -> Strip:
        row = paint.row
        segments = [
            Segment(piece.text, self._look(piece))
            for piece in pieces(paint.line.spans, row.start, row.end, paint.found, paint.selected)
        ]
        whole = Strip(segments)
        strip = whole.crop_extend(paint.left, paint.left + width, self._styles.of())
        if whole.cell_length > paint.left + width > paint.left + 1:
            # Who reads a line to its end must see that there is more; -> goes there.
            strip = Strip([*strip.crop_extend(0, width - 1, self._styles.of()), Segment(_MORE, self._styles.of("dim"))])
        # Where the mouse finds the text: characters of the line, the line's number.
        return strip.apply_offsets(row.start + paint.left, row.line)

    def _look(self, piece: Piece) -> Style:
        marks = ("found" if piece.found else "", "selected" if piece.selected else "")
        if piece.painted is None:
            return self._styles.of(piece.style, *marks)
        look = self._styles.of(piece.style) + piece.painted
        return look + Style(reverse=True) if any(marks) else look

    # What Textual tells

    def scrolled(self, up: bool) -> None:
        """Going up ends following."""
        if up:
            self.follow = False
        last, last_sub = self._last_top()
        self._sub = last_sub if self._wrapped and self.top >= last else 0
        self._repaint()

    def on_resize(self) -> None:
        """Rows are counted anew."""
        self._go(self.top, 0)
        if self._follow:
            self._to_last()
        self._painted = self._paints()
        self.refresh()
