"""Node pools: what their nodes have in common, where they differ, and how full they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from kubetui.insight.node_load import NOTHING, Load
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import short_image, version_key
from kubetui.kinds.node_meaning import node_meaning, worst
from kubetui.kinds.node_row import NodeRow

Spread = tuple[tuple[str, int], ...]
"""Values and how many nodes have each, the newest version first."""


class Pool(NamedTuple):
    """One pool's nodes together. CPU is millicores, memory bytes."""

    name: str
    """``""`` for nodes that no label puts in a pool."""
    vmss: tuple[str, ...]
    """VM scale sets, sorted; several where the pool is spread over zones or being replaced."""
    mode: str
    """``system`` or ``user``; of a pool that is being flipped both, joined by ``, ``."""
    sizes: tuple[str, ...]
    os_skus: tuple[str, ...]
    nodes: int
    ready: int
    cordoned: int
    pods: int
    pod_capacity: int
    cpu_request: int
    cpu_allocatable: int
    memory_request: int
    memory_allocatable: int
    unread: int
    """Pods whose requests have not come yet; while there are any the requests are too low."""
    versions: Spread
    """Of the kubelet, without ``v``."""
    images: Spread
    """Of the node image, the part that changes."""
    zones: tuple[str, ...]
    spot: bool
    meaning: Meaning
    """The worst of the nodes'."""

    @property
    def cpu_used(self) -> float | None:
        """Requested share of the allocatable CPU; None while that is not known."""
        return _share(self.cpu_request, self.cpu_allocatable, self.unread)

    @property
    def memory_used(self) -> float | None:
        """Requested share of the allocatable memory; None while that is not known."""
        return _share(self.memory_request, self.memory_allocatable, self.unread)

    @property
    def version_text(self) -> str:
        """``1.36.3``, or with nodes that are behind: ``1.36.3 ·5 old``."""
        if not self.versions:
            return "–"
        old = sum(count for _, count in self.versions[1:])
        return f"{self.versions[0][0]} ·{old} old" if old else self.versions[0][0]

    @property
    def image_text(self) -> str:
        """``202601.27.0``, or ``2 versions``; ``–`` where no label tells."""
        if not self.images:
            return "–"
        return self.images[0][0] if len(self.images) == 1 else f"{len(self.images)} versions"


def pools(nodes: Iterable[NodeRow], load: Callable[[str], Load] = lambda node: NOTHING) -> list[Pool]:
    """The pools of ``nodes`` by name, system pools first. ``load`` answers for one node's pods and requests."""
    return KeptPools().of(nodes, load)


class KeptPools:
    """``pools`` for who asks again each second: what nodes say is folded anew where a pool's nodes have changed."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[list[NodeRow], Pool]] = {}

    def of(self, nodes: Iterable[NodeRow], load: Callable[[str], Load]) -> list[Pool]:
        """The pools of ``nodes``, as ``pools`` has them."""
        members: dict[str, list[NodeRow]] = {}
        for node in nodes:
            members.setdefault(node.pool, []).append(node)
        # Rows are replaced, never changed: lists of the same rows are equal at a glance.
        kept = self._kept
        self._kept = {
            name: kept[name] if name in kept and kept[name][0] == rows else (rows, _of_nodes(name, rows))
            for name, rows in members.items()
        }
        found = [_with_loads(one, rows, load) for rows, one in self._kept.values()]
        return sorted(found, key=lambda one: (not one.name, "system" not in one.mode, one.name))


def pool(name: str, nodes: list[NodeRow], load: Callable[[str], Load]) -> Pool:
    """The aggregate of one pool's nodes."""
    return _with_loads(_of_nodes(name, nodes), nodes, load)


def _with_loads(one: Pool, nodes: list[NodeRow], load: Callable[[str], Load]) -> Pool:
    loads = [load(node.name) for node in nodes]
    if not loads:
        return one
    pods, cpu, memory, unread = map(sum, zip(*loads, strict=True))
    return one._replace(pods=pods, cpu_request=cpu, memory_request=memory, unread=unread)


def _of_nodes(name: str, nodes: list[NodeRow]) -> Pool:
    """Without what their pods ask for."""
    return Pool(
        name=name,
        vmss=_distinct(node.machine.vmss for node in nodes),
        mode=", ".join(_distinct(node.mode for node in nodes)),
        sizes=_distinct(node.size for node in nodes),
        os_skus=_distinct(node.os_sku for node in nodes),
        nodes=len(nodes),
        ready=sum(node.ready == "True" for node in nodes),
        cordoned=sum(node.unschedulable for node in nodes),
        pods=0,
        pod_capacity=sum(node.allocatable.pods for node in nodes),
        cpu_request=0,
        cpu_allocatable=sum(node.allocatable.cpu for node in nodes),
        memory_request=0,
        memory_allocatable=sum(node.allocatable.memory for node in nodes),
        unread=0,
        versions=spread(node.kubelet.removeprefix("v") for node in nodes),
        images=spread(short_image(node.image) for node in nodes),
        zones=_distinct(node.zone for node in nodes),
        spot=any(node.spot for node in nodes),
        meaning=worst({node_meaning(node) for node in nodes}),
    )


def spread(values: Iterable[str]) -> Spread:
    """How often each value occurs, the newest version first; empty ones are left out."""
    counts = Counter(value for value in values if value)
    return tuple(sorted(counts.items(), key=lambda item: (version_key(item[0]), item[0]), reverse=True))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _share(asked: int, allocatable: int, unread: int) -> float | None:
    return asked / allocatable if allocatable and not unread else None
