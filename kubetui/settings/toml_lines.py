"""On which line of a TOML file a key stands. ``tomllib`` reads values and forgets where they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kubetui.settings.settings import KeyPath

_PART: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_ESCAPE: Final = re.compile(r'\\(["\\])')


def key_lines(text: str) -> dict[KeyPath, int]:
    """Every key and table header to its line, 1 the first. Keys of inline tables stand where these begin."""
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in _statements(text):
        stripped = line.lstrip()
        if stripped.startswith("["):
            parsed = _path(stripped.lstrip("["))
            if parsed is not None:
                table = parsed[0]
                found.setdefault(table, number)
            continue
        parsed = _path(stripped)
        if parsed is not None and parsed[1].startswith("="):
            found.setdefault(table + parsed[0], number)
    return found


def _path(text: str) -> tuple[KeyPath, str] | None:
    """(the dotted key that ``text`` begins with, what follows it); None where it begins with none."""
    parts: list[str] = []
    at = 0
    while (match := _PART.match(text, at)) is not None:
        basic, literal, bare = match.groups()
        parts.append(_ESCAPE.sub(r"\1", basic) if basic is not None else literal if literal is not None else bare)
        at = match.end()
        if not text.startswith(".", at):
            return tuple(parts), text[at:]
        at += 1
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """(number, line) of the lines that begin a statement: those inside of a value that goes on are passed over."""
    open_string, depth = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if not open_string and depth == 0:
            yield number, line
            header = line.lstrip().startswith("[")
            if header:
                continue
        open_string, depth = _scan(line, open_string, depth)


_SIGN: Final = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|[\[\]{}#]')


def _scan(line: str, open_string: str, depth: int) -> tuple[str, int]:
    """(the quotes of a string that goes on, brackets that are open) after ``line``."""
    at = 0
    while at < len(line):
        if open_string:
            end = line.find(open_string, at)
            if end < 0:
                return open_string, depth
            at, open_string = end + 3, ""
            continue
        match = _SIGN.search(line, at)
        if match is None:
            break
        sign, at = match.group(), match.end()
        if sign in ('"""', "'''"):
            open_string = sign
        elif sign == "#":
            break
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth = max(0, depth - 1)
    return open_string, depth
