"""Events: what the cluster reported, newest first, folded by object and reason. Enter unfolds."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.gather import trouble_words
from kubetui.cluster.own_kinds import place_of
from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.commands.subject import Resource, Subject, resource_of
from kubetui.insight.event_fold import EventFolds, FoldKey, fold_key
from kubetui.kinds.event import EVENT, EventRow
from kubetui.kinds.registry import kind_of
from kubetui.store.pairs import Pairs
from kubetui.ui.panes.described import Described, involved_object
from kubetui.ui.panes.kind_pane import KindPane
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.tree_pane import TreePane
from kubetui.ui.row_tree import Entry, RowTree
from kubetui.ui.state_words import count
from kubetui.ui.view_source import cell_of
from kubetui.ui.widgets.row_source import Cell, RowSource
from kubetui.ui.work import is_left

MOST = 5000
"""Folds shown; of more the newest."""


class EventsPane(TreePane[EventRow], KindPane[EventRow]):
    """The events of the namespaces in scope. Those of nodes stand in ``default``."""

    MANY = 500

    def __init__(self, desk: Desk, session: Session, scope: Scope = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(desk, session, EVENT, scope, **kwargs)
        self._tree = RowTree(self._cells)
        self._folds = EventFolds()
        self._building: EventFolds | None = None
        self._pairs: Pairs[EventRow] | None = None
        self._unfolded: set[FoldKey] = set()
        self._kept_by: object = None
        self._now = 0.0

    # --- coming and going

    def enter(self) -> None:
        """Read the events once, then their changes."""
        if self._lease is None:
            super().enter()
            self._restart()

    def take_lease(self) -> Lease[EventRow]:
        """From the session; what becomes of each event is read from it too."""
        lease = super().take_lease()
        self._pairs = Pairs(lease.store)
        return lease

    def leave(self) -> None:
        """Stop reading."""
        if self._pairs is not None:
            self._pairs.close()
        self._pairs, self._building = None, None
        super().leave()

    def source(self) -> RowSource:
        """The tree."""
        return self._tree

    # --- rows

    def refresh_rows(self, now: float) -> None:
        """Fold what changed; lay out anew where lines did."""
        if self._pairs is None:
            return
        super().refresh_rows(now)
        self._now = now
        self._fold(self._pairs)
        self.lay_out_if_due(now, len(self._folds))

    def _fold(self, pairs: Pairs[EventRow]) -> None:
        if not is_left(lambda: self._fold_some(pairs)):
            return
        if self._building is not None:
            self.desk.go_on()
        else:
            self.desk.request_tick()

    def _fold_some(self, pairs: Pairs[EventRow]) -> bool:
        """One step; False where there was nothing left to fold."""
        if self._building is not None:
            rows = pairs.first()
            for row in rows:
                self._building.fold(None, row)
            if not rows:
                self._folds, self._building, self._layout_due = self._building, None, True
            return True
        changes = pairs.changes()
        for before, after in changes:
            self._folds.fold(before, after)
        self._layout_due = self._layout_due or bool(changes)
        return bool(changes)

    def _restart(self) -> None:
        """Read all events anew, by the present filter; the lines stay as they are until all are read."""
        if self._pairs is not None:
            self._pairs.restart()
        self._kept_by = (self.filter, self.problems_only)
        self._building = EventFolds(self._keep())

    def lay_out(self) -> None:
        """The folds, newest first or as sorted; unfolded ones with their events."""
        entries: list[Entry] = []
        for key in self._folds.order(self.tree_sort, reverse=self.reverse, most=MOST):
            total = self._folds.of(key)
            several = total is not None and total.folded > 1
            entries.append(Entry(key, expanded=key in self._unfolded if several else None))
            if several and key in self._unfolded:
                entries += [Entry((row.namespace, row.name), depth=1) for row in self._folds.members(key)]
        self._unfolded &= {entry.key for entry in entries if isinstance(entry.key, FoldKey)}
        self._tree.lay(entries)

    def _cells(self, key: Hashable) -> Sequence[Cell]:
        row = self.row(key)
        return [cell_of(column, row, self._now) for column in self.columns] if row is not None else ()

    def row(self, key: Hashable) -> EventRow | None:
        """An event, or a fold's summary."""
        return self._folds.of(key) if isinstance(key, FoldKey) else super().row(key)

    def rearrange(self) -> None:
        """Another order or filter."""
        super().rearrange()
        if self._kept_by != (self.filter, self.problems_only):
            self._restart()

    def shown_keys(self) -> Sequence[Hashable]:
        """All lines."""
        return self._tree.keys

    # --- lines

    def open_key(self, key: Hashable) -> None:
        """A fold of several unfolds or folds; a single event shows its YAML."""
        row = self.row(key)
        if row is None:
            return
        if isinstance(key, FoldKey) and row.folded > 1:
            self.fold(key)
        else:
            self.action_yaml()

    def group_of(self, key: Hashable) -> Hashable | None:
        """The fold of several events that the row under ``key`` is or belongs to."""
        row = self.row(key)
        group = fold_key(row) if row is not None else None
        total = self._folds.of(group) if group is not None else None
        return group if total is not None and total.folded > 1 else None

    def turn(self, group: Hashable) -> None:
        """Fold or unfold events of one object and reason."""
        if isinstance(group, FoldKey):
            self._unfolded ^= {group}

    def turn_all(self) -> None:
        """Unfold everything; if something is unfolded, fold it."""
        keys = {key for key in self._tree.keys if isinstance(key, FoldKey)}
        self._unfolded = set() if self._unfolded else keys

    def subjects(self) -> Sequence[Subject]:
        """The object that the event is about."""
        row = self.row(self.table.cursor_key)
        if row is None or not row.object_name:
            return ()
        kind = kind_of(row.object_kind)
        resource = resource_of(kind) if kind is not None else Resource(row.object_kind)
        return [Subject(resource, row.object_name, row.object_namespace)]

    def described(self) -> Described | None:
        """The object that the event is about; the event itself where it names none."""
        row = self.row_under_cursor()
        return involved_object(row) if row is not None and row.object_name else super().described()

    def action_describe(self) -> None:
        """The object in words; where its kind is not Kubernetes' own, the server is asked where that is."""
        row = self.row_under_cursor()
        if row is not None and row.object_name and self.described() is None:
            self.run_worker(self._describe(row), group="describe", exclusive=True)
        else:
            super().action_describe()

    async def _describe(self, row: EventRow) -> None:
        try:
            at = await place_of(self.session, row.object_api, row.object_kind, row.object_namespace, row.object_name)
        except ClusterError as error:
            self.desk.say(trouble_words(error))
            return
        if at is not None:
            self.desk.open_pane(Described(at).pane(self.desk, self.session))
        else:
            self.desk.say(f"the server has no {row.object_kind} of {row.object_api or 'no API version'} any more")

    def action_copy(self) -> None:
        """Copy the events under the marks or the cursor, a line each."""
        keys = [key for key in self._tree.keys if key in self.table.marked] or [self.table.cursor_key]
        rows = [row for row in map(self.row, keys) if row is not None]
        if rows:
            text = "\n".join(f"{row.type} {row.reason} {row.object}: {row.message}" for row in rows)
            self.desk.copy(text, "1 event" if len(rows) == 1 else f"{len(rows)} events")

    # --- what is said

    @property
    def heading(self) -> str:
        """Events, and how many of them were folded into how many lines."""
        folds = len(self._folds)
        folded = f"folded to {count(folds)}" if folds else ""
        newest = f"the newest {count(MOST)} shown" if folds > MOST else ""
        return " · ".join(part for part in (super().heading, folded, newest) if part)
