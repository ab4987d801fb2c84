"""A sheet of blocks with one cursor that goes through all their rows. It knows no Kubernetes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from kubetui.ui.widgets.board_layout import Block, Piece, Sheet, Side, Stop, sheet_of
from kubetui.ui.widgets.cells import width_of
from kubetui.ui.widgets.scrolled_lines import ScrolledLines, different
from kubetui.ui.widgets.table_lines import ASCII_MARKS, UNICODE_MARKS, Marks


class _Paint(NamedTuple):
    """What decides how a line looks."""

    pieces: tuple[Piece, ...]
    cursor: tuple[int, int] | None
    """First cell and width of the row under the cursor."""


class Board(ScrolledLines, can_focus=True, inherit_bindings=False):
    """Shows ``Block``s; its owner calls ``show`` after they changed. Lines that look the same are not repainted."""

    COMPONENTS = "board"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"board--{name}"
        for name in (
            *("header", "rule", "cursor", "mark", "stale"),
            *("fine", "look", "act", "planned", "unknown", "dim", "bold", "total", "changed"),
        )
    }
    DEFAULT_CSS = """
    Board {
        & > .board--header { color: $text-muted; }
        & > .board--rule { color: $foreground 30%; }
        & > .board--cursor { background: $block-cursor-blurred-background; }
        &:focus > .board--cursor { background: $foreground 15%; text-style: $block-cursor-text-style; }
        & > .board--mark { color: $accent; text-style: bold; }
        & > .board--fine { color: $text-success; }
        & > .board--look { color: $text-warning; }
        & > .board--act { color: $text-error; text-style: bold; }
        & > .board--planned { color: $text-primary; }
        & > .board--unknown, & > .board--dim { color: $foreground 60%; }
        & > .board--bold, & > .board--total { text-style: bold; }
        & > .board--stale { color: $foreground 45%; }
    }
    Board:ansi {
        & > .board--planned { color: ansi_cyan; }
        & > .board--header, & > .board--rule, & > .board--dim, & > .board--unknown { text-style: dim; }
        & > .board--stale { color: ansi_default; text-style: dim; }
        & > .board--cursor { text-style: bold; }
        &:focus > .board--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_by(-1)", "Up", show=False, id="board.up_arrow"),
        Binding("down", "cursor_by(1)", "Down", show=False, id="board.down_arrow"),
        Binding("left", "across(-1)", "Left", show=False, id="board.left"),
        Binding("right", "across(1)", "Right", show=False, id="board.right"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="board.page_up_key"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="board.page_down_key"),
        Binding("home", "cursor_to(0)", "First row", show=False, id="board.home"),
        Binding("end", "cursor_to(-1)", "Last row", show=False, id="board.end"),
        Binding("enter", "select", "Open", show=False, id="board.select"),
    ]

    class Selected(Message):
        """A row was opened: Enter or double click."""

        def __init__(self, board: Board, block: str, key: Hashable) -> None:
            super().__init__()
            self.board, self.block, self.key = board, block, key

        @property
        def control(self) -> Board:
            """The board, for ``@on`` selectors."""
            return self.board

    def __init__(self, *, plain: bool = False, **kwargs: Any) -> None:
        """``plain``: signs in ASCII."""
        super().__init__(**kwargs)
        self._marks: Marks = ASCII_MARKS if plain else UNICODE_MARKS
        self._rule = "-" if plain else "─"
        self._blocks: Sequence[Block] = ()
        self._sheet = Sheet()
        self._at: tuple[str, Hashable] | None = None
        self._index = 0
        self._dimmed = False
        self._painted: list[_Paint] = []

    # What the owner sets and reads

    def show(self, blocks: Sequence[Block]) -> None:
        """Show these. The cursor stays on its row; where that is gone, at its place in the order."""
        if blocks != self._blocks:
            self._blocks = tuple(blocks)
            self._lay_out()

    @property
    def dimmed(self) -> bool:
        """Whether everything is drawn as stale."""
        return self._dimmed

    @dimmed.setter
    def dimmed(self, dimmed: bool) -> None:
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.refresh()

    @property
    def cursor(self) -> tuple[str, Hashable] | None:
        """Block and key of the row under the cursor; None: there is no row."""
        stop = self._stop
        return (stop.block, stop.key) if stop is not None else None

    # Moving

    def cursor_by(self, rows: int) -> None:
        """Move through the rows of all blocks; it stops at the ends, where the rest comes into view."""
        self._move_to(self._index + rows)

    def cursor_to(self, index: int) -> None:
        """The row at ``index`` of all; negative ones count from the end."""
        self._move_to(index if index >= 0 else len(self._sheet.stops) + index)

    def next_block(self, step: int) -> None:
        """The first row of the next or previous block; from the last one to the first."""
        stop = self._stop
        if stop is None:
            return
        order = list(dict.fromkeys(one.block for one in self._sheet.stops))
        wanted = order[(order.index(stop.block) + step) % len(order)]
        self._move_to(next(at for at, one in enumerate(self._sheet.stops) if one.block == wanted))

    def across(self, step: int) -> None:
        """From the left column to the right one, or back, to the nearest row."""
        stop = self._stop
        wanted = Side.RIGHT if step > 0 else Side.LEFT
        if stop is None:
            return
        beside = [(abs(one.y - stop.y), at) for at, one in enumerate(self._sheet.stops) if one.side is wanted]
        if beside and stop.side is not wanted:
            self._move_to(min(beside)[1])

    def page(self, pages: int) -> None:
        """Move by whole screens."""
        stop = self._stop
        self.put_top(self.top + pages * max(1, self.size.height - 1))
        if stop is not None:
            y = stop.y + pages * max(1, self.size.height - 1)
            same = [(abs(one.y - y), at) for at, one in enumerate(self._sheet.stops) if one.side is stop.side]
            self._move_to(min(same)[1])
        self._repaint()

    @property
    def _stop(self) -> Stop | None:
        stops = self._sheet.stops
        return stops[min(self._index, len(stops) - 1)] if stops else None

    def _move_to(self, index: int) -> None:
        stops = self._sheet.stops
        if not stops:
            self.put_top(self.top + (1 if index > self._index else -1))
            self._repaint()
            return
        self._index = max(0, min(index, len(stops) - 1))
        stop = stops[self._index]
        self._at = (stop.block, stop.key)
        self._show(stop)
        self._repaint()

    def _show(self, stop: Stop) -> None:
        """Bring the row on the screen; the first row with the titles above it, the last with what follows."""
        height = self.size.height
        first = 0 if self._index == 0 else max(0, stop.y - 1)
        last = len(self._sheet.lines) if self._index == len(self._sheet.stops) - 1 else stop.y + stop.height
        self.bring_into_view(first, min(last, stop.y + height))

    # Painting

    def _lay_out(self) -> None:
        self._sheet = sheet_of(self._blocks, self.line_width, self._marks.ellipsis, self._rule)
        self.fit_height(len(self._sheet.lines))
        places = {(stop.block, stop.key): at for at, stop in enumerate(self._sheet.stops)}
        if self._at is not None and self._at in places:
            self._index = places[self._at]
        self._index = max(0, min(self._index, len(self._sheet.stops) - 1))
        self._repaint()

    def _paints(self) -> list[_Paint]:
        stop = self._stop
        top = self.top
        return [
            _Paint(pieces, (stop.x, stop.width) if stop is not None and stop.y == y else None)
            for y, pieces in enumerate(self._sheet.lines[top : top + self.size.height], top)
        ]

    def _repaint(self) -> None:
        before, self._painted = self._painted, self._paints()
        self.repaint_lines(different(before, self._painted))
        stop = self._stop
        if stop is not None:
            self.point_to(stop.x, stop.y)

    def render_line(self, y: int) -> Strip:
        """One line of the widget."""
        width = self.line_width
        if y >= len(self._painted):
            return Strip.blank(width, self._styles.of())
        return self._strip(self._painted[y], width)

    def _strip(self, paint: _Paint, width: int) -> Strip:
        stale = "stale" if self._dimmed else ""
        begin, end = (paint.cursor[0], paint.cursor[0] + paint.cursor[1]) if paint.cursor is not None else (0, 0)
        segments: list[Segment] = []
        at = 0
        pieces = list(paint.pieces)
        if paint.cursor is not None:
            pieces.append(Piece(begin, self._marks.cursor, ("mark",)))
        for x, text, styles in sorted(pieces, key=lambda piece: piece.x):
            at = self._blank(segments, at, x, begin, end)
            segments.append(Segment(text, self._styles.of(*styles, stale, "cursor" if begin <= x < end else "")))
            at += width_of(text)
        self._blank(segments, at, width, begin, end)
        return Strip(segments).adjust_cell_length(width, self._styles.of())

    def _blank(self, segments: list[Segment], at: int, until: int, begin: int, end: int) -> int:
        """Blanks from ``at`` on, those under the cursor in its style; where it ended."""
        for limit, over in ((begin, ""), (end, "cursor"), (until, "")):
            stop = min(limit, until)
            if stop > at:
                segments.append(Segment(" " * (stop - at), self._styles.of(over)))
                at = stop
        return at

    # What Textual tells

    def scrolled(self, up: bool) -> None:
        """The cursor stays on its row."""
        self._repaint()

    def on_resize(self) -> None:
        """Another width, another sheet."""
        self._lay_out()
        stop = self._stop
        if stop is not None and self._index:
            self._show(stop)
        self._painted = self._paints()
        self.refresh()

    def on_focus(self) -> None:
        """The row under the cursor becomes the terminal's cursor position."""
        self._repaint()

    def on_click(self, event: events.Click) -> None:
        """A row, or a row twice."""
        y = event.y + self.top
        for at, stop in enumerate(self._sheet.stops):
            if stop.y <= y < stop.y + stop.height and stop.x <= event.x < stop.x + stop.width:
                self._move_to(at)
                if event.chain == 2:
                    self.action_select()
                return

    # Keys

    def action_cursor_by(self, rows: int) -> None:
        """See ``cursor_by``."""
        self.cursor_by(rows)

    def action_cursor_to(self, index: int) -> None:
        """See ``cursor_to``."""
        self.cursor_to(index)

    def action_across(self, step: int) -> None:
        """See ``across``."""
        self.across(step)

    def action_page(self, pages: int) -> None:
        """See ``page``."""
        self.page(pages)

    def action_select(self) -> None:
        """Open the row under the cursor."""
        stop = self._stop
        if stop is not None:
            self.post_message(self.Selected(self, stop.block, stop.key))
