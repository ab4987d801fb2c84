"""What happened to the objects of one resource, as far back as it is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from kubetui.demo.entry import Entry
from kubetui.demo.key_order import Key


@dataclass(slots=True, eq=False)
class Change:
    """One write. ``entry`` is the state after it, for a deletion the last state with the deletion's version."""

    version: int
    key: Key
    entry: Entry
    previous: Entry | None
    deleted: bool
    encoded: bytes = field(default=b"", repr=False)
    """The entry's JSON while many watchers may want it; see ``EncodedChanges``."""


class History:
    """The last changes of one resource, oldest first, at most ``capacity`` of them."""

    def __init__(self, capacity: int, floor: int) -> None:
        self._changes: deque[Change] = deque()
        self._capacity = capacity
        self.floor = floor
        """All changes after this version are kept; what is older is Expired."""

    def append(self, change: Change) -> None:
        """Add the newest change; the oldest may go."""
        self._changes.append(change)
        if len(self._changes) > self._capacity:
            self.floor = self._changes.popleft().version

    def compact(self, version: int) -> None:
        """Forget everything up to ``version``."""
        while self._changes and self._changes[0].version <= version:
            self._changes.popleft()
        self.floor = max(self.floor, version)

    def since(self, version: int) -> list[Change]:
        """Changes after ``version``, oldest first; ``version`` must not be below ``floor``."""
        if not self._changes or self._changes[-1].version <= version:
            return []
        newest_first = list(self._newer(version))
        newest_first.reverse()
        return newest_first

    def _newer(self, version: int) -> Iterator[Change]:
        for change in reversed(self._changes):
            if change.version <= version:
                return
            yield change


class EncodedChanges:
    """Renders a change's JSON once for all watchers; the bytes kept stay below ``limit``."""

    def __init__(self, limit: int = 16 * 1024 * 1024) -> None:
        self._limit = limit
        self._held = 0
        self._changes: deque[Change] = deque()

    def json(self, change: Change) -> bytes:
        """The whole object after the change, as compact JSON."""
        if not change.encoded:
            change.encoded = change.entry.encode()
            self._changes.append(change)
            self._held += len(change.encoded)
            while self._held > self._limit:
                oldest = self._changes.popleft()
                self._held -= len(oldest.encoded)
                if oldest is change:
                    return self._release(oldest)
                self._release(oldest)
        return change.encoded

    @staticmethod
    def _release(change: Change) -> bytes:
        encoded, change.encoded = change.encoded, b""
        return encoded
