"""``m``: commands for what is under the cursor, to copy."""

from __future__ import annotations

from typing import Any

import pytest

from kubetui.ui.app import KubetuiApp
from kubetui.ui.screens.commands import CommandsScreen
from tests.ui.cluster_in_memory import ClusterInMemory, forbidden, node, pod
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, running, shows, until
from tests.unit.commands.subjects import VMSS_ID

NODE = "aks-general-27182818-vmss00000h"


def cluster(**more: Any) -> ClusterInMemory:
    found = node(NODE, "general")
    found["metadata"]["labels"]["kubernetes.azure.com/cluster"] = "MC_rg-prod_aks-prod_westeurope"
    found["spec"]["providerID"] = VMSS_ID
    containers = [
        {"name": "app", "image": "app:1", "ports": [{"containerPort": 8080}]},
        {"name": "proxy", "image": "proxy:1"},
    ]
    pods = [pod(f"checkout-{n}", node=NODE) for n in range(3)]
    for one in pods:
        one["spec"]["containers"] = containers
    return ClusterInMemory(pods, [found], ["kube-system"])


def under_cursor(app: KubetuiApp) -> str:
    return next(line for line in screen_text(app).splitlines() if line.startswith("▌"))


def copied(app: KubetuiApp) -> str:
    return app.clipboard


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pane", ["pods", "nodes"])
async def test_the_commands_at_each_size(pane: str, size: tuple[int, int]) -> None:
    async with running({"aks-prod": cluster()}, size, pane=pane) as (app, pilot):
        await until(pilot, shows(app, "checkout-2" if pane == "pods" else "3 pods"))
        await pilot.press(*(["j"] if pane == "nodes" else []), "m")
        await until(pilot, shows(app, "shell: proxy" if pane == "pods" else "drain: evict its pods"))
        await pilot.press(*"jjj")
        await until(
            pilot, lambda: "drain: evict" in under_cursor(app) if pane == "nodes" else "previous" in screen_text(app)
        )
        await assert_becomes(pilot, f"commands_{pane}_{size[0]}x{size[1]}")


@pytest.mark.parametrize("key", ["c", "enter"])
async def test_the_line_under_the_cursor_is_copied_whole(key: str) -> None:
    async with running({"aks-prod": cluster()}, (80, 24), pane="nodes") as (app, pilot):
        await until(pilot, shows(app, "3 pods"))
        await pilot.press("j", "m")
        await until(pilot, shows(app, "drain: evict its pods"))
        await pilot.press(*"jjj", key)
        await until(pilot, lambda: bool(copied(app)))
        assert (
            copied(app)
            == f"kubectl --context aks-prod drain {NODE} --ignore-daemonsets --delete-emptydir-data --timeout=10m"
        )
        await until(pilot, shows(app, "copied “drain: evict its pods”"))


async def test_a_heading_is_nothing_to_copy() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-2"))
        await pilot.press("m")
        await until(pilot, shows(app, "shell: proxy"))
        await pilot.press("g", "c")
        await pilot.pause(0.05)
        assert copied(app) == ""


async def test_typing_narrows_and_esc_leaves_step_by_step() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-2"))
        await pilot.press("m")
        await until(pilot, shows(app, "shell: proxy"))
        await pilot.press("slash", *"previous", "enter")
        await until(pilot, hides(app, "shell: proxy"))
        assert "logs of the run before: app" in under_cursor(app)
        await pilot.press("escape")
        await until(pilot, shows(app, "shell: proxy"))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, CommandsScreen))


async def test_marked_objects_share_a_line() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-2"))
        await pilot.press("asterisk", "m")
        await until(pilot, shows(app, "3 × Pod"))
        await pilot.press("slash", *"delete (", "enter", "c")
        await until(pilot, lambda: copied(app).endswith("delete pod checkout-0 checkout-1 checkout-2"))
        assert "shell" not in screen_text(app)


async def test_an_object_that_may_not_be_read_leaves_places_to_fill_in() -> None:
    here = cluster()
    async with running({"aks-prod": here}) as (app, pilot):
        await until(pilot, shows(app, "checkout-2"))
        here.refuses["pods"] = forbidden("pods")
        await pilot.press("m")
        await until(pilot, shows(app, "what only the object tells is left to fill in"))
        await pilot.press("slash", *"forward", "enter")
        await until(pilot, shows(app, "no command of that name"))


async def test_the_container_under_the_cursor_alone() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-2"))
        await pilot.press("enter")
        await until(pilot, shows(app, "proxy:1"))
        await pilot.press("j", "m")
        await until(pilot, shows(app, "shell: proxy"))
        assert "shell: app" not in screen_text(app)


async def test_a_pool_has_commands_of_its_own() -> None:
    async with running({"aks-prod": cluster()}, pane="nodes") as (app, pilot):
        await until(pilot, shows(app, "3 pods"))
        await pilot.press("m")
        await until(pilot, shows(app, "Node pool general"))
        await pilot.press("slash", *"nodepool scale", "enter", "c")
        await until(pilot, lambda: "--node-count 1" in copied(app))
        assert "-g rg-prod --cluster-name aks-prod -n general" in copied(app)


async def test_where_there_is_nothing_it_says_so() -> None:
    async with running({"aks-prod": ClusterInMemory()}) as (app, pilot):
        await until(pilot, shows(app, "no pods"))
        await pilot.press("m")
        await until(pilot, shows(app, "nothing under the cursor"))


async def test_yaml_has_the_commands_of_its_object() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-2"))
        await pilot.press("y")
        await until(pilot, shows(app, "qosClass"))
        await pilot.press("m")
        await until(pilot, shows(app, "Pod team-00/checkout-0 · commands"))


async def test_describe_has_the_commands_of_its_object() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-2"))
        await pilot.press("d")
        await until(pilot, shows(app, "QoS Class"))
        await pilot.press("m")
        await until(pilot, shows(app, "Pod team-00/checkout-0 · commands"))
        await until(pilot, shows(app, "shell: proxy"))
