"""Events folded by object and reason, followed by changes."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Key


@dataclass(frozen=True, slots=True)
class FoldKey:
    """What events of one fold share."""

    object_namespace: str
    object_kind: str
    object_name: str
    reason: str
    type: str


def fold_key(row: EventRow) -> FoldKey:
    """The fold that an event belongs to."""
    return FoldKey(row.object_namespace, row.object_kind, row.object_name, row.reason, row.type)


def newest_first(row: EventRow) -> Any:
    """The order of events: last seen latest first; those without a time last."""
    return row.last == 0, -row.last, -row.version


def summary(rows: list[EventRow]) -> EventRow:
    """Several events of one fold as one row: the newest, with all counts added up, first and last seen of all."""
    newest = min(rows, key=newest_first)
    if len(rows) == 1:
        return newest
    return msgspec.structs.replace(
        newest,
        count=sum(row.count for row in rows),
        first=min((row.first for row in rows if row.first), default=0),
        last=max(row.last for row in rows),
        folded=len(rows),
    )


class _Fold:
    __slots__ = ("rows", "total")

    def __init__(self) -> None:
        self.rows: dict[Key, EventRow] = {}
        self.total: EventRow | None = None
        """The summary; None while it is to be made anew."""


class EventFolds:
    """All folds of the events that ``keep`` lets through."""

    def __init__(self, keep: Callable[[EventRow], bool] | None = None) -> None:
        self._keep = keep
        self._folds: dict[FoldKey, _Fold] = {}

    def __len__(self) -> int:
        return len(self._folds)

    def fold(self, before: EventRow | None, after: EventRow | None) -> None:
        """An event came, changed or went. Whether ``before`` was kept does not matter."""
        if before is not None:
            self._discard(before)
        if after is not None and (self._keep is None or self._keep(after)):
            fold = self._folds.setdefault(fold_key(after), _Fold())
            fold.rows[after.namespace, after.name] = after
            fold.total = None

    def _discard(self, row: EventRow) -> None:
        key = fold_key(row)
        fold = self._folds.get(key)
        if fold is None or fold.rows.pop((row.namespace, row.name), None) is None:
            return
        fold.total = None
        if not fold.rows:
            del self._folds[key]

    def of(self, key: FoldKey) -> EventRow | None:
        """A fold's summary; None where it has no events any more."""
        fold = self._folds.get(key)
        if fold is None:
            return None
        if fold.total is None:
            fold.total = summary(list(fold.rows.values()))
        return fold.total

    def members(self, key: FoldKey) -> list[EventRow]:
        """A fold's events, the newest first."""
        fold = self._folds.get(key)
        return sorted(fold.rows.values(), key=newest_first) if fold is not None else []

    def order(self, sort: Callable[[EventRow], Any] | None, *, reverse: bool, most: int) -> list[FoldKey]:
        """The folds in the order of ``sort`` over their summaries, None: newest first; of more than ``most`` the
        newest.
        """
        totals = [row for key in self._folds if (row := self.of(key)) is not None]
        shown = heapq.nsmallest(most, totals, key=newest_first) if len(totals) > most else totals
        shown.sort(key=newest_first)
        if sort is not None:
            shown.sort(key=sort)
        if reverse:
            shown.reverse()
        return [fold_key(row) for row in shown]
