"""Many rows put in order in pieces of a millisecond: shared out between keys that a sample of them gives, then sorted.

Of 150,000 rows all of it takes some 0.3 s (measured), where inserting them into what is sorted takes seconds, and
sorting them at once would hold the screen up for 0.3 s.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import eq, itemgetter
from typing import Any, Final, Generic, TypeVar

R = TypeVar("R")

SAMPLED: Final = 16
"""Rows that are looked at for each bucket, so that buckets come out about equally large."""
_key_of = itemgetter(0)
_NO_KEY: Final = object()


class BucketSort(Generic[R]):
    """``add`` until all rows are in, then ``pop`` bucket by bucket. Keys are comparable, computed once.

    Rows of equal keys stand by ``tie``, which is looked at for those alone: comparing numbers is several times as
    quick as comparing tuples that begin with them. Key and tie together are unique.
    """

    def __init__(self, key: Callable[[R], Any], tie: Callable[[R], Any], rows: Sequence[R], size: int) -> None:
        """``rows``: what will be added, or most of it; ``size``: rows that a bucket has about."""
        self._key, self._tie = key, tie
        buckets = max(1, len(rows) // size)
        # Odd, so that rows that stand in a pattern of 2, 4, 10 or 100 are not all of the same kind.
        step = len(rows) // (buckets * SAMPLED) | 1
        sample = sorted((key(row), tie(row)) for row in rows[::step]) if buckets > 1 else []
        # Of each bucket but the last: what comes no later than this is in it.
        self._ends = [sample[len(sample) * n // buckets] for n in range(1, buckets)] if sample else []
        self._end_keys = [end[0] for end in self._ends]
        self._buckets: deque[list[tuple[Any, R]]] = deque([] for _ in range(len(self._ends) + 1))

    def add(self, rows: Iterable[R]) -> None:
        """Some more rows, in any order."""
        key, ends, buckets = self._key, [*self._end_keys, _NO_KEY], self._buckets
        last = len(self._ends)
        for row in rows:
            value = key(row)
            at = bisect_left(ends, value, 0, last)
            if ends[at] == value:
                at = bisect_left(self._ends, (value, self._tie(row)))
            buckets[at].append((value, row))

    def __len__(self) -> int:
        """Buckets that are left."""
        return len(self._buckets)

    def pop(self) -> list[R]:
        """The rows of the next bucket, in order, all of them behind those of the bucket before."""
        bucket = self._buckets.popleft()
        bucket.sort(key=_key_of)
        keys = [key for key, _ in bucket]
        if any(map(eq, keys, islice(keys, 1, None))):
            tie = self._tie
            bucket.sort(key=lambda pair: (pair[0], tie(pair[1])))
        return [row for _, row in bucket]
