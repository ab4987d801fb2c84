"""The Overview as its reader meets it: what is wrong, since when, what next, and where Enter leads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from kubetui.cluster.errors import SignInFailed, TlsFailed
from kubetui.ui.app import KubetuiApp
from kubetui.ui.panes.overview import OverviewPane
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import NOW, ClusterInMemory, forbidden, pod
from tests.ui.overview_in_memory import (
    Watched,
    a_deployment,
    a_lease,
    aks_node,
    burning,
    calm,
    node_event,
    system_pod,
    waiting_pod,
)
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, running, shows, until


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Checks are asked once and take no time; the rest of the app has its own clock, which stands still."""
    found = FakeClock(NOW)
    monkeypatch.setattr("kubetui.ui.panes.overview.SystemClock", lambda: found)
    return found


@asynccontextmanager
async def overview(
    cluster: ClusterInMemory, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None]]]:
    async with running({"aks-prod": cluster}, size, pane="overview") as (app, pilot):
        await until(pilot, shows(app, "What is wrong"))
        yield app, pilot


def steady(text: str) -> str:
    """Without the requests of the moment, and without the line of all panes, which is not this one's."""
    lines = re.sub(r" +(pods \S+ +)?\d+ req/min", "  N req/min", text).split("\n")
    return "\n".join([lines[0], "(panes)", *lines[2:]])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["calm", "burning"])
async def test_at_each_size(state: str, size: tuple[int, int]) -> None:
    async with overview(calm() if state == "calm" else burning(), size) as (app, pilot):
        await until(pilot, shows(app, "v1.36.3  live"))
        await until(pilot, shows(app, "nothing: nodes" if state == "calm" else "can't pull its image"))
        await until(pilot, lambda: len(shown(app).reader.timeline.newest(9)) == (0 if state == "calm" else 4))
        await assert_becomes(pilot, f"overview_{state}_{size[0]}x{size[1]}", lambda: steady(screen_text(app)))
        assert "\x1b" not in screen_text(app)


async def test_findings_come_and_go_with_what_they_tell() -> None:
    here = calm()
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "nothing: nodes, components and rollouts are well"))

        await here.put("deployments", a_deployment("metrics-server", ready=0, down_for=30))
        await until(pilot, shows(app, "✖ metrics-server 0/2 ready"))
        await until(pilot, shows(app, "metrics-server 2/2 → 0/2"))

        await here.put("deployments", a_deployment("metrics-server"))
        await until(pilot, shows(app, "nothing: nodes"))


async def test_a_pod_that_starts_leaves_the_waiting_ones() -> None:
    here = calm()
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "nothing: nodes"))
        await here.put("pods", waiting_pod("cart-7f-1", "team-01", "ErrImagePull", "not found", 60))
        await until(pilot, shows(app, "team-01/cart-7f-1: 1 pod can't pull its image"))
        await until(pilot, shows(app, "1 Pending"))
        await here.put("pods", pod("cart-7f-1", "team-01"))
        await until(pilot, shows(app, "nothing: nodes"))


async def test_the_api_servers_checks_and_leases(clock: FakeClock) -> None:
    here = calm()
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "ok 0 ms"))
        here.failing = {"etcd"}
        await clock.advance(31)
        await until(pilot, shows(app, "API server not ready: etcd"))
        here.failing = set()
        here.refuses["readyz"] = forbidden("readyz")
        await clock.advance(31)
        await until(pilot, shows(app, "forbidden: get /readyz"))
        await until(pilot, hides(app, "API server not ready"))
        await here.delete("leases", "kube-system", "kube-scheduler")
        await until(pilot, shows(app, "no lease in kube-system"))
        await here.put("leases", a_lease("kube-scheduler", age=4000))
        await until(pilot, shows(app, "kube-scheduler does not renew its lease"))


async def test_after_the_server_died_no_check_is_told_as_if_it_held_now(clock: FakeClock) -> None:
    here = calm()
    async with overview(here) as (app, pilot):
        await clock.advance(16)  # both were asked
        await until(pilot, shows(app, "ok 0 ms"))
        here.refuses["readyz"] = TlsFailed("get /readyz", "TLS failed", "get the kubeconfig anew")
        await clock.advance(15)
        await until(pilot, shows(app, "API server does not answer /readyz"))
        await until(pilot, hides(app, "ok 0 ms"))
        assert "get the kubeconfig anew" in screen_text(app)
        assert re.search(r"livez +–  ok \S+ ago", screen_text(app))


async def test_a_sign_in_that_fails_is_not_told_as_a_server_that_is_silent() -> None:
    here = calm()
    for path in ("readyz", "livez"):
        here.refuses[path] = SignInFailed("sign in as me with kubelogin", "it ended with code 1", "run: az login")
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "API server can't be asked"))
        assert "sign in as me with kubelogin: it ended with code 1" in screen_text(app)
        assert re.search(r"readyz +–  not asked", screen_text(app))


@pytest.mark.parametrize(
    ("title", "opens"),
    [
        ("konnectivity-agent 0/2 ready", "Deployment  kube-system/konnectivity-agent"),
        ("vmss000003 NotReady", "NotReady 4m"),
        ("1 pod can't pull its image", "Pods  team-01"),
        ("does not renew its lease", "Lease kube-system/kube-scheduler  YAML"),
    ],
)
async def test_enter_leads_to_what_a_finding_is_about_and_esc_back(title: str, opens: str) -> None:
    async with overview(burning()) as (app, pilot):
        await until(pilot, shows(app, "konnectivity-agent 0/2"))
        await until(pilot, shows(app, "can't pull its image"))
        finding = next(one for one in shown(app).findings if title in one.title)
        await at(app, pilot, "wrong", finding.subject)
        await pilot.press("enter")
        await until(pilot, shows(app, opens))
        await pilot.press("escape")
        await until(pilot, shows(app, "What is wrong"))
        assert isinstance(app.current, OverviewPane)


def shown(app: KubetuiApp) -> OverviewPane:
    assert isinstance(app.current, OverviewPane)
    return app.current


async def at(app: KubetuiApp, pilot: Pilot[None], block: str, key: Any) -> None:
    """Bring the cursor to a line."""
    for _ in range(120):
        if shown(app).board.cursor == (block, key):
            return
        await pilot.press("j")
    raise AssertionError(f"no line {key} in {block}:\n{screen_text(app)}")


@pytest.mark.parametrize(
    ("block", "key", "opens"),
    [
        ("components", ("DaemonSet", "kube-proxy"), "daemonset kube-system/kube-proxy"),
        ("components", ("Deployment", "coredns"), "Deployment  kube-system/coredns"),
        ("components", ("node", "kubelet"), "NotReady 4m"),
        ("pools", "general", "aks-general-27182818-vmss000001"),
        ("control", "readyz", "API server  /readyz · 5 checks, all pass"),
        ("control", "kube-scheduler", "Lease kube-system/kube-scheduler  YAML"),
    ],
)
async def test_every_line_leads_somewhere(block: str, key: Any, opens: str) -> None:
    async with overview(burning()) as (app, pilot):
        await until(pilot, shows(app, "general  User"))
        await until(pilot, shows(app, "scheduler"))
        await at(app, pilot, block, key)
        await pilot.press("enter")
        await until(pilot, shows(app, opens))
        await pilot.press("escape")
        await until(pilot, shows(app, "What is wrong"))
        assert shown(app).board.cursor == (block, key), "the cursor is where it was"


async def test_y_d_m_and_c_are_about_the_line() -> None:
    async with overview(burning()) as (app, pilot):
        await until(pilot, shows(app, "konnectivity-agent 0/2"))
        await at(app, pilot, "components", ("Deployment", "coredns"))
        await pilot.press("y")
        await until(pilot, shows(app, "Deployment kube-system/coredns  YAML"))
        await pilot.press("escape", "d")
        await until(pilot, shows(app, "Deployment kube-system/coredns"))
        await pilot.press("escape", "m")
        await until(pilot, shows(app, "rollout restart deployment"))
        await pilot.press("escape", "c")
        await until(pilot, shows(app, "copied coredns"))


async def test_d_on_a_finding_about_one_object_says_the_finding_before_the_object() -> None:
    async with overview(burning(), size=(80, 24)) as (app, pilot):
        await until(pilot, shows(app, "konnectivity-agent 0/2"))
        finding = next(one for one in shown(app).findings if one.title.startswith("konnectivity-agent"))
        await at(app, pilot, "wrong", finding.subject)
        await pilot.press("d")
        await until(pilot, shows(app, "Namespace:"))
        said = " ".join(screen_text(app).split())
        assert finding.title in said
        assert finding.detail in said
        assert finding.advice in said


async def test_d_on_a_finding_about_several_objects_shows_it_whole() -> None:
    here = burning()
    here.add("nodes", *(aks_node(f"aks-general-27182818-vmss0000{n}", "general", ready=False) for n in range(10, 30)))
    async with overview(here, size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: any(len(one.target.keys) > 1 for one in shown(app).findings))
        several = next(one for one in shown(app).findings if len(one.target.keys) > 1)
        await at(app, pilot, "wrong", several.subject)
        await pilot.press("d")
        await until(pilot, shows(app, "Finding  · as it was when opened"))
        said = " ".join(screen_text(app).split())
        assert several.title in said
        for part in (*several.detail.split("; "), *several.advice.split("; ")):
            assert " ".join(part.split()) in said
        assert f"nodes ({len(several.target.keys)})" in said
        await pilot.press("escape")
        await until(pilot, shows(app, "What is wrong"))


async def test_a_filter_keeps_lines_in_all_parts() -> None:
    async with overview(burning()) as (app, pilot):
        await until(pilot, shows(app, "metrics-server"))
        await pilot.press("slash", *"coredns", "enter")
        await until(pilot, hides(app, "metrics-server"))
        assert "coredns-autoscaler" in screen_text(app)
        assert "filter coredns" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, shows(app, "metrics-server"))


async def test_what_a_filter_hides_is_not_called_absent() -> None:
    async with overview(burning()) as (app, pilot):
        await until(pilot, shows(app, "metrics-server"))
        title = next(line for line in screen_text(app).splitlines() if "What is wrong" in line)
        assert "to act on" in title
        await pilot.press("slash", *"nothing-has-this-name", "enter")
        await until(pilot, hides(app, "metrics-server"))
        await until(pilot, shows(app, "hidden by the filter"))
        for absent in ("● nothing", "no nodes", "none within the last hour"):
            assert absent not in screen_text(app)


async def test_tab_goes_from_part_to_part_and_arrows_to_the_other_column() -> None:
    async with overview(burning()) as (app, pilot):
        await until(pilot, shows(app, "general  User"))
        board = shown(app).board
        places = []
        for _ in range(6):
            await pilot.press("tab")
            places.append(board.cursor[0] if board.cursor else "")
        assert places == ["components", "pools", "totals", "control", "changes", "wrong"]
        await pilot.press("tab", "right")
        assert board.cursor is not None
        assert board.cursor[0] in ("totals", "control", "changes")
        await pilot.press("left", "G")
        assert board.cursor[0] == "changes"
        await pilot.press("g")
        assert board.cursor[0] == "wrong"


async def test_what_may_not_be_read_is_said_and_is_never_zero() -> None:
    here = calm()
    here.refuses |= {plural: forbidden(plural) for plural in ("nodes", "pods", "deployments", "leases", "events")}
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "forbidden: list nodes"))
        await until(pilot, shows(app, "–  forbidden: list pods"))
        await until(pilot, shows(app, "leases.coordination.k8s.io"))  # folded, not cut
        await until(pilot, shows(app, "nothing seen; nodes, workloads, pods not known · n chooses a namespace that"))
        # DaemonSets may be read: kube-system's own are shown, though no node tells that this is AKS.
        await until(pilot, shows(app, "kube-proxy"))
        assert "0/0" not in screen_text(app)


async def test_where_all_namespaces_may_not_be_read_those_in_view_are() -> None:
    class OneNamespace(Watched):
        async def send(self, request: Any) -> Any:
            if request.path in ("/apis/apps/v1/deployments", "/apis/apps/v1/daemonsets", "/api/v1/pods"):
                raise forbidden(request.path.rpartition("/")[2])
            return await super().send(request)

    here = OneNamespace()
    here.add("deployments", a_deployment("cart", namespace="team-01", ready=0, down_for=300))
    async with running({"aks-prod": here}, pane="overview", namespaces=("team-01",)) as (app, pilot):
        await until(pilot, shows(app, "team-01/cart is down: 0/2 ready"))
        await here.put("deployments", a_deployment("cart", namespace="team-01"))
        await until(pilot, hides(app, "is down"))
        assert "n chooses a namespace" not in screen_text(app)


async def test_a_cluster_that_is_not_aks_shows_what_its_kube_system_runs() -> None:
    here = Watched([], [plain_node("n1"), plain_node("n2")])
    here.add("deployments", a_deployment("coredns", ready=1), a_deployment("my-operator"))
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "my-operator"))
        assert "konnectivity-agent" not in screen_text(app)
        assert "AKS" not in screen_text(app).replace("aks-prod", "")
        await until(pilot, shows(app, "coredns 1/2 ready"))


def plain_node(name: str) -> Any:
    found = aks_node(name, "")
    found["metadata"]["labels"] = {}
    return found


async def test_changes_seen_stay_after_another_pane_and_nothing_is_told_twice() -> None:
    here = calm()
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "nothing: nodes"))
        await here.put("nodes", aks_node("aks-general-27182818-vmss000009", "general", ready=False))
        await until(pilot, shows(app, "6/7 ready"))
        await here.put("events", node_event("e7", "aks-system-31415926-vmss000000", "RebootScheduled", 5))
        await until(pilot, shows(app, "reboot scheduled"))
        await pilot.press("5")
        await until(pilot, shows(app, "checkout-1"))
        await here.delete("nodes", "", "aks-general-27182818-vmss000009")
        await pilot.press("1")
        await until(pilot, shows(app, "…000009 deleted"))
        assert screen_text(app).count("reboot scheduled") == 1


async def test_restarts_of_the_last_hour_are_counted() -> None:
    here = calm()
    async with overview(here, (200, 60)) as (app, pilot):
        await until(pilot, shows(app, "nothing: nodes"))
        await here.put("pods", system_pod("coredns-1", "coredns", restarted=5))
        await until(pilot, lambda: re.search(r"coredns +Deployment +2/2 +1 ", screen_text(app)) is not None)
        await until(pilot, shows(app, "coredns restarted: OOMKilled"))


async def test_it_asks_little_while_nothing_happens(clock: FakeClock) -> None:
    here = calm()
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "ok 0 ms"))
        await pilot.pause(0.2)
        before = len(here.asked)
        for _ in range(12):
            await clock.advance(5)
            await pilot.pause(0.01)
        assert len(here.asked) - before <= 14, [request.path for request in here.asked[before:]]
        assert {request.path for request in here.asked[before:]} <= {"/readyz", "/livez", "/api/v1/pods"}


async def test_leaving_ends_every_question(clock: FakeClock) -> None:
    here = calm()
    async with overview(here) as (app, pilot):
        await until(pilot, shows(app, "ok 0 ms"))
        await pilot.press("5")
        await until(pilot, shows(app, "checkout-1"))
        before = sum(request.path in ("/readyz", "/livez") for request in here.asked)
        await clock.advance(120)
        assert sum(request.path in ("/readyz", "/livez") for request in here.asked) == before
