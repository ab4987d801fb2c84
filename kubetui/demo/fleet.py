"""The cluster's nodes: who they are, what they carry, and how a pod finds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from kubetui.demo.agenda import Agenda
from kubetui.demo.entries.event import Reference
from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.node import NodeCondition, NodeEntry, NodeState, Taint
from kubetui.demo.entries.pod import Host
from kubetui.demo.node_conditions import healthy_conditions
from kubetui.demo.pools import Pool, allocatable_millicpu, own_labels, shape
from kubetui.demo.resources import NODES
from kubetui.demo.scheduling import allows
from kubetui.demo.storage import Storage

_NODE_SUBNET = (10, 224)
_SMALL_POD_NETWORK = (10, 244)
_LARGE_POD_NETWORK = (100, 64)


class Node:
    """A node and what runs on it."""

    __slots__ = ("_used", "beat", "cpu", "host", "instance", "kubelet", "pods", "pool", "state")

    def __init__(self, pool: Pool, instance: int, state: NodeState, host: Host) -> None:
        self.pool = pool
        self.instance = instance
        self.state = state
        self.host = host
        self.pods = 0
        self.cpu = 0
        """Requested by its pods, in millicores."""
        self.kubelet = True
        """The kubelet runs and reaches the API server."""
        self.beat = 0.0
        """When its lease was last renewed."""
        self._used = 0

    @property
    def name(self) -> str:
        """As Kubernetes knows it."""
        return self.state.name

    @property
    def ready(self) -> bool:
        """The condition Ready is True."""
        condition = self.state.condition("Ready")
        return condition is not None and condition.status == "True"

    @property
    def schedulable(self) -> bool:
        """The scheduler may use it."""
        return self.ready and not self.state.unschedulable

    @property
    def reference(self) -> Reference:
        """For events: their uid is the node's name, as kubelets have it."""
        return Reference("Node", "", self.name, self.name)

    def fits(self, millicpu: int) -> bool:
        """One more pod has room."""
        return self.pods < self.pool.max_pods and self.cpu + millicpu <= allocatable_millicpu(self.pool)

    def take(self, millicpu: int, *, host_network: bool) -> int:
        """A pod comes; returns the last octet of its address, 0 on the host's network."""
        self.pods += 1
        self.cpu += millicpu
        if host_network:
            return 0
        octet = 4 + next(bit for bit in range(251) if not self._used >> bit & 1)
        self._used |= 1 << octet - 4
        return octet

    def release(self, millicpu: int, octet: int) -> None:
        """A pod has gone; its address is free."""
        self.pods -= 1
        self.cpu -= millicpu
        if octet:
            self._used &= ~(1 << octet - 4)


class Fleet:
    """All nodes."""

    def __init__(self, storage: Storage, agenda: Agenda, rng: Random, large: bool) -> None:
        """``large``: more nodes than the usual pod network has /24s for."""
        self._storage = storage
        self._agenda = agenda
        self._rng = rng
        self._network = _LARGE_POD_NETWORK if large else _SMALL_POD_NETWORK
        self.nodes: dict[str, Node] = {}
        self.pools: dict[str, Pool] = {}
        self._by_pool: dict[str, list[Node]] = {}
        self._instances: dict[str, int] = {}
        self._addresses = 3  # Azure keeps the first four of a subnet
        self._joined: list[Callable[[Node], None]] = []
        self._left: list[Callable[[Node], None]] = []

    def on_change(self, joined: Callable[[Node], None], left: Callable[[Node], None]) -> None:
        """Tell of each node that comes (also of the first ones) and goes."""
        self._joined.append(joined)
        self._left.append(left)

    def declare(self, pool: Pool, first_instance: int = 0) -> None:
        """A pool, still without nodes, or its next version."""
        self.pools[pool.name] = pool
        self._by_pool.setdefault(pool.name, [])
        self._instances.setdefault(pool.name, first_instance)

    def of_pool(self, name: str) -> Sequence[Node]:
        """The pool's nodes, by instance."""
        return tuple(self._by_pool[name])

    def next_instance(self, pool: str) -> int:
        """The number that the pool's next instance gets."""
        return self._instances[pool]

    def skip_instances(self, pool: str, count: int) -> None:
        """Instances that once were; their numbers are never used again."""
        self._instances[pool] += count

    def add(self, pool_name: str, created: float, *, starting: bool = False, instance: int | None = None) -> Node:
        """An instance joins, the pool's next unless a number is given; ``starting``: NotReady at first."""
        pool = self.pools[pool_name]
        if instance is None:
            instance = self._instances[pool_name]
            self._instances[pool_name] += 1
        self._addresses += 1
        ip = ".".join(map(str, (*_NODE_SUBNET, *divmod(self._addresses, 256))))
        subnet = self._addresses - 4
        prefix = f"{self._network[0]}.{self._network[1] + subnet // 256}.{subnet % 256}."
        name = pool.node_name(instance)
        state = NodeState(
            name,
            self._rng.getrandbits(128),
            int(created),
            shape(pool),
            own_labels(1 + instance % 3),
            ip,
            pool.provider_id(instance),
            healthy_conditions(pool, int(created), int(self._agenda.now), starting=starting),
            (Taint("node.kubernetes.io/not-ready", "NoSchedule"), *pool.taints) if starting else pool.taints,
        )
        node = Node(pool, instance, state, Host(name, ip, prefix))
        self.nodes[name] = node
        self._by_pool[pool_name].append(node)
        self._storage.put(NODES, NodeEntry(state))
        for tell in self._joined:
            tell(node)
        return node

    def remove(self, node: Node) -> None:
        """The node's object is deleted."""
        del self.nodes[node.name]
        self._by_pool[node.pool.name].remove(node)
        self._storage.delete(NODES, "", node.name)
        for tell in self._left:
            tell(node)

    def change(self, node: Node, **changes: Any) -> None:
        """Write other values of its ``NodeState``."""
        node.state = replace(node.state, **changes)
        self._storage.put(NODES, NodeEntry(node.state))

    def set_condition(self, node: Node, kind: str, status: str, reason: str, message: str) -> None:
        """Write one condition; its transition is now if the status changed."""
        now = int(self._agenda.now)
        old = node.state.condition(kind)
        since = old.transition if old is not None and old.status == status else now
        state = node.state.with_condition(NodeCondition(kind, status, reason, message, now, since))
        self.change(node, conditions=state.conditions)

    def taint(self, node: Node, *taints: Taint) -> None:
        """Add taints; one with the same key and effect is replaced."""
        marks = {(taint.key, taint.effect) for taint in taints}
        kept = tuple(taint for taint in node.state.taints if (taint.key, taint.effect) not in marks)
        self.change(node, taints=(*kept, *taints))

    def untaint(self, node: Node, *keys: str) -> None:
        """Take away all taints with these keys."""
        self.change(node, taints=tuple(taint for taint in node.state.taints if taint.key not in keys))

    def cordon(self, node: Node, on: bool = True) -> None:
        """``spec.unschedulable`` and its taint."""
        key = "node.kubernetes.io/unschedulable"
        kept = tuple(taint for taint in node.state.taints if taint.key != key)
        added = (Taint(key, "NoSchedule", added=int(self._agenda.now)),) if on else ()
        self.change(node, unschedulable=on, taints=(*kept, *added))

    def pick(self, pools: Sequence[str], millicpu: int) -> Node | None:
        """A node for a pod: the emptier of two, or any that fits; None when none does."""
        candidates = [self._by_pool[name] for name in pools if self._by_pool[name]]
        total = sum(map(len, candidates))
        if not total:
            return None
        pair = [self._nth(candidates, self._rng.randrange(total)) for _ in range(2)]
        fitting = [node for node in pair if node.schedulable and node.fits(millicpu)]
        if fitting:
            return min(fitting, key=lambda node: (node.pods / node.pool.max_pods, node.instance))
        everyone = (node for nodes in candidates for node in nodes)
        return next((node for node in everyone if node.schedulable and node.fits(millicpu)), None)

    @staticmethod
    def _nth(candidates: Sequence[Sequence[Node]], index: int) -> Node:
        for nodes in candidates:
            if index < len(nodes):
                return nodes[index]
            index -= len(nodes)
        raise IndexError(index)

    def allowed_pools(self, spec: Mapping[str, Any]) -> tuple[str, ...]:
        """Pools that a pod's node selector, required affinity and tolerations let it on."""
        return tuple(name for name, pool in self.pools.items() if allows(spec, shape(pool).labels, pool.taints))

    def owner(self, node: Node) -> tuple[str, str]:
        """Name and UID, for ``ownerReferences``."""
        return node.name, uid_text(node.state.uid)
