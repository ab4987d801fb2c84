"""Configz as its reader meets it: which kubelets differ, in what, from whom; and what is known when none answers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kubetui.cluster.errors import NotKubernetes, Overloaded
from kubetui.ui.app import KubetuiApp
from tests.ui.cluster_in_memory import forbidden
from tests.ui.kubelets_in_memory import CONFIG, ClusterWithKubelets, fleet, may_not, tunnel_down
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, running, until

ODD, OTHER = "aks-general-27182818-vmss000003", "aks-general-27182818-vmss000005"


def drifted() -> ClusterWithKubelets:
    """One node with the eviction of before 1.29, one that reserves as then."""
    found = ClusterWithKubelets()
    found.says[ODD] = {"evictionHard": CONFIG["evictionHard"] | {"memory.available": "750Mi"}}
    found.says[OTHER] = {"kubeReserved": {"cpu": "180m", "memory": "3645Mi", "pid": "1000"}}
    return found


@asynccontextmanager
async def configz(
    found: ClusterWithKubelets, size: tuple[int, int] = (160, 40)
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None]]]:
    async with running({"aks-prod": found}, size, pane="configz", all_namespaces=True) as (app, pilot):
        await until(pilot, shows(app, "8 of 8 nodes", "other configuration"))
        yield app, pilot


def shows(app: KubetuiApp, *texts: str) -> Callable[[], bool]:
    """All of them at once."""
    return lambda: all(text in screen_text(app) for text in texts)


def steady(app: KubetuiApp) -> str:
    """The screen without ages: the kubelets' answers have the machine's time, the app has the test's."""
    return re.sub(r" · (read|\d+ fields)[^\n]*|\d+ req/min", "", screen_text(app))


def line_of(app: KubetuiApp, text: str) -> str:
    return next(line for line in screen_text(app).splitlines() if text in line)


@pytest.mark.parametrize("size", SIZES)
async def test_which_nodes_differ_and_in_what(size: tuple[int, int]) -> None:
    async with configz(drifted(), size) as (app, pilot):
        assert "▲ 2 drifted in" in screen_text(app)
        if size[0] >= 120:
            assert "750Mi ◆ AKS before 1.29" in line_of(app, "B ◆")
            assert "3645Mi ◆ AKS before 1.29" in line_of(app, "C ◆")
        assert "general, system" in line_of(app, "A  ")
        await assert_becomes(pilot, f"configz_{size[0]}x{size[1]}", lambda: steady(app))


@pytest.mark.parametrize("size", SIZES)
async def test_a_node_beside_its_pool_aks_and_upstream(size: tuple[int, int]) -> None:
    async with configz(drifted(), size) as (app, pilot):
        await pilot.press("j", "enter")
        await until(pilot, shows(app, "variant B · 1 node", ODD))
        await pilot.press("enter")
        await until(pilot, shows(app, "1 not as the pool"))
        assert "750Mi ◆" in line_of(app, "evictionHard.memory.available")
        await until(pilot, shows(app, "free memory below which pods are evicted"))
        await assert_becomes(pilot, f"configz_node_{size[0]}x{size[1]}", lambda: steady(app))


async def test_two_variants_side_by_side_with_what_differs_first() -> None:
    async with configz(drifted()) as (app, pilot):
        await pilot.press("j", "space", "space")
        await until(pilot, shows(app, "2 marked, d compares"))
        await pilot.press("d")
        await until(pilot, shows(app, "2 differ"))
        rows = screen_text(app).splitlines()[4:]
        assert "evictionHard.memory.available" in rows[0]
        assert "750Mi ◆" in rows[0]
        assert "kubeReserved.memory" in rows[1]
        await pilot.press("exclamation_mark")
        await until(pilot, hides(app, "containerLogMaxFiles"))
        await pilot.press("escape", "escape")
        await until(pilot, shows(app, "other configuration"))


async def test_fields_as_a_tree() -> None:
    async with configz(drifted()) as (app, pilot):
        await pilot.press("d")
        await until(pilot, shows(app, "104 fields"))
        await pilot.press("slash", *"eviction", "enter")
        await until(pilot, shows(app, "evictionHard.nodefs.available"))
        await pilot.press("v")
        await until(pilot, shows(app, "▾ evictionHard"))
        assert "evictionHard.nodefs.available" not in screen_text(app)
        await pilot.press("Z")
        await until(pilot, shows(app, "▸ evictionHard"))
        await pilot.press("v")
        await until(pilot, shows(app, "evictionHard.nodefs.available"))


async def test_who_has_750_mebibytes() -> None:
    async with configz(drifted()) as (app, pilot):
        await pilot.press("slash", *"memory.available=750Mi", "enter")
        await until(pilot, hides(app, "3645Mi"))
        assert "750Mi ◆" in line_of(app, "B ◆")
        await pilot.press("escape")
        await until(pilot, shows(app, "3645Mi"))
        await pilot.press("slash", *"/[/")
        await until(pilot, shows(app, "unterminated"))


async def test_a_wrong_reservation_shows_where_all_nodes_have_it() -> None:
    found = ClusterWithKubelets()
    for one in fleet():
        found.says[one["metadata"]["name"]] = {"kubeReserved": {"cpu": "180m", "memory": "3645Mi", "pid": "1000"}}
    async with configz(found) as (app, _):
        assert "3645Mi ▲ AKS sets 2250Mi" in line_of(app, "A ▲")
        assert "each pool alike · ▲ 8 reserve not what AKS sets" in screen_text(app)


async def test_without_the_right_it_says_so_and_shows_what_nodes_tell() -> None:
    found = ClusterWithKubelets()
    found.everywhere = may_not()
    async with running({"aks-prod": found}, (160, 40), pane="configz") as (app, pilot):
        await until(pilot, shows(app, "forbidden: get nodes/proxy", "which configz needs", "pool general"))
        assert len(found.kubelets_asked) <= 4
        assert "180m" in line_of(app, "pool general")
        assert "v1.36.3" in line_of(app, "pool general")
        await assert_becomes(pilot, "configz_forbidden_160x40", lambda: steady(app))


async def test_without_the_right_a_nodes_fields_are_what_its_object_tells_labels_and_all() -> None:
    found = ClusterWithKubelets()
    found.everywhere = may_not()
    async with running({"aks-prod": found}, (160, 40), pane="configz") as (app, pilot):
        await until(pilot, shows(app, "forbidden: get nodes/proxy", "pool general"))
        await pilot.press("d")
        await until(pilot, shows(app, "allocatable.memory", "as its pool"))
        assert "29743Mi" in line_of(app, "allocatable.memory")
        assert "7820m" in line_of(app, "allocatable.cpu")
        assert "32768" in line_of(app, "labels.kubernetes.azure.com/sku-memory")
        # reserved as AKS does it, and alike in the pool; sizes and labels are each node's own
        assert line_of(app, "reserved.cpu").split()[1:4] == ["180m", "=", "="]
        assert line_of(app, "allocatable.cpu").split()[1:] == ["7820m"]


async def test_a_kubelet_that_went_silent_is_told_above_what_it_said_before() -> None:
    found = drifted()
    async with configz(found, (160, 40)) as (app, pilot):
        await pilot.press("j", "enter")
        await until(pilot, shows(app, "variant B · 1 node"))
        await pilot.press("enter")
        await until(pilot, shows(app, "750Mi ◆"))
        found.says[ODD] = Overloaded("get configz", "503: error trying to reach service: dial tcp", status=503)
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "stale", "not reached", "error trying to reach service", "what was read before"))
        assert "750Mi ◆" in screen_text(app)


async def test_a_kubelet_that_never_answered_leaves_what_its_object_tells() -> None:
    found = ClusterWithKubelets()
    found.says[ODD] = NotKubernetes("get configz", "the answer is no JSON")
    async with running({"aks-prod": found}, (160, 40), pane="configz") as (app, pilot):
        await until(pilot, shows(app, "7 of 8 nodes", "▲ wrong answer"))
        await pilot.press("j", "enter")
        await until(pilot, shows(app, "wrong answer · 1 node", ODD))
        await pilot.press("enter")
        await until(pilot, shows(app, "the answer is no JSON", "what the Node object tells", "kubeletVersion"))
        assert "not as the pool" not in screen_text(app)


async def test_a_value_that_its_column_cuts_stands_whole_below() -> None:
    async with configz(drifted(), (120, 40)) as (app, pilot):
        await pilot.press("d")
        await until(pilot, shows(app, "tlsCipherSuites"))
        await pilot.press("slash", *"tlsCipher", "enter")
        await until(pilot, shows(app, "tlsCipherSuites: TLS_", CONFIG["tlsCipherSuites"][-1]))


async def test_without_nodes_the_other_configuration_is_there_still() -> None:
    found = ClusterWithKubelets()
    found.refuses["nodes"] = forbidden("nodes")
    found.maps["coredns"] = {"Corefile": ".:53 {\n}\n"}
    async with running({"aks-prod": found}, (160, 40), pane="configz") as (app, pilot):
        await until(pilot, shows(app, "forbidden: list nodes", "Configz  –", "coredns-autoscaler"))
        await pilot.press("G", "k", "k", "enter")
        await until(pilot, shows(app, "ConfigMap coredns · Corefile"))
        assert found.kubelets_asked == []


async def test_with_the_tunnel_down_it_says_so_keeps_what_it_knew_and_tries_again() -> None:
    found = drifted()
    async with configz(found) as (app, pilot):
        found.everywhere = tunnel_down()
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "tunnel down", "konnectivity-agent", "what was read before", "750Mi ◆"))
        found.everywhere = None
        await pilot.press("ctrl+r")
        await until(pilot, hides(app, "tunnel down"))


async def test_who_gave_no_answer_stands_apart_with_the_reason() -> None:
    found = drifted()
    found.says[ODD] = NotKubernetes("get", "the answer is no JSON: x", "does a proxy answer for the kubelet?")
    async with running({"aks-prod": found}, (160, 40), pane="configz") as (app, pilot):
        await until(pilot, shows(app, "7 of 8 nodes", "▲ wrong answer"))
        await pilot.press("j", "j", "enter")
        await until(pilot, shows(app, "wrong answer · 1 node", ODD, "the answer is no JSON"))
        del found.says[ODD]
        await pilot.press("ctrl+r")
        await until(pilot, hides(app, "the answer is no JSON"))


async def test_progress_can_be_stopped_and_gone_on_with() -> None:
    found = ClusterWithKubelets()
    silent = [one["metadata"]["name"] for one in fleet()][2:]
    found.says.update(dict.fromkeys(silent))
    async with running({"aks-prod": found}, (160, 40), pane="configz") as (app, pilot):
        await until(pilot, shows(app, "2/8 · Esc stops"))
        await pilot.press("escape")
        await until(pilot, shows(app, "stopped, ^r asks all", "2 of 8 nodes"))
        found.says.clear()
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "8 of 8 nodes", "each pool alike"))


async def test_leaving_stops_asking_and_coming_back_asks_only_the_rest() -> None:
    found = ClusterWithKubelets()
    silent = [one["metadata"]["name"] for one in fleet()][3:]
    found.says.update(dict.fromkeys(silent))
    async with running({"aks-prod": found}, (160, 40), pane="configz") as (app, pilot):
        await until(pilot, shows(app, "3/8 · Esc stops"))
        await pilot.press("2")
        await until(pilot, shows(app, "Nodes  "))
        found.says.clear()
        found.kubelets_asked.clear()
        await pilot.press("7")
        await until(pilot, shows(app, "8 of 8 nodes", "each pool alike"))
        assert sorted(found.kubelets_asked) == sorted(silent)


async def test_the_other_configuration_of_kube_system() -> None:
    found = drifted()
    found.maps["coredns"] = {"Corefile": ".:53 {\n    errors\n}\n"}
    found.maps["coredns-custom"] = {"log.override": "log\n"}
    async with configz(found) as (app, pilot):
        await pilot.press("G", "k", "k", "enter")
        await until(pilot, shows(app, "ConfigMap coredns · Corefile", ".:53 {", "coredns-custom · log.override"))
        await pilot.press("escape")
        await until(pilot, shows(app, "other configuration"))
        await pilot.press("G", "enter")
        await until(pilot, shows(app, "there is none of it in this cluster"))


def saved_in(folder: Path) -> str:
    (saved,) = folder.rglob("*.json")
    return saved.read_text()


async def test_copied_names_and_a_saved_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with configz(drifted()) as (app, pilot):
        await pilot.press("j", "c")
        assert app.clipboard == ODD
        await pilot.press("enter")
        await until(pilot, shows(app, "variant B"))
        await pilot.press("enter")
        await until(pilot, shows(app, "1 not as the pool"))
        await pilot.press("c")
        assert app.clipboard == "evictionHard.memory.available: 750Mi"
        await pilot.press("ctrl+s")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, shows(app, "saved"))
    text = saved_in(tmp_path)
    assert '"memory.available": "750Mi"' in text
    assert f'"providerID": "azure:///{ODD}"' in text


async def test_hostile_values_stay_text() -> None:
    found = ClusterWithKubelets()
    found.says[ODD] = {"containerLogMaxSize": "\x1b]0;owned\x07[red]50M[/]\n"}
    async with configz(found) as (app, _):
        assert "\x1b" not in screen_text(app)
        assert "[red]50M[/]" in line_of(app, "B ◆")


async def test_a_node_says_what_its_kubelet_said() -> None:
    async with configz(ClusterWithKubelets(), (200, 60)) as (app, pilot):
        await pilot.press("d")
        await until(pilot, shows(app, "as its pool"))
        await pilot.press("slash", *"maxPods=110", "enter")
        await until(pilot, hides(app, "healthzPort"))
        assert "110" in line_of(app, "maxPods ")
