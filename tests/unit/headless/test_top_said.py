"""``kubetui top`` says what is not there and what may not be read: once, with what to do next."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from kubetui.cluster.errors import ClusterError, Forbidden, Overloaded, Unreachable
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from kubetui.headless.top import command
from kubetui.headless.top.command_line import parser
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import ClusterInMemory, node, pod

USED = {"cpu": "250000000n", "memory": "100Mi"}


def barred(plural: str) -> Forbidden:
    return Forbidden(f"list {plural}", f"403: {plural} is forbidden", f"ask for list on {plural}", status=403)


class Cluster(ClusterInMemory):
    """Two namespaces with a pod each, one node, and their samples."""

    def __init__(self) -> None:
        super().__init__([pod("web-0", "shop"), pod("api-0", "back")], [node("n1", "general")])
        self.refuses_metrics: ClusterError | None = None
        self.has_samples = True

    async def send(self, request: Request) -> Answer:
        if "/apis/metrics.k8s.io/" not in request.path:
            return await super().send(request)
        if self.refuses_metrics is not None:
            raise self.refuses_metrics
        at = {"timestamp": "2026-11-01T00:00:00Z"}
        items: list[Any] = [{"metadata": {"name": "n1"}, **at, "usage": USED}]
        if request.path.endswith("/pods"):
            containers = [{"name": "app", "usage": USED}]
            items = [{"metadata": {"name": "web-0", "namespace": "shop"}, **at, "containers": containers}]
        if not self.has_samples:
            items = []
        return Answer(200, json.dumps({"metadata": {}, "items": items}).encode(), "application/json", {})


@dataclass(frozen=True)
class Place:
    session: Session
    namespace: str = ""


async def top(cluster: Cluster, *arguments: str) -> int:
    """The exit code."""
    clock = FakeClock()

    async def connect() -> Place:
        return Place(Session("memory", cluster, Traffic(clock), clock, Random(1)))

    async def close() -> None:
        pass

    running = asyncio.create_task(command._run(parser().parse_args(arguments), connect, close))
    await clock.advance(70)
    assert running.done()
    return running.result()


async def test_namespaces_are_all_of_them_unless_some_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert await top(Cluster(), "namespaces") == command.TOLD
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["shop", "back"]
    assert await top(Cluster(), "namespaces", "-n", "shop") == command.TOLD
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["shop"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pods", "-n", "nope"), "no pods in nope; -A for all namespaces"),
        (("workloads",), "no pods in default; -A for all namespaces"),
        (("containers", "-n", "b", "-n", "a"), "no containers of pods in a, b; -A for all namespaces"),
    ],
)
async def test_where_nothing_is_that_is_said_instead_of_a_bare_heading(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await top(Cluster(), *arguments) == command.TOLD
    assert capsys.readouterr() == ("", f"kubetui: {words}\n")


async def test_who_may_not_list_nodes_gets_their_figures_and_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    cluster = Cluster()
    cluster.refuses["nodes"] = barred("nodes")
    assert await top(cluster, "nodes") == command.NOT_READ
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split()[:2] == ["n1", "250m"]
    assert err == (
        "kubetui: capacity and shares are missing: list nodes: 403: nodes is forbidden – ask for list on nodes\n"
    )


async def test_several_refusals_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    cluster = Cluster()
    cluster.refuses |= {"nodes": barred("nodes"), "pods": barred("pods")}
    cluster.refuses_metrics = barred("nodes.metrics.k8s.io")
    assert await top(cluster, "nodes") == command.NOT_READ
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "kubetui: nothing of nodes can be told: list nodes: 403: nodes is forbidden; the same of nodes.metrics.k8s.io "
        "and pods – ask for list on nodes; or look at one namespace: kubetui top pods -n NAME\n"
    )


@pytest.mark.parametrize("level", ["nodes", "namespaces"])
async def test_without_metrics_server_it_is_said_where_to_look(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = Cluster()
    cluster.refuses_metrics = Overloaded("list metrics", "503: service unavailable", status=503)
    assert await top(cluster, level) == command.NOT_READ
    out, err = capsys.readouterr()
    assert len(out.splitlines()) > 1
    assert len(err.splitlines()) == 1
    for words in ("503: service unavailable", "metrics-server does not answer", "k8s-app=metrics-server",
                  "kubetui logs deploy/metrics-server -n kube-system", "konnectivity-agent"):  # fmt: skip
        assert words in err


@pytest.mark.parametrize("arguments", [("nodes",), ("pods", "-A")])
async def test_a_metrics_server_without_any_sample_is_no_answer(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    cluster = Cluster()
    cluster.has_samples = False
    assert await top(cluster, *arguments) == command.NOT_READ
    out, err = capsys.readouterr()
    assert len(out.splitlines()) > 1
    assert err.startswith("kubetui: metrics-server answers and has no samples: ")


async def test_new_pods_of_one_namespace_are_not_sampled_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert await top(Cluster(), "pods", "-n", "back") == command.TOLD
    out, err = capsys.readouterr()
    assert "–" in out
    assert err == ""


@pytest.mark.parametrize("arguments", [("nodes",), ("pods", "-A")])
async def test_an_api_server_that_does_not_answer_is_told_once_and_metrics_server_is_not_blamed(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    class Gone(Cluster):
        async def send(self, request: Request) -> Answer:
            raise Unreachable(request.tried, "10.0.0.1:443 refused the connection", "is the API server running?")

    assert await top(Gone(), *arguments) == command.NOT_READ
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (f"kubetui: list {arguments[0]}: 10.0.0.1:443 refused the connection – is the API server running?\n")
