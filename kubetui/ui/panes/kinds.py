"""Kinds: everything the API server has, by discovery, grouped. Enter: a kind's objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.kinds.kind import Column, Kind
from kubetui.kinds.registry import KINDS
from kubetui.kinds.served_kind import SERVED_KIND, SERVED_KIND_COLUMNS, ServedKind, table_kind
from kubetui.store.state import Phase
from kubetui.ui.kind_groups import OWN_PANES, GroupKey, group_order, group_title
from kubetui.ui.panes.open_object import pane_of_kind
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.panes.tree_pane import TreePane
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.row_tree import Entry, RowTree
from kubetui.ui.state_words import count, span
from kubetui.ui.view_source import cell_of
from kubetui.ui.widgets.row_source import Cell, RowSource

_API_SERVICE = table_kind(
    ServedKind("apiregistration.k8s.io", "v1", "apiservices", 0, kind="APIService", verbs=("get", "list", "watch"))
)


class KindsPane(TreePane[ServedKind], RowsPane[ServedKind]):
    """The kinds, under their API groups. What can't be listed is shown after ``w`` only."""

    def __init__(self, desk: Desk, session: Session, scope: Scope = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(desk, session, **kwargs)
        self.scope = scope
        self._now = 0.0
        self._objects: Column[ServedKind] = Column(
            "OBJECTS", lambda row, now: self._held(row), lambda row: row.plural, width=7, right=True, priority=5
        )
        self._tree = RowTree(self._cells)
        self._folded: set[str] = set()
        self._trouble: dict[str, ServedKind] = {}
        self._members: dict[str, int] = {}
        self._hidden = 0
        self._readings: dict[ServedKind, tuple[Kind[Any], ...]] = {}

    @property
    def all_columns(self) -> Sequence[Column[ServedKind]]:
        """What discovery tells, and how many objects are known of."""
        return (*SERVED_KIND_COLUMNS, self._objects)

    @property
    def noun(self) -> str:
        """As people call them."""
        return "kinds"

    def set_scope(self, scope: Scope) -> None:
        """The namespaces in which kinds are opened."""
        self.scope = scope

    def take_lease(self) -> Lease[ServedKind]:
        """Discovery, kept by the session."""
        return self.session.open(SERVED_KIND)

    def problem(self, row: ServedKind) -> bool:
        """Those whose API server does not answer."""
        return bool(row.trouble) or row.group in self._trouble

    def _held(self, row: ServedKind) -> str:
        """How many objects, where somebody looks at all of them anyway."""
        if not row.listable:
            return ""
        kinds = self._readings.get(row)
        if kinds is None:
            own = [kind for kind in KINDS if (kind.group, kind.plural) == (row.group, row.plural)]
            kinds = self._readings[row] = (*own, table_kind(row))
        stores = [store for kind in kinds if (store := self.session.store_of(kind)) is not None]
        return count(len(stores[0])) if stores else "–"

    # --- rows

    def source(self) -> RowSource:
        """The tree."""
        return self._tree

    def refresh_rows(self, now: float) -> None:
        """Follow discovery; lay out anew where lines changed."""
        if self._view is None:
            return
        self._layout_due = self._layout_due or self._view.has_changes
        self._now = now
        super().refresh_rows(now)
        self.lay_out_if_due(now, 0)

    def lay_out(self) -> None:
        """Groups with their kinds, as sorted; those that do not answer first."""
        assert self._view is not None
        groups: defaultdict[str, list[ServedKind]] = defaultdict(list)
        self._trouble, self._hidden = {}, 0
        self._readings.clear()
        for row in self._view:
            if not row.plural:
                self._trouble[row.group] = row
                groups[row.group]  # a group that does not answer has a line even if nothing of it is known
            elif row.listable or self.wide:
                groups[row.group].append(row)
            else:
                self._hidden += 1
        self._members = {group: len(rows) for group, rows in groups.items()}
        unfolded = self.filter is not None or self.problems_only
        entries: list[Entry] = []
        for group in sorted(groups, key=lambda group: (group not in self._trouble, group_order(group))):
            rows = sorted(groups[group], key=self.tree_sort, reverse=self.reverse) if self.tree_sort else groups[group]
            shown = unfolded or group not in self._folded
            entries.append(Entry(GroupKey(group), expanded=shown if rows else None))
            entries += [Entry((row.group, row.plural), depth=1) for row in rows if shown]
        self._tree.lay(entries)

    def _cells(self, key: Hashable) -> Sequence[Cell]:
        if isinstance(key, GroupKey):
            return self._group_cells(key.group)
        row = self.row(key)
        if row is None:
            return ()
        cells = [cell_of(column, row, self._now) for column in self.columns]
        # Bold is for the groups: they stand above.
        return [
            Cell(cell.text, "dim" if not row.listable else "" if cell.style == "bold" else cell.style) for cell in cells
        ]

    def _group_cells(self, group: str) -> Sequence[Cell]:
        trouble = self._trouble.get(group)
        said = {
            "NAME": Cell(group_title(group), "total") if trouble is None else Cell(f"▲ {group_title(group)}", "look"),
            "KIND": Cell(count(self._members[group]), "dim") if trouble is None else Cell("does not answer", "look"),
        }
        return [said.get(column.title, Cell("")) for column in self.columns]

    def columns_changed(self) -> None:
        """``w`` shows more kinds too."""
        super().columns_changed()
        self.lay_out_at_once()

    def table_rows(self) -> Sequence[Any]:
        """The lines."""
        return self._tree.keys

    def shown_keys(self) -> Sequence[Hashable]:
        """The kinds shown."""
        return [key for key in self._tree.keys if not isinstance(key, GroupKey)]

    # --- lines

    def open_key(self, key: Hashable) -> None:
        """A kind's objects; a group that does not answer shows its APIService, another folds."""
        if isinstance(key, GroupKey):
            if key.group in self._trouble:
                self.action_yaml()
            else:
                self.fold(key)
            return
        row = self.row(key)
        if row is not None:
            self.open_served(row)

    def open_served(self, row: ServedKind) -> None:
        """The objects of a kind, in its own pane where it has one."""
        own = OWN_PANES.get((row.group, row.plural))
        if own is not None:
            self.app.call_next(self.app.run_action, f"pane('{own}')")
        elif row.listable:
            self.desk.open_pane(pane_of_kind(self.desk, self.session, row, self.scope))
        else:
            self.desk.say(f"{row.full_name} can't be listed, only: {', '.join(row.verbs)}")

    def group_of(self, key: Hashable) -> Hashable | None:
        """The API group."""
        return GroupKey(key[0]) if isinstance(key, tuple) else None

    def turn(self, group: Hashable) -> None:
        """Fold or unfold an API group."""
        if isinstance(group, GroupKey):
            self._folded ^= {group.group}

    def turn_all(self) -> None:
        """Fold all groups; if all are folded, unfold them."""
        everything = set(self._members)
        self._folded = set() if self._folded >= everything else everything

    def action_yaml(self) -> None:
        """The APIService behind the line."""
        key = self.table.cursor_key
        if not isinstance(key, tuple):
            return
        group = key[0]
        row = self._trouble.get(group) or self.row(key)
        version = row.api_version.partition(",")[0] if row is not None else self._version_of(group)
        self.desk.open_pane(YamlPane(self.desk, self.session, _API_SERVICE, ("", f"{version}.{group}")))

    def _version_of(self, group: str) -> str:
        assert self._lease is not None
        return next((row.api_version for row in self._lease.store if row.group == group), "v1")

    # --- what is said

    @property
    def heading(self) -> str:
        """How many kinds, how old the knowledge is, what does not answer."""
        shown = sum(self._members.values())
        known = shown or self.state.phase is Phase.LIVE
        parts = [self._trouble_words(), count(shown) if known else "–", *self._arrangement()]
        if self._hidden:
            key = self.desk.preferences.keymap.shown_of("wide")
            parts.append(f"{count(self._hidden)} that can't be listed, {key} shows them")
        parts.append(self._read())
        return "Kinds  " + " · ".join(part for part in parts if part)

    def _read(self) -> str:
        at = next((row.version for row in self._lease.store), 0) if self._lease is not None else 0
        age = self._now - at
        # Quiet on the wire: the age is told once it could matter.
        if not at or age < 60 or self.state.phase is not Phase.LIVE:
            return ""
        return f"read {span(age)} ago, {self.desk.preferences.keymap.shown_of('reconnect')} reads anew"

    def _trouble_words(self) -> str:
        if not self._trouble:
            return ""
        first = next(iter(self._trouble.values()))
        if len(self._trouble) == 1:
            return f"▲ {group_title(first.group)}: {first.trouble}"
        return f"▲ {len(self._trouble)} groups do not answer, first {group_title(first.group)}: {first.trouble}"
