"""``python -m tests.demo.small_world``: the demo's process around one pod that beats, or a world that fails.

``--incident broken`` cannot be built, ``--incident dying`` ends by itself, ``--incident slow`` is not ready in time.
"""

from __future__ import annotations

import asyncio
import sys
import time

from kubetui.demo.api_server import ApiServer
from kubetui.demo.clock import Clock
from kubetui.demo.command_line import read_options
from kubetui.demo.handlers.control import Incidents
from kubetui.demo.options import WorldOptions
from kubetui.demo.serve import main
from kubetui.demo.storage import Storage
from tests.demo.synthetic import PODS, RESOURCES, Thing


class NoIncidents:
    available: tuple[str, ...] = ()
    running: tuple[str, ...] = ()

    async def start(self, name: str) -> None:
        raise KeyError(name)

    async def stop(self, name: str) -> None:
        raise KeyError(name)


class SmallWorld:
    def __init__(self, storage: Storage, clock: Clock, options: WorldOptions) -> None:
        self._storage, self._clock, self._options = storage, clock, options
        self.incidents: Incidents = NoIncidents()
        self.home = "default"
        if "broken" in options.incidents:
            raise ValueError("there is no incident 'broken'")
        if "slow" in options.incidents:
            time.sleep(60)
        for resource in RESOURCES:
            storage.register(resource)
        storage.put(PODS, Thing("beating"))

    def connect(self, server: ApiServer) -> None:
        server.health.recover("etcd")

    async def run(self) -> None:
        while True:
            await self._clock.sleep(0.05)
            self._storage.put(PODS, Thing("beating"))
            if "dying" in self._options.incidents:
                raise RuntimeError("the world fell apart")


if __name__ == "__main__":
    asyncio.run(main(read_options(sys.argv[1:]), SmallWorld))
