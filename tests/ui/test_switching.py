"""Another context: everything of the old one ends, and nothing more is asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from kubetui.cluster.errors import Unreachable
from kubetui.ui.app import KubetuiApp
from kubetui.ui.options import Options
from kubetui.ui.panes.pods import PodsPane
from tests.ui.cluster_in_memory import NOW, ClusterInMemory, ConnectorInMemory, node, pod
from tests.ui.test_app import hides, running, shows, until


class Counted(ClusterInMemory):
    """Knows its open watches and whether it was closed."""

    closed = 0

    async def close(self) -> None:
        self.closed += 1


def cluster(name: str) -> Counted:
    return Counted([pod(f"{name}-0")], [node("aks-system-31415926-vmss000000", "system")])


def reflectors() -> list[str]:
    return sorted(task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("reflector"))


async def test_the_old_session_is_closed_and_never_asked_again() -> None:
    old, new = cluster("old"), cluster("new")
    async with running({"a": old, "b": new}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "old-0"))
        await pilot.press("2")
        await until(pilot, shows(app, "1 pods"))
        before = len(reflectors())

        app.connect("b")
        await until(pilot, lambda: old.closed == 1)
        asked = len(old.asked)
        await until(pilot, lambda: app.connected is not None and app.connected.session.context == "b")
        await pilot.press("5")
        await until(pilot, shows(app, "new-0"))
        await old.put("pods", pod("old-1"))
        await pilot.pause(0.2)
        assert len(old.asked) == asked
        assert len(reflectors()) <= before
        await until(pilot, hides(app, "old-"))


@pytest.mark.parametrize("turns", range(0, 40, 3))
async def test_a_pane_that_is_asked_for_while_a_session_begins_is_the_one_shown(turns: int) -> None:
    async with running({"a": cluster("old"), "b": cluster("new")}, pane="nodes") as (app, pilot):
        await until(pilot, shows(app, "1 pods"))

        app.connect("b")
        for _ in range(turns):
            await asyncio.sleep(0)
        await app.action_pane("pods")

        await until(pilot, shows(app, "new-0"))
        await pilot.pause(0.05)
        assert [pane.display for pane in app.panes.body.children].count(True) == 1
        assert isinstance(app.current, PodsPane)
        assert app.current.has_focus_within


async def test_a_key_before_the_first_pane_chooses_it() -> None:
    answered = asyncio.Event()

    class Slow(ConnectorInMemory):
        async def contexts(self) -> Sequence[str]:
            await answered.wait()
            return await super().contexts()

    app = KubetuiApp(Slow({"a": cluster("a")}), Options(log_file="~/kubetui.log"), lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, shows(app, "connecting"))
        await pilot.press("5")
        answered.set()
        await until(pilot, shows(app, "a-0"))
        assert isinstance(app.current, PodsPane)


async def test_back_and_forth_nothing_gathers() -> None:
    one, other = cluster("a"), cluster("b")
    async with running({"a": one, "b": other}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "a-0"))
        tasks = len(asyncio.all_tasks())
        for _ in range(5):
            app.connect("b")
            await until(pilot, shows(app, "b-0"))
            app.connect("a")
            await until(pilot, shows(app, "a-0"))
        await pilot.pause(0.1)
        assert len(asyncio.all_tasks()) <= tasks + 2
        assert one.closed == 5
        assert other.closed == 5


async def test_one_can_leave_a_cluster_that_does_not_answer() -> None:
    away = cluster("away")
    for plural in ("pods", "nodes"):
        away.refuses[plural] = Unreachable(f"list {plural}", "away.example did not answer", "is the VPN up?")
    async with running({"away": away, "here": cluster("here")}, pane="pods") as (app, pilot):
        await until(pilot, shows(app, "did not answer"))
        app.connect("here")
        await until(pilot, shows(app, "here-0"))
