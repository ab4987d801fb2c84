"""Tables as text: every row, aligned by what a terminal shows, a line each."""

from __future__ import annotations

from collections.abc import Hashable

from kubetui.ui.table_text import SLICE, table_text
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Line


class Rows:
    """A source of given lines."""

    def __init__(self, *lines: Line) -> None:
        self.lines = list(lines)

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> Line:
        return self.lines[index]

    def index_of(self, key: Hashable) -> int | None:
        return None


COLUMNS = [ColumnSpec("NAME", "NAME"), ColumnSpec("N", "N", right=True), ColumnSpec("M", "MESSAGE")]


async def test_columns_are_aligned_and_trees_indented() -> None:
    rows = Rows(
        Line("a", (Cell("pool"), Cell("2"), Cell("")), expanded=True),
        Line("b", (Cell("ä 🦜"), Cell("10"), Cell("two\nlines")), depth=1),
    )

    assert (await table_text(COLUMNS, rows)).split("\n") == [
        "NAME     N  MESSAGE",
        "▾ pool   2",
        "  ä 🦜  10  two\\nlines",
        "",
    ]


async def test_rows_that_leave_meanwhile_do_no_harm() -> None:
    class Shrinking(Rows):
        def line(self, index: int) -> Line:
            if index == SLICE - 1:
                del self.lines[SLICE + 1 :]
            return self.lines[index]

    rows = Shrinking(*(Line(n, (Cell(f"row-{n}"), Cell("1"), Cell(""))) for n in range(3 * SLICE)))

    text = await table_text(COLUMNS, rows)
    assert len(text.splitlines()) == SLICE + 2
    assert f"row-{SLICE}" in text


async def test_a_row_that_is_gone_leaves_no_line() -> None:
    assert await table_text(COLUMNS, Rows(Line("a", ()))) == "NAME  N  MESSAGE\n"
