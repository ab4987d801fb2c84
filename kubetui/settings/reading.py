"""From the file's text to settings: what can be used is used, what can't is named with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from kubetui.settings.fields import FIELDS, Field
from kubetui.settings.settings import ContextSettings, KeyPath, LogSettings, PaneSettings, Problem, Read, Settings
from kubetui.settings.toml_lines import key_lines

_POSITION: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_SHORT: Final = 4
"""Letters up to which a name must begin alike too to be near: three of four are in open as in nope."""
_TABLES: Final = frozenset(part.table for part in FIELDS if part.table)


def nearest(name: str, known: Iterable[str]) -> str:
    """``; meant perhaps: theme``, or ``""`` where nothing is like it."""
    names = [one for one in known if len(name) > _SHORT or one[:1].lower() == name[:1].lower()]
    close = get_close_matches(name.lower(), [one.lower() for one in names], n=1, cutoff=0.6)
    return next((f"; meant perhaps: {one}" for one in names if close and one.lower() == close[0]), "")


def parse(text: str, file: str) -> Read:
    """Read the file's text. Never raises: a file that is no TOML at all gives the defaults and one problem."""
    import tomllib  # only where there is a file: it costs 10 ms that the first frame need not wait for

    read = Read(file=file)
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        position = _POSITION.search(str(error))
        line = int(position[1]) if position and position[1] else text.count("\n") + 1 if position else 0
        what = _POSITION.sub("", str(error)) or "it can't be read"
        what += f" at column {position[2]}" if position and position[2] else " at the end" if position else ""
        read.problems.append(Problem(file, line, f"no TOML: {what}; nothing of the file is used"))
        return read
    read.lines = key_lines(text)
    values = dict(_values(found, (), "", read))
    read.settings = _settings(values)
    return read


def _values(found: Mapping[str, Any], path: KeyPath, pattern: str, read: Read) -> Iterable[tuple[KeyPath, Any]]:
    """The usable values under one table, each with its path."""
    fields = {part.key: part for part in FIELDS if part.table == pattern}
    inner = {name[len(pattern) :].lstrip(".").split(".")[0] for name in _TABLES if _within(name, pattern)}
    for key, value in found.items():
        here = (*path, key)
        name = key if key in fields or key in inner else "*"
        if name in fields:
            taken = _checked(fields[name], value, here, read)
            if taken is not None:
                yield here, taken
        elif name not in inner:
            known = sorted({*fields, *inner} - {"*"})
            read.wrong(here, f"unknown key {_dotted(here)}{nearest(key, known)}")
        elif isinstance(value, dict):
            yield from _values(value, here, f"{pattern}.{name}".lstrip("."), read)
        else:
            read.wrong(here, f"{_dotted(here)} is a table: write [{_dotted(here)}] and its keys beneath it")


def _within(table: str, pattern: str) -> bool:
    return table != pattern and (not pattern or table.startswith(f"{pattern}."))


def _dotted(path: KeyPath) -> str:
    """A path as it is written: names that need quotes have them."""
    return ".".join(part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"' for part in path)


def _checked(part: Field, value: Any, path: KeyPath, read: Read) -> Any:
    """The value in the form that ``Settings`` holds; None where it can't be used, which is named."""
    taken = _TAKERS[part.shape](value)
    if taken is None:
        read.wrong(path, f"{_dotted(path)} is {_word(value)}, and {_WANTED[part.shape]} is wanted: {_line(part)}")
        return None
    if part.choices and taken not in part.choices:
        read.wrong(path, f"{_dotted(path)} knows no {taken!r}{nearest(taken, part.choices)}; "
                         f"known: {', '.join(part.choices)}")  # fmt: skip
        return None
    if part.highest:
        for number in taken.values() if isinstance(taken, dict) else (taken,):
            if not part.lowest <= number <= part.highest:
                read.wrong(path, f"{_dotted(path)} is from {part.lowest} to {part.highest}, not {number}")
                return None
    return taken


def _line(part: Field) -> str:
    return part.example.rpartition("\n")[2]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _texts(value: Any) -> tuple[str, ...] | None:
    whole = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return tuple(value) if whole else None


def _text_or_texts(value: Any) -> tuple[str, ...] | None:
    return (value,) if isinstance(value, str) else _texts(value)


def _numbers(value: Any) -> dict[str, int] | None:
    whole = isinstance(value, dict) and all(_number(one) is not None for one in value.values())
    return dict(value) if whole else None


_TAKERS: Final[dict[str, Any]] = {
    "text": _text,
    "flag": _flag,
    "number": _number,
    "texts": _texts,
    "text or texts": _text_or_texts,
    "numbers by name": _numbers,
}
_WANTED: Final = {
    "text": "a text in quotes",
    "flag": "true or false",
    "number": "a whole number",
    "texts": "a list of texts",
    "text or texts": "a text or a list of texts",
    "numbers by name": "names with whole numbers",
}


def _word(value: Any) -> str:
    """What a value is, as TOML calls it."""
    words: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (str, "a text"),
        (int, "a number"),
        (float, "a number with a fraction"),
        (list, "a list"),
        (dict, "a table"),
    )
    return next((word for kind, word in words if isinstance(value, kind)), "a date or a time")


def _settings(values: Mapping[KeyPath, Any]) -> Settings:
    plain = {path[0]: value for path, value in values.items() if len(path) == 1}
    contexts = _tables(values, "contexts")
    panes = _tables(values, "panes")
    return Settings(
        **plain,
        logs=LogSettings(**{path[1]: value for path, value in values.items() if path[0] == "logs"}),
        contexts={name: ContextSettings(**table) for name, table in contexts.items()},
        keys={path[1]: value for path, value in values.items() if path[0] == "keys"},
        panes={name: PaneSettings(**table) for name, table in panes.items()},
    )


def _tables(values: Mapping[KeyPath, Any], head: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        if len(path) == 3 and path[0] == head:
            found.setdefault(path[1], {})[path[2]] = value
    return found
