"""A table of any length that repaints only the lines that look different. It knows no Kubernetes."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import zip_longest
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from kubetui.ui.widgets.table_body import HEADER, TableBody
from kubetui.ui.widgets.table_lines import GUTTER, toggle_cells


class TableMessage(Message):
    """What a table tells about one of its rows."""

    def __init__(self, table: LiveTable, key: Hashable) -> None:
        super().__init__()
        self.table = table
        self.key = key

    @property
    def control(self) -> LiveTable:
        """The table, for ``@on`` selectors."""
        return self.table


class LiveTable(TableBody, can_focus=True, inherit_bindings=False):
    """Rows of a ``RowSource`` under a frozen header.

    The source is asked for visible rows only. Its owner calls ``source_changed`` after it changed, at most ten
    times a second; the table then compares what it would paint with what it painted, and repaints the difference.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"live-table--{name}"
        for name in (
            *("header", "sorted", "cursor", "mark", "stale", "empty"),
            *("fine", "look", "act", "planned", "unknown", "dim", "bold", "total", "changed"),
        )
    }
    DEFAULT_CSS = """
    LiveTable {
        & > .live-table--header { color: $text-muted; text-style: bold; }
        & > .live-table--sorted { color: $foreground; }
        & > .live-table--cursor { background: $block-cursor-blurred-background; }
        &:focus > .live-table--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        & > .live-table--mark { color: $accent; text-style: bold; }
        & > .live-table--fine { color: $text-success; }
        & > .live-table--look { color: $text-warning; }
        & > .live-table--act { color: $text-error; text-style: bold; }
        & > .live-table--planned { color: $text-primary; }
        & > .live-table--unknown { color: $foreground 60%; }
        & > .live-table--dim { color: $foreground 60%; }
        & > .live-table--bold { text-style: bold; }
        & > .live-table--total { text-style: bold; }
        & > .live-table--changed { background: $secondary 45%; }
        & > .live-table--stale { color: $foreground 45%; }
        & > .live-table--empty { color: $foreground 60%; }
    }
    LiveTable:ansi {
        & > .live-table--planned { color: ansi_cyan; }
        & > .live-table--changed { background: ansi_default; text-style: underline; }
        & > .live-table--header { color: ansi_default; }
        & > .live-table--dim, & > .live-table--unknown, & > .live-table--empty { text-style: dim; }
        & > .live-table--stale { color: ansi_default; text-style: dim; }
        & > .live-table--cursor { text-style: bold; }
        &:focus > .live-table--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_by(-1)", "Up", show=False, id="table.up"),
        Binding("down", "cursor_by(1)", "Down", show=False, id="table.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="table.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="table.page_down"),
        Binding("home", "cursor_to(0)", "First row", show=False, id="table.home"),
        Binding("end", "cursor_to(-1)", "Last row", show=False, id="table.end"),
        Binding("left", "columns_by(-1)", "Columns left", show=False, id="table.left"),
        Binding("right", "columns_by(1)", "Columns right", show=False, id="table.right"),
        Binding("enter", "select", "Open", show=False, id="table.select"),
    ]

    class Selected(TableMessage):
        """A row was opened: Enter or double click."""

    class Cursor(TableMessage):
        """Another row is under the cursor; ``key`` is None in an empty table."""

    class Toggled(TableMessage):
        """A row asks to be expanded or collapsed."""

    class HeaderClicked(Message):
        """A column's title was clicked."""

        def __init__(self, table: LiveTable, column_id: str) -> None:
            super().__init__()
            self.table = table
            self.column_id = column_id

        @property
        def control(self) -> LiveTable:
            """The table, for ``@on`` selectors."""
            return self.table

    def cursor_moved(self) -> None:
        """Tell that another row is under the cursor."""
        self.post_message(self.Cursor(self, self.cursor_key))

    def action_cursor_by(self, rows: int) -> None:
        """See ``cursor_by``."""
        self.cursor_by(rows)

    def action_cursor_to(self, index: int) -> None:
        """See ``cursor_to``."""
        self.cursor_to(index)

    def action_page(self, pages: int) -> None:
        """See ``page``."""
        self.page(pages)

    def action_columns_by(self, columns: int) -> None:
        """See ``columns_by``."""
        self.columns_by(columns)

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if self._cursor_key is not None:
            self.post_message(self.Selected(self, self._cursor_key))

    def action_toggle_row(self) -> None:
        """Ask to expand or collapse the row under the cursor, if it has children."""
        line = self._line_at(self._cursor)
        if line is not None and line.expanded is not None:
            self.post_message(self.Toggled(self, line.key))

    def on_focus(self) -> None:
        """The row under the cursor becomes the terminal's cursor position."""
        self.point_to(0, self.cursor_index)

    def on_click(self, event: events.Click) -> None:
        """A title, a row, a row twice, or a row's expansion mark."""
        x, y = event.x, event.y
        if y < HEADER:
            self._click_title(x - GUTTER)
            return
        index = self.top + y - HEADER
        line = self._line_at(index)
        if line is None:
            return
        self._move_to(index)
        if x in toggle_cells(line):
            self.post_message(self.Toggled(self, line.key))
        elif event.chain == 2:
            self.post_message(self.Selected(self, line.key))

    def _click_title(self, x: int) -> None:
        columns = self._layout.columns
        for placed, following in zip_longest(columns, columns[1:]):
            if placed is not None and placed.x <= x and (following is None or x < following.x):
                self.post_message(self.HeaderClicked(self, self._specs[placed.column].id))
                return
