"""The body of a live table: which rows are on the screen, how they look, and what of that must be repainted."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from textual.strip import Strip
from textual.timer import Timer

from kubetui.ui.widgets.cell_changes import CellChanges
from kubetui.ui.widgets.cells import width_of
from kubetui.ui.widgets.column_layout import Layout, last_shift, lay_out
from kubetui.ui.widgets.row_source import ColumnSpec, Line, RowSource
from kubetui.ui.widgets.scrolled_lines import ScrolledLines, different
from kubetui.ui.widgets.table_lines import (
    GUTTER,
    UNICODE_MARKS,
    LinePainter,
    Marks,
    Paint,
    SortMark,
    cell_widths,
    title_text,
)

HEADER = 1
"""Lines of the widget that are not rows."""


class TableBody(ScrolledLines):
    """The part of ``LiveTable`` without keys, mouse and messages; see there."""

    COMPONENTS = "live-table"
    FIXED = HEADER

    def __init__(self, *, marks: Marks = UNICODE_MARKS, highlight: float = 3.0, **kwargs: Any) -> None:
        """``marks``: the signs to draw; ``highlight``: seconds a changed cell stays marked."""
        super().__init__(**kwargs)
        self._marks = marks
        self._specs: tuple[ColumnSpec, ...] = ()
        self._source: RowSource | None = None
        self._count = 0
        self._seen: list[int] = []
        self._layout = Layout()
        self._shift = 0
        self._sort: SortMark | None = None
        self._painted: list[Paint | None] = []
        self._cursor = 0
        self._cursor_key: Hashable | None = None
        self._touched = False
        self._marked: frozenset[Hashable] = frozenset()
        self._dimmed = False
        self._empty = ""
        self._changes = CellChanges(highlight)
        self._changes_end: Timer | None = None

    # What the owner sets

    def set_columns(self, specs: Sequence[ColumnSpec]) -> None:
        """Show these columns; widths start anew."""
        self._specs = tuple(specs)
        self._seen = [0] * len(self._specs)
        self._shift = 0
        self._changes.clear()
        self._repaint_all()

    def set_source(self, source: RowSource) -> None:
        """Show these rows. The cursor stays on its key if the new source has it, else it goes to the first row."""
        self._source = source
        self._changes.clear()
        if self._cursor_key is None or source.index_of(self._cursor_key) is None:
            self._cursor, self._cursor_key, self._touched = 0, None, False
            self.put_top(0)
        self._painted = []
        self.source_changed()

    def source_changed(self, now: float | None = None) -> None:
        """Look at the source again and repaint the lines that differ.

        ``now`` in seconds of any steady clock: cells whose text changed are marked until ``now`` + ``highlight``.
        Without it nothing is marked.
        """
        anchor = self._anchor()
        self._count = len(self._source) if self._source is not None else 0
        self.fit_height(self._count + HEADER)
        self._follow(anchor)
        if now is not None:
            self._changes.expire(now)
            self._note_changes(now)
        self._repaint()

    def set_sort(self, column_id: str | None, reverse: bool = False) -> None:
        """Mark the column that orders the rows; None: no mark."""
        self._sort = None if column_id is None else SortMark(column_id, reverse)
        self._repaint_all()

    def set_empty(self, text: str) -> None:
        """What to say instead of rows when there are none; several lines are possible."""
        if text != self._empty:
            self._empty = text
            if not self._count:
                self.refresh()

    @property
    def marked(self) -> frozenset[Hashable]:
        """The keys of the marked rows."""
        return self._marked

    @marked.setter
    def marked(self, keys: Iterable[Hashable]) -> None:
        self._marked = frozenset(keys)
        self._repaint()

    @property
    def dimmed(self) -> bool:
        """Whether all rows are drawn as stale."""
        return self._dimmed

    @dimmed.setter
    def dimmed(self, dimmed: bool) -> None:
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.refresh()

    # What the owner reads

    @property
    def cursor_index(self) -> int:
        """The index of the row under the cursor; 0 in an empty table."""
        return self._cursor

    @property
    def cursor_key(self) -> Hashable | None:
        """The key of the row under the cursor."""
        return self._cursor_key

    @property
    def hidden_columns(self) -> tuple[str, ...]:
        """The ids of the columns that have no room now."""
        return self._layout.hidden

    @property
    def visible_keys(self) -> list[Hashable]:
        """The keys of the rows on the screen, from the top."""
        return [paint.line.key for paint in self._painted if paint is not None]

    # Moving

    def cursor_by(self, rows: int) -> None:
        """Move the cursor down by ``rows``, up where negative; it stops at the ends."""
        self._move_to(self._cursor + rows)

    def cursor_to(self, index: int) -> None:
        """Put the cursor on the row at ``index``; negative ones count from the end."""
        self._move_to(index if index >= 0 else self._count + index)

    def cursor_to_key(self, key: Hashable) -> bool:
        """Put the cursor on the row with ``key``; False where there is none."""
        index = self._source.index_of(key) if self._source is not None else None
        if index is not None and index < self._count:
            self._move_to(index)
        return index is not None

    def page(self, pages: int) -> None:
        """Move cursor and view by whole screens."""
        rows = pages * max(1, self._body)
        self.put_top(self.top + rows)
        self._move_to(self._cursor + rows)

    def columns_by(self, columns: int) -> None:
        """Scroll sideways by columns; the first one stays. Does nothing while all have room."""
        last = last_shift(self._specs, self._seen, self._row_width)
        shift = max(0, min(self._shift + columns, last))
        if shift != self._shift:
            self._shift = shift
            self._repaint_all()

    def cursor_moved(self) -> None:
        """Called when another row, or none, is under the cursor."""

    # Where things are, in rows

    @property
    def _body(self) -> int:
        """Rows that fit under the header."""
        return max(0, self.size.height - HEADER)

    @property
    def _row_width(self) -> int:
        return max(0, self.line_width - GUTTER)

    def _line_at(self, index: int) -> Line | None:
        source = self._source
        if source is None or not 0 <= index < min(self._count, len(source)):
            return None
        return source.line(index)

    def _anchor(self) -> tuple[Hashable, int] | None:
        """The row that shall not move on the screen, and its screen row."""
        line = self._cursor - self.top
        if self._touched and self._cursor_key is not None and 0 <= line < self._body:
            return self._cursor_key, line
        first = self._painted[0] if self._painted and self.top else None
        return (first.line.key, 0) if first is not None else None

    def _follow(self, anchor: tuple[Hashable, int] | None) -> None:
        """Keep the cursor on its key, or at its index where the key is gone, and the anchor at its screen row."""
        source = self._source
        index = source.index_of(anchor[0]) if source is not None and anchor is not None else None
        if index is not None and anchor is not None:
            self.put_top(index - anchor[1])
        before = self._cursor_key
        index = source.index_of(before) if source is not None and before is not None and self._touched else None
        self._cursor = index if index is not None else max(0, min(self._cursor, self._count - 1))
        self._take_key(before)

    def _take_key(self, before: Hashable | None) -> None:
        line = self._line_at(self._cursor)
        self._cursor_key = line.key if line is not None else None
        if self._cursor_key != before:
            self.cursor_moved()

    def _move_to(self, index: int) -> None:
        before = self._cursor_key
        self._touched = True
        self._cursor = max(0, min(index, self._count - 1))
        self.bring_into_view(self._cursor, self._cursor + 1)
        self._take_key(before)
        self._repaint()

    # Painting

    def _paints(self) -> list[Paint | None]:
        top = self.top
        return [self._paint_of(index) for index in range(top, top + self._body)]

    def _paint_of(self, index: int) -> Paint | None:
        line = self._line_at(index)
        if line is None:
            return None
        key = line.key
        return Paint(line, index == self._cursor, key in self._marked, self._changes.of(key))

    def _repaint(self) -> None:
        """Bring the screen in step: repaint the lines that look different, all where columns moved."""
        before, self._painted = self._painted, self._paints()
        changed = different(before, self._painted)
        if self._grow(changed) or any(self._painted) != any(before):
            self.refresh()
        else:
            self.repaint_lines(changed)
        self.point_to(0, self._cursor)

    def _repaint_all(self) -> None:
        self._painted = self._paints()
        self._grow(range(len(self._painted)))
        self.refresh()

    def _grow(self, screen_rows: Iterable[int]) -> bool:
        """Let columns grow to what these screen rows hold; True if that moves a column."""
        seen = self._seen
        for index, spec in enumerate(self._specs):
            seen[index] = max(seen[index], width_of(title_text(spec, self._sort, self._marks)))
        for y in screen_rows:
            paint = self._painted[y] if y < len(self._painted) else None
            if paint is not None:
                for index, width in enumerate(cell_widths(paint.line, self._marks)[: len(seen)]):
                    seen[index] = max(seen[index], width)
        before, self._layout = self._layout, lay_out(self._specs, seen, self._row_width, self._shift)
        return before != self._layout

    def _note_changes(self, now: float) -> None:
        if not self._changes.lasts:
            return
        before = {paint.line.key: paint.line for paint in self._painted if paint is not None}
        for index in range(self.top, self.top + self._body):
            line = self._line_at(index)
            old = before.get(line.key) if line is not None else None
            if line is not None and old is not None and old is not line:
                self._changes.note(old, line, self._specs, now)
        if self._changes and self._changes_end is None:
            ends = self._changes.last_ends() or now
            self._changes_end = self.set_timer(max(0.05, ends - now), lambda: self._end_changes(ends))

    def _end_changes(self, now: float) -> None:
        """Nothing need happen in the source for the marks to end: this is their one repaint."""
        self._changes_end = None
        self._changes.expire(now)
        self._repaint()
        last = self._changes.last_ends()
        if last is not None:
            self._changes_end = self.set_timer(max(0.05, last - now), lambda: self._end_changes(last))

    def render_line(self, y: int) -> Strip:
        """One line of the widget: the titles, a row, the empty text or nothing."""
        width = self.line_width
        painter = LinePainter(self._specs, self._layout, self._styles, self._marks, width)
        if y < HEADER:
            return painter.header(self._sort)
        row = y - HEADER
        paint = self._painted[row] if row < len(self._painted) else None
        if paint is not None:
            return painter.row(paint, self._dimmed)
        if not self._count and self._empty:
            lines = self._empty.split("\n")
            if 0 <= row - 1 < len(lines):
                return painter.text(lines[row - 1], "empty")
        return Strip.blank(width, self._styles.of())

    # What Textual tells

    def scrolled(self, up: bool) -> None:
        """The cursor stays on its row."""
        self._repaint()

    def on_resize(self) -> None:
        """Columns and rows that fit are counted anew; a cursor that was on the screen stays on it."""
        self.put_top(self.top)
        if self._touched:
            self.bring_into_view(self._cursor, self._cursor + 1)
        self._repaint_all()
        self.point_to(0, self._cursor)
