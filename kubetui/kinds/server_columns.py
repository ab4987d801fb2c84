"""The columns that a server defines for a kind, as columns of a pane: kubectl's texts, ages that go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from kubetui.kinds.age import age, human_duration, parse_duration
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.quantity import whole
from kubetui.kinds.server_table import Head, Scalar, ServerColumn, TableRow

_AGES: Final = frozenset({"Last Schedule", "Last Seen", "First Seen"})
"""Columns of Kubernetes' own kinds that hold an age and are declared as strings."""
_UNTIL_DONE: Final = ("Duration", "Status", "Running")
"""A Job's duration grows while it runs."""

_TROUBLE: Final = frozenset(
    {
        *("false", "failed", "failure", "error", "lost", "notready", "not ready", "unavailable", "degraded"),
        *("unhealthy", "outofsync", "out of sync", "terminating", "unknown", "invalid", "expired", "denied"),
    }
)
_STATES: Final = frozenset(
    {
        *("STATUS", "PHASE", "STATE", "READY", "READYTOUSE", "AVAILABLE", "ESTABLISHED", "SYNCED", "SYNC STATUS"),
        *("HEALTH", "HEALTHY"),
    }
)
"""Titles under which a word of ``_TROUBLE`` is about the object's state."""
_NOTHING: Final = ("", "<none>", "<unset>")
_EMPTY: Final = 9
"""The priority of a column without anything in it."""
_OF: Final = re.compile(r"([0-9]{1,9})/([0-9]{1,9})", re.ASCII)
_NUMBERS: Final = re.compile(r"([0-9]{1,18})", re.ASCII)
_LINE_END: Final = re.compile(r"[\f\n\r]")
_YEARS: Final = 366 * 86_400


def columns_for(head: Head) -> tuple[Column[TableRow], ...]:
    """The columns of a Table, those with a priority over 0 as wide ones.

    In front of them NAMESPACE, as kubectl prints it with ``-A``; behind them DELETING, which tells since when an
    object waits to be gone. A pane leaves out what says nothing about its rows.
    """
    return (_NAMESPACE, *(_column(head, index, title) for index, title in enumerate(_titles(head))), _DELETING)


def columns_filled(head: Head, filled: frozenset[int]) -> tuple[Column[TableRow], ...]:
    """As ``columns_for``; columns in which no row has anything leave a narrow screen before all others.

    ``filled``: the places in ``head`` where at least one row has something.
    """
    first, *columns, last = columns_for(head)
    return (
        first,
        *(
            column if at in filled or not column.priority else replace(column, priority=_EMPTY)
            for at, column in enumerate(columns)
        ),
        last,
    )


def is_filled(cell: Scalar) -> bool:
    """Whether a cell says anything."""
    return cell is not None and cell not in _NOTHING


def cell_text(cell: Scalar) -> str:
    """A cell as kubectl prints it: one line, nothing for null."""
    if isinstance(cell, str):
        first = _LINE_END.search(cell)
        return cell if first is None else f"{cell[: first.start()]}..."
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def in_trouble(row: TableRow) -> bool:
    """Whether the row says that something is wrong, as far as words can tell; or waits to be gone."""
    if row.deleted:
        return True
    pairs = zip(row.head, row.cells, strict=False)
    return any(_meaning(column.name.upper(), cell) is not Meaning.PLAIN for column, cell in pairs)


def _titles(head: Head) -> list[str]:
    """Upper case, as kubectl prints them; each one once."""
    titles: list[str] = []
    for column in head:
        title = wanted = column.name.upper() or "–"
        number = 1
        while title in titles or title in ("NAMESPACE", "DELETING"):
            number += 1
            title = f"{wanted} {number}"
        titles.append(title)
    return titles


def _column(head: Head, index: int, title: str) -> Column[TableRow]:
    column = head[index]
    read = partial(_cell, head, index)
    if _is_name(head, index):
        return Column(title, lambda row, now: cell_text(read(row)), lambda row: row.name,
                      width=16, max_width=63, priority=0)  # fmt: skip
    if _is_age(column):
        return Column(title, lambda row, now: _age_text(row, column, read(row), now),
                      lambda row: _age_order(row, column, read(row)), width=len(title), right=True,
                      priority=2 if not column.priority else 6, wide=column.priority > 0, timed=True)  # fmt: skip
    number = column.type in ("integer", "number")
    return Column(
        title,
        lambda row, now: cell_text(read(row)),
        (lambda row: _number_order(read(row))) if number else (lambda row: _text_order(read(row))),
        width=len(title),
        max_width=48 if not column.priority else 80,
        right=number,
        priority=6 if column.priority else 1 if title in _STATES else 5,
        wide=column.priority > 0,
        meaning=_meaning_of(title, read) if title in _STATES else None,
    )


def _cell(head: Head, index: int, row: TableRow) -> Scalar:
    """The row's cell under a column of ``head``; by its name, where the row is of another Table."""
    if row.head is not head:
        wanted = head[index].name
        index = next((at for at, column in enumerate(row.head) if column.name == wanted), len(row.cells))
    return row.cells[index] if index < len(row.cells) else None


def _is_name(head: Head, index: int) -> bool:
    named = [at for at, column in enumerate(head) if column.format == "name" and not column.priority]
    return index == (named[0] if named else 0)


# --- ages


def _is_age(column: ServerColumn) -> bool:
    return column.type == "date" or column.name in ("Age", *_AGES) or column.name == _UNTIL_DONE[0]


def _since(row: TableRow, column: ServerColumn, cell: Scalar) -> int | None:
    """When the cell's age began; None where the cell is no age that goes on."""
    if cell is None and column.name == "Age":
        return row.created or None
    # ``<invalid>`` is a time that is still to come: it must not seem to count.
    ago = parse_duration(cell) if isinstance(cell, str) and cell != "<invalid>" else None
    if ago is None or (column.name == _UNTIL_DONE[0] and not _running(row)):
        return None
    printed = row.printed - ago
    if column.name == "Age" and row.created and abs(printed - row.created) <= _rounding(ago):
        return row.created
    return printed


def _rounding(ago: int) -> int:
    """How far the text of an age is off at most, and the two clocks with it."""
    return 300 + ago // 8 if ago < 2 * _YEARS else _YEARS


def _running(row: TableRow) -> bool:
    _, title, running = _UNTIL_DONE
    pairs = zip(row.head, row.cells, strict=False)
    return any(column.name == title and cell == running for column, cell in pairs)


def _age_text(row: TableRow, column: ServerColumn, cell: Scalar, now: float) -> str:
    since = _since(row, column, cell)
    return cell_text(cell) if since is None else human_duration(max(0.0, now - since))


def _age_order(row: TableRow, column: ServerColumn, cell: Scalar) -> tuple[bool, int, str]:
    since = _since(row, column, cell)
    return (True, 0, cell_text(cell)) if since is None else (False, -since, "")


# --- order


def _number_order(cell: Scalar) -> tuple[bool, float]:
    return (False, float(cell)) if isinstance(cell, int | float) else (True, 0.0)


def _text_order(cell: Scalar) -> tuple[bool, int, list[Any]]:
    """Quantities by what they are worth, before other texts by their words and numbers."""
    text = cell_text(cell)
    if text[:1].isdigit():
        try:
            return (False, whole(text), [])
        except ValueError:
            pass
    parts: Sequence[str] = _NUMBERS.split(text.lower())
    return (True, 0, [int(part) if at % 2 else part for at, part in enumerate(parts)])


# --- meanings


def _meaning_of(title: str, read: Callable[[TableRow], Scalar]) -> Callable[[TableRow], Meaning]:
    return lambda row: _meaning(title, read(row))


def _meaning(title: str, cell: Scalar) -> Meaning:
    """A word that says that something is wrong; fewer ready than there are."""
    if title not in _STATES or not isinstance(cell, str | bool):
        return Meaning.PLAIN
    word = cell_text(cell).partition(" (")[0].strip().lower()
    count = _OF.fullmatch(word)
    short = count is not None and int(count[1]) < int(count[2])
    return Meaning.LOOK if short or word in _TROUBLE else Meaning.PLAIN


_NAMESPACE: Final[Column[TableRow]] = Column(
    "NAMESPACE", lambda row, now: row.namespace, lambda row: row.namespace, width=9, max_width=32, priority=2
)
_DELETING: Final[Column[TableRow]] = Column(
    "DELETING", lambda row, now: age(row.deleted, now) if row.deleted else "",
    lambda row: (row.deleted == 0, -row.deleted), width=8, right=True, priority=1,
    meaning=lambda row: Meaning.LOOK if row.deleted else Meaning.PLAIN, timed=True,
)  # fmt: skip
