"""A store as one person looks at it: filtered and sorted, kept so by the changes alone.

Work comes in steps of a bounded number of rows, so that 150,000 rows never hold the event loop up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, Generic, TypeVar

from kubetui.kinds.kind import Key, Row
from kubetui.store.pairs import Pair, Pairs
from kubetui.store.sorted_rows import SortedRows
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)

_by_key: Callable[[Any], Any] = attrgetter("namespace", "name")


class View(Generic[R]):
    """The rows of a store that ``keep`` lets through, in the order of ``sort``."""

    def __init__(
        self,
        store: Store[R],
        *,
        sort: Callable[[R], Any] | None = None,
        reverse: bool = False,
        keep: Callable[[R], bool] | None = None,
    ) -> None:
        self._store = store
        self._pairs = Pairs(store)
        self._sort, self._keep = sort, keep
        self.reverse = reverse
        """Last first. Free: the order is read backwards."""
        self._rows: SortedRows[R] = SortedRows(self._order())
        self._building: SortedRows[R] | None = SortedRows(self._order())

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> R:
        return self._rows[len(self._rows) - 1 - index if self.reverse else index]

    def __iter__(self) -> Iterator[R]:
        if not self.reverse:
            return iter(self._rows)
        return (self[index] for index in range(len(self)))

    @property
    def hidden(self) -> int:
        """How many rows of the store the filter keeps back."""
        return max(0, len(self._store) - len(self._rows))

    def index_of(self, key: Key) -> int | None:
        """Where the row with ``key`` stands, or None."""
        row = self._pairs.known(key)
        index = None if row is None else self._rows.index(row)
        return index if index is None or not self.reverse else len(self._rows) - 1 - index

    def arrange(self, *, sort: Callable[[R], Any] | None = None, keep: Callable[[R], bool] | None = None) -> None:
        """Take another order or filter. ``step`` builds it; the rows stay as they are until it is whole."""
        self._sort, self._keep = sort, keep
        self._pairs.restart()
        self._building = SortedRows(self._order())

    @property
    def has_changes(self) -> bool:
        """Whether ``step`` has something to do."""
        return self._building is not None or bool(self._pairs)

    def step(self) -> bool:
        """Do one bounded piece of work; True while more is waiting."""
        if self._building is not None:
            rows = self._pairs.first()
            self._building.add(self._kept(rows))
            if rows:
                return True
            self._rows, self._building = self._building, None
        self._apply(self._pairs.changes())
        return bool(self._pairs)

    def close(self) -> None:
        """Stop following the store."""
        self._pairs.close()

    def _order(self) -> Callable[[R], Any]:
        sort = self._sort
        if sort is None:
            return _by_key
        return lambda row: (sort(row), row.namespace, row.name)

    def _kept(self, rows: Iterable[R]) -> Iterable[R]:
        return rows if self._keep is None else filter(self._keep, rows)

    def _apply(self, pairs: Iterable[Pair[R]]) -> None:
        added: list[R] = []
        keep, order = self._keep, self._order()
        for before, row in pairs:
            after = row if row is not None and (keep is None or keep(row)) else None
            if before is not None:
                if after is not None and order(before) == order(after) and self._rows.replace(before, after):
                    continue
                self._rows.discard(before)
            if after is not None:
                added.append(after)
        self._rows.add(added)
