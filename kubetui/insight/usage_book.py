"""Top's rows, kept by what changes: pods and nodes joined with their samples, and totals over them.

A book reads four stores and writes one, of the level that is looked at. It works in steps of a bounded size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Final, TypeVar

from kubetui.insight.pod_trouble import owner_of
from kubetui.insight.usage import (
    NANO_TO_MILLI,
    Sample,
    UsageRow,
    container_usage,
    node_usage,
    pod_usage,
    sampled_anew,
)
from kubetui.insight.usage_totals import Total
from kubetui.kinds.kind import Key, Row
from kubetui.kinds.node_metrics import NodeMetricsRow
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_metrics import PodMetricsRow
from kubetui.kinds.pod_row import PodRow
from kubetui.store.pairs import Pair, Pairs
from kubetui.store.state import Phase
from kubetui.store.store import Store
from kubetui.store.usage_history import NOWHERE, UsageHistory

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
    def of_nodes(self) -> bool:
        """Its rows are nodes or totals over them, which have no namespace; else of pods."""
        return self in (Level.NODES, Level.POOLS)

    @property
    def next(self) -> Level:
        """The one after it."""
        levels = list(Level)
        return levels[(levels.index(self) + 1) % len(levels)]


NO_POOL: Final = "no pool"
"""The name of the line for nodes without one."""


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
        self.history = history if history is not None else UsageHistory()  # an empty one is falsy
        """Of the level's rows, since they were first looked at."""
        self._requested: dict[str, list[int]] = {}
        self._pod_pairs, self._node_pairs = Pairs(pods), Pairs(nodes)
        self._pod_sample_pairs, self._node_sample_pairs = Pairs(pod_samples), Pairs(node_samples)
        self._members: dict[Key, tuple[Key, UsageRow]] = {}
        self._totals: dict[Key, Total] = {}
        self._dirty: set[Key] = set()
        self._changes: list[tuple[Key, UsageRow | None]] = []
        self._containers: dict[Key, tuple[Key, ...]] = {}

    def close(self) -> None:
        """Read no more."""
        for pairs in (self._pod_pairs, self._node_pairs, self._pod_sample_pairs, self._node_sample_pairs):
            pairs.close()

    # --- keeping in step

    def step(self) -> bool:
        """Take some thousand changes; True while more is waiting."""
        if not self.level.of_nodes:
            pods, samples = self._pod_pairs.next_keys(), self._pod_sample_pairs.next_keys()
            if not (pods or samples):
                return False
            self._take_pods(pods, samples)
        else:
            moved = _taken(self._pod_pairs)
            nodes, samples = self._node_pairs.next_keys(), self._node_sample_pairs.next_keys()
            if not (moved or nodes or samples):
                return False
            touched = self._count_requests(moved)
            touched.update(name for _, name in (*nodes, *samples))
            self._take_nodes(touched)
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
                    held = self._requested.setdefault(row.node, [0, 0])
                    held[0] += sign * row.cpu_request
                    held[1] += sign * row.memory_request
                    touched.add(row.node)
        return touched

    def _take_pods(self, pods: Sequence[Key], samples: Sequence[Key]) -> None:
        if self.level is Level.CONTAINERS:
            for key in {*pods, *samples}:
                self._put_containers(key, self._running(key))
        elif self.level is Level.PODS:
            # Row by row, while it is at hand: a poll of 150,000 waits for memory, not for work.
            self.rows.apply(self._pod_changes(pods, samples))
        else:
            for key in pods:
                pod = self._running(key)
                self._count(key, self._pod(key, pod), group_of(self.level, pod) if pod is not None else None)
            for key in samples:
                group, held = self._members.get(key, (None, None))
                self._count(key, self._sampled(key, held), group)

    def _pod_changes(self, pods: Sequence[Key], samples: Sequence[Key]) -> Iterator[tuple[Key, UsageRow | None]]:
        held_as, sample_of = self.rows.getting(), self._pod_samples.getting()
        history, now = self.history, self._now()
        for key in pods:
            row = self._pod(key, self._running(key), history.place(key))
            if row is None:
                history.forget(key)
            elif row.usage is not None:
                history.add(row.place, row.at, row.usage.cpu / NANO_TO_MILLI, row.usage.memory)
            if row != held_as(key):
                yield key, row
        for key in samples:
            held = held_as(key)
            if held is None:  # gone, done, or yet to come with the pods
                continue
            sample = sample_of(key)
            if sample is None:
                yield key, self._pod(key, self._running(key), held.place)
                continue
            usage = sample.usage
            row = sampled_anew(held, sample, usage, now)
            history.add(row.place, row.at, usage.cpu / NANO_TO_MILLI, usage.memory)
            if row.at != held.at or row != held:
                yield key, row

    def _running(self, key: Key) -> PodRow | None:
        """None for a pod that is gone or done."""
        pod = self._pods.get(key)
        return None if pod is None or pod.finished else pod

    def _pod(self, key: Key, pod: PodRow | None, place: int = NOWHERE) -> UsageRow | None:
        return None if pod is None else pod_usage(pod, self._pod_samples.get(key), self._now(), place)

    def _sampled(self, key: Key, held: UsageRow | None) -> UsageRow | None:
        """The pod's line after its sample changed. Who has none is not there, or comes with the pods."""
        sample = self._pod_samples.get(key) if held is not None else None
        if held is None or sample is None:
            return None if held is None else self._pod(key, self._running(key), held.place)
        return sampled_anew(held, sample, sample.usage, self._now())

    def _take_nodes(self, names: Iterable[str]) -> None:
        for name in names:
            key = ("", name)
            node, sample = self._nodes.get(key), self._node_samples.get(key)
            barred = self._nodes.state.phase is Phase.FORBIDDEN
            if node is None and sample is not None and barred and self.level is Level.NODES:
                # Who may read metrics and not nodes still learns who uses what; pools only a Node tells.
                node = NodeRow(name, 0)
            row = None if node is None else node_usage(node, sample, *self._requested.get(name, (0, 0)))
            if self.level is Level.NODES:
                self._put(key, row)
            else:
                self._count(key, row, None if node is None else group_of(self.level, node))

    # --- rows

    def _put_containers(self, key: Key, pod: PodRow | None) -> None:
        found = self._pod_samples.get(key)
        rows: dict[Key, UsageRow | None] = {}
        for index, name in enumerate(pod.containers if pod is not None else ()):
            usage = found.of(name) if found is not None else None
            assert pod is not None
            row = container_usage(pod, index, None if usage is None or found is None else Sample(found.at, usage))
            rows[row.namespace, row.name] = row
        for held in self._containers.pop(key, ()):
            rows.setdefault(held, None)
        for held, row_or_none in rows.items():
            self._put(held, row_or_none)
        if pod is not None:
            self._containers[key] = tuple(held for held, row in rows.items() if row is not None)

    def _put(self, key: Key, row: UsageRow | None) -> None:
        if row == self.rows.get(key):
            return
        self._changes.append((key, row))
        if row is None:
            self.history.forget(key)
        elif row.usage is not None:
            self.history.add(self.history.place(key), row.at, row.usage.cpu / NANO_TO_MILLI, row.usage.memory)

    # --- totals

    def _count(self, member: Key, row: UsageRow | None, group: Key | None) -> None:
        counted = self._members.get(member)
        if counted is not None:
            was, held = counted
            self._dirty.add(was)
            if row is not None and was == group:
                self._totals[was].replace(held, row)
                self._members[member] = (was, row)
                return
            del self._members[member]
            self._totals[was].remove(held)
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
        return ("", row.pool or NO_POOL)
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
