"""Deployments: is the rollout done, are replicas ready. Enter: ReplicaSets by revision, their pods beneath."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from kubetui.cluster.object_at import object_at
from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.commands.subject import Subject, subject_of
from kubetui.kinds.deployment import DEPLOYMENT, DeploymentRow
from kubetui.kinds.kind import Column, Key
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.replica_set import REPLICA_SET, ReplicaSetRow
from kubetui.store.part import combined
from kubetui.store.state import Phase, SyncState
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.kind_pane import KindPane
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.pods import PodsPane
from kubetui.ui.panes.tree_pane import TreePane
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.revision_tree import RevisionKey, RevisionTree, revision_columns
from kubetui.ui.state_words import count
from kubetui.ui.widgets.row_source import RowSource


class DeploymentsPane(KindPane[DeploymentRow]):
    """The Deployments of the namespaces in scope."""

    def __init__(self, desk: Desk, session: Session, scope: Scope = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(desk, session, DEPLOYMENT, scope, **kwargs)

    def open_key(self, key: Hashable) -> None:
        """Its ReplicaSets and pods."""
        row = self.row(key)
        if row is not None:
            self.desk.open_pane(DeploymentPane(self.desk, self.session, row))


class DeploymentPane(TreePane[PodRow], PodsPane):
    """One Deployment's ReplicaSets, the newest revision first, with their pods."""

    MANY = 1000

    def __init__(self, desk: Desk, session: Session, row: DeploymentRow) -> None:
        # The selector of a Deployment never changes.
        super().__init__(desk, session, Scope(frozenset({row.namespace}), labels=row.selector))
        self._deployment = row
        self._key: Key = (row.namespace, row.name)
        self._columns = revision_columns()
        self._tree = RevisionTree(self.row, self._columns)
        self._sets: Lease[ReplicaSetRow] | None = None
        self._above: Lease[DeploymentRow] | None = None
        self._unwatch_more: list[Callable[[], None]] = []
        self._pods = 0
        self._sets_changed = False

    @property
    def all_columns(self) -> Sequence[Column[PodRow]]:
        """The tree's."""
        return self._columns

    @property
    def settings_name(self) -> str:
        """The tree's columns are its own."""
        return ""

    @property
    def place(self) -> str:
        """The Deployment."""
        return "deployment " + "/".join(self._key)

    def set_scope(self, scope: Scope) -> None:
        """Stays with its Deployment."""

    # --- coming and going

    def enter(self) -> None:
        """The Deployment, its ReplicaSets and pods."""
        if self._lease is not None:
            return
        namespace, name = self._key
        self._sets = self.session.open(REPLICA_SET, self.scope)
        self._above = self.session.open(DEPLOYMENT, Scope(frozenset({namespace}), fields=f"metadata.name={name}"))
        self._unwatch_more = [
            self._sets.store.on_change(self._changed),
            self._above.store.on_change(self.desk.request_tick),
        ]
        self._layout_due = True
        super().enter()

    def leave(self) -> None:
        """Give everything back."""
        for end in self._unwatch_more:
            end()
        for lease in (self._sets, self._above):
            if lease is not None:
                lease.close()
        self._unwatch_more, self._sets, self._above = [], None, None
        super().leave()

    def _changed(self) -> None:
        self._sets_changed = True
        self.desk.request_tick()

    @property
    def state(self) -> SyncState:
        """The worst of what is followed."""
        if self._lease is None or self._sets is None or self._above is None:
            return SyncState(Phase.CONNECTING)
        state = combined([self._lease.store.state, self._sets.store.state, self._above.store.state])
        if state.phase is Phase.LIVE and self._above.store.get(self._key) is None:
            return SyncState(Phase.NOT_INSTALLED, reason="the Deployment is gone", advice="Esc goes back")
        return state

    # --- rows

    def source(self) -> RowSource:
        """The tree."""
        return self._tree

    def refresh_rows(self, now: float) -> None:
        """Follow ReplicaSets and pods; lay the tree out where its lines changed."""
        if self._view is None or self._above is None or self._sets is None:
            return
        self._layout_due = self._layout_due or self._sets_changed or self._view.has_changes
        super().refresh_rows(now)
        self._tree.now = now
        self._deployment = self._above.store.get(self._key) or self._deployment
        self.lay_out_if_due(now, len(self._view))

    def lay_out(self) -> None:
        """Pods under their ReplicaSets."""
        assert self._view is not None
        assert self._sets is not None
        self._sets_changed = False
        sets = [row for row in self._sets.store if row.owner_kind == "Deployment" and row.owner == self._key[1]]
        self._pods = self._tree.build(
            sets,
            self._view,
            sort=self.tree_sort,
            reverse=self.reverse,
            everything=self.filter is not None or self.problems_only,
        )

    def columns_changed(self) -> None:
        """Paint other columns."""
        self._tree.columns = self.columns

    def table_rows(self) -> Sequence[Any]:
        """The tree's lines: ReplicaSets without pods among them."""
        return self._tree.keys

    # --- lines

    def open_key(self, key: Hashable) -> None:
        """A ReplicaSet folds or unfolds; a pod shows its containers."""
        if isinstance(key, RevisionKey):
            self.fold(key)
        else:
            super().open_key(key)

    def group_of(self, key: Hashable) -> Hashable | None:
        """The ReplicaSet."""
        row = self.row(key)
        return RevisionKey(row.owner) if row is not None else key if isinstance(key, RevisionKey) else None

    def turn(self, group: Hashable) -> None:
        """Fold or unfold a ReplicaSet."""
        if isinstance(group, RevisionKey):
            self._tree.turn(group.name)

    def turn_all(self) -> None:
        """Fold or unfold all ReplicaSets."""
        self._tree.turn_all()

    def subjects(self) -> Sequence[Subject]:
        """The ReplicaSet or the pods."""
        row = self._tree.replica_set(self.table.cursor_key)
        return super().subjects() if row is None or self.table.marked else [subject_of(REPLICA_SET, row)]

    def described(self) -> Described | None:
        """The ReplicaSet or pod under the cursor."""
        row = self._tree.replica_set(self.table.cursor_key)
        if row is None or self._sets is None:
            return super().described()
        return Described(object_at(REPLICA_SET, (row.namespace, row.name)), self._sets.store)

    def action_yaml(self) -> None:
        """The ReplicaSet or pod under the cursor as YAML."""
        row = self._tree.replica_set(self.table.cursor_key)
        if row is None:
            super().action_yaml()
        else:
            self.desk.open_pane(YamlPane(self.desk, self.session, REPLICA_SET, (row.namespace, row.name)))

    # --- what is said

    @property
    def heading(self) -> str:
        """The Deployment, its rollout in words, its pods."""
        row = self._deployment
        parts = [
            f"Deployment  {'/'.join(self._key)}",
            f"{row.ready}/{row.desired} ready",
            row.rollout,
            row.reason,
            row.strategy,
            f"{count(self._pods)} pods",
            *self._arrangement(),
        ]
        return " · ".join(part for part in parts if part)
