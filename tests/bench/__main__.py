"""``python -m tests.bench``: measures the program as a person runs it, and prints what was promised beside it.

``run`` (the default) measures against the control planes named by ``--cluster`` (``python -m tests.cluster up``),
``stalls`` prints the longest turns of the event loop with their stacks, ``report`` writes ``docs/performance.md``
from the latest results.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator

from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.dashboard import ROOT
from tests.bench.harness.pty_program import NotSeen
from tests.bench.kept import alone, keep, latest, machine
from tests.bench.measures import beside, idle, latency, stalls, start
from tests.bench.tables import line, page

Measure = Callable[[Cluster, int], Iterator[Measured]]

MEASURES: dict[str, Measure] = {
    "version": lambda _cluster, runs: start.version(runs),
    "namespace": start.namespace,
    "everything": start.everything,
    "received": start.received,
    "stalls": stalls.stalls,
    "keys": latency.keys,
    "changes": latency.changes,
    "idle": idle.pods,
    "idle-nodes": idle.nodes,
    "idle-overview": idle.overview,
    "textual": beside.textual,
    "pages": beside.pages,
    "kubectl": beside.kubectl,
    "korvid": beside.korvid,
}


def main(arguments: list[str]) -> int:
    """Do what is asked; 1 where a bound was passed or a screen never came."""
    asked = _parser().parse_args(arguments)
    if asked.command == "report":
        path = ROOT / "docs" / "performance.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page(latest()))
        print(path)
        return 0
    clusters = [Cluster(name) for name in asked.cluster or ["small"]]
    with alone():
        if asked.command == "run":
            return _run(clusters, asked.only or list(MEASURES), asked.runs)
        for cluster in clusters:
            stalls.explain(cluster)
    return 0


def _run(clusters: list[Cluster], names: list[str], runs: int) -> int:
    print(machine(), flush=True)
    failed = False
    for cluster in clusters:
        for name in names:
            try:
                for measured in MEASURES[name](cluster, runs):
                    kept = keep(measured)
                    failed |= kept.verdict == "over"
                    print(line(kept), flush=True)
            except (NotSeen, OSError, subprocess.CalledProcessError) as error:
                failed = True
                print(f"{name}: {error}", file=sys.stderr, flush=True)
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("run", "stalls", "report"), default="run")
    parser.add_argument("--only", action="append", choices=MEASURES, help="one measure; may be repeated")
    parser.add_argument("--cluster", action="append", metavar="NAME", help="a control plane that is up (small)")
    parser.add_argument("--runs", type=int, default=5, help="samples of each figure (5)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
