"""What a whole session asks of the API server: reads and nothing else, and few of them."""

from __future__ import annotations

from tests.terminal.api_server import SmallCluster
from tests.terminal.conftest import Start

REVIEWS = {
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
}


def test_a_session_through_every_pane_reads_and_changes_nothing(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")
        program.type("y")
        program.wait_for("phase: Running")
        program.type("\x1b")
        program.wait_for("Pods all namespaces · 4", "▌")
        program.type("\r")
        program.wait_for("registry.test/app:1")
        program.type("\x1b")
        program.wait_for("Pods all namespaces · 4", "▌")
        program.type("n")
        program.wait_for("Namespaces", "default", "team-04")
        program.type("team")
        program.wait_while("default")
        program.type("\r")
        program.wait_for("Pods team-04 · 2")
        program.type("2")
        program.wait_for("general User")
        program.type("\x12q")
        program.wait_for_end()

    assert len(small_cluster.asked) > 5
    changing = [asked for asked in small_cluster.asked if asked.method != "GET" and asked.path not in REVIEWS]
    assert changing == []


def test_each_kind_and_scope_is_listed_once_and_watched_once(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4", "v1.36.3")
        for pane in ("2", "5", "2", "5"):
            program.type(pane)
            program.wait_for("Nodes 3 · 4 pods" if pane == "2" else "Pods all namespaces · 4")
        program.type("q")
        program.wait_for_end()

    lists = [asked.path for asked in small_cluster.asked if "watch" not in asked.query]
    watches = [asked.path for asked in small_cluster.asked if "watch" in asked.query]
    autoscaler = "/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status"  # one minute's reading
    assert sorted(lists) == [autoscaler, "/api/v1/nodes", "/api/v1/pods", "/version"]
    assert sorted(watches) == ["/api/v1/nodes", "/api/v1/pods"]
