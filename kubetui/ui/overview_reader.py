"""What the Overview follows: stores read into books, the API server's checks, and what of it outlives a look.

Nodes, Deployments and DaemonSets are followed everywhere. Of pods only kube-system's, and of other namespaces those
that neither run nor are done: 33,000 healthy pods cost the API server nothing. Where somebody already follows all
pods, these are read instead.
"""

from __future__ import annotations

import asyncio
from collections import ChainMap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kubetui.azure.machine_feed import MachineFeed
from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import ClusterError
from kubetui.cluster.health import HealthPoll
from kubetui.cluster.how_many import how_many
from kubetui.cluster.session import EVERYWHERE, Scope, Session
from kubetui.insight.aks_components import NAMESPACE
from kubetui.insight.back_offs import BackOffBook
from kubetui.insight.changes import ChangeNotes
from kubetui.insight.components import Around, Workloads, component_states
from kubetui.insight.control_plane import LeaseBook
from kubetui.insight.evictions import EvictionBook
from kubetui.insight.evidence import Evidence
from kubetui.insight.node_book import NodeBook
from kubetui.insight.node_reports import ReportBook
from kubetui.insight.pod_book import PodBook
from kubetui.insight.restarts import Restarts
from kubetui.insight.timeline import Timeline
from kubetui.insight.workload_book import WorkloadBook
from kubetui.kinds.daemon_set import DAEMON_SET
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment import DEPLOYMENT
from kubetui.kinds.deployment_row import DeploymentRow
from kubetui.kinds.event import EVENT, EventRow
from kubetui.kinds.kind import Key, Row
from kubetui.kinds.lease import LEASE, LeaseRow
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.store.part import combined
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.feed import KNOWN, Feed
from kubetui.ui.overview_machines import OverviewMachines
from kubetui.ui.work import is_left

SYSTEM = Scope(frozenset({NAMESPACE}))
WAITING_PODS = Scope(fields=f"metadata.namespace!={NAMESPACE},status.phase!=Running,status.phase!=Succeeded")
NODE_EVENTS = Scope(fields="involvedObject.kind=Node")
BACK_OFFS = Scope(fields="involvedObject.kind=Pod,reason=BackOff")
_ON_THE_WAY = frozenset({Phase.CONNECTING, Phase.SYNCING})
COUNT_PERIOD = 60.0
"""Seconds between two counts of all pods, where nobody follows them."""


class OverviewReader:
    """Opened and closed with the pane; restarts and the timeline stay while the session lasts."""

    def __init__(
        self, session: Session, clock: Clock, wake: Callable[[], None], azure: MachineFeed | None = None
    ) -> None:
        self._session, self._clock, self._wake = session, clock, wake
        self.machines = OverviewMachines(azure, wake)
        self.health = HealthPoll(session, clock, wake)
        self.timeline = Timeline()
        self._notes = ChangeNotes(self.timeline)
        self.restarts = Restarts()
        self.leases = LeaseBook()
        self._evictions = EvictionBook()
        self._tasks: list[asyncio.Task[None]] = []
        self._feeds: list[Feed[Any]] = []
        self.server_version = ""
        self.pod_count: int | None = None
        """All pods, where nobody follows them; None: not known."""
        self._begin()

    def _begin(self) -> None:
        self.nodes, self.pods = NodeBook(), PodBook()
        self._reports, self._back_offs = ReportBook(), BackOffBook()
        self._deployments: WorkloadBook[DeploymentRow] = WorkloadBook()
        self._daemon_sets: WorkloadBook[DaemonSetRow] = WorkloadBook()

    # --- coming and going

    @property
    def is_open(self) -> bool:
        """Whether anything is followed."""
        return bool(self._feeds)

    def open(self, namespaces: frozenset[str] | None) -> None:
        """Follow everything; where all namespaces may not be read, ``namespaces`` and kube-system."""
        self._begin()
        self.leases.seen_anew(self._clock.now())
        instead = Scope((namespaces or frozenset()) | {NAMESPACE})
        wake = self._wake
        self.node_feed: Feed[NodeRow] = Feed(
            self._session, NODE, EVERYWHERE, self._fold_node, wake, complete=self._all_nodes
        )
        self.deployment_feed: Feed[DeploymentRow] = Feed(
            self._session,
            DEPLOYMENT,
            EVERYWHERE,
            self._fold_deployment,
            wake,
            instead=instead,
            complete=lambda store: self._all_workloads("deployments", store),
        )
        self.daemon_set_feed: Feed[DaemonSetRow] = Feed(
            self._session,
            DAEMON_SET,
            EVERYWHERE,
            self._fold_daemon_set,
            wake,
            instead=instead,
            complete=lambda store: self._all_workloads("daemonsets", store),
        )
        self.pod_feeds = self._pod_feeds(namespaces)
        # Leases beat every two seconds; the app's own second is soon enough to see one stop.
        self.lease_feed: Feed[LeaseRow] = Feed(self._session, LEASE, SYSTEM, self._fold_lease, lambda: None)
        self.event_feed: Feed[EventRow] = Feed(self._session, EVENT, NODE_EVENTS, self._fold_event, wake)
        self._feeds = [
            self.node_feed,
            self.deployment_feed,
            self.daemon_set_feed,
            *self.pod_feeds,
            self.lease_feed,
            self.event_feed,
        ]
        if not self.whole:
            self._feeds.append(Feed(self._session, EVENT, BACK_OFFS, self._back_offs.fold, wake))
        self._tasks = [asyncio.create_task(self.health.run(), name="health")]
        if not self.whole:
            self._tasks.append(asyncio.create_task(self._count_pods(), name="count pods"))
        if not self.server_version:
            self._tasks.append(asyncio.create_task(self._read_version(), name="version"))

    def _pod_feeds(self, namespaces: frozenset[str] | None) -> list[Feed[PodRow]]:
        self.whole = self._session.store_of(POD) is not None
        if self.whole:
            return [Feed(self._session, POD, EVERYWHERE, self._fold_pod, self._wake, complete=self._all_pods)]
        elsewhere = Scope((namespaces or frozenset()) - {NAMESPACE}, fields=WAITING_PODS.fields)
        return [
            Feed(self._session, POD, SYSTEM, self._fold_pod, self._wake, complete=self._all_pods),
            Feed(
                self._session,
                POD,
                WAITING_PODS,
                self._fold_pod,
                self._wake,
                instead=elsewhere if elsewhere.namespaces else None,
            ),
        ]

    def close(self) -> None:
        """Give everything back, and ask nothing any more."""
        self.machines.rest()
        for task in self._tasks:
            task.cancel()
        for feed in self._feeds:
            feed.close()
        self._tasks, self._feeds = [], []

    async def _count_pods(self) -> None:
        while True:
            try:
                self.pod_count = await how_many(self._session, POD)
            except ClusterError:
                # The pods' own state says why; a count that is not known is shown as such.
                self.pod_count = None
            self._wake()
            await self._clock.sleep(COUNT_PERIOD)

    async def _read_version(self) -> None:
        while not self.server_version:
            try:
                self.server_version = await self._session.version()
            except ClusterError:
                await self._clock.sleep(COUNT_PERIOD)
        self._wake()

    # --- folding

    def step(self, seconds: float) -> bool:
        """Fold for at most ``seconds``; True while more is waiting."""
        return is_left(*(feed.step for feed in self._feeds), seconds=seconds)

    def follow_machines(self, now: float) -> None:
        """What is under the nodes, once all that the API server tells is in: the first rows wait for nothing."""
        if not any(state.phase in _ON_THE_WAY for state in self.states):
            self.machines.follow(self.nodes, now)

    def _fold_node(self, before: NodeRow | None, after: NodeRow | None) -> None:
        self.nodes.fold(before, after)
        if after is not None:
            self._notes.node(after, self._clock.now())
        elif before is not None:
            self._notes.node_gone(before.name, self._clock.now())

    def _fold_deployment(self, before: DeploymentRow | None, after: DeploymentRow | None) -> None:
        self._deployments.fold(before, after, self._clock.now())
        self._note_workload("deployments", before, after)

    def _fold_daemon_set(self, before: DaemonSetRow | None, after: DaemonSetRow | None) -> None:
        self._daemon_sets.fold(before, after, self._clock.now())
        self._note_workload("daemonsets", before, after)

    def _note_workload(
        self, kind: str, before: DeploymentRow | DaemonSetRow | None, after: DeploymentRow | DaemonSetRow | None
    ) -> None:
        if after is not None:
            self._notes.workload(after, self._clock.now())
        elif before is not None:
            self._notes.workload_gone(kind, (before.namespace, before.name), self._clock.now())

    def _fold_pod(self, before: PodRow | None, after: PodRow | None) -> None:
        self.pods.fold(before, after)
        row = after or before
        if row is not None and row.namespace == NAMESPACE:
            self.restarts.fold(before, after)
            if after is not None and after.restarted:
                self._notes.restart(before, after, self._clock.now())

    def _fold_lease(self, before: LeaseRow | None, after: LeaseRow | None) -> None:
        self.leases.fold(before, after, self._clock.now())

    def _fold_event(self, before: EventRow | None, after: EventRow | None) -> None:
        self._reports.fold(before, after)
        self._evictions.fold(after)
        if after is not None:
            self._notes.event(after, self._clock.now())

    def _all_nodes(self, store: Store[NodeRow]) -> None:
        self._notes.keep_nodes({row.name for row in store}, self._clock.now())

    def _all_workloads(self, kind: str, store: Store[Any]) -> None:
        self._notes.keep_workloads(kind, {(row.namespace, row.name) for row in store}, self._clock.now())

    def _all_pods(self, store: Store[PodRow]) -> None:
        self.restarts.keep_only({(row.namespace, row.name) for row in store if row.namespace == NAMESPACE})

    # --- what is known

    @property
    def state(self) -> SyncState:
        """The worst of the stores that the Overview stands on."""
        if not self._feeds:
            return SyncState(Phase.CONNECTING)
        parts: Sequence[Feed[Any]] = [self.node_feed, self.deployment_feed, self.daemon_set_feed, *self.pod_feeds]
        return combined(feed.state for feed in parts)

    @property
    def states(self) -> tuple[SyncState, SyncState, SyncState, SyncState]:
        """Of nodes, pods, workloads and leases. A store whose rows are still being folded is syncing."""
        pods = combined(_folded(feed) for feed in self.pod_feeds)
        workloads = combined(_folded(feed) for feed in (self.deployment_feed, self.daemon_set_feed))
        return _folded(self.node_feed), pods, workloads, _folded(self.lease_feed)

    @property
    def pods_known(self) -> bool:
        """kube-system's pods are in."""
        return bool(self._feeds) and self.pod_feeds[0].known

    def workloads(self) -> Workloads:
        """kube-system's, where known."""
        return Workloads(
            self._deployments.of_system if self.deployment_feed.known else None,
            self._daemon_sets.of_system if self.daemon_set_feed.known else None,
        )

    def row(self, kind: str, key: Key) -> Row | None:
        """The row of an object that is followed; ``kind`` is the resource's plural."""
        feeds: dict[str, Sequence[Feed[Any]]] = {
            "nodes": [self.node_feed],
            "deployments": [self.deployment_feed],
            "daemonsets": [self.daemon_set_feed],
            "pods": self.pod_feeds,
            "leases": [self.lease_feed],
        }
        found: Iterator[Row | None] = (feed.store.get(key) for feed in feeds.get(kind, ()))
        return next((row for row in found if row is not None), None)

    def evidence(self, now: float) -> Evidence:
        """Everything findings are made from, as it is now."""
        around = Around(self.nodes, self.node_feed.known, self.pods, self.pods_known, self.restarts, now)
        ready = self.health.ready
        unreachable = "" if ready is None or ready.ok or ready.failing or ready.forbidden else ready.error
        return Evidence(
            now=now,
            nodes=self.nodes,
            pods=self.pods,
            components=component_states(self.workloads(), around),
            deployments=self._deployments.notable,
            daemon_sets=self._daemon_sets.notable,
            noticed=ChainMap(dict(self._deployments.noticed), dict(self._daemon_sets.noticed)),
            reports=self._reports.recent(now),
            back_offs=self._back_offs.recent(now),
            leaders=self.leases.leaders(now) if self.lease_feed.state.phase is Phase.LIVE else (),
            machines=self.machines.evidence(now),
            evictions=self._evictions.recent(now, self.nodes) if self.node_feed.known else (),
            server_version=self.server_version,
            failing_checks=ready.failing if ready is not None else (),
            failing_since=self.health.failing_since,
            unreachable=unreachable,
            unreachable_advice=ready.advice if ready is not None and unreachable else "",
            unasked=ready is not None and not ready.asked,
            latencies=self.health.latencies,
        )


def _folded(feed: Feed[Any]) -> SyncState:
    return feed.state if feed.known or feed.state.phase not in KNOWN else SyncState(Phase.SYNCING)
