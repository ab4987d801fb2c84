"""SortedRows against the plainest thing that does the same: a sorted list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.store import sorted_rows
from kubetui.store.sorted_rows import SortedRows

ROW = st.tuples(st.integers(0, 30), st.text("ab", max_size=3))
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(ROW, max_size=20)),
        st.tuples(st.just("discard"), st.lists(ROW, max_size=5)),
    ),
    max_size=12,
)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_rows, "CHUNK", 4)


@given(ACTIONS)
def test_after_any_history_it_equals_a_sorted_list(
    actions: list[tuple[str, list[tuple[int, str]]]],
) -> None:
    rows: SortedRows[tuple[int, str]] = SortedRows(lambda row: row)
    expected: set[tuple[int, str]] = set()
    for action, batch in actions:
        if action == "add":
            rows.add(set(batch) - expected)
            expected |= set(batch)
        else:
            for row in batch:
                assert rows.discard(row) == (row in expected)
                expected.discard(row)
        in_order = sorted(expected)
        assert list(rows) == in_order
        assert len(rows) == len(in_order)
        assert [rows[i] for i in range(len(in_order))] == in_order
        assert [rows.index(row) for row in in_order] == list(range(len(in_order)))


def test_a_row_is_replaced_in_place_where_its_key_stays() -> None:
    rows: SortedRows[tuple[int, str]] = SortedRows(lambda row: row[0])
    rows.add([(n, "old") for n in range(20)])

    assert rows.replace((19, "old"), (19, "new"))
    assert rows[19] == (19, "new")
    assert not rows.replace((99, "old"), (99, "new"))


def test_an_index_outside_raises() -> None:
    rows: SortedRows[int] = SortedRows(lambda row: row)
    with pytest.raises(IndexError):
        rows[0]
    rows.add([1, 2])
    with pytest.raises(IndexError):
        rows[2]
    with pytest.raises(IndexError):
        rows[-1]
