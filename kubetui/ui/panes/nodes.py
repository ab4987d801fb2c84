"""Nodes under their pools, with the machines under them: healthy, equal, and how full.

Enter: a pool folds, a node shows its pods, an instance without a node what Azure says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.commands.subject import Subject, machine_subject, pool_subject
from kubetui.insight.instance_view import machine_key
from kubetui.insight.node_groups import known_limits
from kubetui.insight.node_load import Load, NodeLoads
from kubetui.insight.pool_state import pool_state
from kubetui.insight.pools import KeptPools, Pool, pool
from kubetui.kinds.kind import Column
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.store.pairs import Pairs
from kubetui.store.state import Phase
from kubetui.ui.lone_filter import matching
from kubetui.ui.node_columns import VM, node_columns
from kubetui.ui.node_machines import NodeMachines
from kubetui.ui.node_tree import NodeTree, PoolKey
from kubetui.ui.panes.kind_pane import KindPane
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.pods import PodsPane
from kubetui.ui.panes.tree_pane import TreePane
from kubetui.ui.pool_autoscaler import PoolAutoscaler
from kubetui.ui.pool_line import PoolShown
from kubetui.ui.state_words import count, words_for
from kubetui.ui.unlisted_nodes import UnlistedNodes
from kubetui.ui.widgets.row_source import RowSource
from kubetui.ui.work import is_left

_UNKNOWN = frozenset({Phase.CONNECTING, Phase.SYNCING, Phase.FORBIDDEN, Phase.FAILED, Phase.NOT_INSTALLED})


class NodesPane(TreePane[NodeRow], KindPane[NodeRow]):
    """All nodes; all pods too, for what they ask of each node."""

    def __init__(self, desk: Desk, session: Session, **kwargs: Any) -> None:
        super().__init__(desk, session, NODE, EVERYWHERE, **kwargs)
        self._loads = NodeLoads()
        self._kept_pools = KeptPools()
        self._machines = NodeMachines(desk.azure, desk.request_tick)
        self._joined = self._machines.joined
        """The join that the lines were laid out from."""
        self._vm_columns = False
        """Whether the columns shown have the machines'."""
        self._autoscaler = PoolAutoscaler(session, desk.request_tick)
        self._groups = self._autoscaler.groups
        self._columns = node_columns(self._load, self._machines)
        self._tree = NodeTree(self._newest, self._columns, self._machines)
        self._pods: Lease[PodRow] | None = None
        self._pairs: Pairs[PodRow] | None = None
        self._unwatch_pods: Callable[[], None] = lambda: None
        self._counted = False
        self._machines_due = True
        """The pane was opened: Azure is asked for the nodes that are there."""
        self._listed: Lease[NodeRow] | None = None
        self._unlisted: UnlistedNodes | None = None
        self._namespaces: frozenset[str] | None = None

    @property
    def all_columns(self) -> Sequence[Column[NodeRow]]:
        """The pane's own, joined with the pods' requests, and with the machines once they are known."""
        return [column for column in self._columns if column.title != VM or self._machines.known]

    def _newest(self, name: str) -> NodeRow | None:
        return self._lease.store.get(("", name)) if self._lease else None

    def _load(self, name: str) -> Load | None:
        return self._loads.of(name) if self._tree.pods_known else None

    def set_scope(self, scope: Scope) -> None:
        """Nodes are of no namespace; where nothing else may be seen, the pods of these name some."""
        self._namespaces = scope.namespaces

    # --- coming and going

    def enter(self) -> None:
        """Nodes and pods."""
        if self._lease is not None:
            return
        self._pods = self.session.open(POD)
        self._unwatch_pods = self._pods.store.on_change(self.desk.request_tick)
        self._pairs = Pairs(self._pods.store)
        self._loads = NodeLoads()
        self._counted = False
        self._machines_due = True
        super().enter()

    def leave(self) -> None:
        """Give both stores back; nothing more is asked of Azure."""
        self._machines.rest()
        self._autoscaler.rest()
        if self._pods is not None and self._pairs is not None:
            self._unwatch_pods()
            self._pairs.close()
            self._pods.close()
        self._pods = self._pairs = None
        super().leave()

    def take_lease(self) -> Lease[NodeRow]:
        """All nodes; where they may not be listed, their names."""
        self._listed, self._unlisted = super().take_lease(), None
        if not self._may_not_list:
            return self._listed
        self._unlisted = UnlistedNodes(self.session, self._listed, self.desk.request_tick)
        return Lease(self._unlisted.store, self._unlisted.close)

    @property
    def _may_not_list(self) -> bool:
        return self._listed is not None and self._listed.store.state.phase is Phase.FORBIDDEN

    def source(self) -> RowSource:
        """The tree."""
        return self._tree

    # --- rows

    def refresh_rows(self, now: float) -> None:
        """Follow nodes and pods; lay the tree out where its lines or totals changed."""
        if self._view is None or self._lease is None:
            return
        if self._may_not_list != (self._unlisted is not None):  # refused, or allowed after all
            self.leave()
            self.enter()
            return
        if self._unlisted is not None:
            pods = self._pods.store.state.phase if self._pods is not None else Phase.CONNECTING
            self._unlisted.follow(self._loads, pods, self._namespaces)
        pending = self._view.has_changes
        super().refresh_rows(now)
        joined = self._joined
        self._follow_machines(now, moved=pending)
        self._layout_due = self._layout_due or pending
        if self._joined is not joined and len(self._lease.store) >= self.MANY:
            self.desk.go_on()  # joining thousands of machines takes a turn of its own
            return
        self._count_pods()
        self._tree.now = now
        known = self._pods_known()
        self._layout_due = self._layout_due or known != self._tree.pods_known
        self._layout_due = bool(self._loads.take_changed()) or self._layout_due
        self._tree.pods_known = known
        if self._machines.known == self._vm_columns:
            self.lay_out_if_due(now, len(self._lease.store))
            return
        self._vm_columns = self._machines.known
        self._laid_out, self._layout_due = 0.0, True  # columns that appear now begin as wide as what is known now
        self.lay_out_if_due(now, len(self._lease.store))
        self._show_columns()

    def _follow_machines(self, now: float, *, moved: bool) -> None:
        """What is under the nodes, and what scales them. Names alone, of nodes that may not be listed, name pools."""
        assert self._lease is not None
        phase = self._lease.store.state.phase
        if phase in _UNKNOWN and phase is not Phase.FORBIDDEN:
            return
        nodes = tuple(self._lease.store)
        self._autoscaler.follow(nodes, moved=moved)
        if phase is not Phase.FORBIDDEN:
            self._follow_azure(nodes, now, moved=moved)
        # A pane over this one may have brought them up to date.
        self._layout_due = self._layout_due or self._autoscaler.groups is not self._groups
        self._groups = self._autoscaler.groups

    def _follow_azure(self, nodes: tuple[NodeRow, ...], now: float, *, moved: bool) -> None:
        """The machines."""
        moved = moved or self._machines_due
        self._machines_due = False
        pools = self._tree.pools_between(self.table.top, self.table.size.height)
        self._layout_due = self._machines.follow(nodes, now, moved=moved, pools=pools) or self._layout_due
        self._layout_due = self._layout_due or self._machines.joined is not self._joined
        self._joined = self._machines.joined

    def problem(self, row: NodeRow) -> bool:
        """As the node says, or its machine."""
        return super().problem(row) or self._machines.problem(row)

    def refetch(self) -> None:
        """Azure and the autoscaler are asked anew; nodes and pods are followed by watches."""
        self._machines.retry_now()
        self._autoscaler.retry_now()

    def _count_pods(self) -> None:
        if self._pairs is None:
            return
        pods = self._pairs
        if is_left(lambda: self._count_some(pods)):
            self.desk.go_on()
        else:
            self._counted = True

    def _count_some(self, pods: Pairs[PodRow]) -> bool:
        """One step; False where there was nothing left to count."""
        rows = pods.first()
        for row in rows:
            self._loads.fold(None, row)
        pairs = [] if rows else pods.changes()
        for before, after in pairs:
            self._loads.fold(before, after)
        return bool(rows or pairs)

    def _pods_known(self) -> bool:
        return self._counted and self._pods is not None and self._pods.store.state.phase not in _UNKNOWN

    def lay_out(self) -> None:
        """Nodes under their pools."""
        assert self._view is not None
        assert self._lease is not None
        self._tree.columns = self.columns
        lone = self._machines.lone(problems_only=self.problems_only)
        self._tree.build(
            self._view,
            self._pools_shown(),
            sort=self.tree_sort,
            reverse=self.reverse,
            everything=self.filter is not None or self.problems_only,
            lone=matching(self.filter.text if self.filter is not None else "", lone),
        )

    def _pools(self) -> list[Pool]:
        """The nodes' pools, and those that have machines or limits only."""
        assert self._lease is not None
        found = self._kept_pools.of(self._lease.store, self._loads.of)
        if self._machines.known:
            found = self._machines.meant(found, self._lease.store)
        held = {one.name for one in found}
        return found + [pool(name, [], self._loads.of) for name in sorted(self._machines.joined.pools.keys() - held)]

    def _pools_shown(self) -> list[PoolShown]:
        assert self._lease is not None
        members: dict[str, list[NodeRow]] = {}
        for row in self._lease.store:
            members.setdefault(row.pool, []).append(row)
        return [self._shown(one, members.get(one.name, ())) for one in self._pools()]

    def _shown(self, one: Pool, nodes: Iterable[NodeRow]) -> PoolShown:
        joined, groups = self._machines.joined, self._autoscaler.groups
        state = pool_state(one.name, nodes, joined, groups.get(one.name), self.desk.now())
        machines = joined.pools.get(one.name)
        return PoolShown(one, machines, state, known_limits(machines, groups, one.name))

    def columns_changed(self) -> None:
        """Paint other columns."""
        self._tree.columns = self.columns

    def subjects(self) -> Sequence[Subject]:
        """The nodes, the pool or the instance under the cursor."""
        key = self.table.cursor_key
        if (lone := self._tree.lone(key)) is not None and not self.table.marked:
            one = lone.instance
            return [machine_subject(one.id, one.number, one.computer_name, lone.pool)]
        if not isinstance(key, PoolKey) or self.table.marked or self._lease is None:
            return super().subjects()
        members = [row for row in self._lease.store if row.pool == key.name]
        return [pool_subject(key.name, members[0], len(members))] if members and key.name else ()

    # --- groups

    def open_key(self, key: Hashable) -> None:
        """A pool folds or unfolds; a node shows its pods, an instance without a node what Azure says of it."""
        if isinstance(key, PoolKey):
            self.fold(key)
        elif (lone := self._tree.lone(key)) is not None:
            self._open_instance(lone.instance.key)
        elif isinstance(key, tuple):
            self.desk.open_pane(NodePodsPane(self.desk, self.session, str(key[1])))

    def _open_instance(self, key: str) -> None:
        from kubetui.ui.panes.instance import InstancePane

        if self._lease is not None:
            self.desk.open_pane(InstancePane(self.desk, self.session, key, self._machines, self._lease.store))

    def action_instance(self) -> None:
        """The machine under the node, or the instance without one."""
        lone, row = self._tree.lone(self.table.cursor_key), self.row_under_cursor()
        if lone is not None:
            self._open_instance(lone.instance.key)
        elif row is not None:
            held = self._machines.instance(row.name)
            key = held.key if held is not None else machine_key(row)
            if key:
                self._open_instance(key)
            else:
                self.desk.say(f"{row.name} names no machine of Azure")

    def action_describe(self) -> None:
        """The pool, the node, or the instance without one."""
        key = self.table.cursor_key
        if isinstance(key, PoolKey):
            self._open_pool(key)
        elif (lone := self._tree.lone(key)) is not None:
            self._open_instance(lone.instance.key)
        else:
            super().action_describe()

    def _open_pool(self, key: PoolKey) -> None:
        from kubetui.ui.panes.pool import Followed, PoolPane  # not before: describing is a room of its own

        if self._lease is not None:
            below = Followed(self._lease.store, self._machines, self._autoscaler)
            self.desk.open_pane(PoolPane(self.desk, self.session, key.name, below))

    def group_of(self, key: Hashable) -> Hashable | None:
        """The pool."""
        lone = self._tree.lone(key)
        if lone is not None:
            return PoolKey(lone.pool)
        row = self.row(key)
        return key if isinstance(key, PoolKey) else PoolKey(row.pool) if row else None

    def turn(self, group: Hashable) -> None:
        """Fold or unfold a pool."""
        if isinstance(group, PoolKey):
            self._tree.turn(group.name)

    def turn_all(self) -> None:
        """Fold or unfold all pools."""
        self._tree.turn_all()

    # --- what is said

    @property
    def amount(self) -> str:
        """Nodes; where not all lines are shown, the instances without a node among them too."""
        alone = self._tree.lone_count if self.filter is not None or self.problems_only else 0
        return f"{super().amount}, {count(alone)} instance{'s' if alone > 1 else ''}" if alone else super().amount

    @property
    def heading(self) -> str:
        """Nodes, and whether the pods behind the totals are known."""
        text = super().heading
        if self._unlisted is not None:
            text += " · names from pods and metrics only"
        if self._pods is not None and not self._pods_known():
            words = words_for(self._pods.store.state, 0.0)
            text += f" · pods: {words.word}"
        elif self._pods is not None:
            text += f" · {count(len(self._pods.store))} pods"
        now = self.desk.now()
        key = self.desk.preferences.keymap.shown_of("azure.sign_in")
        limits = self._autoscaler.words(now, needed=not self._machines.limits_known)
        return " · ".join(part for part in (text, self._machines.words(now, key), limits) if part)

    def action_copy(self) -> None:
        """The nodes' names; the resource id of an instance without a node."""
        lone = self._tree.lone(self.table.cursor_key)
        if lone is None or self.table.marked:
            super().action_copy()
        else:
            self.desk.copy(lone.instance.id, f"the resource id of instance {lone.instance.number}")


class NodePodsPane(PodsPane):
    """The pods of one node."""

    def __init__(self, desk: Desk, session: Session, node: str) -> None:
        super().__init__(desk, session, Scope(fields=f"spec.nodeName={node}"))
        self._node = node

    @property
    def place(self) -> str:
        """The node."""
        return f"node {self._node}"

    def set_scope(self, scope: Scope) -> None:
        """Stays with its node."""
