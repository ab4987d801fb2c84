"""How soon a key shows while the pane fills, and a change made in the API when all is quiet."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Set

from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.cores import core_apart
from tests.bench.harness.dashboard import dashboard, framed, is_live
from tests.bench.harness.process import waited_for_core
from tests.bench.harness.pty_program import Lines, NotSeen, PtyProgram
from tests.bench.measures.start import PATIENCE

BACKSPACE = "\x7f"
TYPED = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4
"""Letters of texts that count: shorter ones stand elsewhere on the screen too."""
GAP = (0.02, 0.07)
"""Seconds between a key that showed and the next one: people type no faster."""
CHANGES = 60
QUIET = (0.4, 1.2)
"""Seconds before each change, drawn anew so that changes do not fall into step with a tick."""


def keys(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """Characters typed into the filter line from the moment there is a pane until it is live."""
    with core_apart(cluster.keeper) as cores:
        apart = _keys(cluster, runs, cores)
    yield Measured("key", cluster.pods, tuple(whole for whole, _ in apart))
    yield Measured("key-own", cluster.pods, tuple(own for _, own in apart))
    yield Measured("key-shared", cluster.pods, tuple(whole for whole, _ in _keys(cluster, runs, None)))


def _keys(cluster: Cluster, runs: int, cores: Set[int] | None) -> list[tuple[float, float]]:
    rng = random.Random(1)
    samples: list[tuple[float, float]] = []
    for _ in range(runs):
        with dashboard(cluster.kubeconfig, "-A", cores=cores) as running:
            running.wait_for(framed, PATIENCE, "first frame")
            running.wait_for(_has_title, PATIENCE, "pane")
            running.send(b"/")
            running.wait_for(_has_filter_line, PATIENCE, "filter line")
            time.sleep(0.1)
            samples += _typed(running, rng)
    return samples


def _typed(running: PtyProgram, rng: random.Random) -> list[tuple[float, float]]:
    """Milliseconds of each key until the pane is live: as they passed, and without those that no core was free."""
    samples: list[tuple[float, float]] = []
    text, growing = "", True
    while not is_live(running.text.splitlines()):
        growing = len(text) <= SHORTEST or (growing and len(text) < 20)
        key = rng.choice(TYPED) if growing else BACKSPACE
        text = text + key if growing else text[:-1]
        waited = waited_for_core(running.pid)
        sent = running.send(key.encode())
        seconds = running.wait_for(_shows(text), 5.0, f"filter line {text!r}") - sent
        if len(text) >= SHORTEST:
            samples.append((seconds * 1e3, max(0.0, seconds - max(0.0, running.waited - waited)) * 1e3))
        time.sleep(rng.uniform(*GAP))
    return samples


def _shows(text: str) -> Callable[[Lines], bool]:
    exactly = re.compile(rf"(?<![a-z]){text}(?![a-z])")

    def shows(lines: Lines) -> bool:
        return any(exactly.search(line) for line in lines[-6:])

    return shows


def _has_title(lines: Lines) -> bool:
    return lines[2].lstrip().startswith("Pods")


def _has_filter_line(lines: Lines) -> bool:
    return any("/regex/" in line for line in lines[-6:])


def changes(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """Nodes cordoned and uncordoned, on screen all the while: from the request's departure to the word."""
    rng = random.Random(2)
    samples: list[float] = []
    with dashboard(cluster.kubeconfig, "--pane", "nodes") as running:
        running.wait_for(is_live, PATIENCE, "live pane")
        time.sleep(10.0)
        names = _visible_nodes(running.text.splitlines())[:5]
        if not names:
            raise NotSeen(f"no node on screen:\n{running.text}")
        for turn in range(max(CHANGES, runs * 20)):
            samples.append(_cordon(cluster, running, names[turn % 5 % len(names)], turn // len(names) % 2 == 0))
            time.sleep(rng.uniform(*QUIET))
        for name in names:
            cluster.patch(f"/api/v1/nodes/{name}", {"spec": {"unschedulable": None}})
    yield Measured("change", cluster.pods, tuple(samples))


def _cordon(cluster: Cluster, running: PtyProgram, name: str, cordoned: bool) -> float:
    begun = time.monotonic()
    cluster.patch(f"/api/v1/nodes/{name}", {"spec": {"unschedulable": True if cordoned else None}})
    label = name[-12:]

    def shows(lines: Lines) -> bool:
        return any(label in line and _says_cordoned(line) is cordoned for line in lines[4:])

    return (running.wait_for(shows, 30.0, f"{name} cordoned={cordoned}") - begun) * 1e3


def _says_cordoned(line: str) -> bool:
    return "Sched" in line


def _visible_nodes(lines: Lines) -> list[str]:
    words = [line.replace("▌", " ").split() for line in lines[4:-1]]
    return [row[0] for row in words if row and row[0].startswith("aks-") and "vmss" in row[0]]
