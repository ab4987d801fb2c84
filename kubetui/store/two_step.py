"""A large list in two steps: provisional rows from server-side Tables at once, objects behind them.

Three sources write at the same time: Tables per namespace, pages of objects from one snapshot, and a watch from
that snapshot's version. Here is decided whose word counts; a property test drives random histories through it.

- A watch event applies to a real row only if it is newer, to a provisional one always: the watch delivers every
  change since the snapshot in order, so the last one is right whatever a Table said in between.
- DELETED leaves a tombstone, so that a Table or page from before it does not bring the object back.
- A page's object replaces a provisional row always, a real one only if newer, a tombstone only if newer.
- After the last page what is still provisional was deleted before the snapshot ended, or is brought by the watch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from kubetui.kinds.kind import Key, Row
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)


class TwoStep(Generic[R]):
    """One first sync of one store. ``finish`` ends it."""

    def __init__(self, store: Store[R]) -> None:
        self._store = store
        self._tombstones: dict[Key, int] = {}

    def table(self, rows: Iterable[R]) -> None:
        """Rows of a Table: taken where nothing better is held."""
        self._store.apply(self._from_table(rows))

    def page(self, rows: Iterable[R]) -> None:
        """Objects of a page."""
        self._store.apply(self._from_page(rows))

    def events(self, events: Iterable[tuple[Key, int, R | None]]) -> None:
        """Watch events in order: key, version, and the row, or None where the object was deleted."""
        self._store.apply(self._from_events(events))

    def finish(self) -> None:
        """All pages are in."""
        self._store.remove([(row.namespace, row.name) for row in self._store if row.provisional])
        self._tombstones.clear()

    def _from_table(self, rows: Iterable[R]) -> Iterator[tuple[Key, R]]:
        for row in rows:
            key = (row.namespace, row.name)
            if self._store.get(key) is None and self._tombstones.get(key, -1) < row.version:
                yield key, row

    def _from_page(self, rows: Iterable[R]) -> Iterator[tuple[Key, R]]:
        for row in rows:
            key = (row.namespace, row.name)
            held = self._store.get(key)
            if held is None:
                wanted = self._tombstones.get(key, -1) < row.version
            else:
                wanted = held.provisional or held.version < row.version
            if wanted:
                yield key, row

    def _from_events(self, events: Iterable[tuple[Key, int, R | None]]) -> Iterator[tuple[Key, R | None]]:
        for key, version, row in events:
            held = self._store.get(key)
            if held is not None and not held.provisional and held.version >= version:
                continue
            if row is None:
                self._tombstones[key] = version
            else:
                self._tombstones.pop(key, None)
            yield key, row
