"""Which cells changed within the last seconds, so that the eye finds them without blinking."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from kubetui.ui.widgets.row_source import ColumnSpec, Line

NOT_KNOWN = "–"
"""Stands for a value that is not known."""


class CellChanges:
    """Cells with a changed text, by row key and column index, until their time is over. Times are the caller's."""

    def __init__(self, lasts: float) -> None:
        self.lasts = lasts
        """Seconds a cell stays marked; 0 marks nothing."""
        self._until: dict[Hashable, dict[int, float]] = {}

    def __bool__(self) -> bool:
        return bool(self._until)

    def clear(self) -> None:
        """Forget all."""
        self._until.clear()

    def note(self, before: Line, after: Line, specs: Iterable[ColumnSpec], now: float) -> None:
        """Remember the cells whose text differs between two paintings of one row.

        A value that was not known (``–``) and has come is no change.
        """
        for index, (spec, old, new) in enumerate(zip(specs, before.cells, after.cells, strict=False)):
            if old.text != new.text and not spec.quiet and not old.text.startswith(NOT_KNOWN):
                self._until.setdefault(after.key, {})[index] = now + self.lasts

    def of(self, key: Hashable) -> frozenset[int]:
        """The indexes of the row's marked columns."""
        marked = self._until.get(key)
        return frozenset(marked) if marked else frozenset()

    def expire(self, now: float) -> None:
        """Forget the cells whose time is over at ``now``."""
        if not self._until:
            return
        left = {
            key: {index: until for index, until in cells.items() if until > now} for key, cells in self._until.items()
        }
        self._until = {key: cells for key, cells in left.items() if cells}

    def last_ends(self) -> float | None:
        """When the last mark ends, or None without marks."""
        return max((until for cells in self._until.values() for until in cells.values()), default=None)
