"""A watch's queue inside the server: bounded, and closed on one who does not read."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from kubetui.demo.history import Change

WATCHER_CAPACITY = 10_000
"""Changes that may wait for one watcher. The API server's channels hold 10 to 1,000."""


class Watcher:
    """Takes the changes of one resource after a version, of one namespace or all, until closed."""

    def __init__(
        self, namespace: str, after: int, backlog: list[Change], forget: Callable[[Watcher], None], capacity: int
    ) -> None:
        self._namespace = namespace
        self._after = after
        self._capacity = capacity
        self._queue: deque[Change] = deque(change for change in backlog if self._concerns(change))
        self._forget = forget
        self._awake = asyncio.Event()
        self.closed = False
        """True when nothing more will come: the watcher was too slow, or the server stops."""

    def _concerns(self, change: Change) -> bool:
        return change.version > self._after and (not self._namespace or change.key[0] == self._namespace)

    def offer(self, change: Change) -> None:
        """Called for each change; never waits. One who lags by the whole queue is closed, as upstream does."""
        if not self._concerns(change):
            return
        if len(self._queue) >= self._capacity:
            self.close()
            return
        self._queue.append(change)
        self._awake.set()

    def take(self, most: int) -> list[Change]:
        """What waits, oldest first; after ``close`` nothing."""
        if len(self._queue) <= most:
            batch = list(self._queue)
            self._queue.clear()
            return batch
        return [self._queue.popleft() for _ in range(most)]

    async def wait(self) -> None:
        """Until there is something to look at: a change, ``wake`` or ``close``."""
        await self._awake.wait()
        self._awake.clear()

    def wake(self) -> None:
        """Let ``wait`` return; for deadlines."""
        self._awake.set()

    def close(self) -> None:
        """End the watch: what still waits is dropped, the client resumes from the last version it saw."""
        if not self.closed:
            self.closed = True
            self._queue.clear()
            self._forget(self)
        self._awake.set()
