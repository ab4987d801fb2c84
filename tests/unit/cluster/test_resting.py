"""What is read anew only every few minutes notices as soon as everything else that the server is gone."""

from __future__ import annotations

import json

from kubetui.cluster.errors import Unreachable
from kubetui.cluster.pulse import PERIOD_S
from kubetui.cluster.session import LINGER
from kubetui.cluster.transport import Answer, Request
from kubetui.kinds.namespace import NAMESPACE
from kubetui.kinds.served_kind import SERVED_KIND
from kubetui.store.state import Phase
from tests.fake_clock import FakeClock, settle
from tests.unit.cluster.test_session import Server, session_of

_GROUP = {
    "metadata": {"name": ""},
    "versions": [
        {
            "version": "v1",
            "resources": [
                {
                    "resource": "services",
                    "responseKind": {"kind": "Service"},
                    "scope": "Namespaced",
                    "verbs": ["list", "watch"],
                }
            ],
        }
    ],
}


class Discoverable(Server):
    """Has one kind; can be gone."""

    def __init__(self) -> None:
        super().__init__("a")
        self.gone = False

    async def send(self, request: Request) -> Answer:
        if self.gone:
            self.asked.append(request)
            raise Unreachable(request.tried, "connection refused by 10.0.0.1:443")
        if request.path in ("/api", "/apis"):
            self.asked.append(request)
            items = [_GROUP] if request.path == "/api" else []
            return Answer(200, json.dumps({"kind": "APIGroupDiscoveryList", "items": items}).encode(), "", {})
        return await super().send(request)

    def pulses(self) -> int:
        return sum(request.path == "/readyz" for request in self.asked)


async def test_kinds_are_stale_soon_after_the_server_went_and_live_again_after_it_came() -> None:
    server, clock = Discoverable(), FakeClock()
    session = session_of(server, clock)
    store = session.open(SERVED_KIND).store

    def phase() -> Phase:
        return store.state.phase

    await settle()
    assert (phase(), len(store)) == (Phase.LIVE, 1)

    server.gone = True
    await clock.advance(PERIOD_S)
    await settle()
    assert phase() is Phase.STALE
    assert "connection refused" in store.state.reason
    assert len(store) == 1, "what is known stays"

    server.gone = False
    session.retry_now()
    await settle()
    assert phase() is Phase.LIVE
    await session.close()


async def test_nobody_is_asked_for_its_pulse_for_the_sake_of_kinds_that_nobody_looks_at() -> None:
    server, clock = Discoverable(), FakeClock()
    session = session_of(server, clock)
    lease = session.open(SERVED_KIND)
    await settle()
    await clock.advance(PERIOD_S)
    assert server.pulses() == 1

    lease.close()
    await clock.advance(LINGER + PERIOD_S)
    assert server.pulses() == 1
    await session.close()


async def test_a_watch_on_a_direct_connection_is_left_alone() -> None:
    """TCP tells it: a slow answer to a question of ours is no reason to cut it."""
    server, clock = Discoverable(), FakeClock()
    session = session_of(server, clock)
    session.open(SERVED_KIND)
    watched = session.open(NAMESPACE).store
    await settle()

    server.gone = True
    await clock.advance(PERIOD_S)
    await settle()
    assert watched.state.phase is Phase.LIVE
    await session.close()


async def test_a_session_without_kinds_asks_for_no_pulse() -> None:
    server, clock = Discoverable(), FakeClock()
    session = session_of(server, clock)
    session.open(NAMESPACE)
    await clock.advance(10 * PERIOD_S)
    assert server.pulses() == 0
    await session.close()
