"""Names of nodes that the account may not list, from pods and node metrics, in a store of their own.

Not in the nodes' store: what counts and judges nodes must not take a mere name for a node that is silent.
"""

from __future__ import annotations

from collections.abc import Callable

from kubetui.cluster.session import Lease, Scope, Session
from kubetui.insight.node_load import NodeLoads
from kubetui.insight.unlisted_node import unlisted_node
from kubetui.kinds.node_metrics import NODE_METRICS
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.store.state import Phase
from kubetui.store.store import Store


class UnlistedNodes:
    """Stands in for ``nodes`` while listing them is forbidden; its state is theirs."""

    def __init__(self, session: Session, nodes: Lease[NodeRow], wake: Callable[[], None]) -> None:
        self._session, self._nodes = session, nodes
        self._namespaces: frozenset[str] | None = None
        self._pods: Lease[PodRow] | None = None
        self._metrics = session.open(NODE_METRICS)
        self._unwatch = (self._metrics.store.on_change(wake), nodes.store.on_change(wake))
        self._names: set[str] = set()
        self.store: Store[NodeRow] = Store()
        """Rows with a name, and what that gives away."""
        self.store.state = nodes.store.state

    def follow(self, loads: NodeLoads, pods: Phase, namespaces: frozenset[str] | None) -> None:
        """Bring the names up to date; ``loads`` knows the nodes that have pods.

        ``pods``: how far all pods are known; where they may not be listed either, those of ``namespaces`` are.
        """
        self.store.state = self._nodes.store.state
        self._look_in(namespaces if pods is Phase.FORBIDDEN else None)
        names = {row.name for row in self._metrics.store}.union(loads.names())
        if self._pods is not None:
            names |= {row.node for row in self._pods.store if row.node}
        if names != self._names:
            self.store.put(unlisted_node(name) for name in names - self._names)
            self.store.remove(("", name) for name in self._names - names)
            self._names = names

    def _look_in(self, namespaces: frozenset[str] | None) -> None:
        if namespaces == self._namespaces:
            return
        self._namespaces = namespaces
        if self._pods is not None:
            self._pods.close()
        self._pods = self._session.open(POD, Scope(namespaces)) if namespaces else None

    def close(self) -> None:
        """Give nodes and metrics back."""
        for unwatch in self._unwatch:
            unwatch()
        if self._pods is not None:
            self._pods.close()
        self._metrics.close()
        self._nodes.close()
