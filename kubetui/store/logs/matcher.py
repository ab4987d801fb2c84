"""What a person looks for in log lines, made fast for many thousand lines at once.

``text`` is a substring, ``/text/`` a regular expression, ``!`` in front means lines without it. Case counts only where
a capital letter was typed. Lines are looked at as they are read: without their colours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from kubetui.store.logs.chunk import Chunk, visible

_DENSE: Final = 8
"""Where more than one line in so many matches, looking at every line is quicker than jumping from match to match."""


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
        try:
            self.pattern = re.compile(source, re.IGNORECASE if ignore else re.NOFLAG)
            """Finds the same in decoded text: for highlights. Of a negated one: what lines must not have."""
            self._hits, self._has = _ways(wanted, source, ignore, self.expression)
        except (re.error, OverflowError, RecursionError) as error:
            raise BadPattern(f"/{source}/ is no regular expression: {error}") from error

    @property
    def shown(self) -> str:
        """What to mark in the lines found, as it would be typed; ``""`` where that is what they don't have."""
        return "" if self.negated else self.typed

    def hits(self, chunk: Chunk, start: int = 0, end: int | None = None) -> list[int]:
        """Indexes from ``start`` to before ``end`` of the lines that match, in order; marks never do."""
        stop = len(chunk) if end is None else min(end, len(chunk))
        found = self._hits(chunk, start, stop)
        if self.negated:
            without = set(found)
            found = [index for index in range(start, stop) if index not in without]
        return [index for index in found if index not in chunk.marks] if chunk.marks else found

    def matches(self, text: bytes) -> bool:
        """Whether one line matches."""
        return self._has(visible(text)) is not self.negated


_Hits = Callable[[Chunk, int, int], list[int]]
_Has = Callable[[bytes], bool]

_LITERAL: Final = re.compile(r"(?:[^\\.^$*+?{}\[\]|()]|\\[^\w\s])+")
"""A part of an expression that means just itself."""


def _ways(wanted: str, source: str, ignore: bool, expression: bool) -> tuple[_Hits, _Has]:
    if not source.isascii():
        return _decoded(re.compile(source, re.IGNORECASE if ignore else re.NOFLAG))
    if not expression:
        return _substrings([wanted.encode()], ignore)
    parts = source.split("|")
    if all(_LITERAL.fullmatch(part) for part in parts):
        return _substrings([re.sub(r"\\(.)", r"\1", part).encode() for part in parts], ignore)
    pattern = re.compile(source.encode(), re.IGNORECASE if ignore else re.NOFLAG)
    return _expression(pattern, source)


def _substrings(needles: list[bytes], ignore: bool) -> tuple[_Hits, _Has]:
    if ignore:
        needles = [needle.lower() for needle in needles]

    def hits(chunk: Chunk, start: int, stop: int) -> list[int]:
        text = chunk.visible().lower() if ignore else chunk.visible()
        if len(needles) == 1:
            return _with(needles[0], text, chunk, start, stop)
        return sorted({index for needle in needles for index in _with(needle, text, chunk, start, stop)})

    def has(text: bytes) -> bool:
        text = text.lower() if ignore else text
        return any(needle in text for needle in needles)

    return hits, has


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


def _expression(pattern: re.Pattern[bytes], source: str) -> tuple[_Hits, _Has]:
    search = pattern.search

    def has(text: bytes) -> bool:
        return search(text) is not None

    def every(chunk: Chunk, start: int, stop: int) -> list[int]:
        return [index for index, line in enumerate(chunk.lines()[start:stop], start) if search(line)]

    if _LOOKS_BEYOND.search(source):
        return every, has
    across = re.compile(pattern.pattern, pattern.flags | re.MULTILINE)

    def hits(chunk: Chunk, start: int, stop: int) -> list[int]:
        text = chunk.visible()
        if text is not chunk.text:
            return every(chunk, start, stop)
        most, ends, found = len(chunk) // _DENSE, chunk.ends, []
        match = across.search(text, ends[start - 1] if start else 0, ends[stop - 1])
        while match is not None and (index := bisect_right(ends, match.start())) < stop:
            # Whether the line alone matches decides; the match over many lines only says where to look.
            if search(chunk.line(index)):
                found.append(index)
                if len(found) > most:
                    return every(chunk, start, stop)
            match = across.search(text, ends[index], ends[stop - 1])
        return found

    return hits, has


def _decoded(pattern: re.Pattern[str]) -> tuple[_Hits, _Has]:
    search = pattern.search

    def hits(chunk: Chunk, start: int, stop: int) -> list[int]:
        lines = chunk.visible().decode("utf-8", "replace").split("\n")
        return [index for index, line in enumerate(lines[start:stop], start) if search(line)]

    return hits, lambda text: search(text.decode("utf-8", "replace")) is not None
