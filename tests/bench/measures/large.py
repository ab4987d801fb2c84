"""Against the demo's server: a cluster at AKS's limits, one that changes fast, and a terminal that is slow."""

from __future__ import annotations

import json
import random
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import HUGE, Measured
from tests.bench.harness.cores import core_apart
from tests.bench.harness.dashboard import dashboard, is_live, probed
from tests.bench.harness.demo import Demo
from tests.bench.harness.process import cpu_seconds, resident_mib
from tests.bench.harness.pty_program import Lines, NotSeen, PtyProgram
from tests.bench.measures.start import SETTLED

PATIENCE = 240.0
WINDOW = 20.0
"""Seconds over which CPU and bytes are counted."""
LIMITS_OF_AKS = ("--nodes=5000", f"--pods={HUGE}")
SLOW = 10_000
"""Bytes a second that the slow terminal takes."""


def resident(runs: int) -> Iterator[Measured]:
    """150,000 pods in the Pods pane, all details in."""
    with Demo(*LIMITS_OF_AKS, "--changes=0") as demo:
        samples = []
        for _ in range(min(runs, 3)):
            with dashboard(demo.kubeconfig, "-A", "--pane", "pods") as running:
                running.wait_for(is_live, PATIENCE, "live pane")
                time.sleep(SETTLED)
                samples.append(resident_mib(running.pid))
    yield Measured("resident", HUGE, tuple(samples))


def churn(runs: int) -> Iterator[Measured]:
    """1,000 changes a second among 150,000 pods that are sorted by what changes, and one pod on top that is watched."""
    with Demo(*LIMITS_OF_AKS, "--changes=1000") as demo, core_apart(demo.keeper) as cores:
        namespace, pod = _tenant(demo)
        for _ in range(600):  # more restarts than any pod has by itself: it is the first row
            demo.do("restart-container", pod=pod, namespace=namespace)
        with dashboard(demo.kubeconfig, "-A", "--pane", "pods", cores=cores) as running:
            running.wait_for(is_live, PATIENCE, "live pane")
            _sort_by_restarts(running)
            busy, begun = cpu_seconds(running.pid), time.monotonic()
            time.sleep(WINDOW)
            cpu = (cpu_seconds(running.pid) - busy) / (time.monotonic() - begun) * 100
            latencies = []
            for _ in range(max(60, runs * 20)):
                latencies.append(_restart(demo, running, namespace, pod) * 1e3)
                time.sleep(random.uniform(0.2, 0.6))
    yield Measured("churn-cpu", HUGE, (cpu,))
    yield Measured("churn-change", HUGE, tuple(latencies))


def visible(runs: int) -> Iterator[Measured]:
    """Bytes a second while the rows on screen change, 30 each second."""
    with Demo("--nodes=2", "--pods=70", "--changes=30") as demo:
        namespaces = {pod["metadata"]["namespace"] for pod in demo.get("/api/v1/pods")["items"]} - {"kube-system"}
        chosen = [word for namespace in sorted(namespaces) for word in ("-n", namespace)]
        with dashboard(demo.kubeconfig, "--pane", "pods", *chosen) as running:
            running.wait_for(is_live, PATIENCE, "live pane")
            time.sleep(SETTLED)
            samples = []
            for _ in range(runs):
                before, begun = running.written, time.monotonic()
                time.sleep(WINDOW / 2)
                samples.append((running.written - before) / (time.monotonic() - begun))
    yield Measured("visible-bytes", 0, tuple(samples))


def slow_terminal(runs: int) -> Iterator[Measured]:
    """A terminal that takes 10 KB/s, over a table whose rows change all the time: is the loop held, is it behind?"""
    stalls, behind = [], []
    with Demo("--nodes=12", "--pods=240", "--changes=50") as demo, core_apart(demo.keeper) as cores:
        namespace, pod = _tenant(demo)
        for _ in range(40):
            demo.do("restart-container", pod=pod, namespace=namespace)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "turns.json"
            with probed(demo.kubeconfig, out, "-A", "--pane", "pods", cores=cores) as running:
                running.wait_for(is_live, PATIENCE, "live pane")
                _sort_by_restarts(running)
                running.drain = SLOW
                time.sleep(SETTLED)
                begun = time.monotonic()
                for _ in range(runs * 4):
                    behind.append(_restart(demo, running, namespace, pod))
                    time.sleep(1.0)
                ended = time.monotonic()
                running.drain = 0
                running.quit(b"q")
            long = [turn for turn in json.loads(out.read_text())["long"] if begun <= turn["at"] < ended]
            stalls.append(max((turn["seconds"] for turn in long), default=0.0) * 1e3)
    yield Measured("slow-stall", 0, tuple(stalls))
    yield Measured("slow-behind", 0, tuple(behind))


def finding(runs: int) -> Iterator[Measured]:
    """From the tunnel's agents not being ready to the finding on the Overview: AKS's limits, 100 changes a second."""
    with Demo(*LIMITS_OF_AKS, "--changes=100") as demo, core_apart(demo.keeper) as cores:
        samples = []
        with dashboard(demo.kubeconfig, "--pane", "overview", cores=cores) as running:
            running.wait_for(is_live, PATIENCE, "live pane")
            time.sleep(60.0)
            busy, begun = cpu_seconds(running.pid), time.monotonic()
            time.sleep(WINDOW)
            cpu = (cpu_seconds(running.pid) - busy) / (time.monotonic() - begun) * 100
            for _ in range(min(runs, 3)):
                sent = time.monotonic()
                demo.do("incident", name="konnectivity-down")
                samples.append(running.wait_for(_found, 60.0, "finding") - sent)
                demo.do("end-incident", name="konnectivity-down")
                running.wait_for(lambda lines: not _found(lines), 180.0, "end of the finding")
    yield Measured("finding", HUGE, tuple(samples))
    yield Measured("finding-cpu", HUGE, (cpu,))


def _tenant(demo: Demo) -> tuple[str, str]:
    """Namespace and name of a running pod that is nobody's system."""
    items = demo.get("/api/v1/pods?limit=500&fieldSelector=metadata.namespace!%3Dkube-system")["items"]
    found = next(item["metadata"] for item in items if item["status"]["phase"] == "Running")
    return found["namespace"], found["name"]


def _sort_by_restarts(running: PtyProgram) -> None:
    for _ in range(12):
        running.send(b">")
        time.sleep(0.5)
        if "by RESTARTS" in running.text.splitlines()[2]:
            break
    else:
        raise NotSeen(f"no order by RESTARTS:\n{running.text}")
    if "RESTARTS ▲" in running.text.splitlines()[2]:
        running.send(b"I")
    running.wait_for(lambda lines: "by RESTARTS ▼" in lines[2], PATIENCE, "order by RESTARTS")


def _restart(demo: Demo, running: PtyProgram, namespace: str, pod: str) -> float:
    """Seconds from a restart of the pod to its row with one more."""
    pattern = re.compile(rf"{pod} .*? (\d+) ")

    def restarts(lines: Lines) -> int:
        return max((int(found[1]) for line in lines if (found := pattern.search(line))), default=0)

    running.wait_for(restarts, 30.0, f"row of {pod}")
    before = restarts(running.text.splitlines())
    sent = time.monotonic()
    demo.do("restart-container", pod=pod, namespace=namespace)
    return running.wait_for(lambda lines: restarts(lines) > before, 30.0, f"restart of {pod}") - sent


def _found(lines: Lines) -> bool:
    return any("✖ konnectivity-agent 0/" in line for line in lines[3:9])
