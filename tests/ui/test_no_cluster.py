"""No cluster can be had: the screen that says so, and the contexts that can be chosen all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from textual.containers import Vertical
from textual.pilot import Pilot

from kubetui.cluster.errors import ClusterError, KubeconfigError, NoKubeconfig
from kubetui.ui.app import KubetuiApp
from kubetui.ui.options import Options
from tests.ui.cluster_in_memory import NOW, ClusterInMemory, ConnectorInMemory
from tests.ui.snapshot import screen_text
from tests.ui.test_app import SIZES, cluster, running, shows, until

NOTHING = NoKubeconfig(
    "find a kubeconfig",
    "nothing at /home/someone/.kube/config, and this is no pod with a service account",
    "for AKS run: az login, then az aks get-credentials --resource-group … --name …; look around with: kubetui demo",
)


class FileToCome(ConnectorInMemory):
    """Its kubeconfig is not there yet."""

    def __init__(self, clusters: dict[str, ClusterInMemory | ClusterError]) -> None:
        super().__init__(clusters)
        self.there = False

    async def contexts(self) -> Sequence[str]:
        if not self.there:
            raise NOTHING
        return await super().contexts()


@asynccontextmanager
async def without_kubeconfig(
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None], FileToCome]]:
    connector = FileToCome({"aks-prod": cluster()})
    app = KubetuiApp(connector, Options(log_file="~/kubetui.log", pane="pods"), lambda: NOW)
    async with app.run_test(size=size) as pilot:
        await until(pilot, shows(app, "find a kubeconfig"))
        yield app, pilot, connector


@pytest.mark.parametrize("size", SIZES)
async def test_sentences_break_between_words(size: tuple[int, int]) -> None:
    async with without_kubeconfig(size) as (app, pilot, _):
        await until(pilot, shows(app, "q quits." if size[0] > 80 else "  quits."))
        rows = [line.rstrip() for line in screen_text(app).split("\n")]
        said = " ".join(" ".join(rows).split())
        for sentence in ("and this is no pod with a service account", "opens a simulated cluster, q quits."):
            assert sentence in said


async def test_another_width_folds_anew() -> None:
    async with without_kubeconfig((80, 24)) as (app, pilot, _):
        await until(pilot, shows(app, "pod with a service\n  account"))
        await pilot.resize_terminal(120, 40)
        await until(pilot, shows(app, "and this is no pod with a service account"))


async def test_without_any_context_the_choice_says_why() -> None:
    async with without_kubeconfig() as (app, pilot, _):
        await pilot.press("C")
        await until(pilot, shows(app, "no contexts to choose from"))
        text = screen_text(app)
        assert "nothing at /home/someone/.kube/config" in text
        assert "az login" in text
        await pilot.press("escape")
        await until(pilot, shows(app, "What to do"))


async def test_a_kubeconfig_that_came_meanwhile_is_read_for_the_choice() -> None:
    async with without_kubeconfig() as (app, pilot, connector):
        connector.there = True
        await pilot.press("C")
        await until(pilot, shows(app, "▌aks-prod"))
        await pilot.press("enter")
        await until(pilot, shows(app, "checkout-3"))


async def test_a_kubeconfig_that_broke_meanwhile_leaves_the_contexts_that_were_known() -> None:
    broken = KubeconfigError("read ~/.kube/config", "line 3: no YAML")
    async with running({"aks-prod": cluster(), "aks-old": broken}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))

        async def contexts() -> Sequence[str]:
            raise broken

        app.connector.contexts = contexts  # type: ignore[method-assign]  # the file breaks while the app runs
        await pilot.press("C")
        await until(pilot, shows(app, "aks-old"))
        await pilot.press(*"nothing-like-it")
        await until(pilot, shows(app, "nothing of that name"))


@pytest.mark.parametrize("key", ["C", "n"])
async def test_a_choice_lies_over_the_pane_and_does_not_cover_all_of_it(key: str) -> None:
    async with running({"aks-prod": cluster()}, (80, 24), pane="pods") as (app, pilot):
        await until(pilot, shows(app, "checkout-3"))
        await pilot.press(key)
        await until(pilot, shows(app, "type to narrow"))
        box = app.screen.query_one(Vertical).region
        assert box.y > 1, "the header and the panes' names stay"
        assert box.bottom < 24, "and the keys"
