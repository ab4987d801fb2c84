"""How long the event loop is away at worst: while syncing, and while a person works with what is there."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.cores import core_apart
from tests.bench.harness.dashboard import framed, is_live, probed
from tests.bench.measures.start import PATIENCE

SETTLED = 3.0
KEYS = (b">", b">", b">", b"<", b"/run\r", b"\x1b", b"!", b"!", b"G", b"g", b"w", b"w", b"2", b"5", b"?", b"\x1b")
"""Sort, filter, problems only, ends of the table, wide columns, panes, help."""
PAUSE = 0.6
"""Seconds between them."""


def run(cluster: Cluster, cores: Set[int] | None = None, stacks: bool = False) -> tuple[float, float, dict[str, Any]]:
    """(first frame, live pane, what the probe wrote), times as the probe's."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "turns.json"
        with probed(cluster.kubeconfig, out, "-A", stacks=stacks, cores=cores) as running:
            frame = running.wait_for(framed, PATIENCE, "first frame")
            live = running.wait_for(is_live, PATIENCE, "live pane")
            time.sleep(SETTLED)
            for key in KEYS:
                running.send(key)
                time.sleep(PAUSE)
            ended = time.monotonic()
            running.quit(b"q")
        data: dict[str, Any] = json.loads(out.read_text())
    data["long"] = [turn for turn in data["long"] if frame <= turn["at"] < ended]
    return frame, live, data


def stalls(cluster: Cluster, runs: int) -> Iterator[Measured]:
    """A stall is one turn of the loop: from select's return to the next select."""
    with core_apart(cluster.keeper) as cores:
        apart = _worst(cluster, runs, cores)
    yield from (Measured(key, cluster.pods, tuple(values)) for key, values in apart.items())
    shared = _worst(cluster, runs, None)
    yield Measured("stall-shared", cluster.pods, tuple(shared["stall"]))


def _worst(cluster: Cluster, runs: int, cores: Set[int] | None) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {"stall": [], "stall-own": [], "stall-keys": [], "stall-keys-own": []}
    for _ in range(runs):
        _, live, data = run(cluster, cores)
        for key, syncing in (("stall", True), ("stall-keys", False)):
            turns = [turn for turn in data["long"] if (turn["at"] < live + SETTLED) is syncing]
            samples[key].append(max((turn["seconds"] for turn in turns), default=0.0) * 1e3)
            own = max((turn["seconds"] - turn["waited"] for turn in turns), default=0.0)
            samples[f"{key}-own"].append(own * 1e3)
    return samples


def explain(cluster: Cluster) -> None:
    """Print the longest turns, with what was going on in them."""
    with core_apart(cluster.keeper) as cores:
        frame, live, data = run(cluster, cores, stacks=True)
    print(f"live {live - frame:.2f} s after the first frame; collections: {data['collections']}")
    for turn in sorted(data["long"], key=lambda turn: turn["waited"] - turn["seconds"])[:14]:
        whole, waited, cpu = (turn[name] * 1e3 for name in ("seconds", "waited", "cpu"))
        when = "syncing" if turn["at"] < live + SETTLED else "keys"
        print(f"{whole:6.1f} ms (no core {waited:.1f}, cpu {cpu:.1f})  {turn['at'] - frame:7.3f} s, {when}")
        for stack in data["stacks"].get(str(int(turn["number"])), [])[:6]:
            print(f"      {stack}")
