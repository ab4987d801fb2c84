"""Objects so large that turning them into text takes longer than the screen may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

T = TypeVar("T")

LARGE: Final = 1_000
"""Values from which on an object is large: some 20 ms of work. Definitions of custom resources have 20,000."""


def is_large(found: Any) -> bool:
    """Whether an object holds more than ``LARGE`` values; looks at no more of them than that."""
    values, seen = [found], 0
    while values:
        value = values.pop()
        below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        seen += len(below)
        if seen > LARGE:
            return True
        values.extend(below)
    return False


async def made_from(found: Any, make: Callable[[], T]) -> T:
    """What ``make`` makes from an object, at once or, from a large one, off the loop.

    The one reason for a thread: libyaml and a thousand lines of text can't be interrupted, and keys must not wait for
    them; a thread hands the interpreter over every half millisecond. ``make`` must only read.
    """
    return await asyncio.to_thread(make) if is_large(found) else make()
