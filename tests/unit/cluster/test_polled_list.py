"""Metrics can't be watched: a session lists them again and again while somebody looks, and says what it sees."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random

from kubetui.cluster.errors import ApiError, NotFound, Overloaded
from kubetui.cluster.session import Lease, Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request, Stream
from kubetui.kinds.node_metrics import NODE_METRICS, NodeMetricsRow
from kubetui.store.state import Phase, SyncState
from tests.fake_clock import FakeClock, settle


class MetricsServer:
    """Serves samples of nodes; ``trouble`` instead, while there is any."""

    def __init__(self) -> None:
        self.samples = {"a": "2026-11-20T12:00:00Z", "b": "2026-11-20T12:00:00Z"}
        self.trouble: ApiError | None = None
        self.lists = 0

    async def send(self, request: Request) -> Answer:
        assert request.path == "/apis/metrics.k8s.io/v1beta1/nodes"
        self.lists += 1
        if self.trouble is not None:
            raise self.trouble
        items = [
            {"metadata": {"name": name}, "timestamp": at, "usage": {"cpu": "1n", "memory": "1Ki"}}
            for name, at in self.samples.items()
        ]
        return Answer(200, json.dumps({"metadata": {}, "items": items}).encode(), "application/json", {})

    def stream(self, request: Request) -> AbstractAsyncContextManager[Stream]:
        raise AssertionError("metrics have no watch")

    async def close(self) -> None:
        pass


@asynccontextmanager
async def opened(server: MetricsServer, clock: FakeClock) -> AsyncIterator[Session]:
    session = Session("lab", server, Traffic(clock), clock, Random(1))
    try:
        yield session
    finally:
        await session.close()


def phase_of(lease: Lease[NodeMetricsRow]) -> Phase:
    return lease.store.state.phase


async def test_samples_are_listed_again_and_stay_live_meanwhile() -> None:
    server, clock = MetricsServer(), FakeClock()
    async with opened(server, clock) as session:
        lease = session.open(NODE_METRICS)
        await settle()
        assert {row.name for row in lease.store} == {"a", "b"}
        states: list[SyncState] = []
        lease.store.on_change(lambda: states.append(lease.store.state))

        server.samples = {"a": "2026-11-20T12:00:15Z"}
        await clock.advance(15.0)
        await settle()

        assert server.lists == 2
        assert {row.name for row in lease.store} == {"a"}
        assert {state.phase for state in states} == {Phase.LIVE}
        lease.close()


async def test_without_metrics_server_the_store_says_so() -> None:
    server, clock = MetricsServer(), FakeClock()
    server.trouble = NotFound("list nodes.metrics.k8s.io", "404", status=404, reason="NotFound")
    async with opened(server, clock) as session:
        lease = session.open(NODE_METRICS)
        await settle()

        assert lease.store.state.phase is Phase.NOT_INSTALLED
        lease.close()


async def test_while_metrics_server_is_down_the_last_samples_stay_and_are_stale() -> None:
    server, clock = MetricsServer(), FakeClock()
    async with opened(server, clock) as session:
        lease = session.open(NODE_METRICS)
        await settle()

        server.trouble = Overloaded("list nodes.metrics.k8s.io", "503", status=503, reason="ServiceUnavailable")
        await clock.advance(15.0)
        await settle()

        assert len(lease.store) == 2
        assert phase_of(lease) is Phase.STALE

        server.trouble = None
        await clock.advance(60.0)
        await settle()
        assert phase_of(lease) is Phase.LIVE
        lease.close()
