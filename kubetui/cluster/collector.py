"""The garbage collector, off while thousands of objects come in and blind to them afterwards.

Rows hold no cycles; a full collection over 33,000 of them would only stop the screen (measured: a page of 500 took
100 ms where the collector ran).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_pausing = 0


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection inside; on leaving the outermost, what lives is frozen. Nests, also across tasks."""
    global _pausing
    _pausing += 1
    gc.disable()
    try:
        yield
    finally:
        _pausing -= 1
        if not _pausing:
            gc.freeze()
            gc.enable()
