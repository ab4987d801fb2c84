"""Something beside the pods eats a node's memory: its kubelet answers late, and nothing new is placed there."""

from __future__ import annotations

from kubetui.demo.entries.node import Taint
from kubetui.demo.fleet import Node
from kubetui.demo.incidents.cast import a_node
from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.troubled_kubelet import TroubledKubelet

LATE_SECONDS = 6.0
TAINT = "node.kubernetes.io/memory-pressure"
_TYPE = "MemoryPressure"


def _node(scene: Scene) -> Node:
    node: Node = scene.props["node"]
    return node


def _strain(scene: Scene) -> None:
    node = scene.props["node"] = a_node(scene, spot=False)
    scene.world.loads.strained.add(node.name)
    scene.world.troubled_kubelets[node.name] = TroubledKubelet(late=LATE_SECONDS)


def _report(scene: Scene) -> None:
    node, world = _node(scene), scene.world
    if node.name not in world.fleet.nodes:
        return
    words = "kubelet has insufficient memory available"
    world.fleet.set_condition(node, _TYPE, "True", "KubeletHasInsufficientMemory", words)
    world.fleet.taint(node, Taint(TAINT, "NoSchedule", added=int(world.agenda.now)))
    for reason, message in (
        ("NodeHasInsufficientMemory", f"Node {node.name} status is now: NodeHasInsufficientMemory"),
        ("EvictionThresholdMet", "Attempting to reclaim memory"),
    ):
        world.recorder.record(node.reference, reason, message, component="kubelet", host=node.name, warning=True)


def _relieve(scene: Scene) -> None:
    node, world = _node(scene), scene.world
    world.loads.strained.discard(node.name)
    world.troubled_kubelets.pop(node.name, None)
    if node.name in world.fleet.nodes:
        words = "kubelet has sufficient memory available"
        world.fleet.set_condition(node, _TYPE, "False", "KubeletHasSufficientMemory", words)
        world.fleet.untaint(node, TAINT)


INCIDENT = Incident(
    "node-pressure",
    "A general node runs out of memory: MemoryPressure, PSI rises, and its kubelet answers seconds late.",
    steps=(
        Step(0, "memory fills up; the kubelet is slow", _strain),
        Step(20, "the kubelet reports it: a condition, a taint, events", _report),
    ),
    heal=(Step(0, "the memory is free again", _relieve),),
)
