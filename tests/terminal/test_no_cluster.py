"""There is no cluster to show: the screen names what was tried and what to do, and the keys work."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.terminal.api_server import SmallCluster, serving
from tests.terminal.conftest import Start, kubeconfig


def test_no_kubeconfig(start: Start, environ: dict[str, str]) -> None:
    with start() as program:
        program.wait_for(
            "find a kubeconfig",
            "nothing at",
            "az login",
            "az aks get-credentials --resource-group",
            "^r tries again",
            "q quits",
            "Log file:",
        )
        assert f"{environ['HOME']}/.kube/config" in program.text.replace("\n", "").replace("  ", "")
        program.type("q")
        assert program.wait_for_end() == 0


def test_a_kubeconfig_that_appears_is_used_at_the_next_try(
    cluster: SmallCluster, environ: dict[str, str], start: Start, tmp_path: Path
) -> None:
    environ["KUBECONFIG"] = str(tmp_path / "later")
    with serving(cluster) as url, start("-A") as program:
        program.wait_for("find a kubeconfig", "(from KUBECONFIG)")

        kubeconfig(tmp_path / "later", url)
        program.type("\x12")

        program.wait_for("Pods all namespaces · 4")


def test_an_unknown_context(small_cluster: SmallCluster, start: Start) -> None:
    with start("--context", "smal") as program:
        program.wait_for(
            "use context smal", "no such context in", "known contexts: small, small-team-04", "choose with --context"
        )
        assert small_cluster.asked == []

        program.type("C")
        program.wait_for("⏎ choose")
        program.type("\r")
        program.wait_for("small v1.36.3 live")


def test_a_kubeconfig_that_is_no_yaml(start: Start, environ: dict[str, str], tmp_path: Path) -> None:
    environ["KUBECONFIG"] = str(tmp_path / "broken")
    Path(environ["KUBECONFIG"]).write_text("contexts: [\n  - name: {\n")
    with start() as program:
        program.wait_for("read kubeconfig", "line", "q quits")
        program.type("q")
        assert program.wait_for_end() == 0


@pytest.fixture
def refusing(environ: dict[str, str], tmp_path: Path) -> str:
    """A kubeconfig whose server's port is taken but refuses connections; the ``host:port``."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    environ["KUBECONFIG"] = str(kubeconfig(tmp_path / "kubeconfig", f"https://127.0.0.1:{port}"))
    return f"127.0.0.1:{port}"


def test_a_server_that_refuses_connections(refusing: str, start: Start) -> None:
    with start("-A") as program:
        program.wait_for(
            "no connection",
            f"list pods: {refusing} refused the connection",
            "is the API server running, and its port right?",
            "^r tries now",
        )
        program.type("?")
        program.wait_for("all keys")
        program.type("q")
        assert program.wait_for_end() == 0


def test_a_cluster_that_went_away_leaves_its_rows_marked_stale(
    cluster: SmallCluster, environ: dict[str, str], start: Start, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        with serving(cluster) as url:
            environ["KUBECONFIG"] = str(kubeconfig(tmp_path / "kubeconfig", url))
            program = stack.enter_context(start("-A"))
            program.wait_for("Pods all namespaces · 4")

        program.wait_for("stale", "reconnecting", "refused the connection", "coredns-0", "ledger-0")
        program.type("q")
        assert program.wait_for_end() == 0
