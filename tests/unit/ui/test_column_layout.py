"""Which columns fit, and where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.ui.widgets.column_layout import HIDDEN_MARK, last_shift, lay_out
from kubetui.ui.widgets.row_source import ColumnSpec

SPECS = [
    ColumnSpec("name", "NAME", priority=0, max_width=40),
    ColumnSpec("ready", "READY", priority=1, min_width=5),
    ColumnSpec("age", "AGE", priority=2),
    ColumnSpec("node", "NODE", priority=4, max_width=40),
    ColumnSpec("ip", "IP", priority=5, max_width=15),
]
SEEN = [20, 5, 4, 30, 11]


def ids(width: int, shift: int = 0) -> list[str]:
    return [SPECS[placed.column].id for placed in lay_out(SPECS, SEEN, width, shift).columns]


def test_all_fit_where_there_is_room() -> None:
    layout = lay_out(SPECS, SEEN, 120)
    assert layout.hidden == ()
    assert [placed.width for placed in layout.columns] == SEEN


def test_wide_columns_give_way_before_columns_leave() -> None:
    layout = lay_out(SPECS, [20, 5, 4, 40, 11], 78)
    assert layout.hidden == ()
    assert 32 <= layout.columns[3].width < 40


def test_a_detail_leaves_rather_than_show_half_a_name() -> None:
    assert ids(70) == ["name", "ready", "age", "node"]
    assert ids(60) == ["name", "ready", "age"]


def test_the_highest_priority_number_leaves_first_and_zero_never() -> None:
    assert ids(44) == ["name", "ready", "age"]
    assert lay_out(SPECS, SEEN, 44).hidden == ("node", "ip")
    assert ids(12) == ["name"]


def test_scrolled_the_first_column_stays_and_the_others_follow_in_order() -> None:
    assert ids(44, shift=2) == ["name", "node"]
    assert ids(44, shift=3) == ["name", "ip"]
    assert last_shift(SPECS, SEEN, 44) == 3
    assert last_shift(SPECS, SEEN, 120) == 0


columns = st.lists(
    st.builds(
        ColumnSpec,
        id=st.uuids().map(str),
        title=st.just("T"),
        min_width=st.integers(1, 10),
        max_width=st.integers(10, 60),
        priority=st.integers(0, 9),
    ),
    max_size=12,
)


@given(columns, st.data(), st.integers(0, 250))
def test_columns_never_overlap_nor_leave_the_table(specs: list[ColumnSpec], data: st.DataObject, width: int) -> None:
    seen = [data.draw(st.integers(0, 100)) for _ in specs]
    for shift in range(last_shift(specs, seen, width) + 1):
        layout = lay_out(specs, seen, width, shift)
        end = 0
        for column, x, cells in layout.columns:
            assert x >= end
            assert cells <= specs[column].max_width
            end = x + cells
        assert end <= width
        assert len(layout.columns) + len(layout.hidden) == len(specs)


def test_names_give_way_before_a_column_that_matters_leaves() -> None:
    """An event at 80 cells: its message is what it is read for."""
    specs = [
        ColumnSpec("LAST", "LAST", right=True, min_width=5, priority=1),
        ColumnSpec("REASON", "REASON", min_width=6, max_width=28, priority=1),
        ColumnSpec("OBJECT", "OBJECT", min_width=12, max_width=64, priority=0),
        ColumnSpec("COUNT", "COUNT", right=True, min_width=5, priority=2),
        ColumnSpec("MESSAGE", "MESSAGE", min_width=20, max_width=250, priority=1),
    ]
    for width in range(74, 100):
        layout = lay_out(specs, [7, 19, 40, 5, 120], width)
        assert "MESSAGE" not in layout.hidden
        last = layout.columns[-1]
        assert last.x + last.width <= width


def test_a_column_that_keeps_its_width_lets_others_leave_first_and_gives_way_before_it_leaves_itself() -> None:
    specs = (
        ColumnSpec("name", "NAME", max_width=40, priority=0),
        ColumnSpec("status", "STATUS", max_width=60, priority=1, keep=36),
        ColumnSpec("taints", "TAINTS", max_width=60, priority=6),
    )
    seen = (30, 50, 30)

    def widths(width: int) -> dict[str, int]:
        return {specs[one.column].id: one.width for one in lay_out(specs, seen, width).columns}

    assert widths(112) == {"name": 30, "status": 50, "taints": 30}
    assert widths(100) == {"name": 30, "status": 38, "taints": 30}
    assert widths(90) == {"name": 30, "status": 50}
    assert widths(60) == {"name": 30, "status": 29}


def test_a_last_column_of_words_goes_on_below_the_mark_of_hidden_columns_where_its_text_needs_it() -> None:
    def last_end(width: int, wanted: int, *, right: bool) -> int:
        specs = (
            ColumnSpec("name", "NAME", max_width=40, priority=0),
            ColumnSpec("last", "LAST", max_width=60, priority=1, right=right),
            ColumnSpec("more", "MORE", min_width=40, priority=6),
        )
        layout = lay_out(specs, (20, wanted, 40), width)
        assert layout.hidden == ("more",)
        return layout.columns[-1].x + layout.columns[-1].width

    assert last_end(60, 50, right=False) == 60
    assert last_end(60, 8, right=False) < 60
    assert last_end(60, 50, right=True) == 60 - HIDDEN_MARK
