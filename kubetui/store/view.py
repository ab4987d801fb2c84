"""A store as one person looks at it: filtered and sorted, kept so by the changes alone.

Work comes in steps of a bounded number of rows, so that 150,000 rows never hold the event loop up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from kubetui.kinds.kind import Key, Row
from kubetui.store.bucket_sort import BucketSort
from kubetui.store.pairs import STEP as PAIRS
from kubetui.store.pairs import Pair, Pairs
from kubetui.store.sorted_rows import CHUNK, SortedRows
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)
R_contra = TypeVar("R_contra", contravariant=True)

_by_key: Callable[[Any], Any] = attrgetter("namespace", "name")


STEP = 256
"""Changes taken into the order at a time; each takes some 12 µs among 150,000 rows."""
LITTLE = 1024
"""Changes that are always taken one by one."""
REBUILT = 4
"""From one change to so many rows on, putting all of them in order anew costs less than moving each that changed."""


class Tally(Protocol[R_contra]):
    """What is kept in step with the rows that a view lets through: sums, say."""

    def add(self, rows: Iterable[R_contra]) -> None:
        """The view shows some more."""

    def remove(self, rows: Iterable[R_contra]) -> None:
        """The view shows these no more."""


class View(Generic[R]):
    """The rows of a store that ``keep`` lets through, in the order of ``sort``."""

    def __init__(
        self,
        store: Store[R],
        *,
        sort: Callable[[R], Any] | None = None,
        reverse: bool = False,
        keep: Callable[[R], bool] | None = None,
        tally: Callable[[], Tally[R] | None] = lambda: None,
    ) -> None:
        """``tally`` makes an empty one, or None; a new one is filled with each new order or filter."""
        self._store = store
        self._pairs = Pairs(store)
        self._sort, self._keep = sort, keep
        self.reverse = reverse
        """Last first. Free: the order is read backwards."""
        self._new_tally = tally
        self._tally = self._new_tally()
        self._rows: SortedRows[R] = SortedRows(self._order())
        self._building: _Building[R] | None = None
        self._shown: dict[Key, R | None] = {}
        self._past: _Past[R] | None = None
        self._build()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> R:
        return self._rows[len(self._rows) - 1 - index if self.reverse else index]

    def __iter__(self) -> Iterator[R]:
        if not self.reverse:
            return iter(self._rows)
        return (self[index] for index in range(len(self)))

    @property
    def tally(self) -> Tally[R] | None:
        """Of the rows as they are shown, where one was asked for."""
        return self._tally

    @property
    def hidden(self) -> int:
        """How many rows of the store the filter keeps back."""
        return max(0, len(self._store) - len(self._rows))

    def index_of(self, key: Key) -> int | None:
        """Where the row with ``key`` stands, or None."""
        row = self._shown[key] if key in self._shown else self._pairs.known(key)
        index = None if row is None else self._rows.index(row)
        return index if index is None or not self.reverse else len(self._rows) - 1 - index

    def arrange(self, *, sort: Callable[[R], Any] | None = None, keep: Callable[[R], bool] | None = None) -> None:
        """Take another order or filter. ``step`` builds it; the rows stay as they are until it is whole."""
        self._sort, self._keep = sort, keep
        self._build()

    @property
    def has_changes(self) -> bool:
        """Whether ``step`` has something to do."""
        return self._building is not None or self._past is not None or bool(self._pairs)

    @property
    def building(self) -> bool:
        """Whether another order or filter is on its way, and nothing of it to be seen."""
        return self._building is not None

    @property
    def waiting(self) -> int:
        """About how many changes ``step`` has not taken yet; 0 while it builds an order."""
        return len(self._pairs) if self._building is None else 0

    def step(self) -> bool:
        """Do one bounded piece of work; True while more is waiting."""
        if self._building is None and self._changed_much():
            self._build()
        if self._building is not None:
            if self._building.step():
                return True
            self._past = _Past(self._rows, self._shown)
            self._rows, self._tally = self._building.rows, self._building.tally
            self._building, self._shown = None, {}
        if self._past is not None:
            if self._past.step():
                return True
            self._past = None
        self._apply(self._pairs.changes(STEP))
        return bool(self._pairs)

    def close(self) -> None:
        """Stop following the store."""
        self._pairs.close()

    def _changed_much(self) -> bool:
        changed = len(self._pairs)
        if changed <= LITTLE:
            return False
        # By key, what is new stands together and what changed stays in its place: neither is expensive.
        return changed > len(self._rows) or (self._sort is not None and changed * REBUILT > len(self._rows))

    def _build(self) -> None:
        """Begin to put all rows in order; those shown are remembered as they are where the store goes on."""
        untold = self._pairs.take_untold()
        self._shown = {**untold, **self._shown} if self._shown else untold
        self._building = _Building(self._pairs, self._sort, self._order(), self._keep, self._new_tally())

    def _order(self) -> Callable[[R], Any]:
        sort = self._sort
        if sort is None:
            return _by_key
        return lambda row: (sort(row), row.namespace, row.name)

    def _apply(self, pairs: Iterable[Pair[R]]) -> None:
        gone: list[R] = []
        stayed: list[R] = []
        added: list[R] = []
        keep, order = self._keep, self._order()
        for before, now in pairs:
            after = now if now is not None and (keep is None or keep(now)) else None
            if before is not None:
                if after is not None and order(before) == order(after) and self._rows.replace(before, after):
                    gone.append(before)
                    stayed.append(after)
                    continue
                if self._rows.discard(before):
                    gone.append(before)
            if after is not None:
                added.append(after)
        self._rows.add(added)
        if self._tally is not None:
            self._tally.remove(gone)
            self._tally.add([*stayed, *added])


class _Building(Generic[R]):
    """All rows of a store on their way into another order: taken, shared out, sorted a chunk at a time."""

    def __init__(
        self,
        pairs: Pairs[R],
        sort: Callable[[R], Any] | None,
        order: Callable[[R], Any],
        keep: Callable[[R], bool] | None,
        tally: Tally[R] | None,
    ) -> None:
        """``order`` is that of ``sort``, and of the keys where that has rows equal."""
        self.rows: SortedRows[R] = SortedRows(order)
        self.tally = tally
        self._pairs, self._keep = pairs, keep
        self._sort = BucketSort(sort or _by_key, _by_key, pairs.restart(), CHUNK)
        self._taking = True

    def step(self) -> bool:
        """One bounded piece; False when ``rows`` and ``tally`` are whole."""
        if self._taking:
            self._taking = self._take()
            if self._taking or len(self._sort) > 1:
                return True
        self.rows.extend(self._sort.pop())
        return len(self._sort) > 0

    def _take(self) -> bool:
        taken = self._pairs.first()
        rows = taken if self._keep is None else [row for row in taken if self._keep(row)]
        self._sort.add(rows)
        if self.tally is not None:
            self.tally.add(rows)
        return len(taken) == PAIRS


class _Past(Generic[R]):
    """An order that is over, let go piece by piece: freeing 150,000 rows at once would take 25 ms."""

    def __init__(self, rows: SortedRows[R], shown: dict[Key, R | None]) -> None:
        self._rows, self._shown = rows, shown

    def step(self) -> bool:
        """Some thousand; False when nothing is left."""
        for _ in range(min(PAIRS, len(self._shown))):
            self._shown.popitem()
        return self._rows.drop() or bool(self._shown)
