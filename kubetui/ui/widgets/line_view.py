"""Lines of styled text of any number and length: YAML, describe, logs. Without a cursor, like a pager."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.selection import Selection

from kubetui.ui.widgets.line_search import compile_search, find_line, search_order
from kubetui.ui.widgets.line_source import LineSource
from kubetui.ui.widgets.text_body import TextBody


class LineView(TextBody, can_focus=True, inherit_bindings=False):
    """Shows a ``LineSource``; asks for visible lines only. Its owner calls ``source_changed`` after it changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"line-view--{name}"
        for name in (
            *("key", "string", "number", "comment", "dim", "bold", "fine", "look", "act", "planned", "rule"),
            *("found", "selected", "empty"),
            *(f"series{index}" for index in range(8)),
            *(f"light{index}" for index in range(4)),
        )
    }
    DEFAULT_CSS = """
    LineView {
        & > .line-view--key { color: $text-primary; }
        & > .line-view--string { color: $text-success; }
        & > .line-view--number { color: $text-accent; }
        & > .line-view--comment, & > .line-view--dim, & > .line-view--empty { color: $foreground 60%; }
        & > .line-view--bold { text-style: bold; }
        & > .line-view--fine { color: $text-success; }
        & > .line-view--look { color: $text-warning; }
        & > .line-view--act { color: $text-error; text-style: bold; }
        & > .line-view--planned { color: $text-primary; }
        & > .line-view--rule { color: $foreground 60%; text-style: bold; }
        & > .line-view--light0 { color: ansi_black; background: ansi_yellow; }
        & > .line-view--light1 { color: ansi_black; background: ansi_cyan; }
        & > .line-view--light2 { color: ansi_black; background: ansi_magenta; }
        & > .line-view--light3 { color: ansi_black; background: ansi_green; }
        & > .line-view--found { text-style: reverse; }
        & > .line-view--selected { background: $screen-selection-background; }
    }
    /* The sixteen colours of a dark screen are too pale for a light one: these stand out 4.5:1 and more. */
    LineView:light {
        & > .line-view--series0 { color: #00647d; }
        & > .line-view--series1 { color: #7a5200; }
        & > .line-view--series2 { color: #7a3e9d; }
        & > .line-view--series3 { color: #2f6b1b; }
        & > .line-view--series4 { color: #325cc0; }
        & > .line-view--series5 { color: #a03000; }
        & > .line-view--series6 { color: #a3106f; }
        & > .line-view--series7 { color: #4d5a00; }
    }
    /* Behind those of :light, which a theme of sixteen colours may be too. */
    LineView:dark, LineView:ansi {
        & > .line-view--series0 { color: ansi_cyan; }
        & > .line-view--series1 { color: ansi_yellow; }
        & > .line-view--series2 { color: ansi_magenta; }
        & > .line-view--series3 { color: ansi_green; }
        & > .line-view--series4 { color: ansi_blue; }
        & > .line-view--series5 { color: ansi_bright_yellow; }
        & > .line-view--series6 { color: ansi_bright_magenta; }
        & > .line-view--series7 { color: ansi_bright_green; }
    }
    LineView:ansi {
        & > .line-view--planned { color: ansi_cyan; }
        & > .line-view--comment, & > .line-view--dim, & > .line-view--empty { text-style: dim; }
        & > .line-view--selected { text-style: underline; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "rows_by(-1)", "Up", show=False, id="lines.up"),
        Binding("down", "rows_by(1)", "Down", show=False, id="lines.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="lines.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="lines.page_down"),
        Binding("home", "to_start", "Start", show=False, id="lines.home"),
        Binding("end", "to_end", "End", show=False, id="lines.end"),
        Binding("left", "sideways(-1)", "Left", show=False, id="lines.left"),
        Binding("right", "sideways(1)", "Right", show=False, id="lines.right"),
    ]
    ALLOW_SELECT = True

    class Searched(Message):
        """A search for the next match ended. ``line`` is None where there is no match at all."""

        def __init__(self, view: LineView, line: int | None) -> None:
            super().__init__()
            self.view = view
            self.line = line

        @property
        def control(self) -> LineView:
            """The view, for ``@on`` selectors."""
            return self.view

    class FollowChanged(Message):
        """The view began or ceased to stay at the end."""

        def __init__(self, view: LineView, follow: bool) -> None:
            super().__init__()
            self.view = view
            self.follow = follow

        @property
        def control(self) -> LineView:
            """The view, for ``@on`` selectors."""
            return self.view

    def follow_changed(self) -> None:
        """Tell that the view began or ceased to stay at the end."""
        self.post_message(self.FollowChanged(self, self.follow))

    # Searching

    def search(self, typed: str) -> None:
        """Mark all matches of ``typed``, a substring or ``/regular expression/``; empty text ends the search.

        The view stays where it is: ``find`` goes to a match. Raises BadPattern; the search before stays in force.
        """
        self._pattern = compile_search(typed) if typed else None
        self._found_line = None
        self._repaint()

    def find(self, forward: bool = True, here: bool = False) -> None:
        """Go to the next or previous line with a match and tell ``Searched``; ``here``: the first line shown counts.

        Lines are looked through in slices; another ``find`` ends one that still looks.
        """
        if self._pattern is not None:
            self.run_worker(self._find(forward, here), group="find", exclusive=True)

    async def _find(self, forward: bool, here: bool) -> None:
        pattern = self._pattern
        if pattern is None:
            return
        start = self.top if self._found_line is None else self._found_line
        if not here and (self._found_line is not None or not forward):
            start += 1 if forward else -1
        count = len(self._source)
        for found in find_line(pattern, lambda index: self._text(index), search_order(start, count, forward)):
            if found is not None:
                self.show_found(found)
                return
            await asyncio.sleep(0)
        self.post_message(self.Searched(self, None))

    def _text(self, index: int) -> str:
        return self.unkept_line(index).text

    @property
    def found_line(self) -> int | None:
        """The line that a search went to last."""
        return self._found_line

    @property
    def source(self) -> LineSource:
        """What is shown."""
        return self._source

    def show_found(self, line: int) -> None:
        """Go to a line that a search found, unless it shows, and tell ``Searched``."""
        self._found_line = line
        shown = {paint.row.line for paint in self._painted if paint is not None}
        if line not in shown:
            self.follow = False
            self.to_line(line)
        self.post_message(self.Searched(self, line))

    def action_find(self, forward: bool = True) -> None:
        """See ``find``."""
        self.find(forward)

    # The mouse's selection

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, from the selected lines alone."""
        first = selection.start.y if selection.start is not None else 0
        last = selection.end.y if selection.end is not None else len(self._source) - 1
        text = "\n".join(self._text(index) for index in range(first, min(last + 1, len(self._source))))
        up = Offset(0, first)
        moved = Selection(
            selection.start - up if selection.start is not None else None,
            selection.end - up if selection.end is not None else None,
        )
        return (moved.extract(text), "\n") if text else None

    def selection_updated(self, selection: Selection | None) -> None:
        """The mouse selected other text."""
        self._repaint()

    # Keys

    def action_rows_by(self, rows: int) -> None:
        """See ``rows_by``."""
        self.rows_by(rows)

    def action_page(self, pages: int) -> None:
        """See ``page``."""
        self.page(pages)

    def action_to_start(self) -> None:
        """Show the first line."""
        self.to_line(0)

    def action_to_end(self) -> None:
        """See ``to_end``."""
        self.to_end()

    def action_sideways(self, steps: int) -> None:
        """See ``sideways``."""
        self.sideways(steps)
