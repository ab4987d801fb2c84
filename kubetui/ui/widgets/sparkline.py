"""A line of blocks from numbers, one cell each."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII_LEVELS = "_.-=+*#@"
GAP = " "
"""Stands where a value is not known."""


def sparkline(
    values: Sequence[float | None],
    width: int,
    *,
    low: float | None = None,
    high: float | None = None,
    unicode: bool = True,
) -> str:
    """The last ``width`` values, right-aligned, the newest last; None and what is no number are gaps.

    ``low`` and ``high`` are the values of the lowest and the highest block: those shown where not given. Values
    outside are drawn at the edge.
    """
    shown = [value if value is not None and isfinite(value) else None for value in values[-width:]] if width > 0 else []
    known = [value for value in shown if value is not None]
    if not known:
        return GAP * max(0, width)
    bottom = min(known) if low is None else low
    top = max(known) if high is None else high
    levels = BLOCKS if unicode else ASCII_LEVELS
    text = "".join(GAP if value is None else levels[_level(value, bottom, top, len(levels))] for value in shown)
    return text.rjust(width, GAP)


def _level(value: float, low: float, high: float, levels: int) -> int:
    if high <= low:
        return 0 if value <= low else levels - 1
    # Halves first: the difference of two huge numbers may be more than a float can hold.
    share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return max(0, min(levels - 1, int(share * levels)))
