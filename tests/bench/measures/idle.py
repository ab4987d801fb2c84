"""What a dashboard costs that nobody touches, while node leases and heartbeats go on."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.dashboard import dashboard, is_live, requests_per_minute
from tests.bench.harness.process import cpu_seconds
from tests.bench.measures.start import PATIENCE

WINDOW = 20.0
"""Seconds of one sample."""
QUIET = 65.0
"""Seconds before the first: the header's figure covers a minute, which must not hold the start."""


def pods(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """The Pods pane of all namespaces."""
    yield from _idle(cluster, runs, "idle", "-A")


def nodes(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """The Nodes pane: heartbeats reach it, and it follows the pods too."""
    yield from _idle(cluster, runs, "idle-nodes", "--pane", "nodes")


def overview(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """The Overview: leases beat, checks are asked, pods that run are not followed."""
    yield from _idle(cluster, runs, "idle-overview", "--pane", "overview")


def _idle(cluster: Cluster, runs: int, name: str, *arguments: str) -> Iterator[Measured]:
    """One start, ``runs`` windows."""
    cpu, written = [], []
    with dashboard(cluster.kubeconfig, *arguments) as running:
        running.wait_for(is_live, PATIENCE, "live pane")
        time.sleep(QUIET)
        for _ in range(runs):
            begun, busy, bytes_before = time.monotonic(), cpu_seconds(running.pid), running.written
            time.sleep(WINDOW)
            seconds = time.monotonic() - begun
            cpu.append((cpu_seconds(running.pid) - busy) / seconds * 100)
            written.append((running.written - bytes_before) / seconds)
        requests = requests_per_minute(running.text)
    yield Measured(f"{name}-cpu", cluster.pods, tuple(cpu))
    yield Measured(f"{name}-bytes", cluster.pods, tuple(written))
    yield Measured(f"{name}-requests", cluster.pods, (requests,))
