"""What a person looks for in log lines, made fast for many thousand lines at once.

``text`` is a substring, ``/text/`` a regular expression, ``!`` in front means lines without it. Case counts only where
a capital letter was typed. Lines are looked at as they are read: without their colours.

An expression that takes too long on a line is not run on it to the end: such a line counts as found, so that a filter
hides nothing that it did not judge. After a few of them the expression gives up, and everything counts as found.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import AnyStr, Final

import regex  # noqa: F401 – loaded with the pane, in a thread, instead of when somebody types the first `*`

from kubetui.expression import Expression, TooSlow, too_slow_words
from kubetui.store.logs.chunk import Chunk, visible

_DENSE: Final = 8
"""Where more than one line in so many matches, looking at every line is quicker than jumping from match to match."""


_SLICE: Final = 0.008
"""Seconds after which lines that are looked at one by one are left for the next time."""
_LINES: Final = 16
"""Lines between looks at the clock."""
_LONG: Final = 4_096
"""Bytes of a line after which the clock is looked at too."""


class BadPattern(ValueError):
    """What was typed is no regular expression; the message says why and where."""


class Matcher:
    """Raises BadPattern for what can't be understood."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.negated = typed.startswith("!") and len(typed) > 1
        """Lines without it are looked for."""
        wanted = typed[1:] if self.negated else typed
        self.expression = len(wanted) > 2 and wanted.startswith("/") and wanted.endswith("/")
        """A regular expression was typed, not plain text."""
        source = wanted[1:-1] if self.expression else re.escape(wanted)
        # A capital in \S, \W or \D is no capital that somebody looks for.
        letters = re.sub(r"\\.", "", source) if self.expression else wanted
        ignore = letters == letters.lower()
        self._source = source
        try:
            self._hits, self._has, self._expression = _ways(
                wanted, source, ignore, expression=self.expression, unsure=not self.negated
            )
        except (re.error, OverflowError, RecursionError) as error:
            raise BadPattern(f"/{source}/ is no regular expression: {error}") from error

    @property
    def trouble(self) -> str:
        """Why everything counts as found; ``""`` while nothing is wrong."""
        gave_up = self._expression is not None and self._expression.gave_up
        return too_slow_words(self._source) if gave_up else ""

    @property
    def shown(self) -> str:
        """What to mark in the lines found, as it would be typed; ``""`` where that is what they don't have."""
        return "" if self.negated else self.typed

    def hits(self, chunk: Chunk, start: int = 0, end: int | None = None) -> tuple[list[int], int]:
        """Indexes of the lines that match, in order, and how far it got: from ``start`` to ``end`` where that does not
        take more than some milliseconds. Marks never match.
        """
        stop = len(chunk) if end is None else min(end, len(chunk))
        found, stop = self._hits(chunk, start, stop)
        if self.negated:
            without = set(found)
            found = [index for index in range(start, stop) if index not in without]
        return [index for index in found if index not in chunk.marks] if chunk.marks else found, stop

    def matches(self, text: bytes) -> bool:
        """Whether one line surely matches."""
        try:
            return self._has(visible(text)) is not self.negated
        except TooSlow:
            return False


_Hits = Callable[[Chunk, int, int], tuple[list[int], int]]
_Has = Callable[[bytes], bool]
_Ways = tuple[_Hits, _Has, Expression[bytes] | Expression[str] | None]

_LITERAL: Final = re.compile(r"(?:[^\\.^$*+?{}\[\]|()]|\\[^\w\s])+")
"""A part of an expression that means just itself."""


def _ways(wanted: str, source: str, ignore: bool, *, expression: bool, unsure: bool) -> _Ways:
    """``unsure``: what is said of a line that takes too long."""
    if not source.isascii():
        return _decoded(Expression(source, ignore_case=ignore), unsure)
    if not expression:
        return _substrings([wanted.encode()], ignore)
    parts = source.split("|")
    if all(_LITERAL.fullmatch(part) for part in parts):
        return _substrings([re.sub(r"\\(.)", r"\1", part).encode() for part in parts], ignore)
    return _bytes(source, ignore, unsure)


def _substrings(needles: list[bytes], ignore: bool) -> _Ways:
    if ignore:
        needles = [needle.lower() for needle in needles]

    def hits(chunk: Chunk, start: int, stop: int) -> tuple[list[int], int]:
        text = chunk.visible().lower() if ignore else chunk.visible()
        if len(needles) == 1:
            return _with(needles[0], text, chunk, start, stop), stop
        return sorted({index for needle in needles for index in _with(needle, text, chunk, start, stop)}), stop

    def has(text: bytes) -> bool:
        text = text.lower() if ignore else text
        return any(needle in text for needle in needles)

    return hits, has, None


def _with(needle: bytes, text: bytes, chunk: Chunk, start: int, stop: int) -> list[int]:
    """The lines with ``needle``; ``text`` is the chunk's, perhaps in small letters."""
    count = text.count(needle)
    if not count:
        return []
    if count * _DENSE < len(chunk) and len(text) == len(chunk.text):  # the same offsets: no colours taken out
        return _jump(lambda position: text.find(needle, position), chunk, start, stop)
    return [index for index, line in enumerate(text.split(b"\n")[start:stop], start) if needle in line]


def _jump(find: Callable[[int], int], chunk: Chunk, start: int, stop: int) -> list[int]:
    """Lines by jumping from match to match; ``find`` gives a position or -1."""
    ends, found = chunk.ends, []
    position = find(ends[start - 1] if start else 0)
    while position >= 0 and (index := bisect_right(ends, position)) < stop:
        found.append(index)
        position = find(ends[index])
    return found


_LOOKS_BEYOND: Final = re.compile(r"\(\?|\\[AZBSWDs0-9]|\[\^|[*+?}]\+|\\n")
"""What may find another thing, or take very long, in the middle of many lines instead of in a line alone."""


def _bytes(source: str, ignore: bool, unsure: bool) -> _Ways:
    line = Expression(source.encode(), ignore_case=ignore)

    def has(text: bytes) -> bool:
        return line.search(text) is not None

    def every(chunk: Chunk, start: int, stop: int) -> tuple[list[int], int]:
        return _one_by_one(line, chunk.lines()[start:stop], start, unsure)

    if _LOOKS_BEYOND.search(source):
        return every, has, line
    across = Expression(source.encode(), ignore_case=ignore, multiline=True)

    def hits(chunk: Chunk, start: int, stop: int) -> tuple[list[int], int]:
        if chunk.visible() is not chunk.text or line.gave_up:
            return every(chunk, start, stop)
        found = _jump_across(line, across, chunk, start, stop, unsure)
        return every(chunk, start, stop) if found is None else found

    return hits, has, line


def _jump_across(
    line: Expression[bytes], across: Expression[bytes], chunk: Chunk, start: int, stop: int, unsure: bool
) -> tuple[list[int], int] | None:
    """Lines by jumping from match to match; None where looking at every line is quicker."""
    text, ends, most, found = chunk.text, chunk.ends, len(chunk) // _DENSE, list[int]()
    until, position = perf_counter() + _SLICE, ends[start - 1] if start else 0
    while True:
        try:
            match = across.search(text, position, ends[stop - 1])
        except TooSlow:
            return None
        if match is None or (index := bisect_right(ends, match.start())) >= stop:
            return found, stop
        # Whether the line alone matches decides; the match over many lines only says where to look.
        if line.matches(chunk.line(index), unsure=unsure):
            found.append(index)
            if len(found) > most:
                return None
        if perf_counter() > until:
            return found, index + 1
        position = ends[index]


def _decoded(expression: Expression[str], unsure: bool) -> _Ways:
    def hits(chunk: Chunk, start: int, stop: int) -> tuple[list[int], int]:
        lines = chunk.visible().decode("utf-8", "replace").split("\n")
        return _one_by_one(expression, lines[start:stop], start, unsure)

    return hits, lambda text: expression.search(text.decode("utf-8", "replace")) is not None, expression


def _one_by_one(
    expression: Expression[AnyStr], lines: Sequence[AnyStr], start: int, unsure: bool
) -> tuple[list[int], int]:
    """The matching ones of ``lines``, which count from ``start``, and how far it got in a slice's time."""
    found, until, matches = list[int](), perf_counter() + _SLICE, expression.matches
    for index, line in enumerate(lines, start):
        if matches(line, unsure=unsure):
            found.append(index)
        if (not index % _LINES or len(line) > _LONG) and perf_counter() > until:
            return found, index + 1
    return found, start + len(lines)
