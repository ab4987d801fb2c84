"""Waiting for a version that a client has seen elsewhere."""

from __future__ import annotations

from kubetui.demo.clock import Clock
from kubetui.demo.status import too_large_version
from kubetui.demo.storage import Storage

_PATIENCE = 3.0
"""Seconds that the watch cache waits for a version it has not reached."""
_STEP = 0.1
_RETRY_AFTER = 1


async def until_version(storage: Storage, pace: Clock, version: int, *, cached: bool) -> None:
    """Return once the storage is at ``version``; ``ApiError`` 504 after three seconds, at once without a cache."""
    deadline = pace.now() + _PATIENCE
    while storage.version < version:
        if not cached or pace.now() >= deadline:
            raise too_large_version(version, storage.version, _RETRY_AFTER if cached else 0)
        await pace.sleep(_STEP)
