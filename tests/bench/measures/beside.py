"""What is run beside the dashboard on the same machine, so that figures of different machines can be compared."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator

import aiohttp
import msgspec

from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.dashboard import dashboard, framed, is_complete, is_live, program
from tests.bench.harness.process import resident_mib
from tests.bench.harness.pty_program import Lines

PAGE = 500
SMALLEST = """
from textual.app import App
from textual.widgets import Static

class Smallest(App):
    def compose(self):
        yield Static("the first frame")

Smallest().run()
"""
PATIENCE = 120.0


class PageMeta(msgspec.Struct):
    """What leads to the next page."""

    token: str = msgspec.field(name="continue", default="")


class Page(msgspec.Struct):
    """A page of which only that is read."""

    metadata: PageMeta


def textual(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """Textual's smallest app, in turns with the dashboard's first frame."""
    samples, ratios = [], []
    for _ in range(runs):
        with program([sys.executable, "-c", SMALLEST], cluster.kubeconfig) as running:
            samples.append(running.wait_for(lambda lines: "first frame" in lines[0], 20.0, "frame") - running.started)
        with dashboard(cluster.kubeconfig, "-A") as running:
            ratios.append((running.wait_for(framed, 20.0, "first frame") - running.started) / samples[-1])
    yield Measured("beside-textual", 0, tuple(samples))
    yield Measured("frame-ratio", 0, tuple(ratios))


def pages(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """All pods as JSON, page after page, compressed as the dashboard asks for them, thrown away."""
    reading, ratios = [], []
    for _ in range(min(runs, 3)):
        reading.append(asyncio.run(_read_all(cluster)))
        with dashboard(cluster.kubeconfig, "-A") as running:
            # In turns with the other, because machine and server are not as fast at every time.
            seconds = running.wait_for(is_live, PATIENCE, "live pane") - running.started
            ratios.append(seconds / reading[-1])
    yield Measured("beside-pages", cluster.pods, tuple(reading))
    yield Measured("details-ratio", cluster.pods, tuple(ratios))


async def _read_all(cluster: Cluster) -> float:
    head, token = msgspec.json.Decoder(Page), ""
    begun = time.monotonic()
    connector = aiohttp.TCPConnector(ssl=cluster.tls_context())
    async with aiohttp.ClientSession(connector=connector, headers={"Accept-Encoding": "gzip"}) as session:
        while True:
            query = {"limit": str(PAGE)} | ({"continue": token} if token else {})
            async with session.get(f"{cluster.server}/api/v1/pods", params=query) as answer:
                answer.raise_for_status()
                token = head.decode(await answer.read()).metadata.token
            if not token:
                return time.monotonic() - begun


def kubectl(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """``kubectl get pods -A``, in turns with the dashboard's complete pane."""
    samples, ratios = [], []
    for _ in range(min(runs, 3)):
        begun = time.monotonic()
        subprocess.run(
            [str(cluster.kubectl), f"--kubeconfig={cluster.kubeconfig}", "get", "pods", "-A"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        samples.append(time.monotonic() - begun)
        with dashboard(cluster.kubeconfig, "-A") as running:
            complete = running.wait_for(is_complete(cluster.pods), PATIENCE, "complete pane")
            ratios.append((complete - running.started) / samples[-1])
    yield Measured("beside-kubectl", cluster.pods, tuple(samples))
    yield Measured("complete-ratio", cluster.pods, tuple(ratios))


def korvid(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """korvid, where ``KORVID`` names its program; nothing otherwise. It shows all namespaces after the key 0."""
    command = os.environ.get("KORVID")
    if not command or not shutil.which(command):
        return
    rows, resident = [], []
    for _ in range(min(runs, 3)):
        with program([command], cluster.kubeconfig) as running:
            running.wait_for(lambda lines: any("No pods" in line for line in lines), PATIENCE, "empty pane")
            running.send(b"0")
            rows.append(running.wait_for(_any_running, PATIENCE, "rows") - running.started)
            time.sleep(10.0)
            resident.append(resident_mib(running.pid))
    yield Measured("beside-korvid-rows", cluster.pods, tuple(rows))
    yield Measured("beside-korvid-resident", cluster.pods, tuple(resident))


def _any_running(lines: Lines) -> bool:
    return any("Running" in line for line in lines)
