"""The cluster autoscaler makes the general pool larger, and smaller again."""

from __future__ import annotations

from functools import partial

from kubetui.demo.entries.event import Reference
from kubetui.demo.entries.node import Taint
from kubetui.demo.fleet import Node
from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.incidents.vm_deletion import vm_goes
from kubetui.demo.machine_fates import LoneMachine, MachineFate

POOL = "general"
MORE = 3
_RUNS_AFTER = 30
_JOINS_AFTER = 75
_APART = 15
"""Seconds between two instances that join."""


def _grow(scene: Scene) -> None:
    world, now = scene.world, scene.world.agenda.now
    pool = world.fleet.pools[POOL]
    number = world.fleet.next_instance(POOL)
    world.fleet.skip_instances(POOL, MORE)
    coming = [pool.node_name(number + place) for place in range(MORE)]
    scene.props["coming"], scene.props["nodes"] = coming, []
    fate = MachineFate("Creating", "starting", at=now)
    for place, name in enumerate(coming):
        world.machines.lone[name] = LoneMachine(pool, number + place, now, fate)
    world.machines.scaling.add(POOL)
    size = len(world.fleet.of_pool(POOL))
    _say(scene, f"Scale-up: setting group {pool.scale_set} size to {size + MORE} instead of {size}")


def _run(scene: Scene) -> None:
    """The VMs run, their bootstrap goes on."""
    machines = scene.world.machines
    for name in scene.props["coming"]:
        one = machines.lone[name]
        machines.lone[name] = LoneMachine(one.pool, one.number, one.created, MachineFate("Creating", at=one.created))


def _join(scene: Scene) -> None:
    world = scene.world
    name = scene.props["coming"].pop(0)
    number = world.machines.lone[name].number
    world.machines.mend(name)
    scene.props["nodes"].append(world.node_controller.join(POOL, number))
    if not scene.props["coming"]:
        world.machines.scaling.discard(POOL)


def _shrink(scene: Scene) -> None:
    """The nodes that came are drained and deleted, the youngest first; what has not joined is deleted at once."""
    world = scene.world
    world.machines.scaling.discard(POOL)
    for name in scene.props["coming"]:
        world.machines.mend(name)
    nodes: list[Node] = [node for node in reversed(scene.props["nodes"]) if node.name in world.fleet.nodes]
    for node in nodes:
        world.fleet.taint(node, Taint("ToBeDeletedByClusterAutoscaler", "NoSchedule", str(int(world.agenda.now))))
        world.agenda.after(world.node_controller.drain(node), partial(_delete, scene, node))


def _delete(scene: Scene, node: Node) -> None:
    scene.world.node_controller.delete(node)
    vm_goes(scene.world, node)


def _say(scene: Scene, words: str) -> None:
    about = Reference("ConfigMap", "kube-system", "cluster-autoscaler-status", "")
    scene.world.recorder.record(about, "ScaledUpGroup", words, component="cluster-autoscaler")


INCIDENT = Incident(
    "scale-out",
    "The autoscaler gives the pool general three more instances: VMs are created, boot, and join as nodes.",
    steps=(
        Step(0, "the scale set's capacity is raised, Azure creates VMs", _grow),
        Step(_RUNS_AFTER, "they run, their bootstrap goes on", _run),
        *(Step(_JOINS_AFTER + place * _APART, "one of them joins", _join) for place in range(MORE)),
    ),
    heal=(Step(0, "the autoscaler drains and deletes them again", _shrink),),
)
