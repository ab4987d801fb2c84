"""Top on a real cluster: the figures of metrics-server, sample by sample, and of a real kubelet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kubetui.insight.stats_words import node_lines, pod_lines
from kubetui.kinds.age import unix
from kubetui.kinds.quantity import nanocores, whole
from kubetui.kinds.stats_summary import StatsSummary
from tests.cluster.real.cluster import RealCluster

_ROOT = Path(__file__).parents[2]
_METRICS = "/apis/metrics.k8s.io/v1beta1"


def top(cluster: RealCluster, *arguments: str) -> Any:
    """What ``kubetui top … -o json`` writes."""
    environ = {**os.environ, "KUBECONFIG": str(cluster.admin_kubeconfig), "PYTHONPATH": str(_ROOT)}
    command = [sys.executable, "-m", "kubetui", "top", *arguments, "-o", "json"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def samples(cluster: RealCluster, plural: str) -> dict[tuple[str, str, int], tuple[int, int]]:
    """(namespace, name, time) to (nanocores, bytes), as the API has them now."""
    found = {}
    for item in cluster.admin.get(f"{_METRICS}/{plural}")["items"]:
        parts = [item["usage"]] if plural == "nodes" else [one["usage"] for one in item["containers"]]
        key = (item["metadata"].get("namespace", ""), item["metadata"]["name"], unix(item["timestamp"]))
        found[key] = (sum(nanocores(one["cpu"]) for one in parts), sum(whole(one["memory"]) for one in parts))
    return found


def sampled(cluster: RealCluster) -> bool:
    return bool(samples(cluster, "nodes")) and len(samples(cluster, "pods")) > 5


@pytest.mark.parametrize("plural", ["nodes", "pods"])
def test_every_figure_is_the_apis_own_of_the_same_sample(real_cluster: RealCluster, plural: str) -> None:
    assert real_cluster.until("metrics-server has samples", lambda: sampled(real_cluster))

    # Two metrics-servers answer by turns, and a sample may become another between two readings: never in all of them.
    wrong: list[object] = ["nothing was compared"]
    for _ in range(5):
        known: dict[tuple[str, str, int], set[tuple[int, int]]] = {}
        readings = [samples(real_cluster, plural) for _ in range(3)]
        told = top(real_cluster, plural, *(() if plural == "nodes" else ("-A",)))
        for reading in (*readings, *(samples(real_cluster, plural) for _ in range(3))):
            for key, usage in reading.items():
                known.setdefault(key, set()).add(usage)
        compared = [
            (key, (item["cpuNanocores"], item["memoryBytes"]))
            for item in told["items"]
            if (key := (item["namespace"] or "", item["name"], item["sampledAt"])) in known
        ]
        wrong = [(key, usage, known[key]) for key, usage in compared if usage not in known[key]]
        if compared and not wrong:
            return
    assert not wrong


def test_a_real_kubelets_summary_is_read_whole(real_cluster: RealCluster) -> None:
    raw = real_cluster.admin.get(f"/api/v1/nodes/{real_cluster.node}/proxy/stats/summary")
    found = msgspec.convert(raw, StatsSummary)

    words = {line.name: line.value for line in node_lines(found)}
    assert words["memory, working set"] != "–"
    assert "node filesystem" in words
    assert "image filesystem" in words
    pods = [(one["podRef"]["namespace"], one["podRef"]["name"]) for one in raw["pods"]]
    assert pods
    for pod in pods:
        assert len(pod_lines(found, pod)) > 3
