"""From exec to frame, rows, a complete pane and all details; memory after that; bytes received on the way."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.dashboard import ROOT, dashboard, framed, has_rows, is_complete, is_live
from tests.bench.harness.process import resident_mib

PATIENCE = 90.0
SETTLED = 5.0
"""Seconds after which memory is read."""


def version(runs: int) -> Iterator[Measured]:
    """``kubetui --version``, as its console script starts it."""
    command = [sys.executable, "-c", "import sys; from kubetui.cli import main; sys.exit(main())", "--version"]
    samples = []
    for _ in range(runs * 3):
        begun = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        samples.append((time.monotonic() - begun) * 1e3)
    yield Measured("version", 0, tuple(samples))


def namespace(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """The Pods pane of one small namespace."""
    name = cluster.small_namespace()
    frames, rows = [], []
    for _ in range(runs):
        with dashboard(cluster.kubeconfig, "-n", name) as running:
            frames.append(running.wait_for(framed, PATIENCE, "first frame") - running.started)
            rows.append(running.wait_for(has_rows, PATIENCE, "rows") - running.started)
    yield Measured("first-frame", cluster.pods, tuple(frames))
    yield Measured("namespace-rows", cluster.pods, tuple(rows))


def everything(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """The Pods pane of all namespaces."""
    complete = is_complete(cluster.pods)
    rows, keyed, details, resident = [], [], [], []
    for _ in range(runs):
        with dashboard(cluster.kubeconfig, "-A") as running:
            rows.append(running.wait_for(has_rows, PATIENCE, "rows") - running.started)
            keyed.append(running.wait_for(complete, PATIENCE, "complete pane") - running.started)
            details.append(running.wait_for(is_live, PATIENCE, "live pane") - running.started)
            time.sleep(SETTLED)
            resident.append(resident_mib(running.pid))
    yield Measured("first-rows", cluster.pods, tuple(rows))
    yield Measured("complete", cluster.pods, tuple(keyed))
    yield Measured("details", cluster.pods, tuple(details))
    yield Measured("resident", cluster.pods, tuple(resident))


def received(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """Through a counting relay, which takes time: no times are taken here."""
    samples = []
    for _ in range(min(runs, 3)):
        with cluster.through_proxy() as (proxy, kubeconfig), dashboard(kubeconfig, "-A") as running:
            at = running.wait_for(is_complete(cluster.pods), PATIENCE, "complete pane")
            samples.append(proxy.received(at) / 1e6)
    yield Measured("received", cluster.pods, tuple(samples))
