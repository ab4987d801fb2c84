"""The app as its user meets it: panes, keys, what it says when things go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from kubetui.cluster.errors import ClusterError, KubeconfigError, Unreachable
from kubetui.ui.app import KubetuiApp
from kubetui.ui.options import Options
from tests.ui.cluster_in_memory import NOW, ClusterInMemory, ConnectorInMemory, forbidden, node, pod
from tests.ui.snapshot import assert_becomes, screen_text

SIZES = [(80, 24), (120, 40), (200, 60)]


def cluster() -> ClusterInMemory:
    """Two pools, two teams, one thing wrong in each."""
    nodes = [node(f"aks-system-31415926-vmss00000{n}", "system") for n in range(2)]
    nodes += [node(f"aks-general-27182818-vmss00000{n}", "general") for n in range(3)]
    nodes.append(node("aks-general-27182818-vmss000003", "general", ready=False, version="v1.35.8"))
    nodes.append(node("aks-general-27182818-vmss000004", "general", cordoned=True, bad=("DiskPressure",)))
    pods = [pod(f"checkout-{n}", node=f"aks-general-27182818-vmss00000{n % 3}") for n in range(4)]
    pods += [pod("cart-0", "team-01", waiting="CrashLoopBackOff", restarts=41), pod("search-0", "team-01", ready=False)]
    return ClusterInMemory(pods, nodes, ["kube-system"])


@asynccontextmanager
async def running(
    clusters: dict[str, ClusterInMemory | ClusterError], size: tuple[int, int] = (120, 40), **options: Any
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None]]]:
    app = KubetuiApp(ConnectorInMemory(clusters), Options(log_file="~/kubetui.log", **options), lambda: NOW)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield app, pilot


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app run until something is so, for 15 seconds at least."""
    for _ in range(1500):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it did not come to pass; the screen:\n" + screen_text(pilot.app))


def shows(app: KubetuiApp, text: str) -> Callable[[], bool]:
    return lambda: text in screen_text(app)


def hides(app: KubetuiApp, text: str) -> Callable[[], bool]:
    return lambda: text not in screen_text(app)


def without_requests(app: KubetuiApp) -> str:
    """The screen; how many requests there were depends on the moment."""
    lines = screen_text(app).split("\n")
    lines[0] = lines[0].partition(" req/min")[0].rpartition(" ")[0]
    return "\n".join(lines)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pane", ["pods", "nodes"])
async def test_each_pane_at_each_size(pane: str, size: tuple[int, int]) -> None:
    async with running({"aks-prod": cluster()}, size, pane=pane) as (app, pilot):
        await until(pilot, shows(app, "v1.36.3  live"))
        await until(pilot, shows(app, "checkout-3" if pane == "pods" else "6 pods"))
        await assert_becomes(pilot, f"{pane}_{size[0]}x{size[1]}", lambda: without_requests(app))


async def test_changes_are_followed() -> None:
    here = cluster()
    async with running({"aks-prod": here}) as (app, pilot):
        await until(pilot, shows(app, "CrashLoopBackOff"))

        await here.put("pods", pod("cart-0", "team-01"))
        await until(pilot, hides(app, "CrashLoopBackOff"))

        await here.delete("pods", "team-00", "checkout-3")
        await until(pilot, hides(app, "checkout-3"))

        await here.put("pods", pod("ledger-7"))
        await until(pilot, shows(app, "ledger-7"))


async def test_filter_narrows_and_esc_clears() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("slash", *"status:crash")
        await until(pilot, shows(app, "1 of 6"))
        await pilot.press("enter")
        assert "cart-0" in screen_text(app)
        await until(pilot, hides(app, "checkout-3"))
        await pilot.press("escape")
        await until(pilot, shows(app, "checkout-3"))

        await pilot.press("slash", *"/(/")
        await until(pilot, shows(app, "unterminated"))
        assert "checkout-3" in screen_text(app)


async def test_an_empty_table_says_why() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("slash", *"nothing-like-it", "enter")
        await until(pilot, shows(app, "6 hidden by the filter · Esc clears it"))


async def test_problems_only() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("exclamation_mark")
        await until(pilot, hides(app, "checkout-3"))
        assert "cart-0" in screen_text(app)
        assert "search-0" in screen_text(app)
        assert "problems only" in screen_text(app)


async def test_sorting_goes_through_the_columns_and_turns() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("greater_than_sign", "greater_than_sign")
        await until(pilot, shows(app, "by NAME ▲"))
        text = screen_text(app)
        assert text.index("cart-0") < text.index("checkout-0") < text.index("search-0")
        await pilot.press("I")
        await until(pilot, shows(app, "by NAME ▼"))
        text = screen_text(app)
        assert text.index("search-0") < text.index("checkout-0") < text.index("cart-0")


async def test_namespaces_one_and_all() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("n")
        await until(pilot, shows(app, "kube-system"))
        await pilot.press(*"team-01", "enter")
        await until(pilot, hides(app, "checkout-3"))
        await until(pilot, shows(app, "Pods  team-01 · 2"))
        assert "NAMESPACE" not in screen_text(app)
        await pilot.press("A")
        await until(pilot, shows(app, "checkout-3"))


async def test_several_namespaces_are_marked() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("n")
        await until(pilot, shows(app, "kube-system"))
        await pilot.press("down", "space", "space", "enter")
        await until(pilot, shows(app, "Pods  team-00, team-01 · 6"))


async def test_enter_shows_containers_y_the_yaml_and_esc_comes_back() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("enter")
        await until(pilot, shows(app, "Containers  pod team-00/checkout-0 · 1"))
        await pilot.press("y")
        await until(pilot, shows(app, "qosClass: Burstable"))
        await pilot.press("escape")
        await until(pilot, shows(app, "Containers  pod"))
        await pilot.press("escape")
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("escape", "escape")
        assert app.is_running, "Esc never quits"


async def test_a_pool_folds_and_a_node_shows_its_pods() -> None:
    async with running({"aks-prod": cluster()}, pane="nodes") as (app, pilot):
        await until(pilot, shows(app, "aks-system-31415926-vmss000000"))
        await pilot.press("enter")
        await until(pilot, hides(app, "aks-system-31415926-vmss000000"))
        await pilot.press("enter")
        await until(pilot, shows(app, "aks-system-31415926-vmss000000"))
        await pilot.press("G", "k", "k", "k", "k", "enter")
        await until(pilot, shows(app, "Pods  node aks-general-27182818-vmss000000 · 4"))


@pytest.mark.parametrize(
    ("text", "said"),
    [("notready", "NotReady 20d"), ("/^NotReady/", "NotReady 20d"), ("status:diskpressure", "DiskPressure")],
)
async def test_nodes_are_found_by_their_status(text: str, said: str) -> None:
    async with running({"aks-prod": cluster()}, (200, 60), pane="nodes") as (app, pilot):
        await until(pilot, shows(app, "aks-general-27182818-vmss000004"))
        await pilot.press("slash", *text, "enter")
        await until(pilot, hides(app, "aks-general-27182818-vmss000000"))
        assert said in screen_text(app)


async def test_a_folded_pool_still_shows_what_needs_a_look() -> None:
    async with running({"aks-prod": cluster()}, (200, 60), pane="nodes") as (app, pilot):
        await until(pilot, shows(app, "aks-general-27182818-vmss000004"))
        await pilot.press("Z")
        await until(pilot, hides(app, "aks-general-27182818-vmss000000"))
        text = screen_text(app)
        assert "NotReady 20d" in text
        assert "DiskPressure" in text
        assert "1 not ready, 1 DiskPressure, 1 cordoned" in text


async def test_what_changes_elsewhere_leaves_the_cursor_on_its_row() -> None:
    here = cluster()
    async with running({"aks-prod": here}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("j", "j")
        await here.put("pods", pod("aaa-0"))
        await until(pilot, shows(app, "aaa-0"))
        line = next(line for line in screen_text(app).split("\n") if line.startswith("▌"))
        assert "checkout-2" in line


async def test_a_context_that_cannot_be_used_says_what_to_do_and_another_can_be_chosen() -> None:
    wrong = KubeconfigError("use context aks-old", "no such context in ~/.kube/config", "az aks get-credentials")
    async with running({"aks-old": wrong, "aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "no such context"))
        text = screen_text(app)
        assert "az aks get-credentials" in text
        assert "q quits" in text
        await pilot.press("C")
        await until(pilot, shows(app, "type to narrow"))
        await pilot.press(*"prod", "enter")
        await until(pilot, shows(app, "checkout-3"))


async def test_a_server_that_does_not_answer_says_so_in_the_table() -> None:
    away = cluster()
    away.refuses["pods"] = Unreachable("list pods", "connection refused by 10.0.0.1:443", "is the cluster stopped?")
    async with running({"aks-prod": away}) as (app, pilot):
        await until(pilot, shows(app, "connection refused by 10.0.0.1:443"))
        assert "is the cluster stopped?" in screen_text(app)
        assert "no connection" in screen_text(app).split("\n")[0]
        del away.refuses["pods"]
        await pilot.press("ctrl+r")
        await until(pilot, shows(app, "checkout-3"))


async def test_a_missing_right_is_named() -> None:
    less = cluster()
    less.refuses["pods"] = forbidden("pods")
    async with running({"aks-prod": less}) as (app, pilot):
        await until(pilot, shows(app, "forbidden: list pods"))
        await pilot.press("2")
        await until(pilot, shows(app, "aks-system-31415926-vmss000000"))
        assert "pods: forbidden: list pods" in screen_text(app)
        assert "–/110" in screen_text(app), "what is not known is no zero"


async def test_switching_contexts_leaves_nothing_of_the_old_one() -> None:
    one, two = cluster(), ClusterInMemory([pod("ledger-0", "team-09")])
    async with running({"aks-prod": one, "aks-test": two}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        asked = len(one.asked)
        app.connect("aks-test")
        await until(pilot, shows(app, "ledger-0"))
        assert "checkout" not in screen_text(app)
        assert len(one.asked) == asked, "nothing more was sent to the old cluster"


async def test_the_palette_jumps() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("colon")
        await pilot.press(*"no", "enter")
        await until(pilot, shows(app, "aks-system-31415926-vmss000000"))


async def test_help_lists_every_key_and_the_log_file() -> None:
    async with running({"aks-prod": cluster()}, (120, 160)) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("question_mark")
        await until(pilot, shows(app, "only what needs a look"))
        assert "~/kubetui.log" in screen_text(app)


async def test_the_help_folds_what_a_key_does_below_itself() -> None:
    async with running({"aks-prod": cluster()}, (80, 24)) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("question_mark")
        await until(pilot, shows(app, "filter: text, /regex/"))
        lines = screen_text(app).split("\n")
        at = next(number for number, line in enumerate(lines) if "filter: text" in line)
        assert lines[at + 1].strip() == "CPU>500m; ! in front for not"
        assert lines[at + 1].index("CPU>") == lines[at].index("filter")


async def test_copying_takes_control_characters_out() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("c")
        assert app.clipboard == "checkout-0"
        await pilot.press("asterisk", "c")
        assert app.clipboard.split("\n") == [
            *("checkout-0", "checkout-1", "checkout-2", "checkout-3"),
            "cart-0",
            "search-0",
        ]
        app.copy("evil\x1b]52;c;x\x07", "it")
        assert "\x1b" not in app.clipboard


async def test_one_interrupt_warns_and_two_quit() -> None:
    async with running({"aks-prod": cluster()}) as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press("ctrl+c")
        await until(pilot, shows(app, "^c again quits"))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not app.is_running)


async def test_quitting_works_while_nothing_answers() -> None:
    away = cluster()
    away.refuses["pods"] = Unreachable("list pods", "no answer")
    async with running({"aks-prod": away}) as (app, pilot):
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)


@pytest.mark.parametrize("turns", range(0, 60, 3))
async def test_quitting_works_at_any_moment_of_the_start(turns: int, caplog: pytest.LogCaptureFixture) -> None:
    async with running({"aks-prod": cluster()}) as (app, _):
        app.connect(None)
        for _ in range(turns):
            await asyncio.sleep(0)
        app.exit()
    assert caplog.messages == []


async def test_a_pane_that_can_not_be_made_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(name: str) -> None:
        raise ImportError(f"no module for {name}")

    monkeypatch.setattr("kubetui.ui.top_panes.load", broken)
    async with running({"aks-prod": cluster()}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "ImportError, a defect of kubetui"))
        assert "~/kubetui.log" in screen_text(app)
