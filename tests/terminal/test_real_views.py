"""Overview, Top, Kinds and Logs beside ``kubectl`` on a cluster with a real node."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest

from tests.cluster.real import containers
from tests.cluster.real.cluster import RealCluster
from tests.terminal.conftest import Start
from tests.terminal.program import Program

Opened = Callable[..., Program]
_METRICS = "/apis/metrics.k8s.io/v1beta1/nodes"
_SAMPLES = 60.0  # seconds: the pane polls every fifteen, metrics-server every ten
_MEGABYTE = 2**20


@pytest.fixture
def opened(real_cluster: RealCluster, environ: dict[str, str], start: Start) -> Iterator[Opened]:
    """Opens a pane of the real cluster, once a test."""
    environ["KUBECONFIG"] = str(real_cluster.admin_kubeconfig)
    programs: list[Program] = []

    def pane(name: str, *arguments: str, height: int = 60) -> Program:
        program = start("--pane", name, *arguments, width=240, height=height).__enter__()
        programs.append(program)
        program.wait_for("live")
        return program

    yield pane
    for program in programs:
        program.__exit__(None, None, None)


def test_the_overview_counts_components_as_kubectl_does(real_cluster: RealCluster, opened: Opened) -> None:
    def ready() -> dict[str, str]:
        columns = "NAME:.metadata.name,READY:.status.readyReplicas,ALL:.status.replicas"
        daemons = "NAME:.metadata.name,READY:.status.numberReady,ALL:.status.desiredNumberScheduled"
        told = [
            real_cluster.kubectl("get", kind, "-n", "kube-system", "--no-headers", "-o", f"custom-columns={chosen}")
            for kind, chosen in (("deployments", columns), ("daemonsets", daemons))
        ]
        rows = [line.split() for text in told for line in text.splitlines()]
        return {name: f"{'0' if running == '<none>' else running}/{wanted}" for name, running, wanted in rows}

    def on_screen(program: Program, name: str) -> str:
        found = re.search(
            rf"^[▌ ]{re.escape(name)} +(?:Deployment|DaemonSet) +(?:\S )?(\S+)", program.text, re.MULTILINE
        )
        return found[1] if found else "–"

    program = opened("overview", "-A")
    program.wait_until(
        lambda: all(on_screen(program, name) == counted for name, counted in ready().items()), "kubectl's counts"
    )
    assert len(ready()) == 9
    real_cluster.kubectl("scale", "deployment/konnectivity-agent", "-n", "kube-system", "--replicas=3")
    program.wait_until(lambda: on_screen(program, "konnectivity-agent") == "3/3", "3/3")
    assert ready()["konnectivity-agent"] == "3/3"
    real_cluster.kubectl("scale", "deployment/konnectivity-agent", "-n", "kube-system", "--replicas=2")
    program.wait_until(lambda: on_screen(program, "konnectivity-agent") == "2/2", "2/2")


def test_top_shows_what_metrics_server_measured_and_then_what_it_measured_next(
    real_cluster: RealCluster, opened: Opened
) -> None:
    def sample() -> tuple[str, float, float]:
        (node,) = real_cluster.admin.get(_METRICS)["items"]
        cpu, memory = node["usage"]["cpu"], node["usage"]["memory"]
        return node["timestamp"], int(cpu.removesuffix("n")) / 1e6, int(memory.removesuffix("Ki")) * 1024 / _MEGABYTE

    def measured(program: Program) -> tuple[int, int] | None:
        row = re.search(rf"{real_cluster.node} +(\d+)m .*? (\d+)Mi ", program.text)
        return (int(row[1]), int(row[2])) if row else None

    samples = {sample()}
    program = opened("top", "-A")
    seen: list[tuple[int, int]] = []
    deadline = time.monotonic() + _SAMPLES
    while len(seen) < 2:
        assert time.monotonic() < deadline, (seen, samples, program.text)
        samples.add(sample())
        program.read_for(0.5)
        shown = measured(program)
        if shown is None or shown in seen:
            continue
        samples.add(sample())
        assert any(abs(shown[0] - cpu) <= 1 and abs(shown[1] - memory) <= 1 for _, cpu, memory in samples), shown
        seen.append(shown)


def test_kinds_are_those_of_kubectl_api_resources(real_cluster: RealCluster, opened: Opened) -> None:
    listed = real_cluster.kubectl("api-resources", "--verbs=list", "--no-headers").splitlines()
    # name, perhaps short names, version with group, namespaced, kind
    theirs = {(line.split()[0], line.split()[-1], line.split()[-2]) for line in listed}
    program = opened("kinds", "-A", height=120)

    def ours() -> set[tuple[str, str, str]]:
        row = re.compile(r"^[▌ ]  (\S+) +(?:\S+ +)?([A-Z]\S+) +v\d\S* +(true|false) ", re.MULTILINE)
        return set(row.findall(program.text))

    program.wait_until(lambda: ours() == theirs, f"the {len(theirs)} kinds of kubectl api-resources")


def test_a_pods_log_is_on_the_screen_line_by_line_and_goes_on(
    real_cluster: RealCluster, real_namespace: str, opened: Opened
) -> None:
    containers.run(real_cluster, real_namespace, "counter", "count", "-every", "300ms", "-times", "40")
    program = opened("pods", "-n", real_namespace)
    program.wait_for("counter", "Running")
    program.type("l")

    def numbers() -> list[int]:
        return [int(number) for number in re.findall(r"\bline (\d+)$", program.text, re.MULTILINE)]

    program.wait_until(lambda: numbers()[-1:] == [40], "the last line")
    told = real_cluster.kubectl("logs", "counter", "-n", real_namespace).splitlines()
    assert [f"line {number}" for number in numbers()] == told
