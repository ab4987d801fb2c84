"""Sentences fold at blanks; what has none is broken anywhere; nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.ui.widgets.cells import cut_middle, width_of
from kubetui.ui.widgets.folding import folded, folded_within


def test_lines_break_between_words() -> None:
    assert folded("no pod with a service account", 16) == ["no pod with a", "service account"]


def test_a_path_longer_than_a_row_is_broken_anywhere() -> None:
    assert folded("at /home/someone/.kube/config it is", 12) == ["at", "/home/someon", "e/.kube/conf", "ig it is"]


def test_the_indentation_goes_on() -> None:
    assert folded("  What to do: run az login", 14) == ["  What to do:", "  run az login"]


def test_lines_stay_lines_and_empty_ones_too() -> None:
    assert folded("a\n\nb", 10) == ["a", "", "b"]


def test_wide_characters_take_two_cells() -> None:
    assert folded("日本 語語語", 6) == ["日本", "語語語"]


@given(st.text(alphabet="ab 日-", max_size=60), st.integers(2, 20))
def test_no_row_is_too_wide_and_no_character_is_lost(text: str, width: int) -> None:
    rows = folded(text, width)
    assert all(width_of(row) <= width for row in rows)
    assert "".join("".join(rows).split()) == "".join(text.split())


def test_the_middle_is_left_out_before_the_end() -> None:
    assert cut_middle("aks-general-27182818-vmss00000c", 16) == "aks-gen…ss00000c"
    assert cut_middle("short", 16) == "short"
    assert cut_middle("team-00/checkout rolled out, revision 6", 27) == "team-00/checkou… revision 6"
    assert cut_middle("csi-azurefile-node 20/20 → 18/20", 27) == "csi-azurefile…20/20 → 18/20"
    assert folded_within("  one two three four five six", 12, 2) == ["  one two", "  three… six"]


@given(st.text(alphabet="ab 日-", max_size=80), st.integers(2, 20), st.integers(1, 3))
def test_never_more_rows_nor_wider_ones(text: str, width: int, most: int) -> None:
    rows = folded_within(text, width, most)
    assert len(rows) <= most
    assert all(width_of(row) <= width for row in rows)
