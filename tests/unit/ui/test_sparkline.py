"""sparkline: blocks, gaps and edges."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.ui.widgets.sparkline import sparkline


def test_it_rises_from_the_lowest_to_the_highest_block() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"
    assert sparkline([0, 7], 2, unicode=False) == "_@"


def test_unknown_values_are_gaps_and_new_ones_stand_right() -> None:
    assert sparkline([1, None, 1.0, float("nan")], 6, low=0, high=1) == "  █ █ "
    assert sparkline([], 3) == "   "
    assert sparkline([1, 2], 0) == ""


def test_values_outside_the_bounds_are_drawn_at_the_edge() -> None:
    assert sparkline([-5, 50], 2, low=0, high=10) == "▁█"
    assert sparkline([3, 3], 2) == "▁▁"


@given(st.lists(st.none() | st.floats()), st.integers(0, 40))
def test_any_numbers_take_exactly_the_width(values: list[float | None], width: int) -> None:
    assert len(sparkline(values, width)) == width
