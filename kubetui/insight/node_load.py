"""Pods and requests on each node, kept by adding and taking away what changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubetui.kinds.pod_row import PodRow


class Load(NamedTuple):
    """What the pods on one node ask for."""

    pods: int = 0
    """Pods that are not finished, which is what counts against the node's pod capacity."""
    cpu: int = 0
    """Requested millicores."""
    memory: int = 0
    """Requested bytes."""
    unread: int = 0
    """Pods whose requests have not come yet: while there are any, ``cpu`` and ``memory`` are too low."""

    def plus(self, other: Load) -> Load:
        """Both together."""
        return Load(*(mine + its for mine, its in zip(self, other, strict=True)))

    def minus(self, other: Load) -> Load:
        """This without that."""
        return Load(*(mine - its for mine, its in zip(self, other, strict=True)))


NOTHING = Load()


class NodeLoads:
    """Load by node name. Bound by the nodes that pods name: a node without pods takes no place."""

    def __init__(self) -> None:
        self._loads: dict[str, Load] = {}
        self._changed: set[str] = set()

    def __len__(self) -> int:
        return len(self._loads)

    def names(self) -> Iterable[str]:
        """The nodes that have pods."""
        return self._loads.keys()

    def of(self, node: str) -> Load:
        """What the pods on ``node`` ask for."""
        return self._loads.get(node, NOTHING)

    def fold(self, before: PodRow | None, after: PodRow | None) -> None:
        """A pod has changed: take away what it was (None: it did not exist), add what it is (None: it is gone)."""
        if before is not None:
            self._move(before.node, NOTHING.minus(load_of(before)))
        if after is not None:
            self._move(after.node, load_of(after))

    def take_changed(self) -> set[str]:
        """The nodes whose load was touched since the last call."""
        taken, self._changed = self._changed, set()
        return taken

    def _move(self, node: str, by: Load) -> None:
        if by == NOTHING:
            return
        load = self._loads.get(node, NOTHING).plus(by)
        if load == NOTHING:
            self._loads.pop(node, None)
        else:
            self._loads[node] = load
        self._changed.add(node)


def load_of(pod: PodRow) -> Load:
    """What one pod adds to its node, as ``kubectl describe node`` counts: nothing once it is finished."""
    if not pod.node or pod.finished:
        return NOTHING
    return Load(1, pod.cpu_request, pod.memory_request, int(pod.provisional))
