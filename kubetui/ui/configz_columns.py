"""Columns of a configuration's fields: the values, what others have there, what a field means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kubetui.insight.kubelet.compare import FieldLine
from kubetui.insight.kubelet.fields import field_at
from kubetui.insight.kubelet.flat import alike, shown
from kubetui.kinds.kind import Column

WIDEST: Final = 52
"""Cells of a value among others."""
BESIDE: Final = 36
"""Cells of a value beside others that it is compared with: none takes what the next one needs."""
SAME: Final = "="
"""Stands for a value that is the same as the one looked at."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field's line."""

    name: str
    line: FieldLine
    namespace: str = ""
    version: int = 0
    provisional: bool = False


def path_of(row: FieldRow, now: float) -> str:
    """The field's whole path."""
    return row.name


def title_of(place: int, title: str) -> str:
    """Titles of columns are told apart."""
    return title if title not in ("FIELD", "AKS SETS", "DEFAULT", "MEANING") else f"{title} {place + 1}"


def value_column(title: str, place: int, most: int = WIDEST) -> Column[FieldRow]:
    """The values of the side at ``place``, in ``most`` cells."""
    return Column(
        title,
        lambda row, _: shown(row.line.values[place]),
        lambda row: shown(row.line.values[place]),
        width=10,
        max_width=most,
        priority=1 if place < 2 else 2,
    )


def other_column(title: str, of: Callable[[FieldLine], str | None], priority: int) -> Column[FieldRow]:
    """What others have there; ``=`` where that is the first side's value."""

    def text(row: FieldRow) -> str:
        if row.line.own:
            return ""
        value, own = of(row.line), row.line.values[0]
        if value is None:
            return "–"
        return SAME if alike(value, own) else shown(value)

    return Column(title, lambda row, _: text(row), text, width=8, max_width=36, priority=priority)


def _means(path: str) -> str:
    declared = field_at(path)
    return declared.means if declared is not None else ""


MEANING: Final[Column[FieldRow]] = Column(
    "MEANING",
    lambda row, _: _means(row.line.path),
    lambda row: _means(row.line.path),
    width=20,
    max_width=120,
    priority=7,
    wide=True,
)
