"""``python -m tests.demo.small_world``: the demo's process around one pod that beats, or a world that fails.

``--incident broken`` cannot be built, ``--incident dying`` ends by itself, ``--incident slow`` is not ready in time.
"""

from __future__ import annotations

import asyncio
import sys
import time

from kubetui.demo.clock import Clock
from kubetui.demo.command_line import read_options
from kubetui.demo.options import WorldOptions
from kubetui.demo.serve import Simulation, main
from kubetui.demo.storage import Storage
from tests.demo.synthetic import PODS, RESOURCES, Thing


class NoIncidents:
    running: tuple[str, ...] = ()

    def start(self, name: str) -> None:
        raise ValueError(f"there is no incident {name!r}")

    stop = start


def build(storage: Storage, clock: Clock, options: WorldOptions) -> Simulation:
    incidents = NoIncidents()
    if "broken" in options.incidents:
        incidents.start("broken")
    if "slow" in options.incidents:
        time.sleep(60)
    for resource in RESOURCES:
        storage.register(resource)
    storage.put(PODS, Thing("beating"))

    async def run() -> None:
        while True:
            await clock.sleep(0.05)
            storage.put(PODS, Thing("beating"))
            if "dying" in options.incidents:
                raise RuntimeError("the world fell apart")

    return Simulation(run, incidents, (), "default")


if __name__ == "__main__":
    asyncio.run(main(read_options(sys.argv[1:]), build))
