"""Label and field selectors as the API server parses them, with its words for the bad ones.

Source: ``labels.Parse`` and ``fields.ParseSelector`` of k8s.io/apimachinery 0.36.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from kubetui.demo.status import bad_request

_TOKEN = re.compile(r"\s*(,|\(|\)|!=|==|=|!|>|<|[^\s,()!=<>]+)")
_SYMBOLS = frozenset({",", "(", ")", "!", "=", "==", "!=", ">", "<"})
_NO_REQUIREMENT = (_SYMBOLS - {"!"}) | {""}
_OPERATORS = {
    "=": "=",
    "==": "=",
    "!=": "!=",
    "in": "in",
    "notin": "notin",
    ">": ">",
    "gt": ">",
    "<": "<",
    "lt": "<",
}
_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_NAME_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_PREFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_PREFIX_RULE = (
    "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
    "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_KEY_RULE = (
    "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' "
    "(e.g. 'example.com/MyName')"
)
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
    "validation is ''(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
_INTEGER_RULE = "for 'Gt', 'Lt' operators, the value must be an integer"
_MAX_NAME = 63


class Selectable(Protocol):
    """What selectors look at; an ``Entry`` is one."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The object's labels."""

    def field(self, path: str) -> str:
        """The value behind a field selector's path."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on a label: ``key operator values``."""

    key: str
    operator: str
    """``exists``, ``!``, ``=``, ``!=``, ``in``, ``notin``, ``>`` or ``<``."""
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels is meant."""
        return _MATCH[self.operator](labels.get(self.key), self.values)


def _compares(holds: Callable[[int, int], bool]) -> Callable[[str | None, tuple[str, ...]], bool]:
    def matches(value: str | None, values: tuple[str, ...]) -> bool:
        try:
            return value is not None and holds(int(value), int(values[0]))
        except ValueError:
            return False

    return matches


_MATCH: dict[str, Callable[[str | None, tuple[str, ...]], bool]] = {
    "exists": lambda value, _: value is not None,
    "!": lambda value, _: value is None,
    "=": lambda value, values: value in values,
    "in": lambda value, values: value in values,
    "!=": lambda value, values: value not in values,
    "notin": lambda value, values: value not in values,
    ">": _compares(lambda value, bound: value > bound),
    "<": _compares(lambda value, bound: value < bound),
}


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """One condition on a field."""

    path: str
    value: str
    equal: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """What a request selects; empty selects all."""

    labels: tuple[Requirement, ...] = ()
    fields: tuple[FieldTerm, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.labels or self.fields)

    def matches(self, candidate: Selectable) -> bool:
        """Whether the object is selected."""
        return all((candidate.field(term.path) == term.value) is term.equal for term in self.fields) and all(
            requirement.matches(candidate.labels) for requirement in self.labels
        )

    def exact_name(self) -> str:
        """The one object's name that ``metadata.name=…`` asks for, or ``""``."""
        return next((term.value for term in self.fields if term.path == "metadata.name" and term.equal), "")


class _Tokens:
    """The lexed selector with one place to stand."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._position = 0

    def peek(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self._position += 1
        return token


def parse_labels(text: str) -> tuple[Requirement, ...]:
    """``app=web,tier in (a,b),!canary``; raises ``ApiError`` 400 in the API server's words."""
    tokens = _Tokens(text)
    requirements: list[Requirement] = []
    if tokens.peek() and tokens.peek() in _NO_REQUIREMENT:
        raise bad_request(f"found '{tokens.peek()}', expected: !, identifier, or 'end of string'")
    while tokens.peek():
        requirements.append(_requirement(tokens))
        separator = tokens.take()
        if separator == "":
            break
        if separator != ",":
            raise bad_request(f"found '{separator}', expected: ',' or 'end of string'")
        if tokens.peek() in _NO_REQUIREMENT:
            raise bad_request(f"found '{tokens.peek()}', expected: identifier after ','")
    return tuple(requirements)


def _requirement(tokens: _Tokens) -> Requirement:
    negated = tokens.peek() == "!"
    if negated:
        tokens.take()
    key = tokens.take()
    if not key or key in _SYMBOLS:
        raise _unparsed(f"found '{key}', expected: identifier")
    _check_key(key)
    if negated:
        return Requirement(key, "!")
    if tokens.peek() in ("", ","):
        return Requirement(key, "exists")
    token = tokens.take()
    operator = _OPERATORS.get(token, "")
    if not operator:
        raise _unparsed(f"found '{token}', expected: in, notin, =, ==, !=, gt, lt")
    values = _set_values(tokens) if operator in ("in", "notin") else (_single_value(tokens),)
    _check_values(key, operator, values)
    return Requirement(key, operator, values)


def _single_value(tokens: _Tokens) -> str:
    if tokens.peek() in ("", ","):
        return ""
    value = tokens.take()
    if value in _SYMBOLS:
        raise _unparsed(f"found '{value}', expected: identifier")
    return value


def _set_values(tokens: _Tokens) -> tuple[str, ...]:
    opening = tokens.take()
    if opening != "(":
        raise _unparsed(f"found '{opening}' expected: '('")
    values: list[str] = []
    while True:
        word = tokens.take()
        if word in (",", ")"):
            values.append("")
        elif not word or word in _SYMBOLS:
            offered = "',', ')' or identifier" if not values else "',', or identifier"
            raise _unparsed(f"found '{word}', expected: {offered}")
        else:
            values.append(word)
            word = tokens.take()
        if word == ")":
            return tuple(sorted(set(values)))
        if word != ",":
            raise _unparsed(f"found '{word}', expected: ',' or ')'")


def _check_key(key: str) -> None:
    *prefix, name = key.split("/")
    for wrong, rule in (
        (len(prefix) > 1, _KEY_RULE),
        (prefix == [""], "prefix part must be non-empty"),
        (bool(prefix) and not _PREFIX.fullmatch(prefix[0] or "x"), _PREFIX_RULE),
        (not _NAME.fullmatch(name), _NAME_RULE),
        (len(name) > _MAX_NAME, "name part must be no more than 63 bytes"),
    ):
        if wrong:
            raise _unparsed(f'<nil>: Invalid value: "{key}": {rule}')


def _check_values(key: str, operator: str, values: Iterable[str]) -> None:
    for position, value in enumerate(values):
        where = f'values[{position}][{key}]: Invalid value: "{value}": '
        if operator in (">", "<") and not re.fullmatch(r"-?\d+", value):
            raise _unparsed(f'values[{position}]: Invalid value: "{value}": {_INTEGER_RULE}')
        if value and not _NAME.fullmatch(value):
            raise _unparsed(f"{where}{_VALUE_RULE}")
        if len(value) > _MAX_NAME:
            raise _unparsed(f"{where}must be no more than 63 bytes")


def _unparsed(problem: str) -> Exception:
    return bad_request(f"unable to parse requirement: {problem}")


_FIELD_TERM = re.compile(r"((?:[^\\=!]|\\.|!(?!=))*?)(!=|==|=)(.*)", re.DOTALL)
_FIELD_SPLIT = re.compile(r"((?:[^\\,]|\\.)*)(?:,|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\,=])")


def parse_fields(text: str, supported: Iterable[str]) -> tuple[FieldTerm, ...]:
    """``status.phase=Running,spec.nodeName!=x``; raises ``ApiError`` 400, also for a field that is not offered."""
    known = frozenset(supported)
    terms: list[FieldTerm] = []
    for part in _FIELD_SPLIT.findall(text):
        if not part:
            continue
        found = _FIELD_TERM.fullmatch(part)
        if found is None:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{part}'")
        path, operator, value = found.groups()
        if path not in known:
            raise bad_request(f"field label not supported: {path}")
        terms.append(FieldTerm(path, _ESCAPED.sub(r"\1", value), operator != "!="))
    return tuple(terms)
