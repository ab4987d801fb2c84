"""The filter line: ``text`` anywhere, ``/re/``, ``key=value`` label, ``COL:text``, ``COL>500m``, ``!`` for not.

Several terms, separated by blanks, must all hold. Case matters only where a term has an upper-case letter.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kubetui.expression import Expression
from kubetui.kinds.kind import Column, Row

R = TypeVar("R", bound=Row)

_TERM = re.compile(r"!?/(?:[^/\\]|\\.)*/|\S+")
_LABEL = re.compile(r"^(?P<key>[\w./-]+)(?P<op>!=|==?)(?P<value>[\w.-]*)$")
_FIGURE = re.compile(r"^(?P<title>[^<>:/]+)(?P<sign>[<>]=?)(?P<figure>.*)$")
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_GAPS = str.maketrans("", "", " -")


class FilterError(ValueError):
    """The filter can't be understood; the text says why."""


@dataclass(frozen=True)
class Filter(Generic[R]):
    """A parsed filter: ``keep`` decides, ``text`` is what was typed."""

    text: str
    keep: Callable[[R], bool]
    selector: str = ""
    """The same as a label selector, where every term is one: rows made from Tables can't be judged by labels yet."""


def parse_filter(
    text: str,
    columns: Sequence[Column[R]],
    labels: Callable[[R], Sequence[tuple[str, str]]] | None,
) -> Filter[R] | None:
    """The filter for ``text``; None where it is empty. Raises FilterError."""
    terms = _TERM.findall(text)
    if not terms:
        return None
    tests = [_term(term, columns, labels) for term in terms]
    only_labels = labels is not None and all(_LABEL.match(term) for term in terms)
    selector = ",".join(terms) if only_labels else ""
    if len(tests) == 1:
        return Filter(text, tests[0], selector)
    return Filter(text, lambda row: all(test(row) for test in tests), selector)


def _term(
    term: str,
    columns: Sequence[Column[R]],
    labels: Callable[[R], Sequence[tuple[str, str]]] | None,
) -> Callable[[R], bool]:
    if term.startswith("!") and len(term) > 1:
        inner = _term(term[1:], columns, labels)
        return lambda row: not inner(row)
    found = _LABEL.match(term)
    if found and labels is not None:
        return _label(found["key"], found["op"], found["value"], labels)
    compared = _FIGURE.match(term)
    column = _of_figures(compared["title"], columns) if compared else None
    if compared and column is not None:
        return _figure(column, compared["sign"], compared["figure"])
    title, colon, rest = term.partition(":")
    if colon and rest:
        for column in columns:
            if column.title.lower().replace(" ", "-") == title.lower():
                return _in_column(column, _matcher(rest))
    return _anywhere(columns, _matcher(term))


def _label(key: str, op: str, value: str, labels: Callable[[R], Sequence[tuple[str, str]]]) -> Callable[[R], bool]:
    if op == "!=":
        return lambda row: (key, value) not in labels(row)
    return lambda row: (key, value) in labels(row)


def _of_figures(title: str, columns: Sequence[Column[R]]) -> Column[R] | None:
    """The column whose name ``title`` is or begins, without blanks and ``-``; None where that is no figure."""
    wanted = title.lower().translate(_GAPS)
    named = [(column.title.lower().translate(_GAPS), column) for column in columns if column.amount is not None]
    whole = next((column for name, column in named if name == wanted), None)
    return whole or next((column for name, column in named if name.startswith(wanted)), None)


def _figure(column: Column[R], sign: str, figure: str) -> Callable[[R], bool]:
    """Whether the column's figure is so. One that is not known never is."""
    if column.amount is None or not figure:  # still to be typed: nothing is hidden meanwhile
        return lambda row: True
    try:
        bound = column.amount(figure)
    except ValueError as error:
        raise FilterError(f"{column.title}{sign}{figure}: {error}") from None
    holds, value_of = _SIGNS[sign], column.sort
    return lambda row: (value := value_of(row)) >= 0 and holds(value, bound)


def _matcher(text: str) -> Callable[[str], bool]:
    if text.startswith("/"):
        # The closing slash is still to be typed: an expression that grows must not hide everything meanwhile.
        expression = text[1:-1] if len(text) > 1 and text.endswith("/") else text[1:]
        try:
            pattern = Expression(expression, ignore_case=text == text.lower())
        except (re.error, OverflowError, RecursionError) as error:
            raise FilterError(f"{text}: {error}") from None
        return lambda value: pattern.matches(value, unsure=True)  # nothing is hidden that was not judged
    if text != text.lower():
        return lambda value: text in value
    return lambda value: text in value.lower()


def _in_column(column: Column[R], matches: Callable[[str], bool]) -> Callable[[R], bool]:
    text = _searched(column)
    if text is None:
        raise FilterError(f"{column.title} changes as time passes and can't be filtered by: sort by it")
    return lambda row: matches(text(row))


def _searched(column: Column[R]) -> Callable[[R], str] | None:
    """What is looked at in one column; None for ages: a filter on them would need a look at all rows each second."""
    if column.timed or column.searched is not None:
        return column.searched
    text = column.text
    return lambda row: text(row, 0.0)


def _anywhere(columns: Sequence[Column[R]], matches: Callable[[str], bool]) -> Callable[[R], bool]:
    texts = [text for column in columns if (text := _searched(column)) is not None]

    def keep(row: R) -> bool:
        return matches(row.name) or matches(row.namespace) or any(matches(text(row)) for text in texts)

    return keep
