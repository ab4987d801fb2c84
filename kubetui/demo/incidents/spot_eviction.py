"""Azure takes a spot VM back."""

from __future__ import annotations

from kubetui.demo.fleet import Node
from kubetui.demo.incidents.cast import a_node
from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.machine_fates import MachineFate
from kubetui.demo.moment import http_date

NOTICE_SECONDS = 30


def _node(scene: Scene) -> Node:
    node: Node = scene.props["node"]
    return node


def _schedule(scene: Scene) -> None:
    node = a_node(scene, spot=True)
    world = scene.world
    scene.props["node"] = node
    due = http_date(world.agenda.now + NOTICE_SECONDS)
    words = (
        f"Preempt Scheduled: {due}. DurationInSeconds: -1. Virtual machine is going to be evicted. "
        f"EventId: {world.rng.getrandbits(128):032X}"
    )
    scene.props["words"] = words
    world.fleet.set_condition(node, "VMEventScheduled", "True", "VMEventScheduled", words)
    source = "custom-scheduledevents-consolidated-condition-plugin-monitor"
    world.recorder.record(
        node.reference, "VMEventScheduled", f"Node condition VMEventScheduled is now: True, reason: VMEventScheduled, "
        f'message: "{words}"', component=source, host=node.name, warning=True,
    )  # fmt: skip


def _preempt(scene: Scene) -> None:
    node = _node(scene)
    scene.world.recorder.record(
        node.reference,
        "PreemptScheduled",
        scene.props["words"],
        component="custom-scheduledevents-preempt-plugin-monitor",
        host=node.name,
        warning=True,
    )


def _vm_goes(scene: Scene) -> None:
    gone = MachineFate("Deleting", power="", at=scene.world.agenda.now)
    scene.world.machines.befall(_node(scene).name, gone)
    scene.world.node_controller.kubelet_stops(_node(scene))


def _node_goes(scene: Scene) -> None:
    scene.world.machines.mend(_node(scene).name)
    scene.world.node_controller.delete(_node(scene))


def _heal(scene: Scene) -> None:
    """Another spot VM joins; if the first has not been taken yet, it stays."""
    world, node = scene.world, _node(scene)
    world.machines.mend(node.name)
    if node.name not in world.fleet.nodes:
        world.node_controller.join(node.pool.name)
        return
    words = "VM has no scheduled event"
    world.fleet.set_condition(node, "VMEventScheduled", "False", "NoVMEventScheduled", words)
    if not node.kubelet:
        world.node_controller.kubelet_returns(node)


INCIDENT = Incident(
    "spot-eviction",
    "A spot VM is taken back: VMEventScheduled, PreemptScheduled, NotReady, the node is deleted, its pods move.",
    steps=(
        Step(0, "the VM's eviction is announced on the node", _schedule),
        Step(16, "the problem detector reports it as an event", _preempt),
        Step(24, "the VM is gone; the node is NotReady when its lease is 40 s old", _vm_goes),
        Step(95, "the node is deleted", _node_goes),
    ),
    heal=(Step(0, "the autoscaler brings another spot node", _heal),),
)
