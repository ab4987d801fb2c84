"""Hours of a session in seconds: tokens that end, watches that end, cuts; and nothing that grows."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import kubetui
from tests.connection.lab import Lab, lab

HOUR = 3600.0
PACKAGE = Path(kubetui.__file__).parent


@dataclass(frozen=True)
class Held:
    """What the process holds."""

    tasks: int
    descriptors: int
    bytes: int
    """Allocated by our own rooms, the demo's server apart."""


@asynccontextmanager
async def traced() -> AsyncIterator[None]:
    """Allocations are counted meanwhile."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def held() -> Held:
    gc.collect()
    rooms = [
        tracemalloc.Filter(True, f"{PACKAGE}/{room}/*", all_frames=False) for room in ("cluster", "store", "kinds")
    ]
    found = tracemalloc.take_snapshot().filter_traces(rooms)
    size = sum(one.size for one in found.statistics("filename"))
    return Held(len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd")), size)


async def live_through(here: Lab, hours: float) -> None:
    """Minutes go by; each tenth of them a connection is cut."""
    for minute in range(int(hours * 60)):
        here.lived.pass_time(1)
        if minute % 10 == 9:
            here.proxy.cut()
        await here.clock.advance(60)
        if minute % 5 == 0:
            await asyncio.sleep(0.002)
    await here.in_step()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts descriptors in /proc")
async def test_six_hours_with_tokens_that_end_each_hour_leave_everything_as_it_was() -> None:
    async with traced(), lab(tokens=12, token_lasts=HOUR, changes=5) as here:
        lists = here.lists
        await live_through(here, 2)
        before = held()
        await live_through(here, 6)
        after = held()
        assert here.tokens.rejected >= 7
        assert here.lists == lists
        assert here.watches > 90, "watches end every 5 to 10 minutes"
        assert after.tasks <= before.tasks + 1
        assert after.descriptors <= before.descriptors + 2
        assert after.bytes <= before.bytes * 1.2 + 64 * 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts descriptors in /proc")
async def test_a_session_that_closes_leaves_no_task_no_socket_and_no_file() -> None:
    async with lab() as here:
        files = sorted(os.listdir(tempfile.gettempdir()))
        await here.session.close()
        await asyncio.sleep(0.05)
        names = [task.get_name() for task in asyncio.all_tasks()]
        assert not [name for name in names if "reflector" in name or "linger" in name]
        assert here.proxy.connected == 0
        own = {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("kubetui-")}
        assert own <= set(files)
