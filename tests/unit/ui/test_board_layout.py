"""Blocks on a sheet: one column or two, nothing wider than the screen, every row a place for the cursor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.ui.widgets.board_layout import TWO_COLUMNS, Below, Block, BoardRow, Sheet, Side, sheet_of
from kubetui.ui.widgets.cells import width_of
from kubetui.ui.widgets.row_source import Cell, ColumnSpec

COLUMNS = (ColumnSpec("name", "NAME", min_width=8, max_width=40, priority=0),
           ColumnSpec("count", "COUNT", right=True, min_width=5, priority=1),
           ColumnSpec("more", "MORE", min_width=6, max_width=60, priority=3))  # fmt: skip


def block(name: str, *rows: str, side: Side = Side.FULL, below: str = "") -> Block:
    lines = [Below(below)] if below else []
    made = tuple(BoardRow(row, (Cell(row), Cell("12"), Cell("more of it")), tuple(lines)) for row in rows)
    return Block(name, name.title(), COLUMNS, made, side, heads=True, empty=Cell("nothing here"))


def drawn(sheet: Sheet, width: int) -> list[str]:
    lines = []
    for pieces in sheet.lines:
        line = ""
        for x, text, _ in sorted(pieces, key=lambda piece: piece.x):
            assert width_of(line) <= x, "pieces do not overlap"
            line += " " * (x - width_of(line)) + text
        assert width_of(line) <= width
        lines.append(line.rstrip())
    return lines


def test_a_narrow_sheet_is_one_column_in_the_order_of_the_blocks() -> None:
    blocks = [block("wrong", "a"), block("left", "b", side=Side.LEFT), block("right", "c", side=Side.RIGHT)]
    assert drawn(sheet_of(blocks, 40), 40) == [
        " Wrong ─────────────────────────────────",
        " NAME       COUNT   MORE",
        " a             12   more of it",
        " Left ──────────────────────────────────",
        " NAME       COUNT   MORE",
        " b             12   more of it",
        " Right ─────────────────────────────────",
        " NAME       COUNT   MORE",
        " c             12   more of it",
    ]


def test_a_wide_sheet_puts_left_and_right_side_by_side_beneath_what_is_full() -> None:
    blocks = [block("wrong", "a"), block("left", "b", side=Side.LEFT), block("right", "c", side=Side.RIGHT)]
    lines = drawn(sheet_of(blocks, TWO_COLUMNS), TWO_COLUMNS)
    assert len(lines) == 6
    assert lines[3].startswith(" Left ──")
    assert " Right ──" in lines[3]
    assert [stop.key for stop in sheet_of(blocks, TWO_COLUMNS).stops] == ["a", "b", "c"]


def test_lines_below_belong_to_their_row_and_an_empty_block_says_so() -> None:
    sheet = sheet_of([block("wrong", "a", "b", below="→ do this"), block("empty")], 40, rule="-")
    assert drawn(sheet, 40)[2:] == [
        " a             12   more of it",
        "     → do this",
        " b             12   more of it",
        "     → do this",
        " Empty ---------------------------------",
        " nothing here",
    ]
    assert [(stop.y, stop.height) for stop in sheet.stops] == [(2, 2), (4, 2)]


def test_columns_leave_by_priority_where_there_is_no_room() -> None:
    lines = drawn(sheet_of([block("wrong", "a-rather-long-name-of-something")], 32), 32)
    assert "MORE" not in lines[1]
    assert "COUNT" in lines[1]


def test_long_lines_below_fold_and_lose_their_middle_before_their_end() -> None:
    text = (
        "→ ErrImagePull: Failed to pull image acrprod.azurecr.io/shop/cart:2026.11.21-typo, tried 12 times: not found"
    )
    sheet = sheet_of([block("wrong", "a", below=text)], 50, rule="-")
    assert drawn(sheet, 50)[3:] == [
        "     → ErrImagePull: Failed to pull image",
        "     acrprod.azurecr.io/shop/… 12 times: not found",
    ]
    assert sheet.stops[0].height == 3


def test_a_cell_that_does_not_fit_its_column_moves_below_where_its_block_says_so() -> None:
    rows = tuple(
        BoardRow(name, (Cell(name), Cell("1"), Cell(more))) for name, more in (("a", "short"), ("b", "x " * 30))
    )
    found = Block("wrong", "Wrong", COLUMNS, rows, spills="more")
    assert drawn(sheet_of([found], 50, rule="-"), 50)[1:] == [
        " a            1 short",
        " b            1",
        "     x x x x x x x x x x x x x x x x x x x x x x x",
        "     x x x x x x x",
    ]


def test_a_cell_that_folds_goes_on_in_further_lines_before_it_loses_its_middle() -> None:
    columns = (
        ColumnSpec("when", "", min_width=5, priority=0),
        ColumnSpec("words", "", min_width=8, max_width=60, priority=0),
    )
    told = (
        ("12:04", "▲ azure-cns 12/12 → 11/12"),
        ("12:03", "▲ csi-azurefile-node 20/20 → 18/20"),
        ("12:02", "◐ team-02/ingest rolls out, revision 4: 2026.08.28-a43e376 → 2026.11.23-03ee5c5"),
    )
    rows = tuple(BoardRow(when, (Cell(when), Cell(words))) for when, words in told)
    sheet = sheet_of([Block("changes", "Changes", columns, rows, folds="words")], 34, rule="-")
    assert drawn(sheet, 34)[1:] == [
        " 12:04 ▲ azure-cns 12/12 → 11/12",
        " 12:03 ▲ csi-azurefile-node",
        "         20/20 → 18/20",
        " 12:02 ◐ team-02/ingest rolls",
        "         out, revision 4:",
        "         2026.08.28-a…1.23-03ee5c5",
    ]
    assert [stop.height for stop in sheet.stops] == [1, 2, 3]


TEXTS = st.text("ab\x1b\t語é…", max_size=60)


@given(st.lists(st.tuples(TEXTS, st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4)), max_size=5),
       st.integers(12, 220))  # fmt: skip
def test_whatever_the_texts_nothing_overlaps_or_leaves_the_screen(
    found: list[tuple[str, list[tuple[str, str, str]]]], width: int
) -> None:
    blocks = [
        Block(
            str(at),
            title,
            COLUMNS,
            tuple(BoardRow((at, row), (Cell(a), Cell(b)), (Below(c),)) for row, (a, b, c) in enumerate(rows)),
            tuple(Side)[at % 3],
            note=Cell(title),
        )
        for at, (title, rows) in enumerate(found)
    ]
    sheet = sheet_of(blocks, width)
    assert "\x1b" not in "".join(drawn(sheet, width))
    assert len(sheet.stops) == sum(len(rows) for _, rows in found)
