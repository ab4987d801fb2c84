"""How long the event loop is away at worst: while syncing, and while a person works with what is there."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.dashboard import framed, is_live, probed
from tests.bench.measures.start import PATIENCE

SETTLED = 3.0
KEYS = (b">", b">", b">", b"<", b"/run\r", b"\x1b", b"!", b"!", b"G", b"g", b"w", b"w", b"2", b"5", b"?", b"\x1b")
"""Sort, filter, problems only, ends of the table, wide columns, panes, help."""
PAUSE = 0.6
"""Seconds between them."""


def run(cluster: Cluster, stacks: bool = False) -> tuple[float, float, dict[str, Any]]:
    """(first frame, live pane, what the probe wrote), times as the probe's."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "turns.json"
        with probed(cluster.kubeconfig, out, "-A", stacks=stacks) as running:
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
    samples: dict[str, list[float]] = {"stall": [], "stall-own": [], "stall-keys": [], "stall-keys-own": []}
    for _ in range(runs):
        _, live, data = run(cluster)
        for key, syncing in (("stall", True), ("stall-keys", False)):
            turns = [turn for turn in data["long"] if (turn["at"] < live + SETTLED) is syncing]
            samples[key].append(max((turn["seconds"] for turn in turns), default=0.0) * 1e3)
            own = max((turn["seconds"] - turn["waited"] for turn in turns), default=0.0)
            samples[f"{key}-own"].append(own * 1e3)
    for key, values in samples.items():
        yield Measured(key, cluster.pods, tuple(values))


def explain(cluster: Cluster) -> None:
    """Print the longest turns, with what was going on in them."""
    frame, live, data = run(cluster, stacks=True)
    print(f"live {live - frame:.2f} s after the first frame; collections: {data['collections']}")
    for turn in sorted(data["long"], key=lambda turn: turn["waited"] - turn["seconds"])[:14]:
        whole, waited, cpu = (turn[name] * 1e3 for name in ("seconds", "waited", "cpu"))
        when = "syncing" if turn["at"] < live + SETTLED else "keys"
        print(f"{whole:6.1f} ms (no core {waited:.1f}, cpu {cpu:.1f})  {turn['at'] - frame:7.3f} s, {when}")
        for stack in data["stacks"].get(str(int(turn["number"])), [])[:6]:
            print(f"      {stack}")
