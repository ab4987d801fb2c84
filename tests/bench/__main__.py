"""``python -m tests.bench``: measures the program as a person runs it, and prints what was promised beside it.

``run`` (the default) measures against the control planes named by ``--cluster`` (``python -m tests.cluster up``), and
where none is named also what brings a server of its own;
``stalls`` prints the longest turns of the event loop with their stacks, ``report`` writes ``docs/performance.md``
from the latest results.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial

from tests.bench.figures import Measured
from tests.bench.harness.cluster import Cluster
from tests.bench.harness.dashboard import ROOT
from tests.bench.harness.pty_program import NotSeen
from tests.bench.kept import alone, keep, latest, machine
from tests.bench.measures import azure, beside, configz, idle, large, latency, logs, rows, stalls, start, top
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

OWN_SERVER: dict[str, Callable[[int], Iterator[Measured]]] = {
    "resident": large.resident,
    "churn": large.churn,
    "visible": large.visible,
    "slow-terminal": large.slow_terminal,
    "finding": large.finding,
    "rows": rows.rows,
    "configz": configz.asked,
    "configz-compared": configz.compared,
    "top": top.polls,
    "logs-flood": logs.flood,
    "logs-held": logs.held,
    "azure": azure.machines,
    "azure-rows": azure.rows,
    "azure-read": azure.read,
}

REAL: dict[str, Measure] = {"logs-once": logs.once}
"""What needs a real node: measured where it is named by ``--only``."""


def main(arguments: list[str]) -> int:
    """Do what is asked; 1 where a bound was passed or a screen never came."""
    asked = _parser().parse_args(arguments)
    if asked.command == "report":
        path = ROOT / "docs" / "performance.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page(latest()))
        print(path)
        return 0
    names = asked.only or [*MEASURES, *(OWN_SERVER if not asked.cluster else ())]
    against = [name for name in names if name in MEASURES or name in REAL]
    clusters = [Cluster(name) for name in asked.cluster or ["small"]] if against or asked.command == "stalls" else []
    with alone():
        if asked.command == "run":
            print(machine(), flush=True)
            works = [
                partial({**MEASURES, **REAL}[name], cluster, asked.runs) for cluster in clusters for name in against
            ]
            works += [partial(OWN_SERVER[name], asked.runs) for name in names if name in OWN_SERVER]
            good = [_measured(work) for work in works]
            return int(not all(good))
        for cluster in clusters:
            stalls.explain(cluster)
    return 0


def _measured(work: Callable[[], Iterator[Measured]]) -> bool:
    """Measure, keep and print; whether every figure came, within its bound."""
    good = True
    try:
        for measured in work():
            kept = keep(measured)
            good &= kept.verdict != "over"
            print(line(kept), flush=True)
    except (NotSeen, OSError, RuntimeError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr, flush=True)
        return False
    return good


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("run", "stalls", "report"), default="run")
    parser.add_argument(
        "--only", action="append", choices=[*MEASURES, *OWN_SERVER, *REAL], help="one measure; may be repeated"
    )
    parser.add_argument("--cluster", action="append", metavar="NAME", help="a control plane that is up (small)")
    parser.add_argument("--runs", type=int, default=5, help="samples of each figure (5)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
