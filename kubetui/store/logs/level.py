"""How bad a line is, by its own words: klog, JSON, logfmt, ``[ERROR]``, and level words near the start. Pure."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from kubetui.store.logs.chunk import Chunk, visible


class Level(IntEnum):
    """From unknown to fatal."""

    UNKNOWN = 0
    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4
    FATAL = 5


_WORDS: Final = {
    b"trace": Level.DEBUG,
    b"debug": Level.DEBUG,
    b"dbg": Level.DEBUG,
    b"dbug": Level.DEBUG,
    b"trce": Level.DEBUG,
    b"verbose": Level.DEBUG,
    b"info": Level.INFO,
    b"information": Level.INFO,
    b"notice": Level.INFO,
    b"warn": Level.WARNING,
    b"warning": Level.WARNING,
    b"error": Level.ERROR,
    b"err": Level.ERROR,
    b"fail": Level.ERROR,
    b"severe": Level.ERROR,
    b"dpanic": Level.ERROR,
    b"fatal": Level.FATAL,
    b"critical": Level.FATAL,
    b"crit": Level.FATAL,
    b"panic": Level.FATAL,
    b"alert": Level.FATAL,
    b"emerg": Level.FATAL,
    b"emergency": Level.FATAL,
}
_KLOG: Final = {b"I": Level.INFO, b"W": Level.WARNING, b"E": Level.ERROR, b"F": Level.FATAL}
_LETTERS: Final = {
    b"T": Level.DEBUG,
    b"D": Level.DEBUG,
    b"I": Level.INFO,
    b"W": Level.WARNING,
    b"E": Level.ERROR,
    b"F": Level.FATAL,
    b"C": Level.FATAL,
}
_HEAD: Final = 96
"""Bytes from the start in which a bare level word counts."""
_FIELD_HEAD: Final = 2048
"""Bytes from the start in which a field of JSON or logfmt is looked for."""

_KLOG_LINE: Final = re.compile(rb"([IWEF])[01]\d[0-3]\d [0-2]\d:[0-5]\d:")
_JSON: Final = re.compile(
    rb'"(?:level|lvl|severity|levelname|log\.level|loglevel|@l)"\s*:\s*(?:"(\w+)"|(\d\d)\b)', re.IGNORECASE
)
_LOGFMT: Final = re.compile(rb'(?:^|[\s{,])(?:level|lvl|severity)=["\']?(\w+)', re.IGNORECASE)
_FIRST: Final = re.compile(rb"(\w+)(?:\[\d+\])?[:\s]")
_AROUND: Final = b"[](){}<>:,;|*'\"-"
"""What may stand around a level word."""
_MOST_WORDS: Final = 12


def level_of(text: bytes) -> Level:
    """The level that the line states; UNKNOWN where it states none."""
    text = visible(text[:_FIELD_HEAD]).lstrip()
    first = text[:1]
    if first in b"IWEF" and (found := _KLOG_LINE.match(text)):
        return _KLOG[found[1]]
    if first == b"{" and (found := _JSON.search(text)):
        return _json_level(found)
    # Looked for as plain bytes first: most lines have none.
    if (b"evel=" in text or b"lvl=" in text or b"everity=" in text) and (found := _LOGFMT.search(text)):
        return _word(found[1])
    head = text[:_HEAD]
    if (found := _FIRST.match(head)) and (level := _WORDS.get(found[1].lower())):
        return level
    for word in head.split(None, _MOST_WORDS):
        bare = word.strip(_AROUND)
        if bare and (bare.isupper() or word.startswith(b"[")) and (level := _WORDS.get(bare.lower())):
            return level
    return Level.UNKNOWN


def _json_level(found: re.Match[bytes]) -> Level:
    if found[2]:
        # pino and bunyan count 10 (trace) to 60 (fatal)
        steps = {1: Level.DEBUG, 2: Level.DEBUG, 3: Level.INFO, 4: Level.WARNING, 5: Level.ERROR, 6: Level.FATAL}
        return steps.get(int(found[2]) // 10, Level.UNKNOWN)
    return _word(found[1])


def _word(word: bytes) -> Level:
    return _WORDS.get(word.lower()) or _LETTERS.get(word) or Level.UNKNOWN


def levels_of(chunk: Chunk) -> bytes:
    """One byte a line, kept with the chunk. A line that is set in and states none belongs to the one before it of
    the same source, as stack traces do.
    """
    if chunk.levels is None:
        last: dict[int, int] = {}
        levels = bytearray()
        for line, source in zip(chunk.lines(), chunk.sources, strict=True):
            level: int = level_of(line)
            if not level and line[:1] in (b" ", b"\t"):
                level = last.get(source, 0)
            last[source] = level
            levels.append(level)
        chunk.levels = bytes(levels)
    return chunk.levels
