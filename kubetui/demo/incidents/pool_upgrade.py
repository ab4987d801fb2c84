"""An upgrade of the general pool, node by node, with a surge node."""

from __future__ import annotations

from dataclasses import replace

from kubetui.demo.fleet import Node
from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.incidents.vm_deletion import vm_goes
from kubetui.demo.pools import IMAGE_DATE, NEXT_IMAGE_DATE, VERSION, Pool

POOL = "general"
_SURGE = 0.1
_MOST_SURGE = 5
_SETTLE_SECONDS = 30
"""From the surge node's registration until the next node is drained."""


def _begin(scene: Scene) -> None:
    """To the control plane's version where the pool is behind, else to the next node image."""
    fleet = scene.world.fleet
    pool = fleet.pools[POOL]
    behind = pool.version != VERSION
    target = replace(pool, version=VERSION, image_date=IMAGE_DATE if behind else NEXT_IMAGE_DATE)
    fleet.declare(target)
    scene.props["target"] = target
    scene.world.machines.upgrading.add(POOL)
    surge = min(_MOST_SURGE, max(1, int(len(fleet.of_pool(POOL)) * _SURGE)))
    for _ in range(surge):
        _next(scene)


def _old_nodes(scene: Scene) -> list[Node]:
    target: Pool = scene.props["target"]
    taken = scene.props.setdefault("taken", [])
    return [node for node in scene.world.fleet.of_pool(POOL) if node.pool != target and node not in taken]


def _next(scene: Scene) -> None:
    """A surge node joins; then the oldest node is drained and deleted."""
    waiting = _old_nodes(scene)
    if not waiting:
        if all(node.pool == scene.props["target"] for node in scene.world.fleet.of_pool(POOL)):
            scene.world.machines.upgrading.discard(POOL)
        return
    world, node = scene.world, waiting[0]
    scene.props["taken"].append(node)
    surge = world.node_controller.join(POOL)
    _say(scene, surge, "Surge", f"Created a surge node [{surge.name} {POOL}] for agentpool {POOL}")
    scene.after(_SETTLE_SECONDS, lambda: _drain(scene, node))


def _drain(scene: Scene, node: Node) -> None:
    _say(scene, node, "Drain", f"Draining node: {node.name}")
    scene.after(scene.world.node_controller.drain(node), lambda: _delete(scene, node))


def _delete(scene: Scene, node: Node) -> None:
    _say(scene, node, "Upgrade", f"Deleting node {node.name} from API server")
    scene.world.node_controller.delete(node)
    vm_goes(scene.world, node)
    _next(scene)


def _say(scene: Scene, node: Node, reason: str, words: str) -> None:
    scene.world.recorder.record(node.reference, reason, words, component="upgrader")


def _abort(scene: Scene) -> None:
    """What was cordoned serves again; nodes of both versions stay, as after ``az aks operation-abort``."""
    scene.world.machines.upgrading.discard(POOL)
    for node in scene.props["taken"]:
        if node.name in scene.world.fleet.nodes:
            scene.world.fleet.cordon(node, on=False)


INCIDENT = Incident(
    "pool-upgrade",
    "The pool general is upgraded: a surge node joins, the oldest is cordoned, drained, deleted; and so on.",
    steps=(Step(0, "the first surge nodes join", _begin),),
    heal=(Step(0, "the upgrade is aborted between two nodes", _abort),),
)
