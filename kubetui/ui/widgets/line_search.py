"""Search in lines of text: what a person typed becomes an expression, and lines are looked through in slices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Final

from kubetui.expression import Expression

_SLICE: Final = 0.008
"""Seconds of looking between which others get their turn."""


class BadPattern(ValueError):
    """What was typed is no regular expression; the message says why and where."""


def compile_search(typed: str) -> Expression[str]:
    """``text`` as a substring, ``/text/`` as a regular expression; case counts only if a capital letter was typed.

    Raises BadPattern.
    """
    is_expression = len(typed) > 2 and typed.startswith("/") and typed.endswith("/")
    pattern = typed[1:-1] if is_expression else re.escape(typed)
    # A capital in \S, \W or \D is no capital that somebody looks for.
    letters = re.sub(r"\\.", "", pattern) if is_expression else typed
    try:
        return Expression(pattern, ignore_case=letters == letters.lower())
    except (re.error, OverflowError, RecursionError) as error:
        raise BadPattern(f"/{pattern}/ is no regular expression: {error}") from error


def find_line(
    expression: Expression[str], text: Callable[[int], str], order: Iterator[int], slice_size: int = 1_000
) -> Iterator[int | None]:
    """Look through lines in ``order``: yields None after each slice, then the first line that matches, and ends.

    The caller lets others run between slices: so many lines, fewer where looking takes long.
    """
    until = perf_counter() + _SLICE
    for looked, index in enumerate(order, 1):
        if expression.matches(text(index)):
            yield index
            return
        if looked % slice_size == 0 or (looked % 16 == 0 and perf_counter() > until):
            yield None
            until = perf_counter() + _SLICE


def search_order(start: int, count: int, forward: bool) -> Iterator[int]:
    """All line numbers once: from ``start`` to the end and on from the beginning, or the other way round."""
    if not count:
        return
    step = 1 if forward else -1
    for distance in range(count):
        yield (start + step * distance) % count
