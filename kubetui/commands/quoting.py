"""Words as a shell reads them back: ``bash``, ``zsh``, ``fish`` and any POSIX ``sh`` for what is printable."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from unicodedata import east_asian_width

_NAMED: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", "'": "\\'"}


def quote(word: str) -> str:
    """One word, quoted where a shell would read it otherwise.

    Characters that are not printable become ``$'\\x1b'``, which bash, zsh and POSIX.1-2024 shells know, so that what
    is shown is what is copied. A NUL, which no argument can hold, is left out.
    """
    word = word.replace("\0", "")
    return shlex.quote(word) if word.isprintable() else f"$'{''.join(map(_escaped, word))}'"


def _escaped(character: str) -> str:
    named = _NAMED.get(character)
    if named is not None:
        return named
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "replace"))


def command_line(words: Iterable[str]) -> str:
    """The words as one line to paste."""
    return " ".join(map(quote, words))


def wrapped(words: Sequence[str], width: int) -> list[str]:
    """The command in lines of at most ``width`` cells, which a shell reads as the one command.

    Each line but the last ends in a backslash in its last cell: a terminal that copies the blanks at the end of a
    line then copies none behind it.
    """
    room = max(8, width) - 1
    lines: list[str] = []
    current = ""
    for text, begins in _pieces(words, room):
        if not begins:
            lines.append(current + "\\")
            current = text
        elif not current:
            current = text
        elif _cells(current) + 1 + _cells(text) < room:
            current += " " + text
        else:
            lines.append(current + " " * max(1, room - _cells(current)) + "\\")
            current = text
    return [*lines, current] if current else lines


def _pieces(words: Iterable[str], room: int) -> Iterator[tuple[str, bool]]:
    """(quoted text, whether a word begins with it): a word that is too long comes in several pieces."""
    for word in words:
        text = quote(word)
        if _cells(text) < room:
            yield text, True
        else:
            yield from ((quote(part), at == 0) for at, part in enumerate(_parts(word, room)))


def _parts(word: str, room: int) -> Iterator[str]:
    part = ""
    for character in word:
        if part and _cells(quote(part + character)) >= room:
            yield part
            part = ""
        part += character
    if part:
        yield part


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
