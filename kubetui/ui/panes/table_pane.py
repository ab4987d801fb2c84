"""A pane that is a table: title, banner, LiveTable and filter line, and the keys that all tables share."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from kubetui.kinds.kind import Column, Row
from kubetui.store.filter import Filter, FilterError, parse_filter
from kubetui.ui.actions import Focus, bindings_for
from kubetui.ui.column_choice import ColumnChoice
from kubetui.ui.meanings import ascii_only
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.pane import Pane
from kubetui.ui.panes.saving import ask_where_to_save
from kubetui.ui.preferences import tell
from kubetui.ui.state_words import words_for
from kubetui.ui.table_text import table_text
from kubetui.ui.view_source import spec_of
from kubetui.ui.widgets.filter_bar import FilterBar
from kubetui.ui.widgets.live_table import LiveTable
from kubetui.ui.widgets.row_source import RowSource
from kubetui.ui.widgets.safe_text import safe
from kubetui.ui.widgets.table_lines import ASCII_MARKS, UNICODE_MARKS

R = TypeVar("R", bound=Row)


class TablePane(Pane, Generic[R]):
    """Subclasses give columns and rows, and say what opening a row means."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Focus.TABLE)
    FILTER_HINT: ClassVar[str] = "text  /regex/  key=value  COLUMN:text  !not"
    """What the filter line says while it is empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = LiveTable(marks=ASCII_MARKS if ascii_only() else UNICODE_MARKS)
        self.filter_bar = FilterBar(placeholder=self.FILTER_HINT)
        self._title = Static(classes="title")
        self._banner = Static(classes="banner")
        self._said = ("", "")
        self._column_choice: ColumnChoice[R] | None = None
        self.filter: Filter[R] | None = None
        self.problems_only = False
        self.wide = False
        self.sort_column: Column[R] | None = None
        self.reverse = False
        self._sought: Hashable | None = None

    def compose(self) -> ComposeResult:
        """Title, banner (only where something is wrong), table, filter."""
        yield self._title
        yield self._banner
        yield self.table
        yield self.filter_bar

    # --- what a subclass gives

    @property
    def all_columns(self) -> Sequence[Column[R]]:
        """Every column of the table, wide ones included."""
        raise NotImplementedError

    def labels(self, row: R) -> Sequence[tuple[str, str]]:
        """The row's labels, for filters."""
        return ()

    def rearrange(self) -> None:
        """Filter, order or 'problems only' changed."""

    def columns_changed(self) -> None:
        """Other columns are shown."""

    def refresh_rows(self, now: float) -> None:
        """Bring the rows up to date, a bounded amount of work."""

    def row_under_cursor(self) -> R | None:
        """The row under the cursor, None where there is none or it is a group."""
        return None

    def open_key(self, key: Hashable) -> None:
        """A row was opened."""

    def described(self) -> Described | None:
        """The object under the cursor that ``d`` describes."""
        return None

    def empty_text(self) -> str:
        """Why the table is empty."""
        return ""

    # --- what all tables do

    @property
    def columns(self) -> list[Column[R]]:
        """The columns shown."""
        if self._column_choice is None:
            self._column_choice = ColumnChoice(self.desk.preferences.pane(self.settings_name), self.labels)
        return self._column_choice.of(self.all_columns, wide=self.wide)

    @property
    def settings_name(self) -> str:
        """How the settings call this pane's table; ``""``: its columns are not the user's to choose."""
        return ""

    def on_mount(self) -> None:
        """Columns first; rows come with the first tick."""
        self._show_columns()
        tell(self.desk.preferences.check_pane(self.settings_name), self.desk.warn)

    def seek(self, key: Hashable) -> None:
        """Put the cursor on the row with ``key`` as soon as there is one."""
        self._sought = key

    def focus_content(self) -> None:
        """The table takes the keyboard."""
        self.screen.set_focus(self.table)  # at once: Widget.focus() waits a turn, and a key typed meanwhile is lost

    def tick(self, now: float) -> None:
        """Rows, then what is said about them."""
        self.refresh_rows(now)
        words = words_for(self.state, now)
        self.table.dimmed = not words.calm and words.word.startswith("stale")
        self.table.set_empty(self._why_empty(words.word, words.sentence))
        self.table.source_changed(now)
        if self._sought is not None and self.table.cursor_to_key(self._sought):
            self._sought = None
        said = (self.heading, "" if words.calm or not len(self.table_rows()) else f"▲ {words.word}: {words.sentence}")
        if said != self._said:
            self._said = said
            self._title.update(Text(safe(said[0]), no_wrap=True, overflow="ellipsis"), layout=False)
            self._banner.set_class(bool(said[1]), "-shown")
            self._banner.update(Text(safe(said[1]), overflow="fold"))

    def table_rows(self) -> Sequence[Any]:
        """What the table shows, for its length."""
        return ()

    def _why_empty(self, word: str, sentence: str) -> str:
        if sentence:
            width = max(40, self.size.width - 4)
            parts = [line for part in sentence.split(" · ") for line in textwrap.wrap(part, width)]
            return "\n".join([f"▲ {word}", "", *parts])
        return self.empty_text()

    def _show_columns(self) -> None:
        columns = self.columns
        # The lines first: painted under other columns, they would let those grow to what they never hold.
        self.columns_changed()
        self.table.set_columns([spec_of(column) for column in columns])
        if self.sort_column is not None:
            self.table.set_sort(self.sort_column.title, self.reverse)

    # --- filter

    def action_filter(self) -> None:
        """Type a filter."""
        self.filter_bar.open(self.filter.text if self.filter else "")

    @on(FilterBar.Changed)
    @on(FilterBar.Kept)
    @on(FilterBar.Cleared)
    def _filter_typed(self, event: FilterBar.Told) -> None:
        event.stop()
        self.set_filter(event.text)
        if self.filter_bar.left(event):
            self.focus_content()

    def set_filter(self, text: str) -> None:
        """Filter by ``text``; one that can't be understood leaves the rows as they are and says why."""
        try:
            self.filter = parse_filter(text, self.columns, self.labels)
        except FilterError as error:
            self.filter_bar.set_error(str(error))
            return
        self.filter_bar.set_status("")
        self.rearrange()
        self.desk.request_tick()

    def keep(self, row: R) -> bool:
        """Whether the filter lets ``row`` through."""
        return self.filter is None or self.filter.keep(row)

    def take_back(self) -> bool:
        """Esc clears the filter, then 'problems only'."""
        if self.filter is not None:
            self.set_filter("")
            return True
        if self.problems_only:
            self.action_problems()
            return True
        return False

    def action_problems(self) -> None:
        """Only what needs a look."""
        self.problems_only = not self.problems_only
        self.rearrange()
        self.desk.request_tick()

    # --- order and columns

    def action_sort_by(self, step: int) -> None:
        """Sort by the next column; past the last one, by the names again."""
        columns = self.columns
        at = columns.index(self.sort_column) if self.sort_column in columns else -1
        at = (at + 1 + step) % (len(columns) + 1) - 1
        self.set_sort(columns[at] if at >= 0 else None)

    def set_sort(self, column: Column[R] | None, reverse: bool = False) -> None:
        """Sort by ``column``, None: by the names."""
        self.sort_column, self.reverse = column, reverse
        self.table.set_sort(column.title if column else None, reverse)
        self.rearrange()
        self.desk.request_tick()

    def action_invert(self) -> None:
        """The other way round."""
        self.set_sort(self.sort_column or self.columns[0], not self.reverse)

    @on(LiveTable.HeaderClicked)
    def _header_clicked(self, event: LiveTable.HeaderClicked) -> None:
        event.stop()
        column = next(column for column in self.columns if column.title == event.column_id)
        self.set_sort(column, column is self.sort_column and not self.reverse)

    def action_wide(self) -> None:
        """Show the wide columns, or hide them."""
        self.wide = not self.wide
        self._show_columns()
        self.desk.request_tick()

    # --- cursor, marks

    def action_table_by(self, rows: int) -> None:
        """Move the cursor."""
        self.table.cursor_by(rows)

    def action_table_to(self, index: int) -> None:
        """Move the cursor to the first or last row."""
        self.table.cursor_to(index)

    def action_table_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self.table.page(pages)

    def action_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on to the next."""
        key = self.table.cursor_key
        if key is not None:
            self.table.marked = self.table.marked ^ {key}
            self.table.cursor_by(1)
            self.desk.request_tick()

    def action_mark_all(self) -> None:
        """Mark all rows shown; if they are, none."""
        everything = frozenset(self.shown_keys())
        self.table.marked = frozenset() if self.table.marked >= everything else everything
        self.desk.request_tick()

    def shown_keys(self) -> Sequence[Hashable]:
        """The keys of all rows shown."""
        return ()

    def action_copy(self) -> None:
        """The marked names, a line each, or the one under the cursor."""
        keys = sorted(self.table.marked, key=str) or [self.table.cursor_key]
        names = [key[1] for key in keys if isinstance(key, tuple)]
        if names:
            what = names[0] if len(names) == 1 else f"{len(names)} names"
            self.desk.copy("\n".join(map(str, names)), what)

    def action_describe(self) -> None:
        """The object under the cursor in words."""
        described = self.described()
        if described is not None:
            self.desk.open_pane(described.pane(self.desk, self.session))

    def row_source(self) -> RowSource | None:
        """The lines as they are, None before there are any."""
        return None

    @property
    def save_parts(self) -> Sequence[str]:
        """Where the table would be saved, below the context."""
        return ("table.txt",)

    async def saved_text(self) -> str:
        """What is saved: the heading, then all rows under the columns shown."""
        source = self.row_source()
        table = await table_text([spec_of(column) for column in self.columns], source) if source is not None else ""
        return f"# {self.heading}\n{table}"

    def action_save(self) -> None:
        """The table to a file."""
        ask_where_to_save(self, self, f"Save {self.heading}")

    @on(LiveTable.Selected)
    def _selected(self, event: LiveTable.Selected) -> None:
        event.stop()
        self.open_key(event.key)
