"""Azure's machines at AKS's limit of 5,000 nodes: how soon they stand beside the nodes, and what they cost.

Reading is compared with a bare client that reads the same pages of the demo's resource manager and throws them away:
what is over that is this program's own.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import msgspec

from kubetui.azure.machine_wire import PageWire
from kubetui.azure.machines import Place
from kubetui.azure.own_resource_manager import StaticToken
from kubetui.azure.resource_manager import ResourceManager
from kubetui.azure.scale_sets import COMPUTE, read_machines
from kubetui.demo.pools import NODE_RESOURCE_GROUP, SUBSCRIPTION
from tests.bench.figures import Measured
from tests.bench.harness.cores import core_apart
from tests.bench.harness.dashboard import dashboard, probed
from tests.bench.harness.demo import Demo
from tests.bench.harness.pty_program import Lines
from tests.bench.measures.start import PATIENCE, SETTLED

MACHINES = 5_000
WORLD = (f"--nodes={MACHINES}", "--pods=0", "--changes=0")
PLACE = Place(SUBSCRIPTION, NODE_RESOURCE_GROUP.lower())
AT_ONCE = 4
_AGE = re.compile(r"Azure (just now|\d)")


def machines(runs: int) -> Iterator[Measured]:
    """The Nodes pane, from its first nodes to Azure's figures beside them, and its loop meanwhile."""
    first, stalls, own = [], [], []
    with Demo(*WORLD) as demo, core_apart(demo.keeper) as cores, tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "turns.json"
        for _ in range(runs):
            with probed(demo.kubeconfig, out, "--pane", "nodes", cores=cores) as running:
                nodes = running.wait_for(_has_nodes, PATIENCE, "nodes")
                figures = running.wait_for(_has_figures, PATIENCE, "Azure's figures")
                first.append(figures - nodes)
                time.sleep(SETTLED)
                ended = time.monotonic()
                running.quit(b"q")
            turns = [one for one in json.loads(out.read_text())["long"] if nodes <= one["at"] < ended]
            stalls.append(max((one["seconds"] for one in turns), default=0.0) * 1e3)
            own.append(max((one["seconds"] - one["waited"] for one in turns), default=0.0) * 1e3)
    yield Measured("azure-first", 0, tuple(first))
    yield Measured("azure-stall", 0, tuple(stalls))
    yield Measured("azure-stall-own", 0, tuple(own))


def rows(runs: int) -> Iterator[Measured]:
    """The first nodes on screen, with Azure read behind them and without, in turns."""
    ratios = []
    with Demo(*WORLD) as demo, _without_azure(demo.kubeconfig) as without:
        for _ in range(runs):
            alone = _first_nodes(without)
            ratios.append(_first_nodes(demo.kubeconfig) / alone)
    yield Measured("azure-rows-ratio", 0, tuple(ratios))


def read(runs: int) -> Iterator[Measured]:
    """All machines by a bare client and by ours, in turns."""
    ratios, ours = [], []
    with Demo(*WORLD) as demo:
        for _ in range(runs):
            bare = asyncio.run(_bare(demo))
            ours.append(asyncio.run(_ours(demo)))
            ratios.append(ours[-1] / bare)
    yield Measured("azure-read", 0, tuple(ours))
    yield Measured("azure-ratio", 0, tuple(ratios))


def _has_nodes(lines: Lines) -> bool:
    return any(" aks-" in line and "Ready" in line for line in lines[3:-1])


def _has_figures(lines: Lines) -> bool:
    return bool(_AGE.search(lines[2]))


def _first_nodes(kubeconfig: Path) -> float:
    with dashboard(kubeconfig, "--pane", "nodes") as running:
        return running.wait_for(_has_nodes, PATIENCE, "nodes") - running.started


@contextmanager
def _without_azure(kubeconfig: Path) -> Iterator[Path]:
    """The same cluster, and no word of a resource manager; nobody has signed in with az either."""
    config = json.loads(kubeconfig.read_text())
    for named in config["clusters"]:
        named["cluster"].pop("extensions", None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kubeconfig"
        path.write_text(json.dumps(config))
        yield path


async def _ours(demo: Demo) -> float:
    begun = time.perf_counter()
    async with ResourceManager(demo.ready.azure, StaticToken(demo.ready.azure_token)) as azure:
        found = await read_machines(azure, {PLACE: frozenset()}, 0.0)
    took = time.perf_counter() - begun
    assert sum(len(one.instances or ()) for one in found.sets) == MACHINES
    return took


async def _bare(demo: Demo) -> float:
    headers = {"Authorization": f"Bearer {demo.ready.azure_token}", "Accept-Encoding": "gzip"}
    group = f"/subscriptions/{PLACE.subscription}/resourceGroups/{PLACE.resource_group}"
    sets = f"{demo.ready.azure}{group}/providers/Microsoft.Compute/virtualMachineScaleSets"
    begun = time.perf_counter()
    async with aiohttp.ClientSession(headers=headers) as session:
        listed = await _pages(session, f"{sets}?api-version={COMPUTE}")
        names = [msgspec.json.decode(raw)["name"] for raw in listed]
        limit = asyncio.Semaphore(AT_ONCE)

        async def instances(name: str) -> int:
            async with limit:
                url = f"{sets}/{name}/virtualMachines?api-version={COMPUTE}&$expand=instanceView"
                return len(await _pages(session, url))

        assert sum(await asyncio.gather(*map(instances, names))) == MACHINES
    return time.perf_counter() - begun


async def _pages(session: aiohttp.ClientSession, url: str | None) -> list[msgspec.Raw]:
    found: list[msgspec.Raw] = []
    while url:
        async with session.get(url) as answer:
            page = msgspec.json.decode(await answer.read(), type=PageWire)
        found += page.value
        url = page.next_link
    return found
