"""What goes wrong on a real cluster is said while it lasts, and afterwards the pane equals the server again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import pytest

from tests.cluster import faults
from tests.cluster.api_client import Refused
from tests.cluster.real import containers
from tests.cluster.real.cluster import RealCluster
from tests.terminal import server_rows
from tests.terminal.conftest import Start
from tests.terminal.program import Program
from tests.terminal.server_rows import Expected
from tests.terminal.table_on_screen import agree

NOTICED = 60.0
"""Seconds until a peer that says nothing is known to be dead: 40 s, and what a loaded machine adds."""
BACK = 60.0
"""Seconds until the program is back after a fault's end: its longest pause between two attempts is 30 s."""


@pytest.fixture
def pods(real_cluster: RealCluster, real_namespace: str, environ: dict[str, str], start: Start) -> Iterator[Program]:
    """The Pods pane of a namespace with one pod."""
    environ["KUBECONFIG"] = str(real_cluster.admin_kubeconfig)
    containers.run(real_cluster, real_namespace, "first", "speak", "ready")
    with start("-n", real_namespace, "--pane", "pods", width=200, height=40) as program:
        program.wait_for("live", "first")
        yield program


@pytest.fixture
def expected(real_cluster: RealCluster, real_namespace: str) -> partial[Expected]:
    """What kubectl says of that namespace now."""
    return partial(server_rows.pods, real_cluster, real_namespace)


def unseen(cluster: RealCluster, namespace: str, name: str) -> None:
    """Create a pod from within the node's machine, where no fault of the line is felt."""
    pod = cluster.folder / f"{name}.json"
    pod.write_text(json.dumps(containers.stand_in(name, ["speak", "ready"])))
    kubectl = [str(cluster.binaries["kubectl"]), f"--kubeconfig={cluster.admin_kubeconfig}"]
    cluster.machine.run([*kubectl, "create", f"--namespace={namespace}", f"--filename={pod}"])


def test_an_api_server_that_goes_and_comes(
    real_cluster: RealCluster, real_namespace: str, pods: Program, expected: partial[Expected]
) -> None:
    agree(pods, expected)
    faults.inflict(real_cluster, "stop-api-server", [])
    pods.wait_for("stale", "first")
    faults.inflict(real_cluster, "start-api-server", [])
    containers.run(real_cluster, real_namespace, "second", "speak", "ready")
    pods.wait_for("live", "second", patience=BACK)
    assert len(agree(pods, expected).rows) == 2


def test_history_that_is_forgotten(
    real_cluster: RealCluster, real_namespace: str, pods: Program, expected: partial[Expected]
) -> None:
    for name in ("second", "third"):
        containers.run(real_cluster, real_namespace, name, "speak", "ready")
    real_cluster.kubectl("delete", "pod", "second", "--namespace", real_namespace, "--now")
    faults.inflict(real_cluster, "compact-etcd", [])
    pods.wait_for("live", "third", patience=BACK)
    assert len(agree(pods, expected, patience=BACK).rows) == 2


def test_a_line_that_swallows_everything(
    real_cluster: RealCluster, real_namespace: str, pods: Program, expected: partial[Expected]
) -> None:
    agree(pods, expected)
    faults.inflict(real_cluster, "blackhole", [])
    unseen(real_cluster, real_namespace, "second")
    pods.wait_for("stale", "first", patience=NOTICED)
    assert "second" not in pods.text
    faults.inflict(real_cluster, "heal", [])
    pods.wait_for("live", "second", patience=BACK)
    assert len(agree(pods, expected).rows) == 2


def test_a_slow_line(real_cluster: RealCluster, environ: dict[str, str], start: Start) -> None:
    environ["KUBECONFIG"] = str(real_cluster.admin_kubeconfig)
    expected = server_rows.pods(real_cluster, "kube-system")
    faults.inflict(real_cluster, "slow", ["128"])
    with start("-n", "kube-system", "--pane", "pods", width=200, height=40) as program:
        program.wait_for("live", f"Pods kube-system · {len(expected.rows)}", patience=BACK)
        faults.inflict(real_cluster, "heal", [])
        agree(program, partial(server_rows.pods, real_cluster, "kube-system"), patience=BACK)


def test_a_kubelet_that_dies(real_cluster: RealCluster, pods: Program) -> None:
    pods.type("2")
    pods.wait_for("Nodes 1")
    expected = partial(server_rows.nodes, real_cluster)
    agree(pods, expected, of_pools=1)
    faults.inflict(real_cluster, "kill-kubelet", [])
    pods.wait_for("NotReady", patience=NOTICED)
    agree(pods, expected, of_pools=1)
    faults.inflict(real_cluster, "start-kubelet", [])
    real_cluster.until("the node is ready", lambda: "NotReady" not in str(expected().rows))
    agree(pods, expected, of_pools=1)


def test_a_container_that_crashes_and_crashes(
    real_cluster: RealCluster, real_namespace: str, pods: Program, expected: partial[Expected]
) -> None:
    faults.inflict(real_cluster, "crash-loop", [real_namespace, "crashing"])
    pods.wait_for("crashing")

    def started_again() -> bool:
        restarts = {row["NAME"]: row["RESTARTS"] for row in expected().rows}
        return restarts["crashing"].startswith("2")

    real_cluster.until("it was started again", started_again)
    agree(pods, expected)
    faults.inflict(real_cluster, "end-crash-loop", [real_namespace, "crashing"])
    pods.wait_while("crashing")
    agree(pods, expected)


def test_a_node_that_is_drained(real_cluster: RealCluster, environ: dict[str, str], start: Start) -> None:
    environ["KUBECONFIG"] = str(real_cluster.admin_kubeconfig)
    expected = partial(server_rows.pods, real_cluster, "kube-system")
    with start("-n", "kube-system", "--pane", "pods", width=200, height=40) as program:
        program.wait_for("live", "coredns")
        faults.inflict(real_cluster, "drain", [])
        program.wait_for("Pending")
        agree(program, expected)
        faults.inflict(real_cluster, "uncordon", [])
        real_cluster.await_settled()
        agree(program, expected)


def test_a_metrics_server_that_is_gone_leaves_the_panes_as_they_are(
    real_cluster: RealCluster, real_namespace: str, pods: Program, expected: partial[Expected]
) -> None:
    faults.inflict(real_cluster, "stop-metrics-server", [])
    real_cluster.until(
        "its API is unavailable", lambda: _status(real_cluster, "/apis/metrics.k8s.io/v1beta1/nodes") == 503
    )
    containers.run(real_cluster, real_namespace, "second", "speak", "ready")
    pods.wait_for("live", "second")
    agree(pods, expected)


def _status(cluster: RealCluster, path: str) -> int:
    try:
        cluster.admin.get(path)
    except Refused as refused:
        return refused.status
    return 200
