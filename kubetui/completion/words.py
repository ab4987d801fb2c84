"""A command line up to the cursor as words, the way a shell splits it, however unfinished it is."""

from __future__ import annotations

from typing import NamedTuple


class Typed(NamedTuple):
    """The words before the one under the cursor, and that one up to the cursor, quotes removed."""

    words: tuple[str, ...]
    current: str
    quote: str = ""
    """The quote that is open at the cursor."""


def split(line: str) -> Typed:
    """Split ``line`` as bash does; an open quote and a backslash at the end are no mistake."""
    words: list[str] = []
    current: list[str] = []
    begun, quote, escaped = False, "", False
    for character in line:
        if escaped:
            current.append(character)
            escaped = False
        elif quote:
            if character == quote:
                quote = ""
            elif character == "\\" and quote == '"':
                escaped = True
            else:
                current.append(character)
        elif character == "\\":
            begun = escaped = True
        elif character in "'\"":
            begun, quote = True, character
        elif character.isspace():
            if begun:
                words.append("".join(current))
            current, begun = [], False
        else:
            current.append(character)
            begun = True
    return Typed(tuple(words), "".join(current), quote)
