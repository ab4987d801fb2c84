"""Searching configurations: ``maxPods=30`` or ``maxPods 30``, ``maxPods!=110``, ``evictionHard`` (a key or value that
contains it), ``/regex/``, ``!`` in front for not; ``pool=general`` and ``node=…`` too. Several terms must all hold."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from kubetui.expression import Expression
from kubetui.insight.kubelet.drift import Configured
from kubetui.insight.kubelet.fields import FIELDS
from kubetui.insight.kubelet.flat import shown

Keeps = Callable[[Configured], bool]
_TERM: Final = re.compile(r"!?/(?:[^/\\]|\\.)*/|\S+")
_PAIR: Final = re.compile(r"(?P<key>[\w./-]+?)(?P<sign>!=|==|=)(?P<value>.*)")


_SIGNS: Final = frozenset("!/=")
_NAMES: Final = frozenset(field.path.lower() for field in FIELDS)


class SearchError(ValueError):
    """The search can't be understood; the text says why."""


def parse_search(text: str) -> Keeps | None:
    """What ``text`` keeps; None where it is empty. Raises SearchError."""
    tests = [*_tests(_TERM.findall(text))]
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda one: all(test(one) for test in tests)


def _tests(terms: list[str]) -> Iterator[Keeps]:
    """One for each term; a field's name and a plain term behind it are one, as people ask: ``maxPods 30``."""
    left = deque(terms)
    while left:
        term = left.popleft()
        if left and _names_field(term) and not _names_field(left[0]) and not _SIGNS & set(left[0]):
            yield _valued(term.lower(), left.popleft().lower())
        else:
            yield _term(term)


def _names_field(term: str) -> bool:
    return term.lower() in _NAMES


def _valued(key: str, value: str) -> Keeps:
    def at(path: str) -> bool:
        return _same_key(path, key) or path.lower().startswith(f"{key}.")

    return lambda one: any(at(path) and shown(text).lower() == value for path, text in one.flat.items())


def _term(term: str) -> Keeps:
    if term.startswith("!") and len(term) > 1:
        inner = _term(term[1:])
        return lambda one: not inner(one)
    pair = None if term.startswith("/") else _PAIR.fullmatch(term)
    if pair is not None:
        return _pair(pair["key"], pair["sign"], pair["value"])
    matches = _matcher(term)
    return lambda one: (
        matches(one.node)
        or matches(one.pool)
        or any(matches(path) or matches(shown(value)) for path, value in one.flat.items())
    )


def _pair(key: str, sign: str, value: str) -> Keeps:
    wanted = value.lower()

    def holds(one: Configured) -> bool:
        if key in ("pool", "agentpool", "node"):
            return (one.node if key == "node" else one.pool).lower() == wanted
        return any(_same_key(path, key) and shown(text).lower() == wanted for path, text in one.flat.items())

    return (lambda one: not holds(one)) if sign == "!=" else holds


def _same_key(path: str, key: str) -> bool:
    """``maxPods``, ``evictionHard.memory.available``, or its end: ``memory.available``."""
    one, other = path.lower(), key.lower()
    return one == other or one.endswith(f".{other}")


def _matcher(text: str) -> Callable[[str], bool]:
    if text.startswith("/"):
        expression = text[1:-1] if len(text) > 1 and text.endswith("/") else text[1:]
        try:
            pattern = Expression(expression, ignore_case=text == text.lower())
        except (re.error, OverflowError, RecursionError) as error:
            raise SearchError(f"{text}: {error}") from None
        return lambda value: pattern.matches(value, unsure=True)  # nothing is hidden that was not judged
    if text != text.lower():
        return lambda value: text in value
    return lambda value: text in value.lower()
