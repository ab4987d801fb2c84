"""Top: who uses the CPU and memory, against requests, limits and allocatable, and since when."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from kubetui.cluster.object_at import object_at
from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.commands.subject import Subject, resource_of, subject_of
from kubetui.insight.usage import UsageRow
from kubetui.insight.usage_book import Level, UsageBook
from kubetui.insight.usage_totals import Together
from kubetui.kinds.horizontal_pod_autoscaler import AutoscalerRow
from kubetui.kinds.kind import Column, Key, Kind
from kubetui.kinds.node import NODE
from kubetui.kinds.node_metrics import NODE_METRICS, NodeMetricsRow
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_metrics import POD_METRICS, PodMetricsRow
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.store.usage_history import UsageHistory
from kubetui.ui.coming_in import ComingIn
from kubetui.ui.footer import OwnKeys
from kubetui.ui.hosts_in_view import HostsInView
from kubetui.ui.kubelet_samples import KubeletSamples
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.panes.stats_summary import StatsSummaryPane
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.scaled_workloads import ScaledWorkloads
from kubetui.ui.top_columns import cpu_of, memory_of, needs_a_look, scales_badly, top_columns
from kubetui.ui.top_levels import Place, down
from kubetui.ui.top_samples import NO_SAMPLES, blank
from kubetui.ui.work import is_left

_ASKS_KUBELETS = frozenset({Phase.NOT_INSTALLED, Phase.FAILED, Phase.STALE, Phase.FORBIDDEN})
"""How metrics.k8s.io stands when the kubelets themselves are asked."""

_GONE_AT_MOST = 10_000
"""Rows whose samples are kept though they are not there: those of other namespaces come back."""


class TopPane(RowsPane[UsageRow]):
    """Six levels of the same figures; ``t`` goes through them, Enter goes down one, Esc back."""

    own_keys: ClassVar[OwnKeys] = OwnKeys({"top.level": "level", "top.stats": "stats"})
    FILTER_HINT: ClassVar[str] = "text  /regex/  CPU>500m  MEMORY>=1Gi  MEM%>90  COLUMN:text  !not"

    def __init__(self, desk: Desk, session: Session, scope: Scope = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(desk, session, **kwargs)
        self.scope = scope
        self.level = Level.NODES
        self._book: UsageBook | None = None
        self._samples: Lease[Any] | None = None
        self._objects: Lease[Any] | None = None
        self._hosts = HostsInView()
        self._scaled: ScaledWorkloads | None = None
        self._kubelets: KubeletSamples | None = None
        self._histories: dict[Level, UsageHistory] = {}
        self._columns = self._columns_of(self.level)
        self._places: list[Place] = []
        self._coming_in = ComingIn()
        self.sort_column, self.reverse = self._columns[1], True

    def _columns_of(self, level: Level) -> Sequence[Column[UsageRow]]:
        return top_columns(level, lambda: self._book.history if self._book else None, self._autoscaler)

    def _autoscaler(self, key: Key) -> AutoscalerRow | None:
        return self._scaled.autoscaler(key) if self._scaled is not None else None

    # --- what it shows

    @property
    def all_columns(self) -> Sequence[Column[UsageRow]]:
        """The level's."""
        return [column for column in self._columns if self._several_namespaces or column.title != "NAMESPACE"]

    @property
    def _several_namespaces(self) -> bool:
        return self.scope.namespaces is None or len(self.scope.namespaces) > 1

    @property
    def settings_name(self) -> str:
        """Columns differ by level and are not the user's to choose."""
        return ""

    @property
    def noun(self) -> str:
        """The level's word."""
        return self.level.value

    @property
    def title(self) -> str:
        """The pane's name, and what its rows are."""
        return f"Top  {self.level.value}"

    @property
    def place(self) -> str:
        """The namespaces, where the rows are of some."""
        if self.level.of_nodes:
            return ""
        names = self.scope.namespaces
        return "all namespaces" if names is None else ", ".join(sorted(names))

    @property
    def heading(self) -> str:
        """What is shown, what all of it uses, and where the figures come from."""
        parts = [super().heading]
        if self._kubelets is not None and self._kubelets.asked:
            whose = "kubelet's" if self._kubelets.asked == 1 else "kubelets'"
            parts.append(f"from {self._kubelets.asked} {whose} stats/summary")
        if self._scaled is not None and self._scaled.trouble:
            parts.append(self._scaled.trouble)
        return " · ".join(parts)

    def new_tally(self) -> Together:
        """What the rows shown use together."""
        return Together()

    def _arrangement(self) -> list[str]:
        """What the rows use together stands before what may be cut off."""
        return [*self._totals(), *super()._arrangement()]

    def _totals(self) -> Sequence[str]:
        tally = self._view.tally if self._view is not None else None
        total = tally.row() if isinstance(tally, Together) else None
        if total is None:
            return ()
        missing = [f"{total.unsampled:,} not sampled"] if total.unsampled and self._metrics.phase is Phase.LIVE else []
        if total.usage is None:
            return missing
        whole = self._lease is not None and len(self.table_rows()) == len(self._lease.store)
        whose = "all" if whole else "these"
        return (f"{whose} use {cpu_of(total)} CPU, {memory_of(total)}", *missing)

    def problem(self, row: UsageRow) -> bool:
        """Whether its numbers mean anything, or its autoscaler is in trouble."""
        scaler = self._autoscaler((row.namespace, row.name))
        return needs_a_look(row) or (scaler is not None and scales_badly(scaler))

    @property
    def state(self) -> SyncState:
        """The samples' where they are in trouble, else the objects'; who may not look here is shown where else to."""
        found = self._state
        if found.phase is not Phase.FORBIDDEN or not self.level.of_nodes or len(self.table_rows()):
            return found
        key = self.desk.preferences.keymap.shown_of("top.level").split()[0]
        further = f"{key} goes on to pods, which other rights are for"
        return replace(found, advice=" · ".join(part for part in (found.advice, further) if part))

    @property
    def _state(self) -> SyncState:
        samples = self._metrics
        if samples.phase in _ASKS_KUBELETS and self._kubelets is not None:
            return self._kubelets.state(samples, self._hosts.note)
        objects = self._objects.store.state if self._objects else samples
        if self.level is Level.POOLS and objects.phase is Phase.FORBIDDEN:
            objects = replace(objects, reason=f"{objects.reason}; a node's pool stands in its Node object alone")
        # Figures without their objects lack what was asked for and allowed: why stands over them.
        return objects if objects.phase in (Phase.FORBIDDEN, Phase.FAILED, Phase.STALE) else samples

    @property
    def _metrics(self) -> SyncState:
        """How metrics.k8s.io stands."""
        if self._samples is None:
            return SyncState(Phase.CONNECTING)
        # A namespace may have none but new pods; a cluster without any sample has a reason for it.
        whole = self.level.of_nodes or self.scope.namespaces is None
        if whole and self._objects is not None and blank(self._samples.store, self._objects.store):
            return NO_SAMPLES
        return self._samples.store.state

    # --- coming and going

    def take_lease(self) -> Lease[UsageRow]:
        """A store of this pane's own, filled by its book from the objects and their samples."""
        pods = self.session.open(POD, self._pod_scope)
        leases: list[Lease[Any]] = [pods]
        nodes: Store[NodeRow] = Store()
        node_samples: Store[NodeMetricsRow] = Store()
        pod_samples: Store[PodMetricsRow] = Store()
        # Only the samples that the level shows are asked for.
        if self.level.of_nodes:
            held, sampled_nodes = self.session.open(NODE), self.session.open(NODE_METRICS)
            leases += [held, sampled_nodes]
            nodes, node_samples, self._samples = held.store, sampled_nodes.store, sampled_nodes
            self._objects = held
        else:
            sampled_pods = self.session.open(POD_METRICS, self._pod_scope)
            leases.append(sampled_pods)
            pod_samples, self._samples = sampled_pods.store, sampled_pods
            self._objects = pods
        scaled = None
        if self.level is Level.WORKLOADS:
            scaled = ScaledWorkloads(self.session, self._pod_scope, self.desk.request_tick)
        self._scaled = scaled
        unwatch = [lease.store.on_change(self.desk.request_tick) for lease in leases]
        if self._kubelets is not None:
            node_samples, pod_samples = self._kubelets.nodes, self._kubelets.pods
        history = self._histories.setdefault(self.level, UsageHistory())
        book = UsageBook(pods.store, nodes, pod_samples, node_samples, self.level, self.desk.now, history)
        self._book = book

        def release() -> None:
            for stop in unwatch:
                stop()
            book.close()
            for lease in leases:
                lease.close()
            if scaled is not None:
                scaled.close()

        return Lease(book.rows, release)

    @property
    def _pod_scope(self) -> Scope:
        """Nodes and pools count the pods of all namespaces."""
        return EVERYWHERE if self.level.of_nodes else self.scope

    def leave(self) -> None:
        """Give everything back."""
        super().leave()
        if self._kubelets is not None:
            self._kubelets.close()
        self._book = self._samples = self._objects = self._kubelets = None

    def refetch(self) -> None:
        """``^r``: the kubelets too, where they are asked; the rest follows its own pace."""
        if self._kubelets is not None:
            self._kubelets.again()
            self.desk.request_tick()

    def set_scope(self, scope: Scope) -> None:
        """Look at other namespaces."""
        if scope != self.scope:
            self._again(lambda: setattr(self, "scope", scope))

    def _again(self, change: Callable[[], None]) -> None:
        """Change what the stores depend on."""
        visible = self._lease is not None
        self.leave()
        change()
        self.table.marked = frozenset()
        if visible:
            self.enter()
        self._show_columns()

    # --- one tick

    def refresh_rows(self, now: float) -> None:
        """The book first, then the view of it."""
        if self._book is None:
            return
        self._ask_kubelets_if_needed()
        if is_left(self._book.step):
            self.desk.go_on()
        elif self._objects is not None and self._objects.store.state.phase is Phase.LIVE:
            self._forget_the_gone(self._book)
        if self._view is not None and self._coming_in.goes_on(self._view.waiting, len(self._view), now):
            self.desk.request_tick()
            return
        super().refresh_rows(now)

    @staticmethod
    def _forget_the_gone(book: UsageBook) -> None:
        """Rows that went unseen, once they are many; the book itself forgets those that go before its eyes."""
        if len(book.history) > len(book.rows) + _GONE_AT_MOST:
            rows = book.rows
            book.history.keep(lambda key: rows.get(key) is not None)

    def _ask_kubelets_if_needed(self) -> None:
        phase = self._metrics.phase
        needed = phase in _ASKS_KUBELETS
        if needed and self._kubelets is None:
            kubelets = KubeletSamples(self.session, self.desk.request_tick)
            self._reopen_with(kubelets)
        elif not needed and phase in (Phase.LIVE, Phase.DETAILS) and self._kubelets is not None:
            self._kubelets.close()
            self._reopen_with(None)
        if self._kubelets is not None:
            self._kubelets.want(self._nodes_in_view())

    def _reopen_with(self, kubelets: KubeletSamples | None) -> None:
        super().leave()
        self._book = None
        self._kubelets = kubelets
        self.enter()

    def _nodes_in_view(self) -> Sequence[str]:
        """Nodes of the rows on the screen, in their order."""
        rows = self.table_rows()
        first = self.table.top
        shown = [rows[index] for index in range(first, min(len(rows), first + self.table.size.height))]
        if self.level is Level.NODES:
            return [row.name for row in shown]
        if self.level is Level.PODS:
            return list(dict.fromkeys(row.group for row in shown if row.group))
        keys = frozenset((row.namespace, row.group if self.level is Level.CONTAINERS else row.name) for row in shown)
        if self._objects is not None and self._hosts.look(self._objects.store, self.level, keys, self.desk.now()):
            self.desk.go_on()
        return self._hosts.names

    # --- levels

    def action_level(self, step: int) -> None:
        """The next or previous level."""
        levels = list(Level)
        self._places.clear()
        self._go(levels[(levels.index(self.level) + step) % len(levels)], "")

    def _go(self, level: Level, filter_text: str, sort: str = "CPU", reverse: bool = True) -> None:
        def change() -> None:
            self.level = level
            self._columns = self._columns_of(level)
            self._hosts = HostsInView()

        self.filter = None
        self._again(change)
        self.set_sort(next((column for column in self._columns if column.title == sort), None), reverse)
        self.set_filter(filter_text)

    def open_key(self, key: Hashable) -> None:
        """One level down: a pool's nodes, a node's pods, a namespace's or workload's pods, a pod's containers, a
        container's figures in its kubelet."""
        row = self.row(key)
        below = down(self.level, row, namespaces=self._several_namespaces) if row is not None else None
        if below is None:
            if row is not None:  # the bottom: what its kubelet knows is all that is further down
                self.action_stats()
            return
        text = self.filter.text if self.filter else ""
        sort = self.sort_column.title if self.sort_column else ""
        self._places.append(Place(self.level, text, sort, self.reverse, key))
        self._go(*below)

    def take_back(self) -> bool:
        """Esc: up to where one came from, else as in every table."""
        if not self._places:
            return super().take_back()
        place = self._places.pop()
        self._go(place.level, place.filter, place.sort, place.reverse)
        self.seek(place.cursor)
        return True

    # --- objects

    def _object(self, row: UsageRow | None) -> tuple[Kind[Any], Key] | None:
        if row is None:
            return None
        if self.level is Level.NODES:
            return NODE, ("", row.name)
        if self.level is Level.PODS:
            return POD, (row.namespace, row.name)
        if self.level is Level.CONTAINERS:
            return POD, (row.namespace, row.group)
        return None

    def subjects(self) -> Sequence[Subject]:
        """The nodes or pods chosen."""
        found = [self._object(row) for row in self.chosen_rows()]
        subjects = []
        for one in found:
            if one is not None:
                kind, key = one
                held = self.session.store_of(kind)
                row = held.get(key) if held is not None else None
                subjects.append(
                    subject_of(kind, row) if row is not None else Subject(resource_of(kind), key[1], key[0])
                )
        return subjects

    def described(self) -> Described | None:
        """The node or pod under the cursor."""
        found = self._object(self.row_under_cursor())
        return Described(object_at(*found), self.session.store_of(found[0])) if found is not None else None

    def action_yaml(self) -> None:
        """The node or pod as YAML."""
        found = self._object(self.row_under_cursor())
        if found is not None:
            self.desk.open_pane(YamlPane(self.desk, self.session, *found))

    def action_stats(self) -> None:
        """What the kubelet knows of the node or pod under the cursor."""
        row = self.row_under_cursor()
        found = self._object(row)
        if row is None or found is None:
            self.desk.say("a kubelet's figures are of a node, a pod or a container")
            return
        kind, key = found
        held = self.session.store_of(POD)
        pod = held.get(key) if held is not None and kind is POD else None
        node = row.name if self.level is Level.NODES else (pod.node if pod is not None else row.group)
        self.desk.open_pane(StatsSummaryPane(self.desk, self.session, node, key if kind is POD else None))
