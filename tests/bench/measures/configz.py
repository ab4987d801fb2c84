"""Configz: asking 1,000 kubelets of the demo, and comparing 5,000 configurations.

Asking is compared with a bare client that asks the same server for the same, four at a time, and throws the answers
away: what is over that is this program's own.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from collections.abc import Iterator
from random import Random

import aiohttp
import msgspec

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.connect import open_transport
from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.cluster.kubelet_config import AT_ONCE, KubeletAnswer, KubeletConfigs
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.demo.kubelet_api import configz
from kubetui.insight.kubelet.survey import Surveyor
from kubetui.kinds.node_row import Capacity, NodeRow
from tests.bench.figures import Measured
from tests.bench.harness.demo import Demo

ASKED, COMPARED = 1_000, 5_000


def compared(runs: int) -> Iterator[Measured]:
    """Decode, fold and compare as many answers as AKS has nodes at most."""
    yield Measured("configz-compared", 0, tuple(_compare() for _ in range(runs)))


def asked(runs: int) -> Iterator[Measured]:
    """A thousand kubelets, by a bare client and by ours in turns."""
    ratios, turns = [], []
    with Demo(f"--nodes={ASKED}", "--pods=0", "--changes=0") as demo:
        names = [item["metadata"]["name"] for item in demo.get("/api/v1/nodes")["items"]]
        for _ in range(min(runs, 3)):
            bare = asyncio.run(_bare(demo, names))
            ours, longest = asyncio.run(_ours(demo, names))
            ratios.append(ours / bare)
            turns.append(longest * 1e3)
    yield Measured("configz-ratio", 0, tuple(ratios))
    yield Measured("configz-stall", 0, tuple(turns))


def _compare() -> float:
    clock = SystemClock()
    session = Session("bench", None, Traffic(clock), clock, Random(1))  # type: ignore[arg-type]  # nothing is asked
    configs, nodes, answers = KubeletConfigs(session), _rows(COMPARED), list(_bodies(COMPARED))
    begun = time.perf_counter()
    for row, body in zip(nodes, answers, strict=True):
        document, own = configs._document(body, "bench")
        configs.answers[row.name] = KubeletAnswer(row.name, 0.0, document, own)
    Surveyor().survey(nodes, configs)
    return time.perf_counter() - begun


def _bodies(count: int) -> Iterator[bytes]:
    """Answers of so many nodes: a few variants, each with its own providerID."""
    config = {**configz._COMMON, **configz._LINUX, "maxPods": 110}
    for place in range(count):
        drifted = {"maxPods": 30} if place % 41 == 3 else {"containerLogMaxSize": "10Mi"} if place % 97 == 5 else {}
        own = {"providerID": f"azure:///subscriptions/0/virtualMachines/{place}"}
        yield msgspec.json.encode({"kubeletconfig": {**config, **drifted, **own}})


def _rows(count: int) -> list[NodeRow]:
    """Their nodes."""
    labels = (("kubernetes.azure.com/sku-memory", "32768"),)
    capacity = Capacity(8000, 32_863_772 << 10, 110)
    return [
        NodeRow(
            f"n{place:05}", 1, pool=f"pool{place % 5}", kubelet="v1.36.3", os="linux", capacity=capacity, labels=labels
        )
        for place in range(count)
    ]


async def _bare(demo: Demo, names: list[str]) -> float:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the demo's own, on this machine
    headers = {"Authorization": f"Bearer {demo.ready.token}"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context), headers=headers) as client:
        waiting = iter(names)

        async def work() -> None:
            for name in waiting:
                async with client.get(f"{demo.ready.server}/api/v1/nodes/{name}/proxy/configz") as response:
                    await response.read()

        begun = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return time.perf_counter() - begun


async def _ours(demo: Demo, names: list[str]) -> tuple[float, float]:
    """Seconds in all, and of the loop's longest turn."""
    clock = SystemClock()
    traffic = Traffic(clock)
    target = KubeConfig.load(demo.kubeconfig, os.environ).context()
    session = Session("bench", await open_transport(target, clock, traffic, os.environ), traffic, clock, Random(1))
    configs, longest = KubeletConfigs(session), 0.0
    try:
        begun = time.perf_counter()
        configs.fetch(names)
        while configs.running:
            turn = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - turn)
            await asyncio.sleep(0.002)
        took = time.perf_counter() - begun
        assert len(configs.answers) == len(names)
        return took, longest
    finally:
        await session.close()
