"""DaemonSets, Deployments and Events as their user meets them, down to the pod that does not run."""

from __future__ import annotations

import pytest

from kubetui.cli import PANES
from kubetui.ui.actions import PANE_KEYS, PANE_TITLES
from kubetui.ui.palette import pane_aliases
from kubetui.ui.top_panes import TOP_PANES
from tests.ui.cluster_in_memory import forbidden
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import hides, running, shows, until
from tests.ui.workloads_in_memory import busy, daemon_pod, event, replica_set

SIZES = [(80, 24), (120, 40)]


def steady(text: str) -> str:
    """Without the requests of the last minute, which depend on the moment."""
    lines = text.split("\n")
    lines[0] = lines[0].partition(" req/min")[0].rpartition(" ")[0]
    return "\n".join(lines)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pane", ["daemonsets", "deployments", "events"])
async def test_each_pane_at_each_size(pane: str, size: tuple[int, int]) -> None:
    async with running({"aks-prod": busy()}, size, pane=pane) as (app, pilot):
        await until(pilot, shows(app, {"daemonsets": "agent", "deployments": "mailer", "events": "folded to 3"}[pane]))
        await until(pilot, shows(app, "v1.36.3  live"))
        await assert_becomes(pilot, f"{pane}_{size[0]}x{size[1]}", lambda: steady(screen_text(app)))


@pytest.mark.parametrize("size", SIZES)
async def test_a_daemon_sets_nodes_those_that_miss_it_first(size: tuple[int, int]) -> None:
    async with running({"aks-prod": busy()}, size, pane="daemonsets") as (app, pilot):
        await until(pilot, shows(app, "agent"))
        await pilot.press("enter")
        await until(pilot, shows(app, "3 missing"))
        await until(pilot, shows(app, "v1.36.3  live"))
        await assert_becomes(pilot, f"daemonset_nodes_{size[0]}x{size[1]}", lambda: steady(screen_text(app)))


async def test_a_node_leaves_the_missing_ones_when_its_pod_comes() -> None:
    here = busy()
    async with running({"aks-prod": here}, pane="daemonsets") as (app, pilot):
        await until(pilot, shows(app, "agent"))
        await pilot.press("enter")
        await until(pilot, shows(app, "3 missing, 1 old, 1 run it"))

        await here.put("pods", daemon_pod("agent-c", "agent", "aks-general-000002"))
        await until(pilot, shows(app, "2 missing, 1 old, 2 run it"))
        await here.delete("pods", "kube-system", "agent-a")
        await until(pilot, shows(app, "its controller has not made one"))

        await pilot.press("slash", *"why:memory", "enter")
        await until(pilot, shows(app, "1 of 6"))
        await pilot.press("enter")
        await until(pilot, shows(app, "pod kube-system/agent-d"))
        await pilot.press("escape", "escape")
        await here.delete("daemonsets", "kube-system", "agent")
        await until(pilot, shows(app, "the DaemonSet is gone"))


async def test_no_node_is_called_missing_before_the_pods_are_known() -> None:
    here = busy()
    here.refuses["pods"] = forbidden("pods")
    async with running({"aks-prod": here}, pane="daemonsets") as (app, pilot):
        await until(pilot, shows(app, "agent"))
        await pilot.press("enter")
        await until(pilot, shows(app, "forbidden: list pods"))
        assert "missing" not in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_a_deployments_revisions_with_their_pods(size: tuple[int, int]) -> None:
    async with running({"aks-prod": busy()}, size, pane="deployments") as (app, pilot):
        await until(pilot, shows(app, "mailer"))
        await pilot.press("enter")
        await until(pilot, shows(app, "checkout-new-1"))
        await until(pilot, shows(app, "v1.36.3  live"))
        await assert_becomes(pilot, f"deployment_{size[0]}x{size[1]}", lambda: steady(screen_text(app)))


async def test_revisions_fold_and_follow_and_pods_open() -> None:
    here = busy()
    async with running({"aks-prod": here}, pane="deployments") as (app, pilot):
        await until(pilot, shows(app, "mailer"))
        await pilot.press("enter")
        await until(pilot, shows(app, "checkout-new-1"))

        await pilot.press("enter")
        await until(pilot, hides(app, "checkout-new-1"))
        await pilot.press("z")
        await until(pilot, shows(app, "checkout-new-1"))

        await here.put("replicasets", replica_set("checkout-new", "checkout", 2, "2.0", desired=2, ready=1))
        await until(pilot, shows(app, "1/2"))
        await pilot.press("j", "enter")
        await until(pilot, shows(app, "pod team-04/checkout-new-1"))
        await pilot.press("escape")
        await until(pilot, shows(app, "Deployment  team-04/checkout"))
        await pilot.press("exclamation_mark")
        await until(pilot, hides(app, "checkout-old"))


async def test_events_unfold_filter_and_follow() -> None:
    here = busy()
    async with running({"aks-prod": here}, pane="events") as (app, pilot):
        await until(pilot, shows(app, "folded to 3"))
        assert "\x1b" not in screen_text(app)
        assert "not found" not in screen_text(app)

        await pilot.press("enter")
        await until(pilot, shows(app, "not found"))
        await pilot.press("enter")
        await until(pilot, hides(app, "not found"))

        await pilot.press("slash", *"reason:scaling", "enter")
        await until(pilot, shows(app, "1 of 4"))
        await until(pilot, hides(app, "ImagePullBackOff"))
        await pilot.press("escape")
        await until(pilot, shows(app, "ImagePullBackOff"))
        await pilot.press("exclamation_mark")
        await until(pilot, shows(app, "2 of 4"))
        await until(pilot, hides(app, "Scheduled"))
        await pilot.press("escape")

        await here.put("events", event("e5", "Pod/checkout-new-1", "BackOff", "Back-off pulling", minute=4, count=9))
        await until(pilot, shows(app, "folded to 4"))
        await here.delete("events", "team-04", "e3")
        await until(pilot, shows(app, "folded to 3"))


async def test_an_event_opens_as_yaml() -> None:
    async with running({"aks-prod": busy()}, pane="events") as (app, pilot):
        await until(pilot, shows(app, "folded to 3"))
        await pilot.press("j", "enter")
        await until(pilot, shows(app, "Event team-04/e3  YAML"))


async def test_digits_and_the_palette_know_every_pane() -> None:
    assert set(PANE_KEYS.values()) == set(PANE_TITLES) == set(TOP_PANES) == set(PANES)
    assert set(pane_aliases("daemonsets")) == {"ds", "daemonset", "daemonsets"}
    async with running({"aks-prod": busy()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-old-1"))
        for key, title in (("3", "DaemonSets"), ("4", "Deployments"), ("9", "Events")):
            await pilot.press(key)
            await until(pilot, shows(app, f" {title}  all namespaces"))
