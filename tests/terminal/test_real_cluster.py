"""The whole program on a real API server."""

from __future__ import annotations

import re

from tests.cluster.control_plane import ControlPlane
from tests.cluster.fixtures import Scaled
from tests.terminal.conftest import Start


def test_rows_of_a_hundred_nodes_and_their_pods(scaled: Scaled, environ: dict[str, str], start: Start) -> None:
    plane = scaled(nodes=100, pods=3000)
    environ["KUBECONFIG"] = str(plane.admin_kubeconfig)
    with start("-A", width=200, height=60) as program:
        program.wait_for("Pods all namespaces · 3,000", "live", "v1.36.3")
        assert any(re.search(r"(\d+)/\1 +Running ", line) for line in program.lines)

        program.type("2")
        program.wait_for("nodes 100/100")
        program.wait_for("User", "System")

        program.type("q")
        assert program.wait_for_end() == 0


def test_what_kubectl_does_is_on_the_screen(
    control_plane: ControlPlane, namespace: str, environ: dict[str, str], start: Start
) -> None:
    environ["KUBECONFIG"] = str(control_plane.admin_kubeconfig)
    with start("-n", namespace) as program:
        program.wait_for(f"no pods in {namespace}")

        control_plane.kubectl("run", "checkout", "--image=registry.test/app:1", f"--namespace={namespace}")
        program.wait_for(f"Pods {namespace} · 1", "checkout", "Pending")

        program.type("y")
        program.wait_for(f"Pod {namespace}/checkout YAML", "containers:")
        program.type("\x1b")
        program.wait_for(f"Pods {namespace} · 1")

        control_plane.kubectl("delete", "pod", "checkout", f"--namespace={namespace}", "--now")
        program.wait_for(f"no pods in {namespace}")


def test_an_account_that_may_not_list_says_which_right_is_missing(
    control_plane: ControlPlane, environ: dict[str, str], start: Start
) -> None:
    environ["KUBECONFIG"] = str(control_plane.kubeconfig_for("joe"))
    with start("-A") as program:
        program.wait_for("forbidden: list pods")
        program.type("q")
        assert program.wait_for_end() == 0
