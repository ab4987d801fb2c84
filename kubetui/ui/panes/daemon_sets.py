"""DaemonSets: how many nodes should run each and do. Enter: the nodes, those that miss it first, each with why."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from kubetui.cluster.object_at import object_at
from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.commands.subject import Subject, resource_of
from kubetui.insight.daemon_node import DAEMON_NODE_COLUMNS, DaemonNodeRow, by_need
from kubetui.insight.daemon_set_history import REFUSED, History, history
from kubetui.insight.daemon_set_nodes import Standing
from kubetui.insight.daemon_set_survey import Survey
from kubetui.kinds.controller_revision import CONTROLLER_REVISION, ControllerRevisionRow
from kubetui.kinds.daemon_set import DAEMON_SET, DaemonSetRow
from kubetui.kinds.event import EVENT, EventRow
from kubetui.kinds.kind import Column, Key
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.store.pairs import Pairs
from kubetui.store.part import combined
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.panes.containers import ContainersPane
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.kind_pane import KindPane
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.state_words import count
from kubetui.ui.work import is_left

STEP = 64
"""Nodes judged between two looks at the clock."""
_KNOWN = frozenset({Phase.DETAILS, Phase.LIVE, Phase.STALE})


class DaemonSetsPane(KindPane[DaemonSetRow]):
    """The DaemonSets of the namespaces in scope."""

    def __init__(self, desk: Desk, session: Session, scope: Scope = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(desk, session, DAEMON_SET, scope, **kwargs)

    def open_key(self, key: Hashable) -> None:
        """The nodes that should run it, and the others."""
        row = self.row(key)
        if row is not None:
            self.desk.open_pane(DaemonSetNodesPane(self.desk, self.session, row))


class _Followed:
    """The DaemonSet, all nodes and its pods, each read by its changes."""

    def __init__(self, session: Session, row: DaemonSetRow) -> None:
        inside = frozenset({row.namespace})
        self.daemon_set: Lease[DaemonSetRow] = session.open(
            DAEMON_SET, Scope(inside, fields=f"metadata.name={row.name}")
        )
        self.nodes: Lease[NodeRow] = session.open(NODE)
        # The selector of a DaemonSet never changes.
        self.pods: Lease[PodRow] = session.open(POD, Scope(inside, labels=row.selector))
        # What these two tell is an extra: without rights, or without them, the rest stands.
        self.revisions: Lease[ControllerRevisionRow] = session.open(
            CONTROLLER_REVISION, Scope(inside, labels=row.selector)
        )
        about = f"involvedObject.kind=DaemonSet,involvedObject.name={row.name},reason={REFUSED}"
        self.refusals: Lease[EventRow] = session.open(EVENT, Scope(inside, fields=about))
        self.node_pairs = Pairs(self.nodes.store)
        self.pod_pairs = Pairs(self.pods.store)

    @property
    def stores(self) -> tuple[Store[Any], ...]:
        return self.daemon_set.store, self.nodes.store, self.pods.store

    @property
    def extras(self) -> tuple[Store[Any], ...]:
        return self.revisions.store, self.refusals.store

    def history(self, row: DaemonSetRow) -> History:
        """The revisions and refusals known now."""
        return history(row, self.revisions.store, self.refusals.store)

    @property
    def state(self) -> SyncState:
        return combined(store.state for store in self.stores)

    def close(self) -> None:
        self.node_pairs.close()
        self.pod_pairs.close()
        for lease in (self.daemon_set, self.nodes, self.pods, self.revisions, self.refusals):
            lease.close()


class DaemonSetNodesPane(RowsPane[DaemonNodeRow]):
    """All nodes as one DaemonSet sees them; what it misses comes first."""

    def __init__(self, desk: Desk, session: Session, row: DaemonSetRow) -> None:
        super().__init__(desk, session)
        self._row = row
        self._key: Key = (row.namespace, row.name)
        self._followed: _Followed | None = None
        self._survey = Survey()

    @property
    def all_columns(self) -> Sequence[Column[DaemonNodeRow]]:
        """The nodes' columns."""
        return DAEMON_NODE_COLUMNS

    @property
    def noun(self) -> str:
        """Nodes."""
        return "nodes"

    @property
    def place(self) -> str:
        """The DaemonSet."""
        return "daemonset " + "/".join(self._key)

    def labels(self, row: DaemonNodeRow) -> Sequence[tuple[str, str]]:
        """The node's."""
        return row.labels

    def problem(self, row: DaemonNodeRow) -> bool:
        """Missing, or there without being meant to, or old."""
        return row.standing in (Standing.MISSING, Standing.STRAY, Standing.OLD)

    def take_lease(self) -> Lease[DaemonNodeRow]:
        """A store of this pane's own, filled by what it follows."""
        followed = self._followed = _Followed(self.session, self._row)
        self._survey = Survey()
        unwatch = [store.on_change(self.desk.request_tick) for store in (*followed.stores, *followed.extras)]

        def release() -> None:
            for end in unwatch:
                end()
            followed.close()
            self._followed = None

        return Lease(Store[DaemonNodeRow](), release)

    def _sort(self) -> Any:
        return self.sort_column.sort if self.sort_column else by_need

    def refresh_rows(self, now: float) -> None:
        """Judge what changed, then show it."""
        if self._followed is not None and self._lease is not None:
            self._follow(self._followed, self._lease.store)
        super().refresh_rows(now)

    def _follow(self, followed: _Followed, store: Store[DaemonNodeRow]) -> None:
        state = followed.state
        row = followed.daemon_set.store.get(self._key)
        if state.phase is Phase.LIVE and row is None:
            state = SyncState(Phase.NOT_INSTALLED, reason="the DaemonSet is gone", advice="Esc goes back")
        store.state = state
        if row is not None:
            self._row = row
        # Before all pods are in, every node would look as if it missed one.
        if all(part.state.phase in _KNOWN for part in followed.stores):
            self._survey.set_daemon_set(row)
            self._survey.set_history(followed.history(self._row))
            self._judge(followed, store)

    def _judge(self, followed: _Followed, store: Store[DaemonNodeRow]) -> None:
        if is_left(lambda: self._fold(followed) or self._take(store)):
            self.desk.go_on()

    def _take(self, store: Store[DaemonNodeRow]) -> bool:
        """Some of the nodes that were judged anew; False where there are none."""
        rows = self._survey.take(STEP)
        store.apply(rows)
        return bool(rows)

    def _fold(self, followed: _Followed) -> bool:
        """One step of the changes; False where there are none left."""
        for node in (nodes := followed.node_pairs.first()):
            self._survey.fold_node(None, node)
        for pod in (pods := followed.pod_pairs.first()):
            self._survey.fold_pod(None, pod)
        if nodes or pods:
            return True
        for node_pair in (node_pairs := followed.node_pairs.changes()):
            self._survey.fold_node(*node_pair)
        for pod_pair in (pod_pairs := followed.pod_pairs.changes()):
            self._survey.fold_pod(*pod_pair)
        return bool(node_pairs or pod_pairs)

    @property
    def heading(self) -> str:
        """The nodes, and how many stand how."""
        found = dict.fromkeys(Standing, 0)
        for row in self._lease.store if self._lease else ():
            found[row.standing] += 1
        parts = [
            f"{count(found[standing])} {word}"
            for standing, word in (
                (Standing.MISSING, "missing"),
                (Standing.STRAY, "should not run it"),
                (Standing.OLD, "old"),
                (Standing.RUNS, "run it"),
                (Standing.NOT_MEANT, "not meant to"),
            )
            if found[standing]
        ]
        return " · ".join([super().heading, ", ".join(parts)] if parts else [super().heading])

    def open_key(self, key: Hashable) -> None:
        """The containers of its pod there."""
        row = self.row(key)
        if row is None:
            return
        if row.pod:
            self.desk.open_pane(ContainersPane(self.desk, self.session, (row.pod_namespace, row.pod)))
        else:
            self.desk.say(f"no pod on {row.name}")

    def subjects(self) -> Sequence[Subject]:
        """The pod, or the node where there is none."""
        row = self.row_under_cursor()
        if row is None:
            return ()
        if row.pod:
            return [Subject(resource_of(POD), row.pod, row.pod_namespace)]
        return [Subject(resource_of(NODE), row.name)]

    def described(self) -> Described | None:
        """The pod, or the node where there is none."""
        row, followed = self.row_under_cursor(), self._followed
        if row is None or followed is None:
            return None
        if row.pod:
            return Described(object_at(POD, (row.pod_namespace, row.pod)), followed.pods.store)
        return Described(object_at(NODE, ("", row.name)), followed.nodes.store)

    def action_yaml(self) -> None:
        """The pod as YAML, or the node where there is none."""
        row = self.row_under_cursor()
        if row is None:
            return
        key = (row.pod_namespace, row.pod) if row.pod else ("", row.name)
        self.desk.open_pane(YamlPane(self.desk, self.session, POD if row.pod else NODE, key))
