"""What table, board and text view share: lines that scroll without a layout and without a full repaint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any, ClassVar

from textual.geometry import Offset, Region, Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from kubetui.ui.widgets.component_styles import ComponentStyles


class ScrolledLines(ScrollView):
    """A scroll view that moves by whole lines and repaints by itself what then looks different."""

    COMPONENTS: ClassVar[str] = ""
    """What its component classes begin with: ``live-table``."""
    FIXED: ClassVar[int] = 0
    """Lines at the top of the widget that do not scroll."""
    DEFAULT_CSS = """
    ScrolledLines {
        height: 1fr; background: $background; color: $foreground;
        overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, **kwargs: Any) -> None:
        """``kwargs`` as ``Widget`` takes them."""
        super().__init__(**kwargs)
        self._styles = ComponentStyles(self, self.COMPONENTS)

    @property
    def top(self) -> int:
        """The first line on the screen."""
        return self.scroll_offset.y

    @property
    def line_width(self) -> int:
        """Cells of a line: the scroll bar's place is kept free (scrollbar-gutter), shown or not."""
        return max(0, self.size.width - self.styles.scrollbar_size_vertical)

    def put_top(self, top: int) -> None:
        """Scroll there without any repainting; the caller compares and repaints."""
        top = max(0, min(top, self.virtual_size.height - self.size.height))
        if top != self.top:
            self.set_scroll(None, top)
            self.scroll_target_y = top
            if self.show_vertical_scrollbar:
                self.vertical_scrollbar.position = top

    def fit_height(self, lines: int) -> None:
        """Tell the scroll bar how many lines there are; Textual lays out only where the bar comes or goes."""
        size = Size(0, lines)
        if size != self.virtual_size:
            height = self.size.height
            if (size.height > height) != (self.virtual_size.height > height):
                self.virtual_size = size
            else:
                self.set_reactive(Widget.virtual_size, size)
                if self.show_vertical_scrollbar:
                    self.vertical_scrollbar.window_virtual_size = size.height
            self.put_top(self.top)

    def bring_into_view(self, first: int, end: int) -> None:
        """Scroll as little as needed to show the lines from ``first`` to before ``end``; of too many the last ones."""
        room = self.size.height - self.FIXED
        if first < self.top:
            self.put_top(first)
        elif end > self.top + room:
            self.put_top(end - room)

    def repaint_lines(self, lines: Iterable[int]) -> None:
        """Repaint lines of the screen; 0 is the first that scrolls."""
        for y in lines:
            self.refresh(Region(0, y + self.FIXED, self.size.width, 1))

    def point_to(self, x: int, line: int) -> None:
        """Put the terminal's hidden cursor there while the widget has the focus: screen readers and magnifiers follow
        it. ``line`` counts all lines, also those that are scrolled away."""
        if self.has_focus:
            self.app.cursor_position = self.region.offset + Offset(x, self.FIXED + line - self.top)

    def scrolled(self, up: bool) -> None:
        """The wheel or the scroll bar moved the view."""

    # What Textual tells

    def notify_style_update(self) -> None:
        """The theme, the focus or the stylesheet changed."""
        super().notify_style_update()
        self._styles.clear()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The view moved; Textual would repaint all of it."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self.scrolled(new_value < old_value)


def different(before: Sequence[object], after: Sequence[object]) -> list[int]:
    """At which places two lists of lines differ."""
    return [at for at, (old, new) in enumerate(zip_longest(before, after)) if old is not new and old != new]
