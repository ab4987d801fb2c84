"""The Overview with what Azure says of the machines: asked once a minute, told with its cause, silent without."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from kubetui.azure.machine_feed import PERIOD
from kubetui.ui.app import KubetuiApp
from kubetui.ui.panes.nodes import NodesPane
from kubetui.ui.panes.overview import OverviewPane
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import NOW
from tests.ui.overview_in_memory import Watched, aks_node, calm
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, shows, until
from tests.ui.test_node_machines import azure, running
from tests.unit.azure.resource_manager_double import APPS, PLACE, SETS, ResourceManagerDouble, failure

INSTANCES = f"{SETS}/{APPS}/virtualMachines"


@pytest.fixture(autouse=True)
def reader_clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The API server's checks are asked once and take no time."""
    found = FakeClock(NOW)
    monkeypatch.setattr("kubetui.ui.panes.overview.SystemClock", lambda: found)
    return found


def apps_node(number: int, *, ready: bool = True) -> Any:
    """A node of the pool apps on the instance of that number."""
    found = aks_node(f"{APPS}00000{number}", "apps", ready=ready)
    found["spec"]["providerID"] = (
        f"azure:///subscriptions/{PLACE.subscription}/resourceGroups/{PLACE.resource_group}/providers/"
        f"Microsoft.Compute/virtualMachineScaleSets/{APPS}/virtualMachines/{number}"
    )
    return found


def cluster() -> Watched:
    """All is well but for one node, whose VM is off; Azure has an instance more, which never joined."""
    found = calm()
    found.add("nodes", apps_node(3), apps_node(4, ready=False))
    return found


@asynccontextmanager
async def overview(
    double: ResourceManagerDouble, size: tuple[int, int] = (120, 40), **more: Any
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None], FakeClock]]:
    async with running(double, size, here=cluster(), pane="overview", **more) as (app, pilot, clock):
        await until(pilot, shows(app, "NotReady"))
        yield app, pilot, clock


async def pass_time(app: KubetuiApp, pilot: Pilot[None], clock: FakeClock, seconds: float) -> None:
    """Somebody looks all the while."""
    for _ in range(int(seconds // 5)):
        await clock.advance(5)
        app.request_tick()
        await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_at_each_size(size: tuple[int, int]) -> None:
    async with overview(azure(), size) as (app, pilot, _):
        await until(pilot, shows(app, "never joined"))
        await until(pilot, shows(app, "Azure just now"))

        def shown() -> str:
            lines = re.sub(r" +(pods \S+ +)?\d+ req/min", "  N req/min", screen_text(app)).split("\n")
            return "\n".join([lines[0], "(panes)", *lines[2:]])

        await assert_becomes(pilot, f"overview_machines_{size[0]}x{size[1]}", shown)


async def test_a_lost_node_gets_its_reason_when_azure_is_known_and_stays_one_finding() -> None:
    async with overview(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "NotReady: VM deallocated"))

        text = screen_text(app)
        assert text.count(f"{APPS}000004 NotReady") == 1
        assert "instance 74 of pool apps never joined: CSE exit 50 (no outbound)" in text
        assert f"{APPS} --instance-ids 4" in text


async def test_c_copies_the_command_too(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(KubetuiApp, "copy", lambda self, text, what: copied.append(text))
    async with overview(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "NotReady: VM deallocated"))
        await pilot.press("g", "c")

        assert copied[0].split("\n")[-1].endswith(f"-n {APPS} --instance-ids 4")


async def test_enter_leads_to_the_instances_own_line_and_back_and_azure_is_still_followed() -> None:
    double = azure()
    async with overview(double) as (app, pilot, clock):
        await until(pilot, shows(app, "never joined"))
        await pilot.press("g", "j", "enter")
        await until(pilot, lambda: isinstance(app.current, NodesPane))
        await until(pilot, shows(app, "· instance 74"))
        await until(pilot, lambda: isinstance(one := app.current, NodesPane) and "/74" in str(one.table.cursor_key))
        assert double.paths().count(INSTANCES) == 1, "both panes share one look"

        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.current, OverviewPane))
        asked = double.paths().count(INSTANCES)
        await pass_time(app, pilot, clock, PERIOD + 5)
        await until(pilot, lambda: double.paths().count(INSTANCES) == asked + 1)


async def test_an_idle_overview_asks_each_scale_set_once_a_minute() -> None:
    double = azure()
    async with overview(double) as (app, pilot, clock):
        await until(pilot, shows(app, "never joined"))
        begun = len(double.asked)
        await pass_time(app, pilot, clock, 5 * PERIOD)

        asked = double.paths()[begun:]
        assert asked.count(INSTANCES) in (4, 5)
        assert all(asked.count(path) <= 5 for path in set(asked))


async def test_before_its_own_rows_are_in_azure_is_not_asked() -> None:
    double, here = azure(), cluster()
    gate = asyncio.Event()
    send = here.send

    async def late(request: Any) -> Any:
        if request.path.endswith("/daemonsets"):
            await gate.wait()
        return await send(request)

    here.send = late  # type: ignore[method-assign]  # one answer of the cluster in memory comes late
    async with running(double, (120, 40), here=here, pane="overview") as (app, pilot, _):
        await until(pilot, shows(app, "What is wrong"))
        await pilot.pause(0.5)
        assert double.asked == []
        gate.set()
        await until(pilot, shows(app, "never joined"))


async def test_without_a_sign_in_nothing_is_said_of_azure() -> None:
    async with overview(azure(), signed_in=False) as (app, pilot, _):
        await pilot.pause(0.5)

        text = screen_text(app)
        assert "Azure" not in text
        assert "NotReady" in text
        assert "VM is gone" in text


async def test_what_azure_said_long_ago_explains_nothing_any_more() -> None:
    double = azure()
    async with overview(double) as (app, pilot, clock):
        await until(pilot, shows(app, "NotReady: VM deallocated"))
        double.answers[SETS] = failure(500, "InternalServerError", "a bad day")
        await pass_time(app, pilot, clock, 185)

        await until(pilot, hides(app, "VM deallocated"))
        assert f"{APPS}000004 NotReady" in screen_text(app)
