"""Objects of one kind and scope by key, and who has changed since a reader last looked.

Changes coalesce per key: a reader that never looks makes nothing grow beyond one entry per object.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from typing import Generic, TypeVar

from kubetui.kinds.kind import Key, Row
from kubetui.store.state import Phase, SyncState

R = TypeVar("R", bound=Row)


class Changes(Generic[R]):
    """What one reader has not yet taken: for each changed key the row that the reader last knew, or None."""

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: dict[Key, R | None] = {}

    def __bool__(self) -> bool:
        return bool(self._before)

    def __len__(self) -> int:
        return len(self._before)

    def note(self, key: Key, before: R | None) -> None:
        """Remember that ``key`` changed; the first note since the last take wins."""
        self._before.setdefault(key, before)

    def noting(self) -> Callable[[Key, R | None], object]:
        """``note``, for one batch of changes: a poll of 150,000 has no time for a call more."""
        return self._before.setdefault

    def before(self, key: Key, now: R | None) -> R | None:
        """The row as the reader knows it: as it was at the last take, or ``now`` where nothing changed since."""
        return self._before.get(key, now)

    def take(self) -> dict[Key, R | None]:
        """All changes since the last take: key to the row as it was then (None: it did not exist)."""
        taken, self._before = self._before, {}
        return taken


class Store(Generic[R]):
    """The rows of one kind and scope. Synchronous; written by one reflector, read by many views."""

    def __init__(self) -> None:
        self._rows: dict[Key, R] = {}
        self._readers: list[Changes[R]] = []
        self._state = SyncState(Phase.CONNECTING)
        self._wakers: list[Callable[[], None]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows.values())

    def get(self, key: Key) -> R | None:
        """The row held under ``key``."""
        return self._rows.get(key)

    def getting(self) -> Callable[[Key], R | None]:
        """``get``, for one batch: a poll of 150,000 has no time for a call more."""
        return self._rows.get

    @property
    def state(self) -> SyncState:
        """How far the store is in step with the server."""
        return self._state

    @state.setter
    def state(self, state: SyncState) -> None:
        if state != self._state:
            self._state = state
            self._wake()

    def reader(self) -> Changes[R]:
        """A new reader. It starts with nothing to take: read the store first, then take changes."""
        changes: Changes[R] = Changes()
        self._readers.append(changes)
        return changes

    def leave(self, changes: Changes[R]) -> None:
        """Forget a reader."""
        self._readers = [reader for reader in self._readers if reader is not changes]

    def on_change(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call ``wake`` after each batch of changes or change of state; returns what ends that."""
        self._wakers.append(wake)
        return lambda: self._wakers.remove(wake) if wake in self._wakers else None

    def put(self, rows: Iterable[R]) -> None:
        """Add or replace rows."""
        self.apply(((row.namespace, row.name), row) for row in rows)

    def remove(self, keys: Iterable[Key]) -> None:
        """Remove rows; keys that are not held are passed over."""
        self.apply((key, None) for key in keys)

    def keep_only(self, keys: Container[Key]) -> None:
        """Remove all rows but these."""
        self.remove([key for key in self._rows if key not in keys])

    def apply(self, changes: Iterable[tuple[Key, R | None]]) -> None:
        """Apply changes in order: key and new row, or None where the object is gone."""
        changed = False
        noting = [reader.noting() for reader in self._readers]
        for key, row in changes:
            before = self._rows.get(key)
            if row is None:
                if before is None:
                    continue
                del self._rows[key]
            else:
                self._rows[key] = row
            changed = True
            for note in noting:
                note(key, before)
        if changed:
            self._wake()

    def _wake(self) -> None:
        for wake in tuple(self._wakers):
            wake()
