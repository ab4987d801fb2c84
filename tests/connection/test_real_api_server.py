"""What the network does between us and a real API server, over TLS: afterwards the store equals the server, and where
a resume was possible nothing was listed anew.

Real time: the pauses are the program's own, some seconds each.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any

import pytest

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.connect import open_transport
from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.cluster.session import Lease, Scope, Session
from kubetui.cluster.traffic import Traffic
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.store.state import Phase
from tests.cluster.control_plane import ControlPlane
from tests.connection.fault_proxy import FaultProxy, fault_proxy

pytestmark = pytest.mark.cluster

PATIENCE, LOOK = 60.0, 0.05
"""Seconds after which a wait has failed, and between looks."""


@dataclass
class RealLab:
    """A namespace of a real API server, a bad network, and a session at the other end."""

    plane: ControlPlane
    namespace: str
    proxy: FaultProxy
    session: Session
    pods: Lease[PodRow]
    _numbers: Any

    @property
    def _path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/pods"

    def change(self) -> None:
        """A pod comes, one changes, one goes."""
        name = f"pod-{next(self._numbers)}"
        spec = {"containers": [{"name": "main", "image": "nothing"}], "nodeSelector": {"no": "where"}}
        for suffix in ("a", "b"):
            self.plane.admin.post(self._path, {"metadata": {"name": f"{name}-{suffix}"}, "spec": spec})
        self.plane.admin.patch(f"{self._path}/{name}-a", {"metadata": {"labels": {"seen": "yes"}}})
        self.plane.admin.delete(f"{self._path}/{name}-b?gracePeriodSeconds=0")

    @property
    def equal(self) -> bool:
        """Whether the store holds what the server holds, object by object and version by version."""
        items = self.plane.admin.get(self._path)["items"]
        served = {one["metadata"]["name"]: int(one["metadata"]["resourceVersion"]) for one in items}
        return {row.name: row.version for row in self.pods.store} == served

    def asked(self, verb: str) -> int:
        """How often pods were listed (GET) or a watch was begun (WATCH)."""
        shapes = self.session.traffic.shapes()
        return sum(one.requests for shape, one in shapes.items() if shape.startswith(verb) and shape.endswith("/pods"))

    async def until(self, what: str, true: Callable[[], bool]) -> None:
        """Real time passes until something is so."""
        for _ in range(int(PATIENCE / LOOK)):
            if true():
                return
            await asyncio.sleep(LOOK)
        raise AssertionError(f"not {what} within {PATIENCE:.0f} s: {self.pods.store.state}")

    async def in_step(self) -> None:
        """Until the store is live and equal."""
        await self.until("in step", lambda: self.pods.store.state.phase is Phase.LIVE and self.equal)

    async def out_of_step(self) -> None:
        """Until it says that it is not live."""
        await self.until("out of step", lambda: self.pods.store.state.phase is not Phase.LIVE)


@asynccontextmanager
async def real_lab(plane: ControlPlane, namespace: str) -> AsyncIterator[RealLab]:
    clock = SystemClock()
    async with fault_proxy(plane.port, clock) as proxy:
        target = KubeConfig.load(plane.admin_kubeconfig, os.environ).context()
        traffic = Traffic(clock)
        through = replace(target, server=f"https://127.0.0.1:{proxy.port}")
        transport = await open_transport(through, clock, traffic, {})
        session = Session("lab", transport, traffic, clock, Random(1))
        try:
            lease = session.open(POD, Scope(frozenset({namespace})))
            made = RealLab(plane, namespace, proxy, session, lease, count())
            for _ in range(2):  # what a list brings, and what the watch does: only then there is something to cut
                made.change()
                await made.in_step()
            yield made
        finally:
            await session.close()


async def cut(lab: RealLab) -> None:
    lab.proxy.cut()


async def cut_again_and_again(lab: RealLab) -> None:
    for _ in range(5):
        lab.proxy.cut()
        lab.change()
        await asyncio.sleep(0.3)


async def no_way_for_some_seconds(lab: RealLab) -> None:
    await lab.proxy.refuse()
    await lab.out_of_step()
    lab.change()
    await asyncio.sleep(3.0)
    await lab.proxy.listen()


async def answers_that_break_off(lab: RealLab) -> None:
    lab.proxy.most = 4000  # past the handshake, some way into an answer
    lab.proxy.cut()
    lab.change()
    await asyncio.sleep(3.0)
    lab.proxy.heal()
    lab.proxy.cut()


async def slow_link(lab: RealLab) -> None:
    lab.proxy.latency = 0.5
    lab.proxy.cut()
    lab.change()
    await asyncio.sleep(2.0)


async def api_server_restart(lab: RealLab) -> None:
    await asyncio.to_thread(lab.plane.stop_api_server)
    await lab.out_of_step()
    await asyncio.to_thread(lab.plane.start_api_server)


FAULTS: list[Callable[[RealLab], Awaitable[None]]] = [
    cut,
    cut_again_and_again,
    no_way_for_some_seconds,
    answers_that_break_off,
    slow_link,
    api_server_restart,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_after_the_fault_the_store_equals_the_server_with_no_new_list(
    control_plane: ControlPlane, namespace: str, fault: Callable[[RealLab], Awaitable[None]]
) -> None:
    async with real_lab(control_plane, namespace) as lab:
        lists, watches = lab.asked("GET"), lab.asked("WATCH")
        await fault(lab)
        lab.change()
        await lab.in_step()
        assert lab.asked("WATCH") > watches, "the fault reached nobody"
        # A restarted API server may have forgotten the version (410): then one list is right, and only one.
        assert lab.asked("GET") - lists <= (1 if fault is api_server_restart else 0)
