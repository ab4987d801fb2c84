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

    def hits(self, chunk: Chunk) -> list[int]:
        """Indexes of the lines that match, in order; marks never do."""
        found = self._hits(chunk)
        if self.negated:
            without = set(found)
            found = [index for index in range(len(chunk)) if index not in without]
        return [index for index in found if index not in chunk.marks] if chunk.marks else found

    def matches(self, text: bytes) -> bool:
        """Whether one line matches."""
        return self._has(visible(text)) is not self.negated


_Hits = Callable[[Chunk], list[int]]
_Has = Callable[[bytes], bool]


def _ways(wanted: str, source: str, ignore: bool, expression: bool) -> tuple[_Hits, _Has]:
    if not source.isascii():
        return _decoded(re.compile(source, re.IGNORECASE if ignore else re.NOFLAG))
    if not expression:
        return _substring(wanted.encode(), ignore)
    pattern = re.compile(source.encode(), re.IGNORECASE if ignore else re.NOFLAG)
    return _expression(pattern, source)


def _substring(needle: bytes, ignore: bool) -> tuple[_Hits, _Has]:
    def hits(chunk: Chunk) -> list[int]:
        text = chunk.visible().lower() if ignore else chunk.visible()
        count = text.count(needle)
        if not count:
            return []
        if count * _DENSE < len(chunk) and len(text) == len(chunk.text):  # the same offsets: no colours taken out
            return _jump(lambda start: text.find(needle, start), chunk)
        return [index for index, line in enumerate(text.split(b"\n")[:-1]) if needle in line]

    if ignore:
        return hits, lambda text: needle in text.lower()
    return hits, lambda text: needle in text


def _jump(find: Callable[[int], int], chunk: Chunk) -> list[int]:
    """Lines by jumping from match to match; ``find`` gives a position or -1."""
    ends, found = chunk.ends, []
    position = find(0)
    while position >= 0:
        index = bisect_right(ends, position)
        found.append(index)
        if index + 1 == len(ends):
            break
        position = find(ends[index])
    return found


_LOOKS_BEYOND: Final = re.compile(r"\(\?|\\[AZBSWDs]|\[\^|[*+?}]\+")
"""What may find another thing, or take very long, in the middle of many lines instead of in a line alone."""


def _expression(pattern: re.Pattern[bytes], source: str) -> tuple[_Hits, _Has]:
    search = pattern.search

    def has(text: bytes) -> bool:
        return search(text) is not None

    def every(chunk: Chunk) -> list[int]:
        return [index for index, line in enumerate(chunk.lines()) if search(line)]

    if _LOOKS_BEYOND.search(source):
        return every, has
    across = re.compile(pattern.pattern, pattern.flags | re.MULTILINE)

    def hits(chunk: Chunk) -> list[int]:
        text = chunk.visible()
        if text is not chunk.text:
            return every(chunk)
        most, ends, found = len(chunk) // _DENSE, chunk.ends, []
        match = across.search(text)
        while match is not None:
            # Whether the line alone matches decides; the match over many lines only says where to look.
            index = min(bisect_right(ends, match.start()), len(ends) - 1)
            if search(chunk.line(index)):
                found.append(index)
                if len(found) > most:
                    return every(chunk)
            if index + 1 == len(ends):
                break
            match = across.search(text, ends[index])
        return found

    return hits, has


def _decoded(pattern: re.Pattern[str]) -> tuple[_Hits, _Has]:
    search = pattern.search

    def hits(chunk: Chunk) -> list[int]:
        lines = chunk.visible().decode("utf-8", "replace").split("\n")
        return [index for index, line in enumerate(lines[:-1]) if search(line)]

    return hits, lambda text: search(text.decode("utf-8", "replace")) is not None
