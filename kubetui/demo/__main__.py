"""``python -m kubetui.demo``: a simulated AKS cluster on 127.0.0.1, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import sys

from kubetui.demo.clock import Clock, WallClock
from kubetui.demo.command_line import read_options
from kubetui.demo.handlers.azure_control import AzureControl
from kubetui.demo.incidents.registry import INCIDENTS
from kubetui.demo.machinery import Machinery
from kubetui.demo.options import WorldOptions
from kubetui.demo.resource_manager import ResourceManager
from kubetui.demo.resources import RESOURCES
from kubetui.demo.serve import Simulation, main
from kubetui.demo.storage import Storage
from kubetui.demo.world import World

_HOME = "team-00"
"""The first tenant's namespace."""


def build(storage: Storage, clock: Clock, options: WorldOptions) -> Simulation:
    """The simulated AKS cluster, in the storage."""
    for resource in RESOURCES:
        storage.register(resource)
    world = World(storage, options, clock)
    world.build()
    gc.freeze()  # the world stays: a full collection over 150,000 pods would hold the server for half a second
    machinery = Machinery(world, clock, WallClock())
    azure = ResourceManager(world)
    return Simulation(
        world.run,
        world.incidents,
        tuple(INCIDENTS),
        _HOME,
        connect=machinery.connect,
        commands={**machinery.commands, **AzureControl(azure.faults).commands()},
        azure=azure,
    )


if __name__ == "__main__":
    asyncio.run(main(read_options(sys.argv[1:]), build))
