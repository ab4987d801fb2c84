"""``python -m tests.bench.configz_bench``: asking 1,000 kubelets of the demo, and comparing 5,000 configurations.

Asking is compared with a bare client that asks the same server for the same, four at a time, and throws the answers
away: what is over that is this program's own. The longest turn of the event loop is watched meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import aiohttp
import msgspec
import yaml

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.connect import open_transport
from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.cluster.kubelet_config import AT_ONCE, KubeletAnswer, KubeletConfigs
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.demo.kubelet_api import configz
from kubetui.demo.ready import Ready
from kubetui.insight.kubelet.survey import Surveyor
from kubetui.kinds.node_row import Capacity, NodeRow

ASKED, COMPARED = 1_000, 5_000


def bodies(count: int) -> Iterator[bytes]:
    """Answers of so many nodes: a few variants, each with its own providerID."""
    config = {**configz._COMMON, **configz._LINUX, "maxPods": 110}
    for place in range(count):
        drifted = {"maxPods": 30} if place % 41 == 3 else {"containerLogMaxSize": "10Mi"} if place % 97 == 5 else {}
        own = {"providerID": f"azure:///subscriptions/0/virtualMachines/{place}"}
        yield msgspec.json.encode({"kubeletconfig": {**config, **drifted, **own}})


def rows(count: int) -> list[NodeRow]:
    """Their nodes."""
    labels = (("kubernetes.azure.com/sku-memory", "32768"),)
    capacity = Capacity(8000, 32_863_772 << 10, 110)
    return [
        NodeRow(
            f"n{place:05}", 1, pool=f"pool{place % 5}", kubelet="v1.36.3", os="linux", capacity=capacity, labels=labels
        )
        for place in range(count)
    ]


async def compare() -> None:
    """Decode, fold and compare; then only compare, as each tick does while answers come in."""
    session = Session("bench", None, Traffic(SystemClock()), SystemClock(), Random(1))  # type: ignore[arg-type]  # nothing is asked
    configs, nodes, answers = KubeletConfigs(session), rows(COMPARED), list(bodies(COMPARED))
    began = time.perf_counter()
    for row, body in zip(nodes, answers, strict=True):
        document, own = configs._document(body, "bench")
        configs.answers[row.name] = KubeletAnswer(row.name, 0.0, document, own)
    decoded = time.perf_counter()
    surveyor = Surveyor()
    survey = surveyor.survey(nodes, configs)
    first = time.perf_counter()
    surveyor.survey(nodes, configs)
    again = time.perf_counter()
    print(f"{COMPARED:,} decoded and folded {decoded - began:.2f} s, compared {first - decoded:.3f} s, again "
          f"{again - first:.3f} s; {len(survey.drift.variants)} variants, {survey.drift.drifted} drifted")  # fmt: skip


async def ask() -> None:
    """The demo's kubelets, by a bare client and by ours, twice by turns."""
    command = [sys.executable, "-m", "kubetui.demo", f"--nodes={ASKED}", "--pods=0", "--changes=0"]
    process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
        [*command, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    with process:
        kubeconfig = Path(msgspec.json.decode(process.stdout.readline(), type=Ready).kubeconfig)
        for _ in range(2):
            names, bare = await _bare(kubeconfig)
            ours, longest = await _ours(kubeconfig, names)
            print(f"{len(names):,} kubelets: bare {bare:.2f} s, ours {ours:.2f} s, {ours / bare:.2f} times; "
                  f"longest turn {longest * 1000:.0f} ms")  # fmt: skip
        process.stdin.close()


async def _bare(kubeconfig: Path) -> tuple[list[str], float]:
    config = yaml.safe_load(kubeconfig.read_text())  # noqa: ASYNC240 - a small local file
    server, token = config["clusters"][0]["cluster"]["server"], config["users"][0]["user"]["token"]
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context), headers=headers) as client:
        async with client.get(f"{server}/api/v1/nodes") as response:
            names = [item["metadata"]["name"] for item in json.loads(await response.read())["items"]]
        waiting = iter(names)

        async def work() -> None:
            for name in waiting:
                async with client.get(f"{server}/api/v1/nodes/{name}/proxy/configz") as response:
                    await response.read()

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return names, time.perf_counter() - began


async def _ours(kubeconfig: Path, names: list[str]) -> tuple[float, float]:
    clock = SystemClock()
    traffic = Traffic(clock)
    target = KubeConfig.load(kubeconfig, os.environ).context()
    session = Session("bench", await open_transport(target, clock, traffic, os.environ), traffic, clock, Random(1))
    configs, longest = KubeletConfigs(session), 0.0
    try:
        began = time.perf_counter()
        configs.fetch(names)
        while configs.running:
            turn = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - turn)
            await asyncio.sleep(0.002)
        took = time.perf_counter() - began
        assert len(configs.answers) == len(names)
        return took, longest
    finally:
        await session.close()


async def main() -> None:
    """Both."""
    await compare()
    await ask()


if __name__ == "__main__":
    asyncio.run(main())
