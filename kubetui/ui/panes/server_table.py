"""The objects of any kind as the server prints them: its Table's columns, kept live."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import islice
from time import perf_counter
from typing import Any

from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.kinds.kind import Column, Kind
from kubetui.kinds.server_columns import columns_filled, is_filled
from kubetui.kinds.server_table import PLAIN_HEAD, Head, TableRow
from kubetui.ui.panes.kind_pane import KindPane
from kubetui.ui.panes.open_object import pane_of_object
from kubetui.ui.panes.pane import Desk

MANY = 2000
"""From so many rows on, whether the columns changed is looked at not at each change, but"""
LOOK_EVERY = 1.0
"""so many seconds apart."""


class ServerTablePane(KindPane[TableRow]):
    """One kind's objects. The columns are known when the first row is."""

    def __init__(
        self, desk: Desk, session: Session, kind: Kind[TableRow], scope: Scope = EVERYWHERE, **kwargs: Any
    ) -> None:
        super().__init__(desk, session, kind, scope if kind.namespaced else EVERYWHERE, **kwargs)
        self._head: Head = PLAIN_HEAD
        self._columns = kind.columns
        self._filled: frozenset[int] = frozenset()
        self._deleting = self._look_due = False
        self._looked = 0.0

    @property
    def all_columns(self) -> Sequence[Column[TableRow]]:
        """The server's; the namespace where several are shown, DELETING where something waits to be gone."""
        several = self.kind.namespaced and (self.scope.namespaces is None or len(self.scope.namespaces) != 1)
        hidden = {title for title, shown in (("NAMESPACE", several), ("DELETING", self._deleting)) if not shown}
        return [column for column in self._columns if column.title not in hidden]

    @property
    def title(self) -> str:
        """The kind's; with its group where that is not Kubernetes' own, or the plural is another kind's too."""
        kind = self.kind
        known = not kind.group or kind.group.endswith(".k8s.io") or "." not in kind.group
        # PodMetrics are ``pods``, too; Ingress and NetworkPolicy are alone with their plurals.
        alone = kind.plural.startswith(kind.name.lower()[:-1])
        return super().title if known and alone else f"{super().title}.{kind.group}"

    def take_lease(self) -> Lease[TableRow]:
        """The store; its columns are looked at with the next rows."""
        self._looked = 0.0
        return super().take_lease()

    def refresh_rows(self, now: float) -> None:
        """Follow the store, and the columns that the server defines."""
        self._look_due = self._look_due or (self._view is not None and self._view.has_changes)
        if self._look_due and self._lease is not None:
            rows, apart = self._lease.store, perf_counter() - self._looked
            if len(rows) < MANY or apart >= LOOK_EVERY:
                self._look_at_rows(rows)
        super().refresh_rows(now)

    def _look_at_rows(self, rows: Iterable[TableRow]) -> None:
        newest, deleting = None, False
        for row in rows:
            deleting = deleting or row.deleted > 0
            if newest is None or (row.head is not newest.head and row.printed > newest.printed):
                newest = row
        if newest is None:
            return
        self._looked, self._look_due = perf_counter(), False
        filled = _filled(islice(rows, MANY), newest.head)
        if newest.head is not self._head or filled != self._filled:
            self._head, self._filled, self._deleting = newest.head, filled, deleting
            self._columns = columns_filled(newest.head, filled)
            self._take_columns()
        elif deleting is not self._deleting:
            self._deleting = deleting
            self._show_columns()

    def _take_columns(self) -> None:
        """Other columns: what was sorted and filtered by stays, where it is still there."""
        sorted_by = self.sort_column.title if self.sort_column is not None else ""
        self.sort_column = next((column for column in self.columns if column.title == sorted_by), None)
        self._show_columns()
        self.set_filter(self.filter.text if self.filter is not None else "")

    def open_key(self, key: Hashable) -> None:
        """What the kind is opened for; else its YAML."""
        row = self.row(key)
        pane = pane_of_object(self.desk, self.session, self.kind, row) if row is not None else None
        if pane is not None:
            self.desk.open_pane(pane)
        else:
            self.action_yaml()


def _filled(rows: Iterable[TableRow], head: Head) -> frozenset[int]:
    """The columns of ``head`` in which at least one of the rows has something."""
    empty = set(range(len(head)))
    for row in rows:
        if not empty:
            break
        if row.head is head:
            empty -= {at for at in empty if at < len(row.cells) and is_filled(row.cells[at])}
    return frozenset(range(len(head))) - empty
