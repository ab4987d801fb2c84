"""What became of each row, in steps of a bounded number: first all rows there are, then every change since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
        self._keys: Iterator[Key] = iter(())
        self._first: Iterator[R] = iter(())
        self.restart()

    def restart(self) -> Sequence[R]:
        """Begin again from nothing; what ``first`` will tell."""
        self._taken = {}
        self._changes.take()
        rows = list(self._store)
        self._first = iter(rows)
        return rows

    def first(self) -> list[R]:
        """The next of the rows that were there at the start; empty when they are through."""
        return list(islice(self._first, STEP))

    def changes(self, most: int = STEP) -> list[Pair[R]]:
        """The next of the changes since, ``most`` of them. Call it when ``first`` is through."""
        keys = self._next(most)
        # The store may have gone on since the take; what it holds now then comes as a change of its own.
        return [Pair(self._taken.pop(key), self._changes.before(key, self._store.get(key))) for key in keys]

    def next_keys(self) -> list[Key]:
        """Keys of the next of the first rows, else of the changes: for who reads the store as it is now."""
        first = self.first()
        if first:
            return [(row.namespace, row.name) for row in first]
        keys = self._next(STEP)
        for key in keys:
            del self._taken[key]
        return keys

    def _next(self, most: int) -> list[Key]:
        if not self._taken:
            self._taken = self._changes.take()
            self._keys = iter(list(self._taken))
        return list(islice(self._keys, most))

    def known(self, key: Key) -> R | None:
        """The row under ``key`` as the pairs so far have told."""
        if key in self._taken:
            return self._taken[key]
        return self._changes.before(key, self._store.get(key))

    def take_untold(self) -> dict[Key, R | None]:
        """Keys whose changes were not told yet, each with its row as ``known``; for who calls ``restart`` next."""
        waiting, taken = self._changes.take(), self._taken
        return {**waiting, **taken} if taken else waiting

    def __len__(self) -> int:
        """How many changes wait, or a few more: one that came while others are being told may be of the same key."""
        return len(self._taken) + len(self._changes)

    def close(self) -> None:
        """Stop following the store."""
        self._store.leave(self._changes)
