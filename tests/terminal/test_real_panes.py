"""Every pane beside ``kubectl`` on a cluster with a real node: field by field, and following what changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.cluster.real import containers
from tests.cluster.real.cluster import RealCluster
from tests.terminal import server_rows
from tests.terminal.conftest import Start
from tests.terminal.program import Program
from tests.terminal.table_on_screen import agree

WIDE, HIGH = 420, 60
SYSTEM = "kube-system"


@pytest.fixture
def shown(real_cluster: RealCluster, environ: dict[str, str], start: Start) -> Iterator[Program]:
    """The program on ``kube-system``, with all columns."""
    environ["KUBECONFIG"] = str(real_cluster.admin_kubeconfig)
    with start("-n", SYSTEM, "--pane", "pods", width=WIDE, height=HIGH) as program:
        program.wait_for("live", "coredns-")
        program.type("w")
        program.wait_for("NOMINATED NODE")
        yield program


def test_pods(real_cluster: RealCluster, shown: Program) -> None:
    expected = partial(server_rows.pods, real_cluster, SYSTEM)
    assert len(agree(shown, expected).rows) > 10

    real_cluster.kubectl("scale", "deployment/konnectivity-agent", "--namespace", SYSTEM, "--replicas=3")
    real_cluster.until("a third runs", lambda: len(expected().rows) == 13)
    agree(shown, expected)

    real_cluster.kubectl("scale", "deployment/konnectivity-agent", "--namespace", SYSTEM, "--replicas=2")
    real_cluster.until("it is gone", lambda: len(expected().rows) == 12)
    agree(shown, expected)


def test_nodes(real_cluster: RealCluster, shown: Program) -> None:
    shown.type("2")
    shown.wait_for("Nodes")
    expected = partial(server_rows.nodes, real_cluster)
    agree(shown, expected, of_pools=1)

    real_cluster.kubectl("cordon", real_cluster.node)
    assert "SchedulingDisabled" in agree(shown, expected, of_pools=1).rows[0]["STATUS"]

    real_cluster.kubectl("uncordon", real_cluster.node)
    assert "SchedulingDisabled" not in agree(shown, expected, of_pools=1).rows[0]["STATUS"]


def test_daemon_sets(real_cluster: RealCluster, shown: Program) -> None:
    shown.type("3")
    shown.wait_for("DaemonSets")
    expected = partial(server_rows.daemon_sets, real_cluster, SYSTEM)
    assert len(agree(shown, expected).rows) == 5

    before = agree(shown, expected)
    real_cluster.kubectl("rollout", "restart", "daemonset/cloud-node-manager", "--namespace", SYSTEM)
    real_cluster.kubectl("rollout", "status", "daemonset/cloud-node-manager", "--namespace", SYSTEM, "--timeout=50s")
    after = agree(shown, expected)
    assert [row["REVISION"] for row in after.rows] != [row["REVISION"] for row in before.rows]


def test_deployments(real_cluster: RealCluster, shown: Program) -> None:
    shown.type("4")
    shown.wait_for("Deployments")
    expected = partial(server_rows.deployments, real_cluster, SYSTEM)
    assert len(agree(shown, expected).rows) == 4

    real_cluster.kubectl("scale", "deployment/coredns-autoscaler", "--namespace", SYSTEM, "--replicas=2")
    ready = server_rows.text("2/2")
    real_cluster.until("both are ready", lambda: [row["READY"] for row in expected().rows].count(ready) == 4)
    agree(shown, expected)

    real_cluster.kubectl("scale", "deployment/coredns-autoscaler", "--namespace", SYSTEM, "--replicas=1")
    agree(shown, expected)


def test_events(real_cluster: RealCluster, real_namespace: str, environ: dict[str, str], start: Start) -> None:
    environ["KUBECONFIG"] = str(real_cluster.admin_kubeconfig)
    expected = partial(server_rows.events, real_cluster, real_namespace)
    with start("-n", real_namespace, "--pane", "events", width=WIDE, height=HIGH) as program:
        program.wait_for("live")
        containers.run(real_cluster, real_namespace, "checkout", "speak", "ready")
        real_cluster.until("the pod has started", lambda: len(expected().rows) == 4)
        program.wait_for("Started")
        program.type("w")
        program.wait_for("SUBOBJECT")
        reasons = {row["REASON"] for row in agree(program, expected).rows}
    assert reasons == {"Scheduled", "Pulled", "Created", "Started"}
