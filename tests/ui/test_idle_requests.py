"""What a minute costs the API server in which nothing changes and somebody looks: requests, watches apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest
from textual.pilot import Pilot

from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Request
from kubetui.commands.place import ClusterPlace
from kubetui.ui.app import KubetuiApp
from kubetui.ui.connector import Connected
from kubetui.ui.options import Options
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import ClusterInMemory, ConnectorInMemory, node, pod
from tests.ui.metrics_in_memory import ClusterWithMetrics
from tests.ui.overview_in_memory import Watched
from tests.ui.test_app import shows, until

POOLS = ("system", "general")


class OnAClock(ConnectorInMemory):
    """Sessions that live by a clock which the test moves."""

    def __init__(self, cluster: ClusterInMemory, clock: FakeClock) -> None:
        super().__init__({"aks-prod": cluster})
        self._cluster, self._clock = cluster, clock

    async def connect(self, context: str | None) -> Connected:
        session = Session("aks-prod", self._cluster, Traffic(self._clock), self._clock, Random(1))
        return Connected(session, "", place=ClusterPlace("aks-prod"))


class Idle(ClusterWithMetrics, Watched):
    """Metrics, kubelets and the API server's own checks, and nothing that changes."""


def cluster() -> Idle:
    nodes = [node(f"aks-{pool}-12345678-vmss00000{n}", pool) for pool in POOLS for n in range(3)]
    names = [one["metadata"]["name"] for one in nodes]
    found = Idle([pod(f"web-{n}", "team-00", node=names[n % 6]) for n in range(12)], nodes, ["team-00"])
    for name in names:
        found.use_node(name, 100, 100)
    for n in range(12):
        found.use_pod("team-00", f"web-{n}", 10, 10, names[n % 6])
    return found


@asynccontextmanager
async def looking(
    pane: str, here: ClusterInMemory, clock: FakeClock | None = None
) -> AsyncIterator[tuple[KubetuiApp, Pilot[None], FakeClock]]:
    clock = clock or FakeClock()
    app = KubetuiApp(OnAClock(here, clock), Options(pane=pane, all_namespaces=True), clock.now)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, shows(app, "live"))
        yield app, pilot, clock


async def asked_in(minutes: int, pilot: Pilot[None], clock: FakeClock, here: ClusterInMemory) -> list[Request]:
    """Requests of so many minutes, a tick each second; watches left out."""
    await clock.advance(5)
    await pilot.pause(0.05)
    begun = len(here.asked)
    for _ in range(60 * minutes):
        await clock.advance(1)
        await pilot.pause(0)
    return [request for request in here.asked[begun:] if ("watch", "true") not in request.query]


@pytest.mark.parametrize("level", ["nodes", "pods", "containers", "node pools", "namespaces", "workloads"])
async def test_top_asks_twelve_times_a_minute_at_most(level: str) -> None:
    here = cluster()
    async with looking("top", here) as (app, pilot, clock):
        while app.current is not None and not app.current.heading.startswith(f"Top  {level}"):
            await pilot.press("t")
        await until(pilot, shows(app, f"Top  {level}"))
        await until(pilot, shows(app, " CPU, "))

        asked = await asked_in(3, pilot, clock, here)

        metrics = [request for request in asked if "/metrics.k8s.io/" in request.path]
        assert len(metrics) >= 3 * 3, "somebody looks: samples are listed as they are made"
        assert len(asked) <= 12 * 3, [request.tried for request in asked]


@pytest.mark.parametrize(
    ("pane", "text"),
    [
        ("pods", "web-11"),
        ("nodes", "vmss000002"),
        ("daemonsets", "Daemon"),
        ("deployments", "Deploy"),
        ("events", "Ev"),
    ],
)
async def test_a_table_asks_six_times_a_minute_at_most(pane: str, text: str) -> None:
    here = cluster()
    async with looking(pane, here) as (app, pilot, clock):
        await until(pilot, shows(app, text))

        asked = await asked_in(3, pilot, clock, here)

        assert len(asked) <= 6 * 3, [request.tried for request in asked]


async def test_the_overview_asks_fourteen_times_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an Overview whose own checks live by the same clock
    here, its = cluster(), FakeClock()
    monkeypatch.setattr("kubetui.ui.panes.overview.SystemClock", lambda: its)
    async with looking("overview", here, its) as (app, pilot, clock):
        await until(pilot, shows(app, "What is wrong"))

        asked = await asked_in(3, pilot, clock, here)

        assert any(request.path.startswith("/readyz") for request in asked), "its own checks go on"
        assert len(asked) <= 14 * 3, [request.tried for request in asked]
