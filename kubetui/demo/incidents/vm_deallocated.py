"""Somebody deallocates a node's VM in the portal."""

from __future__ import annotations

from kubetui.demo.incidents.cast import a_node
from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.machine_fates import MachineFate


def _deallocating(scene: Scene) -> None:
    node = a_node(scene, spot=False)
    scene.props["node"] = node
    scene.world.machines.befall(node.name, MachineFate(power="deallocating"))


def _deallocated(scene: Scene) -> None:
    node = scene.props["node"]
    scene.world.machines.befall(node.name, MachineFate(power="deallocated"))
    scene.world.node_controller.kubelet_stops(node)


def _start(scene: Scene) -> None:
    node = scene.props["node"]
    scene.world.machines.mend(node.name)
    if not node.kubelet:
        scene.world.node_controller.kubelet_returns(node)


INCIDENT = Incident(
    "vm-deallocated",
    "A general node's VM is deallocated: the node is Ready at first, then NotReady, and Azure says why.",
    steps=(
        Step(0, "Azure deallocates the VM, its node still Ready", _deallocating),
        Step(20, "the VM is off; the node is NotReady when its lease is 40 s old", _deallocated),
    ),
    heal=(Step(0, "the VM is started, its kubelet returns", _start),),
)
