"""Looking for a text through all lines that are shown, in slices, forwards and backwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kubetui.store.logs.matcher import Matcher
from kubetui.store.logs.view import LogView, find


class LogSearch:
    """One search at a time; ``close`` ends it."""

    def __init__(self, found: Callable[[int | None], None]) -> None:
        """``found`` is told the position of a match, or None where there is none at all."""
        self._found = found
        self._task: asyncio.Task[None] | None = None
        self.matcher: Matcher | None = None
        """What is looked for."""

    def set(self, typed: str) -> None:
        """Look for this from now on; ``""`` for nothing. Raises BadPattern; what was looked for before stays then."""
        self.matcher = Matcher(typed) if typed else None
        if self.matcher is None:
            self.close()

    def go(self, view: LogView, start: int, forward: bool) -> None:
        """Look from position ``start`` on."""
        self.close()
        if self.matcher is not None and len(view):
            self._task = asyncio.create_task(
                self._look(self.matcher, view, start % len(view), forward), name="search logs"
            )

    def close(self) -> None:
        """Look no longer."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _look(self, matcher: Matcher, view: LogView, start: int, forward: bool) -> None:
        for position in find(view, matcher, start, forward):
            if position is not None:
                self._found(position)
                return
            await asyncio.sleep(0)
        self._found(None)
