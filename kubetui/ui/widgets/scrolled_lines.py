"""What the table and the text view share: lines that scroll without a layout and without a full repaint."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget


class ScrolledLines(ScrollView):
    """A scroll view that moves by whole lines and repaints by itself what then looks different."""

    DEFAULT_CSS = """
    ScrolledLines {
        height: 1fr; background: $background; color: $foreground;
        overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
    }
    """

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
