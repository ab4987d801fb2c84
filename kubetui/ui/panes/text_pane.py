"""A pane that is text: title, LineView and a search line, and the keys that all texts share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from kubetui.ui.actions import Focus, bindings_for
from kubetui.ui.panes.pane import Pane
from kubetui.ui.panes.saving import ask_where_to_save
from kubetui.ui.widgets.filter_bar import FilterBar
from kubetui.ui.widgets.line_search import BadPattern
from kubetui.ui.widgets.line_view import LineView
from kubetui.ui.widgets.safe_text import safe


class TextPane(Pane):
    """Subclasses give the lines and the heading."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Focus.TEXT)
    focus_group = Focus.TEXT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = LineView()
        self.search_bar = FilterBar(placeholder="text  /regex/")
        self._title = Static(classes="title")
        self._said = ""
        self._searching = False

    def compose(self) -> ComposeResult:
        """Title, text, search."""
        yield self._title
        yield self.lines
        yield self.search_bar

    @property
    def text(self) -> str:
        """The whole text, true bytes."""
        raise NotImplementedError

    @property
    def save_parts(self) -> Sequence[str]:
        """Where the text would be saved, below the context."""
        return (f"{type(self).__name__.removesuffix('Pane').lower()}.txt",)

    async def saved_text(self) -> str | bytes:
        """What is saved: the text."""
        return self.text if self.text.endswith("\n") else f"{self.text}\n"

    def action_save(self) -> None:
        """The text to a file."""
        if self.text:
            ask_where_to_save(self, self, f"Save {self.heading.partition(' · ')[0]}")
        else:
            self.desk.say("nothing to save yet")

    def focus_content(self) -> None:
        """The text takes the keyboard."""
        self.screen.set_focus(self.lines)  # at once: Widget.focus() waits a turn, and a key typed meanwhile is lost

    def tick(self, now: float) -> None:
        """The title; the text changes by itself."""
        if self.heading != self._said:
            self._said = self.heading
            self._title.update(Text(safe(self._said), no_wrap=True, overflow="ellipsis"), layout=False)

    def action_search(self) -> None:
        """Type what to look for."""
        self.search_bar.open()

    @on(FilterBar.Changed)
    @on(FilterBar.Kept)
    @on(FilterBar.Cleared)
    def _search_typed(self, event: FilterBar.Told) -> None:
        event.stop()
        self._look_for(event.text)
        if self.search_bar.left(event):
            self.focus_content()

    def _look_for(self, text: str) -> None:
        try:
            self.lines.search(text)
        except BadPattern as error:
            self.search_bar.set_error(str(error))
            return
        self.search_bar.set_status("")
        self._searching = bool(text)
        if text:
            self.lines.find(here=True)

    @on(LineView.Searched)
    def _searched(self, event: LineView.Searched) -> None:
        event.stop()
        self.search_bar.set_status("" if event.line is not None else "no match")
        if event.line is None and not self.search_bar.is_open:
            self.desk.say("no match")

    def take_back(self) -> bool:
        """Esc ends a search."""
        was, self._searching = self._searching, False
        if was:
            self.lines.search("")
        return was

    def action_next_match(self, step: int) -> None:
        """The next or previous match."""
        if self._searching:
            self.lines.find(forward=step > 0)
        else:
            self.action_search()

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        self.lines.wrapped = not self.lines.wrapped

    def action_lines_by(self, rows: int) -> None:
        """Scroll by rows."""
        self.lines.rows_by(rows)

    def action_lines_to(self, line: int) -> None:
        """To the first or the last line."""
        if line < 0:
            self.lines.to_end()
        else:
            self.lines.to_line(line)

    def action_lines_page(self, pages: int) -> None:
        """Scroll by pages."""
        self.lines.page(pages)

    def action_copy(self) -> None:
        """Copy the whole text."""
        self.desk.copy(self.text, f"{len(self.text.splitlines()):,} lines")
