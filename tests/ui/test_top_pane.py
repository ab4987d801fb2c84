"""Top as its reader meets it: who uses what, of what was asked for, and what is shown when metrics-server is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from kubetui.cluster.errors import Forbidden, NotFound, Overloaded
from kubetui.ui.app import KubetuiApp
from tests.ui.cluster_in_memory import forbidden, node, pod
from tests.ui.metrics_in_memory import ClusterWithMetrics, autoscaler
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, running, shows, until

SYSTEM, GENERAL = "aks-system-31415926-vmss000000", "aks-general-27182818-vmss000000"


def _pod(name: str, namespace: str = "team-00", on: str = GENERAL, limit: str = "1000m", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = pod(name, namespace, node=on, **more)
    found["spec"]["containers"][0]["resources"] = {
        "requests": {"cpu": "500m", "memory": "128Mi"}, "limits": {"cpu": limit, "memory": "256Mi"},
    }  # fmt: skip
    owner = {"kind": "ReplicaSet", "name": "web-abc", "controller": True}
    found["metadata"]["ownerReferences"] = [owner]
    found["metadata"]["labels"] = {"pod-template-hash": "abc"}
    return found


def cluster() -> ClusterWithMetrics:
    """Two nodes; one pod near its memory limit, one throttled, one that was not sampled yet."""
    pods = [_pod("web-abc-1"), _pod("web-abc-2"), _pod("web-abc-3"), _pod("dns-1", "kube-system", SYSTEM)]
    found = ClusterWithMetrics(pods, [node(SYSTEM, "system"), node(GENERAL, "general")], ["team-00", "kube-system"])
    found.use_node(SYSTEM, 800, 2_000)
    found.use_node(GENERAL, 1_600, 28_000)
    found.use_pod("team-00", "web-abc-1", 300, 250, GENERAL)
    found.use_pod("team-00", "web-abc-2", 990, 100, GENERAL)
    found.use_pod("kube-system", "dns-1", 20, 60, SYSTEM)
    return found


@asynccontextmanager
async def top(
    found: ClusterWithMetrics, size: tuple[int, int] = (160, 40)
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None]]]:
    async with running({"aks-prod": found}, size, pane="top", all_namespaces=True) as (app, pilot):
        await until(pilot, shows(app, SYSTEM))
        yield app, pilot


def line_of(app: KubetuiApp, text: str) -> str:
    return next(line for line in screen_text(app).splitlines() if text in line)


@pytest.mark.parametrize("size", SIZES)
async def test_nodes_by_what_they_use(size: tuple[int, int]) -> None:
    async with top(cluster(), size) as (app, pilot):
        await until(pilot, shows(app, "1600m"))
        await until(pilot, shows(app, "2400m CPU"))
        assert screen_text(app).index(GENERAL) < screen_text(app).index(SYSTEM)
        # As kubectl top prints them: 1600m of 7820m, 28000Mi of 29Gi.
        assert "20 %" in line_of(app, GENERAL)
        assert "94 %" in line_of(app, GENERAL)
        await assert_becomes(pilot, f"top-nodes-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES)
async def test_pods_with_what_their_numbers_mean(size: tuple[int, int]) -> None:
    async with top(cluster(), size) as (app, pilot):
        await pilot.press("t")
        await until(pilot, shows(app, "Top  pods"))
        await until(pilot, shows(app, "990m"))
        await assert_becomes(pilot, f"top-pods-{size[0]}x{size[1]}")
        if size[0] >= 120:
            assert "✖ memory 97 %" in line_of(app, "web-abc-1")
            assert "▲ at CPU limit" in line_of(app, "web-abc-2")
        # Not sampled is unknown, not zero.
        assert " –" in line_of(app, "web-abc-3")
        assert " 0m" not in line_of(app, "web-abc-3")


async def test_problems_only() -> None:
    async with top(cluster()) as (app, pilot):
        await pilot.press("t")
        await until(pilot, shows(app, "dns-1"))
        await pilot.press("exclamation_mark")
        await until(pilot, hides(app, "dns-1"))
        assert "web-abc-1" in screen_text(app)


async def test_totals_are_of_the_rows_that_the_filter_lets_through() -> None:
    async with top(cluster(), (200, 40)) as (app, pilot):
        await pilot.press("t")
        await until(pilot, shows(app, "all use ≥1310m CPU, ≥410Mi"))
        await pilot.press("slash", *"dns", "enter")
        await until(pilot, shows(app, "1 of 4 · these use 20m CPU, 60Mi · filter dns"))


async def test_enter_goes_down_to_containers_and_esc_up_again() -> None:
    async with top(cluster()) as (app, pilot):
        await until(pilot, shows(app, "1600m"))
        await pilot.press("enter")
        await until(pilot, shows(app, f"filter NODE:{GENERAL}"))
        await until(pilot, shows(app, "web-abc-2"))
        assert "dns-1" not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, shows(app, "Top  containers"))
        await until(pilot, shows(app, "web-abc-2/app"))
        await pilot.press("enter")
        await until(pilot, shows(app, "Pod team-00/web-abc-2"))
        await until(pilot, shows(app, "Container app"))
        await pilot.press("escape")
        await until(pilot, shows(app, "web-abc-2/app"))
        await pilot.press("escape", "escape")
        await until(pilot, shows(app, "Top  nodes"))


@pytest.mark.parametrize(
    ("steps", "name", "texts"),
    [
        (3, "node pools", ["general", "1600m"]),
        (4, "namespaces", ["team-00", "≥1290m", "1500m"]),
        (5, "workloads", ["Deployment/web", "≥1290m"]),
    ],
)
async def test_totals(steps: int, name: str, texts: list[str]) -> None:
    async with top(cluster()) as (app, pilot):
        await pilot.press(*("t" for _ in range(steps)))
        await until(pilot, shows(app, f"Top  {name}"))
        for text in texts:
            await until(pilot, shows(app, text))


async def test_pools_without_the_right_to_list_nodes_say_why_there_are_none() -> None:
    found = cluster()
    found.refuses["nodes"] = forbidden("nodes")
    async with running({"aks-prod": found}, (160, 40), pane="top", all_namespaces=True) as (app, pilot):
        await until(pilot, shows(app, "1600m"))  # who may read metrics learns what nodes use
        await pilot.press("t", "t", "t")
        await until(pilot, shows(app, "a node's pool stands in its Node object alone"))
        assert "no pool" not in screen_text(app)


async def test_autoscalers_stand_beside_their_workloads() -> None:
    found = cluster()
    stuck = [{"type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "no metrics"}]
    found.autoscalers = [autoscaler("web", "web"), autoscaler("dns", "x", "kube-system", conditions=stuck)]
    async with top(found, (200, 40)) as (app, pilot):
        await pilot.press("T")
        await until(pilot, shows(app, "cpu 90%/70% · 3→4 of 2–8"))
        assert "Deployment/web" in line_of(app, "cpu 90%/70%")


async def test_an_autoscaler_at_its_most_is_a_problem_and_seen_on_a_narrow_screen() -> None:
    found = cluster()
    limited = [{"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas"}]
    found.autoscalers = [autoscaler("web", "web", conditions=limited)]
    async with top(found, (120, 40)) as (app, pilot):
        await pilot.press("T")
        await until(pilot, shows(app, "cpu 90%/70% · 3→4 of 2–8"))
        assert "1 near memory limit" in line_of(app, "Deployment/web")
        await pilot.press("exclamation_mark")
        await until(pilot, hides(app, "Pod/dns-1"))
        assert "Deployment/web" in screen_text(app)


async def test_without_metrics_server_the_kubelets_of_the_nodes_in_view_are_asked() -> None:
    found = cluster()
    found.trouble = NotFound("list nodes.metrics.k8s.io", "404: not found", status=404)
    async with top(found) as (app, pilot):
        await until(pilot, shows(app, "not installed"))
        await until(pilot, shows(app, "from 2 kubelets' stats/summary"))
        assert "1600m" in line_of(app, GENERAL)
        await pilot.press("t")
        await until(pilot, shows(app, "990m"))


async def test_a_kubelet_that_may_not_be_asked_either_says_which_right_is_missing() -> None:
    found = cluster()
    found.trouble = Overloaded("list nodes.metrics.k8s.io", "503: service unavailable", status=503)
    found.kubelet_trouble = Forbidden("get nodes/proxy", "403: User cannot get nodes/proxy", status=403)
    async with top(found, (200, 40)) as (app, pilot):
        await until(pilot, shows(app, "kubelets can't be asked instead: get nodes/proxy"))
        assert "–" in line_of(app, GENERAL)


async def test_a_metrics_server_without_any_sample_is_as_good_as_none() -> None:
    found = cluster()
    found.has_samples = False
    async with top(found, (200, 40)) as (app, pilot):
        await until(pilot, shows(app, "▲ no samples"))
        await until(pilot, shows(app, "from 2 kubelets' stats/summary"))
        assert "1600m" in line_of(app, GENERAL)
        found.has_samples = True
        await pilot.press("ctrl+r")
        await until(pilot, hides(app, "no samples"))
        await until(pilot, shows(app, "1600m"))


async def test_how_many_have_no_sample_is_said() -> None:
    async with top(cluster()) as (app, pilot):
        await pilot.press("t")
        await until(pilot, shows(app, "1 not sampled"))


async def test_metrics_server_that_comes_back_is_asked_again() -> None:
    found = cluster()
    found.trouble = Overloaded("list nodes.metrics.k8s.io", "503: service unavailable", status=503)
    async with top(found) as (app, pilot):
        await until(pilot, shows(app, "kubelets' stats/summary"))
        found.trouble = None
        await pilot.press("ctrl+r")
        await until(pilot, hides(app, "kubelets' stats/summary"))
        await until(pilot, shows(app, "1600m"))


async def test_s_shows_all_that_a_kubelet_knows() -> None:
    async with top(cluster()) as (app, pilot):
        await until(pilot, shows(app, "1600m"))
        await pilot.press("s")
        await until(pilot, shows(app, f"Node {GENERAL}"))
        assert "▲ 90 MiB of 100 MiB, 90 %" in screen_text(app)
        assert "team-00/web-abc-1" in screen_text(app)
        await pilot.press("escape", "t")
        await until(pilot, shows(app, "990m"))
        await pilot.press("s")
        await until(pilot, shows(app, "Pod team-00/web-abc-2"))
        assert "memory, RSS" in screen_text(app)


async def test_what_was_seen_is_there_still_after_a_look_elsewhere() -> None:
    found = cluster()
    async with top(found, (200, 40)) as (app, pilot):
        await until(pilot, shows(app, "1600m"))
        found.at = "2026-11-21T13:03:55Z"
        found.use_node(GENERAL, 800, 28_000)
        await pilot.press("t")
        await until(pilot, shows(app, "990m"))
        await pilot.press("T", "ctrl+r")
        await until(pilot, shows(app, "█▅"))
        assert "800m" in line_of(app, GENERAL)


async def test_a_kubelet_that_is_not_reached_says_what_to_look_at() -> None:
    found = cluster()
    found.kubelet_trouble = Overloaded("get nodes/proxy", "503: error trying to reach service: dial tcp", status=503)
    async with top(found) as (app, pilot):
        await until(pilot, shows(app, "1600m"))
        await pilot.press("s")
        await until(pilot, shows(app, "error trying to reach service"))
        await until(pilot, shows(app, "konnectivity-agent"))


async def test_who_may_not_look_at_nodes_is_shown_the_way_to_pods() -> None:
    found = cluster()
    found.refuses["nodes"] = forbidden("nodes")
    found.trouble = Forbidden("list nodes.metrics.k8s.io", "403: may not", "ask for a role", status=403)
    async with running({"aks-prod": found}, (160, 40), pane="top", all_namespaces=True) as (app, pilot):
        await until(pilot, shows(app, "t goes on to pods, which other rights are for"))
        assert "kubelets' own figures" not in screen_text(app)
        found.trouble = None
        await pilot.press("t")
        await until(pilot, shows(app, "990m"))


async def test_autoscalers_that_may_not_be_listed_are_not_taken_for_none() -> None:
    found = cluster()
    found.autoscaler_trouble = Forbidden("list horizontalpodautoscalers", "403: may not", "ask for it", status=403)
    async with top(found) as (app, pilot):
        await pilot.press("T")
        await until(pilot, shows(app, "Deployment/web"))
        await until(pilot, shows(app, "autoscalers not known: forbidden"))
