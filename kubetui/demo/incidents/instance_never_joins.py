"""A new instance runs and never becomes a node: its bootstrap has no way out of the network."""

from __future__ import annotations

from dataclasses import replace

from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.machine_fates import LoneMachine, MachineFate

POOL = "general"
_FAILS_AFTER = 240
_EXIT = "Enable failed: failed to execute command: command terminated with exit status=50"
_FAILED = (
    "VM has reported a failure when processing extension 'vmssCSE' (publisher 'Microsoft.Azure.Extensions' and type "
    f"'CustomScript'). Error message: '{_EXIT}'."
)


def _create(scene: Scene) -> None:
    fleet, now = scene.world.fleet, scene.world.agenda.now
    pool = fleet.pools[POOL]
    number = fleet.next_instance(POOL)
    fleet.skip_instances(POOL, 1)
    name = pool.node_name(number)
    scene.props["name"] = name
    scene.world.machines.lone[name] = LoneMachine(pool, number, now, MachineFate("Creating", "starting"))


def _fail(scene: Scene) -> None:
    machines, name = scene.world.machines, scene.props["name"]
    fate = MachineFate(
        "Failed", code="VMExtensionProvisioningError", message=_FAILED, bootstrap=_EXIT, at=scene.world.agenda.now
    )
    machines.lone[name] = replace(machines.lone[name], fate=fate)


def _remove(scene: Scene) -> None:
    scene.world.machines.mend(scene.props["name"])


INCIDENT = Incident(
    "instance-never-joins",
    "Azure makes an instance of the pool general that never becomes a node: vmssCSE ends with exit 50 after 4 min.",
    steps=(
        Step(0, "the instance is being made", _create),
        Step(_FAILS_AFTER, "its bootstrap has failed", _fail),
    ),
    heal=(Step(0, "the instance is deleted", _remove),),
)
