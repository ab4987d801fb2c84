"""Deployments: is the rollout done, are replicas ready. Enter: ReplicaSets by revision, their pods beneath."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from textual import on

from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.kinds.deployment import DEPLOYMENT, DeploymentRow
from kubetui.kinds.kind import Column, Key
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.replica_set import REPLICA_SET, ReplicaSetRow
from kubetui.store.part import combined
from kubetui.store.state import Phase, SyncState
from kubetui.ui.panes.kind_pane import KindPane
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.pods import PodsPane
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.revision_tree import RevisionKey, RevisionTree, revision_columns
from kubetui.ui.state_words import count
from kubetui.ui.widgets.live_table import LiveTable
from kubetui.ui.widgets.row_source import RowSource

MANY = 1000
"""From so many pods on the tree is laid out at most once a second; a line itself is always the newest."""
LAYOUT_PAUSE = 1.0


class DeploymentsPane(KindPane[DeploymentRow]):
    """The Deployments of the namespaces in scope."""

    def __init__(self, desk: Desk, session: Session, scope: Scope = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(desk, session, DEPLOYMENT, scope, **kwargs)

    def open_key(self, key: Hashable) -> None:
        """Its ReplicaSets and pods."""
        row = self.row(key)
        if row is not None:
            self.desk.open_pane(DeploymentPane(self.desk, self.session, row))


class DeploymentPane(PodsPane):
    """One Deployment's ReplicaSets, the newest revision first, with their pods."""

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
        self._layout_due = True
        self._laid_out = 0.0

    @property
    def all_columns(self) -> Sequence[Column[PodRow]]:
        """The tree's."""
        return self._columns

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
        if self._layout_due and (len(self._view) < MANY or now - self._laid_out >= LAYOUT_PAUSE):
            self._lay_out(now)

    def _lay_out(self, now: float) -> None:
        assert self._view is not None
        assert self._sets is not None
        self._laid_out, self._layout_due, self._sets_changed = now, False, False
        sets = [row for row in self._sets.store if row.owner_kind == "Deployment" and row.owner == self._key[1]]
        self._pods = self._tree.build(
            sets,
            self._view,
            sort=self.sort_column.sort if self.sort_column else None,
            reverse=self.reverse,
            everything=self.filter is not None or self.problems_only,
        )

    def _sort(self) -> Any:
        # The tree sorts, within each ReplicaSet.
        return None

    def rearrange(self) -> None:
        """Another order or filter: lay out at once."""
        super().rearrange()
        self._laid_out, self._layout_due = 0.0, True

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
            self._tree.turn(key.name)
            self.rearrange()
            self.desk.request_tick()
        else:
            super().open_key(key)

    @on(LiveTable.Toggled)
    def _toggled(self, event: LiveTable.Toggled) -> None:
        event.stop()
        if isinstance(event.key, RevisionKey):
            self.open_key(event.key)

    def action_fold(self) -> None:
        """Fold or unfold the ReplicaSet under the cursor, or the one of the pod under it."""
        key = self.table.cursor_key
        row = self.row(key)
        if row is not None:
            key = RevisionKey(row.owner)
        if isinstance(key, RevisionKey):
            self.open_key(key)

    def action_fold_all(self) -> None:
        """Fold or unfold all ReplicaSets."""
        self._tree.turn_all()
        self.rearrange()
        self.desk.request_tick()

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
