"""Top's rows, kept by what changes: pods and nodes joined with their samples, and totals over them.

A book reads four stores and writes one, of the level that is looked at. It works in steps of a bounded size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Final, TypeVar

from kubetui.insight.pod_trouble import owner_of
from kubetui.insight.usage import (
    NANO_TO_MILLI,
    Asked,
    Total,
    UsageRow,
    asked_of,
    container_usage,
    node_usage,
    pod_usage,
)
from kubetui.kinds.kind import Key, Row
from kubetui.kinds.node_metrics import NodeMetricsRow
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_metrics import PodMetricsRow
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.usage import Usage
from kubetui.store.pairs import Pair, Pairs
from kubetui.store.state import Phase
from kubetui.store.store import Store
from kubetui.store.usage_history import UsageHistory

R = TypeVar("R", bound=Row)


class Level(Enum):
    """What Top's rows stand for; the value is the word for them."""

    NODES = "nodes"
    PODS = "pods"
    CONTAINERS = "containers"
    POOLS = "node pools"
    NAMESPACES = "namespaces"
    WORKLOADS = "workloads"

    @property
    def next(self) -> Level:
        """The one after it."""
        levels = list(Level)
        return levels[(levels.index(self) + 1) % len(levels)]


Sample = tuple[int, Usage]
_OF_PODS: Final = frozenset({Level.PODS, Level.CONTAINERS, Level.NAMESPACES, Level.WORKLOADS})


class UsageBook:
    """``step`` until it says that nothing waits; then ``rows`` is in step with the four stores."""

    def __init__(
        self,
        pods: Store[PodRow],
        nodes: Store[NodeRow],
        pod_samples: Store[PodMetricsRow],
        node_samples: Store[NodeMetricsRow],
        level: Level,
        now: Callable[[], float],
        history: UsageHistory | None = None,
    ) -> None:
        """``history`` of the same level, from an earlier look."""
        self._pods, self._nodes = pods, nodes
        self._pod_samples, self._node_samples = pod_samples, node_samples
        self._now = now
        self.level = level
        self.rows: Store[UsageRow] = Store()
        """One line for each object or total of the level."""
        self.history = history or UsageHistory()
        """Of the level's rows, since they were first looked at."""
        self._requested: dict[str, Asked] = {}
        self._pod_pairs, self._node_pairs = Pairs(pods), Pairs(nodes)
        self._pod_sample_pairs, self._node_sample_pairs = Pairs(pod_samples), Pairs(node_samples)
        self._members: dict[Key, tuple[Key, UsageRow]] = {}
        self._totals: dict[Key, Total] = {}
        self._dirty: set[Key] = set()
        self._all = Total()
        self._changes: list[tuple[Key, UsageRow | None]] = []
        self._containers: dict[Key, tuple[Key, ...]] = {}

    def close(self) -> None:
        """Read no more."""
        for pairs in (self._pod_pairs, self._node_pairs, self._pod_sample_pairs, self._node_sample_pairs):
            pairs.close()

    # --- keeping in step

    def step(self) -> bool:
        """Take some thousand changes; True while more is waiting."""
        pods = _taken(self._pod_pairs)
        samples = _taken(self._pod_sample_pairs)
        nodes = _taken(self._node_pairs)
        node_samples = _taken(self._node_sample_pairs)
        if not (pods or samples or nodes or node_samples):
            return False
        if self.level in _OF_PODS:
            self._take_pods({*_keys(pods), *_keys(samples)})
        else:
            names = {name for _, name in (*_keys(nodes), *_keys(node_samples))}
            self._take_nodes({*names, *self._count_requests(pods)})
        self._write_totals()
        changes, self._changes = self._changes, []
        self.rows.apply(changes)
        return True

    def _count_requests(self, pairs: Iterable[Pair[PodRow]]) -> set[str]:
        """What the pods on each node ask for; the nodes where that changed."""
        touched: set[str] = set()
        for before, after in pairs:
            for row, sign in ((before, -1), (after, 1)):
                if row is not None and row.node and not row.finished:
                    asked, held = asked_of(row), self._requested.get(row.node, Asked())
                    self._requested[row.node] = held.plus(asked) if sign > 0 else held.minus(asked)
                    touched.add(row.node)
        return touched

    def _take_pods(self, keys: Iterable[Key]) -> None:
        now, sampled = self._now(), self._pod_samples.get
        for key in keys:
            pod = self._pods.get(key)
            if pod is not None and pod.finished:
                pod = None
            if self.level is Level.CONTAINERS:
                self._put_containers(key, pod)
                continue
            found = sampled(key) if pod is not None else None
            row = None if pod is None else pod_usage(pod, None if found is None else (found.at, found.usage), now)
            if self.level is Level.PODS:
                self._put(key, row)
            else:
                self._count(key, row, None if pod is None else group_of(self.level, pod))

    def _take_nodes(self, names: Iterable[str]) -> None:
        for name in names:
            node, sample = self._nodes.get(("", name)), self._node_sample(name)
            if node is None and sample is not None and self._nodes.state.phase is Phase.FORBIDDEN:
                # Who may read metrics and not nodes still learns who uses what.
                node = NodeRow(name, 0)
            row = None if node is None else node_usage(node, sample, self._requested.get(name, Asked()))
            if self.level is Level.NODES:
                self._put(("", name), row)
            else:
                self._count(("", name), row, None if node is None else group_of(self.level, node))

    # --- rows

    def _node_sample(self, name: str) -> Sample | None:
        found = self._node_samples.get(("", name))
        return None if found is None else (found.at, found.usage)

    def _put_containers(self, key: Key, pod: PodRow | None) -> None:
        found = self._pod_samples.get(key)
        rows: dict[Key, UsageRow | None] = {}
        for index, name in enumerate(pod.containers if pod is not None else ()):
            usage = found.of(name) if found is not None else None
            assert pod is not None
            row = container_usage(pod, index, None if usage is None or found is None else (found.at, usage))
            rows[row.namespace, row.name] = row
        for held in self._containers.pop(key, ()):
            rows.setdefault(held, None)
        for held, row_or_none in rows.items():
            self._put(held, row_or_none)
        if pod is not None:
            self._containers[key] = tuple(held for held, row in rows.items() if row is not None)

    @property
    def total(self) -> UsageRow:
        """All rows of the level together."""
        return self._all.row(("", ""))

    def _put(self, key: Key, row: UsageRow | None) -> None:
        held = self.rows.get(key)
        if row == held:
            return
        if held is not None:
            self._all.remove(held)
        if row is not None:
            self._all.add(row)
        self._changes.append((key, row))
        self._remember(key, row)

    def _remember(self, key: Key, row: UsageRow | None) -> None:
        if row is None:
            self.history.forget(key)
        elif row.usage is not None:
            self.history.add(key, row.at, row.usage.cpu / NANO_TO_MILLI, row.usage.memory)

    # --- totals

    def _count(self, member: Key, row: UsageRow | None, group: Key | None) -> None:
        held = self._members.pop(member, None)
        if held is not None:
            self._totals[held[0]].remove(held[1])
            self._dirty.add(held[0])
        if row is not None and group is not None:
            self._members[member] = (group, row)
            self._totals.setdefault(group, Total()).add(row)
            self._dirty.add(group)

    def _write_totals(self) -> None:
        for group in self._dirty:
            total = self._totals[group]
            if not total.members:
                del self._totals[group]
                self._put(group, None)
            else:
                self._put(group, total.row(group))
        self._dirty.clear()


def group_of(level: Level, row: PodRow | NodeRow) -> Key:
    """The key of the row that a pod or node is counted in."""
    if isinstance(row, NodeRow):
        return ("", row.pool or "no pool")
    if level is Level.NAMESPACES:
        return ("", row.namespace)
    return (row.namespace, workload_of(row) if level is Level.WORKLOADS else row.name)


def workload_of(pod: PodRow) -> str:
    """What runs the pod: ``Deployment/coredns``."""
    owner = owner_of(pod)
    return f"{owner.kind}/{owner.name}"


def _taken(pairs: Pairs[R]) -> list[Pair[R]]:
    """The next of the first rows, else of the changes."""
    first = pairs.first()
    return [Pair(None, row) for row in first] if first else pairs.changes()


def _keys(pairs: Iterable[Pair[R]]) -> Iterator[Key]:
    for before, after in pairs:
        row = after if after is not None else before
        if row is not None:
            yield row.namespace, row.name
