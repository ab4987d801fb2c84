"""Columns that most kinds have, declared once."""

from __future__ import annotations

from typing import Protocol, TypeVar

from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Row


class Aged(Row, Protocol):
    """A row that knows when its object was created."""

    @property
    def created(self) -> int:
        """Unix seconds, 0 where not known."""


A = TypeVar("A", bound=Aged)
R = TypeVar("R", bound=Row)


def namespace_column(row: type[R]) -> Column[R]:
    """NAMESPACE."""
    return Column(
        "NAMESPACE", lambda row, now: row.namespace, lambda row: row.namespace, width=9, max_width=32, priority=2
    )


def name_column(row: type[R]) -> Column[R]:
    """NAME, which never leaves."""
    return Column(
        "NAME", lambda row, now: row.name, lambda row: row.name,
        width=16, max_width=63, priority=0, from_table="exact",
    )  # fmt: skip


def age_column(row: type[A], priority: int = 2) -> Column[A]:
    """AGE: the youngest first when sorted, one that is not known last."""
    return Column(
        "AGE", lambda row, now: age(row.created, now), lambda row: (row.created == 0, -row.created),
        width=5, right=True, priority=priority, from_table="approximate", timed=True,
    )  # fmt: skip
