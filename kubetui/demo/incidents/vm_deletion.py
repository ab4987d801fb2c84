"""What becomes of a node's VM once its node is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kubetui.demo.fleet import Node
from kubetui.demo.machine_fates import LoneMachine, MachineFate

if TYPE_CHECKING:
    from kubetui.demo.world import World

_DELETE_SECONDS: Final = 40


def vm_goes(world: World, node: Node) -> None:
    """Azure needs a while to delete what was the node's VM, whatever becomes of the incident."""
    fate = MachineFate("Deleting", power="", at=world.agenda.now)
    world.machines.lone[node.name] = LoneMachine(node.pool, node.instance, node.state.created, fate)
    world.agenda.after(_DELETE_SECONDS, lambda: world.machines.mend(node.name))
