"""BucketSort against the plainest thing that does the same: ``sorted``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.store.bucket_sort import BucketSort

ROWS = st.lists(st.integers(-50, 50), unique=True)


def through(sort: BucketSort[int]) -> list[list[int]]:
    buckets = []
    while len(sort):
        buckets.append(sort.pop())
    return buckets


@given(ROWS, ROWS, st.integers(1, 5), st.integers(1, 7), st.sampled_from([1, 2, 10, 1_000]))
def test_buckets_together_are_the_rows_in_order(
    foreseen: list[int], rows: list[int], size: int, part: int, alike: int
) -> None:
    # Given keys that none, some or all of the rows share
    def key(row: int) -> int:
        return -(row // alike)

    sort: BucketSort[int] = BucketSort(key, lambda row: row, foreseen, size)
    for start in range(0, len(rows), part):
        sort.add(rows[start : start + part])

    assert [row for bucket in through(sort) for row in bucket] == sorted(rows, key=lambda row: (key(row), row))


@pytest.mark.parametrize(
    "key",
    [lambda row: row, lambda row: 0, lambda row: [], lambda row: row % 2],
    ids=["each its own", "all alike", "a list", "two"],
)
def test_buckets_are_about_as_large_as_asked_for_whatever_pattern_the_rows_stand_in(key: Callable[[int], Any]) -> None:
    # Given rows that repeat a pattern of a hundred, as pods of a hundred namespaces may
    rows = [(n % 100) * 1_000 + n // 100 for n in range(50_000)]
    sort: BucketSort[int] = BucketSort(key, lambda row: row, rows, 1_000)
    sort.add(rows)

    sizes = [len(bucket) for bucket in through(sort)]

    assert len(sizes) == 50
    assert max(sizes) < 3_000
