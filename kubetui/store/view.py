"""A store as one person looks at it: filtered and sorted, kept so by the changes alone.

Work comes in steps of a bounded number of rows, so that 150,000 rows never hold the event loop up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from operator import attrgetter
from typing import Any, Generic, TypeVar

from kubetui.kinds.kind import Key, Row
from kubetui.store.sorted_rows import SortedRows
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)

STEP = 4096
"""Rows that one step handles; some 5 ms of work."""

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
        self._changes = store.reader()
        self._pending: dict[Key, R | None] = {}
        self._sort, self._keep = sort, keep
        self.reverse = reverse
        """Last first. Free: the order is read backwards."""
        self._rows: SortedRows[R] = SortedRows(self._order())
        self._building: Iterator[SortedRows[R] | None] | None = self._build(list(store))

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
        row = self._known(key)
        index = None if row is None else self._rows.index(row)
        return index if index is None or not self.reverse else len(self._rows) - 1 - index

    def arrange(self, *, sort: Callable[[R], Any] | None = None, keep: Callable[[R], bool] | None = None) -> None:
        """Take another order or filter. ``step`` builds it; the rows stay as they are until it is whole."""
        self._sort, self._keep = sort, keep
        self._pending.clear()
        self._changes.take()
        self._building = self._build(list(self._store))

    def step(self) -> bool:
        """Do one bounded piece of work; True while more is waiting."""
        if self._building is not None:
            built = next(self._building)
            if built is None:
                return True
            self._rows, self._building = built, None
        if not self._pending:
            self._pending = self._changes.take()
        if self._pending:
            taken = {key: self._pending.pop(key) for key in list(islice(self._pending, STEP))}
            self._apply(taken)
        return bool(self._pending) or bool(self._changes)

    def close(self) -> None:
        """Stop following the store."""
        self._store.leave(self._changes)

    def _order(self) -> Callable[[R], Any]:
        sort = self._sort
        if sort is None:
            return _by_key
        return lambda row: (sort(row), row.namespace, row.name)

    def _build(self, rows: list[R]) -> Iterator[SortedRows[R] | None]:
        built, keep = SortedRows(self._order()), self._keep
        for start in range(0, len(rows), STEP):
            part = rows[start : start + STEP]
            built.add(part if keep is None else [row for row in part if keep(row)])
            if start + STEP < len(rows):
                yield None
        yield built

    def _known(self, key: Key) -> R | None:
        if key in self._pending:
            return self._pending[key]
        return self._changes.before(key, self._store.get(key))

    def _apply(self, taken: dict[Key, R | None]) -> None:
        added: list[R] = []
        keep, order = self._keep, self._order()
        for key, before in taken.items():
            # What the store holds now may be newer than this change; the later note then finds it in place.
            after = self._changes.before(key, self._store.get(key))
            if after is not None and keep is not None and not keep(after):
                after = None
            if before is not None:
                if after is not None and order(before) == order(after) and self._rows.replace(before, after):
                    continue
                self._rows.discard(before)
            if after is not None:
                added.append(after)
        self._rows.add(added)
