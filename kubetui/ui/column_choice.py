"""A pane's columns as the settings want them: order, width, hidden ones, columns of labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Generic, TypeVar

from kubetui.kinds.kind import Column, Row
from kubetui.settings.settings import PaneSettings

R = TypeVar("R", bound=Row)

LABEL: Final = "label:"
"""``label:KEY`` names a column of that label."""


class ColumnChoice(Generic[R]):
    """Chooses among a pane's columns; the same columns give the same choice, object by object."""

    def __init__(self, wanted: PaneSettings, labels: Callable[[R], Sequence[tuple[str, str]]]) -> None:
        self._wanted, self._labels = wanted, labels
        self._made: dict[str, Column[R]] = {}
        self._sized_from: dict[str, tuple[Column[R], Column[R]]] = {}

    def of(self, columns: Sequence[Column[R]], *, wide: bool) -> list[Column[R]]:
        """The columns to show of all of the pane's."""
        if self._wanted == PaneSettings():
            return [column for column in columns if wide or not column.wide]
        by_title = {column.title: column for column in columns}
        named = {found.title: found for name in self._wanted.columns if (found := self._named(name, by_title))}
        first, taken = list(named.values()), set(named)
        rest = [column for column in columns if column.title not in taken and (wide or not column.wide)]
        hidden = {name.upper() for name in self._wanted.hidden}
        chosen = [self._sized(column) for column in (*first, *rest) if column.title.upper() not in hidden]
        return chosen or [self._sized(column) for column in columns[:1]]

    def _named(self, name: str, by_title: dict[str, Column[R]]) -> Column[R] | None:
        if name.startswith(LABEL):
            return self._label(name.removeprefix(LABEL), by_title) if name != LABEL else None
        return next((column for title, column in by_title.items() if title.upper() == name.upper()), None)

    def _label(self, key: str, by_title: dict[str, Column[R]]) -> Column[R]:
        """As ``kubectl get -L`` calls it: the key's last part, unless the pane or another label has such a column."""
        made = self._made.get(key)
        if made is None:
            title = key.rpartition("/")[2].upper()
            if title in by_title or title in {column.title for column in self._made.values()}:
                title = key.upper()
            labels = self._labels

            def value(row: R) -> str:
                return next((value for name, value in labels(row) if name == key), "")

            made = self._made[key] = Column(
                title, lambda row, now: value(row), value, width=min(len(title), 16), max_width=40, priority=3
            )
        return made

    def _sized(self, column: Column[R]) -> Column[R]:
        widths = {name.upper(): cells for name, cells in self._wanted.widths.items()}
        cells = widths.get(column.title.upper())
        if cells is None:
            return column
        made = self._sized_from.get(column.title)
        if made is None or made[0] is not column:
            made = self._sized_from[column.title] = (column, replace(column, width=cells, max_width=cells))
        return made[1]


def unknown_columns(wanted: PaneSettings, titles: Sequence[str]) -> list[tuple[str, str]]:
    """(field, name) of what the settings name and the pane has not."""
    known = {title.upper() for title in titles}
    labels = {name.removeprefix(LABEL).rpartition("/")[2].upper() for name in wanted.columns if name.startswith(LABEL)}
    named = [("columns", name) for name in wanted.columns if not name.startswith(LABEL) or name == LABEL]
    named += [("hidden", name) for name in wanted.hidden]
    named += [("widths", name) for name in wanted.widths]
    return [(part, name) for part, name in named if name.upper() not in known | (labels if part == "widths" else set())]
