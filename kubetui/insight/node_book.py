"""Nodes counted, those with something to look at, and their pools: made anew only where a change shows in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import msgspec

from kubetui.insight.pools import Pool, Spread, pools
from kubetui.kinds.kind import Key, Meaning
from kubetui.kinds.node import version_key
from kubetui.kinds.node_meaning import node_meaning
from kubetui.kinds.node_row import NodeRow

AKS = "kubernetes.azure.com/"
_RUNTIME_GONE = "ContainerRuntimeProblem"


class NodeBook:
    """Fed with every change of every node."""

    def __init__(self) -> None:
        self._nodes: dict[str, NodeRow] = {}
        self._of_pool: dict[str, dict[str, NodeRow]] = {}
        self._keys_of_pool: dict[str, tuple[Key, ...]] = {}
        self._notable: dict[str, NodeRow] = {}
        self._pools: list[Pool] | None = None
        self._kubelets: Counter[str] = Counter()
        self._runtimes: Counter[str] = Counter()
        self.moves = 0
        """How often a node came, went, or changed in more than its heartbeat."""

    def __len__(self) -> int:
        return len(self._nodes)

    def get(self, name: str) -> NodeRow | None:
        """One node."""
        return self._nodes.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._nodes

    @property
    def rows(self) -> Collection[NodeRow]:
        """All nodes, as they are whenever it is read."""
        return self._nodes.values()

    def fold(self, before: NodeRow | None, after: NodeRow | None) -> None:
        """A node came, changed or went. A mere heartbeat changes no pool."""
        row = after or before
        if row is None:
            return
        before = self._nodes.get(row.name)
        if before is not None and (after is None or after.pool != before.pool):
            self._of_pool[before.pool].pop(row.name, None)
        if before is None or after is None or after.pool != before.pool:
            self._keys_of_pool.clear()
        if after is None:
            self._nodes.pop(row.name, None)
        else:
            self._nodes[row.name] = after
            self._of_pool.setdefault(after.pool, {})[row.name] = after
        if before is not None and after is not None and _alike(before, after):
            return
        self._pools = None
        self.moves += 1
        self._tally(before, -1)
        self._tally(after, 1)
        if after is not None and node_meaning(after) is not Meaning.FINE:
            self._notable[row.name] = after
        else:
            self._notable.pop(row.name, None)

    def _tally(self, row: NodeRow | None, by: int) -> None:
        if row is None:
            return
        for counts, version in ((self._kubelets, row.kubelet.removeprefix("v")), (self._runtimes, row.runtime)):
            counts[version] += by
            if not counts[version]:
                del counts[version]

    @property
    def pools(self) -> Sequence[Pool]:
        """The pools, system ones first; their pods are not counted."""
        if self._pools is None:
            self._pools = pools(self._nodes.values())
        return self._pools

    @property
    def pools_due(self) -> bool:
        """Whether ``pools`` has to be made anew, which takes milliseconds with thousands of nodes."""
        return self._pools is None

    @property
    def notable(self) -> Sequence[NodeRow]:
        """Nodes with anything that is not fine, by name."""
        return [self._notable[name] for name in sorted(self._notable)]

    @property
    def not_ready(self) -> Sequence[NodeRow]:
        """Nodes that are not ready, planned or not, by name."""
        return [row for row in self.notable if row.ready != "True"]

    def of_pool(self, pool: str) -> list[NodeRow]:
        """The nodes of one pool."""
        return list(self._of_pool.get(pool, {}).values())

    def keys_of_pool(self, pool: str) -> tuple[Key, ...]:
        """The same by their keys; made anew only where a node came, went or changed its pool."""
        if pool not in self._keys_of_pool:
            self._keys_of_pool[pool] = tuple(("", name) for name in self._of_pool.get(pool, {}))
        return self._keys_of_pool[pool]

    @property
    def kubelets(self) -> Spread:
        """Kubelet versions without ``v``, the newest first, and how many nodes have each."""
        return _newest_first(self._kubelets)

    @property
    def runtimes(self) -> Spread:
        """Container runtimes as nodes tell them: ``containerd://2.0.4``."""
        return _newest_first(self._runtimes)

    @property
    def runtimes_broken(self) -> int:
        """Nodes whose problem detector says that the container runtime is down."""
        return sum(self.runtime_broken(row) for row in self._notable.values())

    @staticmethod
    def runtime_broken(row: NodeRow) -> bool:
        """Whether a node's problem detector says that its container runtime is down."""
        return any(one.type == _RUNTIME_GONE for one in row.conditions)

    @property
    def a_node(self) -> NodeRow | None:
        """Any node: what all have in common can be read from it."""
        return next(iter(self._nodes.values()), None)

    @property
    def is_aks(self) -> bool:
        """Whether the labels are AKS's."""
        row = self.a_node
        return row is not None and any(key.startswith(AKS) for key, _ in row.labels)

    @property
    def region(self) -> str:
        """Of the first node that tells."""
        return next((row.region for row in self._nodes.values() if row.region), "")

    @property
    def resource_group(self) -> str:
        """The node resource group of an AKS cluster, ``""`` elsewhere: ``MC_rg_name_westeurope``."""
        row = self.a_node
        return dict(row.labels).get(f"{AKS}cluster", "") if row is not None else ""


def _newest_first(counts: Counter[str]) -> Spread:
    known = [(version, nodes) for version, nodes in counts.items() if version]
    return tuple(sorted(known, key=lambda item: (version_key(item[0]), item[0]), reverse=True))


def _alike(before: NodeRow, after: NodeRow) -> bool:
    """Nothing but a heartbeat lies between them."""
    return msgspec.structs.replace(after, version=before.version, heartbeat=before.heartbeat) == before
