"""Names of nodes that the account may not list, from pods and node metrics, in a store of their own.

Not in the nodes' store: what counts and judges nodes must not take a mere name for a node that is silent.
"""

from __future__ import annotations

from collections.abc import Callable

from kubetui.cluster.session import Lease, Session
from kubetui.insight.node_load import NodeLoads
from kubetui.insight.unlisted_node import unlisted_node
from kubetui.kinds.node_metrics import NODE_METRICS
from kubetui.kinds.node_row import NodeRow
from kubetui.store.store import Store


class UnlistedNodes:
    """Stands in for ``nodes`` while listing them is forbidden; its state is theirs."""

    def __init__(self, session: Session, nodes: Lease[NodeRow], wake: Callable[[], None]) -> None:
        self._nodes = nodes
        self._metrics = session.open(NODE_METRICS)
        self._unwatch = (self._metrics.store.on_change(wake), nodes.store.on_change(wake))
        self._names: set[str] = set()
        self.store: Store[NodeRow] = Store()
        """Rows with a name, and what that gives away."""
        self.store.state = nodes.store.state

    def follow(self, loads: NodeLoads) -> None:
        """Bring the names up to date; ``loads`` knows the nodes that have pods."""
        self.store.state = self._nodes.store.state
        names = {row.name for row in self._metrics.store}.union(loads.names())
        if names != self._names:
            self.store.put(unlisted_node(name) for name in names - self._names)
            self.store.remove(("", name) for name in self._names - names)
            self._names = names

    def close(self) -> None:
        """Give nodes and metrics back."""
        for unwatch in self._unwatch:
            unwatch()
        self._metrics.close()
        self._nodes.close()
