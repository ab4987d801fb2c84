"""What follows when a kubelet falls silent, comes back, or a node joins, is drained, or goes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kubetui.demo.entries.node import NodeCondition, Taint
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.fleet import Node
from kubetui.demo.life.heartbeats import LEASE_SECONDS
from kubetui.demo.logs.moods import Interval
from kubetui.demo.node_conditions import KUBELET_TYPES, READY_MESSAGE, READY_REASON, healthy_conditions

if TYPE_CHECKING:
    from kubetui.demo.world import World

UNREACHABLE = "node.kubernetes.io/unreachable"
NOT_READY = "node.kubernetes.io/not-ready"
EVICTION_SECONDS = 300
"""``tolerationSeconds`` that admission gives every pod for not-ready and unreachable."""
_JOIN_SECONDS = 20
_DRAIN_PERIOD = 2.0


class NodeController:
    """The node lifecycle and taint eviction controllers, and whoever drains."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._silent: dict[str, Interval] = {}
        """What others write about nodes whose kubelet is down."""

    # --- a kubelet falls silent ----------------------------------------------------------------------------------

    def kubelet_stops(self, node: Node) -> None:
        """No lease and no status any more: Unknown after 40 s, pods evicted 300 s later."""
        if node.kubelet:
            mood = self._world.moods.begin("node-silent", node=node.name, node_ip=node.state.ip)
            self._silent[node.name] = mood
        node.kubelet = False
        due = max(node.beat + LEASE_SECONDS, self._world.agenda.now)
        self._world.agenda.at(due, lambda: self._mark_unknown(node))

    def _mark_unknown(self, node: Node) -> None:
        world = self._world
        if node.kubelet or node.name not in world.fleet.nodes:
            return
        now = int(world.agenda.now)
        words = "Kubelet stopped posting node status."
        conditions = tuple(
            condition._replace(status="Unknown", reason="NodeStatusUnknown", message=words, transition=now)
            if condition.type in KUBELET_TYPES
            else condition
            for condition in node.state.conditions
        )
        taints = tuple(Taint(UNREACHABLE, effect, added=now) for effect in ("NoSchedule", "NoExecute"))
        world.fleet.change(node, conditions=conditions, taints=(*node.state.taints, *taints))
        self._tell(node, "NodeNotReady", f"Node {node.name} status is now: NodeNotReady")
        for pod in world.pods.on_node(node.name):
            if pod.phase == "Running" and not pod.rare.node_lost:
                world.pods.put(pod.replace(rare=pod.rare._replace(node_lost=True), ready_at=now))
                self._world.pods.tell(
                    pod, "NodeNotReady", "Node is not ready", component="node-controller", warning=True
                )
        world.agenda.after(EVICTION_SECONDS, lambda: self._evict(node))

    def _evict(self, node: Node) -> None:
        world = self._world
        if node.kubelet or node.name not in world.fleet.nodes:
            return
        for pod in self._movable(node):
            if not pod.rare.deleted:
                words = f"Marking for deletion Pod {pod.namespace}/{pod.name}"
                self._world.pods.tell(pod, "TaintManagerEviction", words, component="taint-eviction-controller")
                disrupted = "DeletionByTaintManager: Taint manager: deleting due to NoExecute taint"
                world.pods.delete(pod, disrupted=disrupted)

    def kubelet_returns(self, node: Node) -> None:
        """The kubelet beats again, clears its conditions, and ends what was to be deleted."""
        world = self._world
        node.kubelet = True
        self._speaks_again(node)
        if node.name not in world.fleet.nodes:
            return
        now = int(world.agenda.now)
        good = {condition.type: condition for condition in healthy_conditions(node.pool, node.state.created, now)}
        conditions = tuple(
            good[condition.type]._replace(heartbeat=now, transition=now)
            if condition.type in KUBELET_TYPES and condition.status != good[condition.type].status
            else condition
            for condition in node.state.conditions
        )
        taints = tuple(taint for taint in node.state.taints if taint.key not in (UNREACHABLE, NOT_READY))
        world.fleet.change(node, conditions=conditions, taints=taints)
        self._tell(node, "NodeReady", f"Node {node.name} status is now: NodeReady", component="kubelet")
        for pod in world.pods.on_node(node.name):
            if pod.rare.node_lost:
                pod = world.pods.put(pod.replace(rare=pod.rare._replace(node_lost=False), ready_at=now))
            if pod.rare.deleted:
                world.pods.finish(pod)

    def _speaks_again(self, node: Node) -> None:
        mood = self._silent.pop(node.name, None)
        if mood is not None:
            self._world.moods.end_one(mood)

    # --- nodes come and go ---------------------------------------------------------------------------------------

    def join(self, pool: str, instance: int | None = None) -> Node:
        """An instance, the pool's next unless given, registers now and is Ready when its network is up."""
        world = self._world
        node = world.fleet.add(pool, world.agenda.now, starting=True, instance=instance)
        self._tell(node, "Starting", "Starting kubelet.", component="kubelet")
        words = f"Node {node.name} event: Registered Node {node.name} in Controller"
        self._tell(node, "RegisteredNode", words)
        world.agenda.after(_JOIN_SECONDS, lambda: self._becomes_ready(node))
        return node

    def _becomes_ready(self, node: Node) -> None:
        world = self._world
        if node.name not in world.fleet.nodes or not node.kubelet:
            return
        now = int(world.agenda.now)
        ready = NodeCondition("Ready", "True", READY_REASON, READY_MESSAGE, now, now)
        conditions = node.state.with_condition(ready).conditions
        taints = tuple(taint for taint in node.state.taints if taint.key != NOT_READY)
        world.fleet.change(node, conditions=conditions, taints=taints)
        self._tell(node, "NodeReady", f"Node {node.name} status is now: NodeReady", component="kubelet")

    def delete(self, node: Node) -> None:
        """The VM is gone, and the cloud controller deletes the node; its pods go with it."""
        if node.name not in self._world.fleet.nodes:
            return
        words = f"Deleting node {node.name} because it does not exist in the cloud provider"
        self._tell(node, "DeletingNode", words, component="cloud-node-lifecycle-controller")
        self._world.fleet.remove(node)
        self._speaks_again(node)

    def drain(self, node: Node) -> float:
        """Cordon it and evict its pods one after another; how many seconds that takes at most."""
        world = self._world
        world.fleet.cordon(node)
        self._tell(
            node, "NodeNotSchedulable", f"Node {node.name} status is now: NodeNotSchedulable", component="kubelet"
        )
        pods = self._movable(node)
        for place, pod in enumerate(pods):
            world.agenda.after(place * _DRAIN_PERIOD, partial(self._evict_politely, node, pod))
        return len(pods) * _DRAIN_PERIOD + 10

    def _evict_politely(self, node: Node, pod: PodEntry) -> None:
        if node.state.unschedulable:
            self._world.pods.delete(pod, disrupted="EvictionByEvictionAPI: Eviction API: evicting")

    def _movable(self, node: Node) -> list[PodEntry]:
        pods = self._world.pods.on_node(node.name)
        return [pod for pod in pods if pod.template.owner.kind != "DaemonSet"]

    # --- words ---------------------------------------------------------------------------------------------------

    def _tell(self, node: Node, reason: str, words: str, *, component: str = "node-controller") -> None:
        host = node.name if component == "kubelet" else ""
        self._world.recorder.record(node.reference, reason, words, component=component, host=host)
