"""The simulated cluster at full size: build time, memory, rendering, and what living costs.

``python -m tests.bench.demo_world_bench [NODES PODS]``; 5,000 nodes and 150,000 pods by default.
"""

from __future__ import annotations

import resource
import sys
import time

from kubetui.demo.options import WorldOptions
from kubetui.demo.resources import PODS, RESOURCES
from kubetui.demo.storage import Storage
from kubetui.demo.world import World


class _Clock:
    time = 1_795_262_640.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _live(world: World, clock: _Clock, seconds: int) -> tuple[float, int]:
    """CPU seconds and writes of so many seconds of the world's life."""
    start, version = time.process_time(), world.storage.version
    for _ in range(seconds):
        clock.time += 1
        world.live()
    return time.process_time() - start, world.storage.version - version


def main(nodes: int, pods: int) -> None:
    for changes in (0, 1000):
        clock, storage = _Clock(), Storage(RESOURCES)
        before, start = _peak_mib(), time.process_time()
        world = World(storage, WorldOptions(nodes=nodes, pods=pods, changes=changes), clock)
        world.build()
        count = storage.count(PODS)
        print(f"{changes} changes/s: {nodes} nodes, {count} pods")
        print(f"  build           {time.process_time() - start:8.2f} s CPU")
        print(f"  memory          {_peak_mib():8.0f} MiB peak, {before:.0f} before")
        cpu, writes = _live(world, clock, 60)
        print(f"  a minute's life {cpu:8.2f} s CPU, {writes} writes")
        start = time.process_time()
        size = sum(len(entry.encode()) for entry in storage.entries(PODS))
        took = time.process_time() - start
        print(f"  pods as JSON    {took:8.2f} s CPU, {took / count * 1e6:.1f} µs and {size / count:.0f} bytes each")
        start = time.process_time()
        for entry in storage.entries(PODS):
            entry.cells(clock.time)
        took = time.process_time() - start
        print(f"  pods as cells   {took:8.2f} s CPU, {took / count * 1e6:.1f} µs each")
        print(f"  memory          {_peak_mib():8.0f} MiB peak")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3])) if len(sys.argv) > 2 else main(5000, 150_000)
