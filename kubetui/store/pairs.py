"""What became of each row, in steps of a bounded number: first all rows there are, then every change since."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from kubetui.kinds.kind import Key, Row
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)

STEP = 1024
"""Rows of one step; some 2 ms of work for a reader that does little with each."""


class Pair(NamedTuple, Generic[R]):
    """A row as the reader knew it, None: not at all, and as it is, None: gone."""

    before: R | None
    after: R | None


class Pairs(Generic[R]):
    """One reader's way through a store. Taken together, the pairs lead from nothing to what the store holds."""

    def __init__(self, store: Store[R]) -> None:
        self._store = store
        self._changes = store.reader()
        self._taken: dict[Key, R | None] = {}
        self._first: Iterator[R] = iter(())
        self.restart()

    def restart(self) -> None:
        """Begin again from nothing."""
        self._taken.clear()
        self._changes.take()
        self._first = iter(list(self._store))

    def first(self) -> list[R]:
        """The next of the rows that were there at the start; empty when they are through."""
        return list(islice(self._first, STEP))

    def changes(self) -> list[Pair[R]]:
        """The next of the changes since. Call it when ``first`` is through."""
        if not self._taken:
            self._taken = self._changes.take()
        keys = list(islice(self._taken, STEP))
        # The store may have gone on since the take; what it holds now then comes as a change of its own.
        return [Pair(self._taken.pop(key), self._changes.before(key, self._store.get(key))) for key in keys]

    def known(self, key: Key) -> R | None:
        """The row under ``key`` as the pairs so far have told."""
        if key in self._taken:
            return self._taken[key]
        return self._changes.before(key, self._store.get(key))

    def __bool__(self) -> bool:
        return bool(self._taken) or bool(self._changes)

    def close(self) -> None:
        """Stop following the store."""
        self._store.leave(self._changes)
