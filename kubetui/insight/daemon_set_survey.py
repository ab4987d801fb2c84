"""One DaemonSet's nodes followed by changes: what a change touches is judged anew, nothing else."""

from __future__ import annotations

from kubetui.insight.daemon_node import DaemonNodeRow, daemon_node_row
from kubetui.insight.daemon_set_history import NO_HISTORY, History
from kubetui.insight.daemon_set_nodes import belongs, place_of, verdict
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.kind import Key
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow


class Survey:
    """Fed with the DaemonSet, nodes and pods in any order; gives the rows that changed."""

    def __init__(self) -> None:
        self.daemon_set: DaemonSetRow | None = None
        self.history = NO_HISTORY
        self._nodes: dict[str, NodeRow] = {}
        self._pods: dict[str, dict[Key, PodRow]] = {}
        self._due: dict[str, None] = {}
        self._count = 0

    def set_daemon_set(self, row: DaemonSetRow | None) -> None:
        """The DaemonSet as it is now. All nodes are judged anew where what it asks of them changed."""
        if _asks(row) != _asks(self.daemon_set):
            self._due |= dict.fromkeys(self._nodes)
        self.daemon_set = row

    def set_history(self, history: History) -> None:
        """Its revisions and refusals as they are now. All nodes are judged anew where they changed."""
        if history != self.history:
            self._due |= dict.fromkeys(self._nodes)
            self.history = history

    def fold_node(self, before: NodeRow | None, after: NodeRow | None) -> None:
        """A node came, changed or went."""
        row = after or before
        if row is None:
            return
        if after is None:
            self._nodes.pop(row.name, None)
        else:
            self._nodes[row.name] = after
        self._due[row.name] = None

    def fold_pod(self, before: PodRow | None, after: PodRow | None) -> None:
        """A pod came, changed or went."""
        for row, held in ((before, False), (after, True)):
            if row is None:
                continue
            place, key = place_of(row), (row.namespace, row.name)
            pods = self._pods.setdefault(place, {})
            if held:
                pods[key] = row
            else:
                pods.pop(key, None)
            if not pods:
                del self._pods[place]
            if place in self._nodes:
                self._due[place] = None

    def take(self, most: int) -> list[tuple[Key, DaemonNodeRow | None]]:
        """At most so many changed rows by key; None: the node is gone. Empty when all are in step."""
        if self.daemon_set is None:
            return []
        names = [name for name, _ in zip(self._due, range(most), strict=False)]
        return [(("", name), self._judge(name)) for name in names]

    def _judge(self, name: str) -> DaemonNodeRow | None:
        assert self.daemon_set is not None
        del self._due[name]
        node = self._nodes.get(name)
        if node is None:
            return None
        pods = [pod for pod in self._pods.get(name, {}).values() if belongs(self.daemon_set, pod)]
        self._count += 1
        judged = verdict(self.daemon_set, node, pods, self.history)
        return daemon_node_row(node, judged, self._count, self.history)


def _asks(row: DaemonSetRow | None) -> object:
    return None if row is None else (row.placement, row.revision, row.observed)
