"""Top on a real cluster, while metrics-server goes and comes back."""

from __future__ import annotations

from tests.cluster import faults
from tests.cluster.real.cluster import RealCluster
from tests.terminal.conftest import Start

TROUBLE = ("no metrics API", "no samples", "stats/summary")
BACK = 90.0
"""Seconds until figures are back: metrics-server takes some twenty to its first sample, the program's longest pause
between two attempts is 30 s."""


def test_without_metrics_server_the_kubelet_is_asked_and_with_it_no_more(
    real_cluster: RealCluster, environ: dict[str, str], start: Start
) -> None:
    environ["KUBECONFIG"] = str(real_cluster.admin_kubeconfig)
    with start("-A", pane="top", width=200, height=40) as program:
        program.wait_for("Top nodes", "all use", patience=BACK)
        program.type("t")
        program.wait_for("all use", "coredns", patience=BACK)

        # When metrics-server goes, then the pane says so and shows what the kubelet knows
        faults.inflict(real_cluster, "stop-metrics-server", [])
        program.wait_for("no metrics API", "from 1 kubelet's stats/summary", "autoscalers are blind", patience=BACK)
        program.wait_for("all use", "coredns")

        # When it comes back, then its figures are shown again, and the trouble is gone
        faults.inflict(real_cluster, "start-metrics-server", [])
        program.type("\x12")

        def healed() -> bool:
            return "all use" in program.flat and not any(words in program.flat for words in TROUBLE)

        program.wait_until(healed, "metrics-server's figures", BACK)
