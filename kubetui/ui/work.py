"""How much a tick works at most: sorting, filtering and counting come in pieces, and keys in between."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Final

WORK: Final = 0.008
"""Seconds of work at a time: what is left follows after a turn of the loop, or in the next tick."""


def is_left(*steps: Callable[[], bool], seconds: float = WORK) -> bool:
    """Take one bounded step after the other, each of ``steps`` until it has nothing left, for ``seconds`` at most.

    Whether more is waiting.
    """
    end = perf_counter() + seconds
    for step in steps:
        while step():
            if perf_counter() > end:
                return True
    return False
