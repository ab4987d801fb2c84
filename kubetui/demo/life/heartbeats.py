"""Nodes say that they live: a lease every ten seconds, their conditions every five minutes."""

from __future__ import annotations

from random import Random

from kubetui.demo.agenda import Agenda, Planned
from kubetui.demo.entries.lease import LeaseEntry, LeaseIdentity
from kubetui.demo.fleet import Fleet, Node
from kubetui.demo.node_conditions import KUBELET_TYPES
from kubetui.demo.resources import LEASES
from kubetui.demo.storage import Storage

LEASE_PERIOD = 10
LEASE_SECONDS = 40
"""After so long without a beat the node is Unknown."""
REPORT_PERIOD = 300


class Heartbeats:
    """One beat per node, each node at a phase of its own."""

    def __init__(self, storage: Storage, agenda: Agenda, rng: Random, fleet: Fleet) -> None:
        self._storage = storage
        self._agenda = agenda
        self._rng = rng
        self._fleet = fleet
        self._plans: dict[str, tuple[Planned, ...]] = {}
        self._identities: dict[str, LeaseIdentity] = {}

    def begin(self, node: Node) -> None:
        """The node has joined."""
        owner = self._fleet.owner(node)
        uid = self._rng.getrandbits(128)
        identity = LeaseIdentity(
            "kube-node-lease", node.name, uid, node.state.created, LEASE_SECONDS, "kubelet", owner=owner
        )
        self._identities[node.name] = identity
        phase, report = self._rng.uniform(0, LEASE_PERIOD), self._rng.uniform(0, REPORT_PERIOD)
        every = self._agenda.every
        self._plans[node.name] = (
            every(LEASE_PERIOD, lambda: self._beat(node), LEASE_PERIOD - phase),
            every(REPORT_PERIOD, lambda: self._report(node, kubelet=True), report),
            every(REPORT_PERIOD, lambda: self._report(node, kubelet=False), (report + 140) % REPORT_PERIOD),
        )
        self._write(node, self._agenda.now - phase)

    def end(self, node: Node) -> None:
        """The node is gone, and the garbage collector takes its lease."""
        for plan in self._plans.pop(node.name):
            plan.cancel()
        del self._identities[node.name]
        self._storage.delete(LEASES, "kube-node-lease", node.name)

    def _beat(self, node: Node) -> None:
        if node.kubelet:
            self._write(node, self._agenda.now)

    def _write(self, node: Node, renewed: float) -> None:
        node.beat = renewed
        self._storage.put(LEASES, LeaseEntry(self._identities[node.name], node.name, renewed))

    def _report(self, node: Node, *, kubelet: bool) -> None:
        if not node.kubelet:
            return
        now = int(self._agenda.now)
        conditions = tuple(
            condition._replace(heartbeat=now) if (condition.type in KUBELET_TYPES) is kubelet else condition
            for condition in node.state.conditions
        )
        if conditions != node.state.conditions:
            self._fleet.change(node, conditions=conditions)
