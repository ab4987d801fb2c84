"""A session starts a reflector for the first asker, stops an unused one later, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest

from kubetui.cluster.errors import NotKubernetes
from kubetui.cluster.session import LINGER, LINGER_ONE, Scope, Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from kubetui.kinds.namespace import NAMESPACE
from kubetui.kinds.pod import POD
from kubetui.store.state import Phase
from tests.fake_clock import FakeClock, settle


class Server:
    """A transport over a list of names that never changes; its watches stay open and silent."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.asked: list[Request] = []
        self.watching = 0
        self.closed = False

    async def send(self, request: Request) -> Answer:
        self.asked.append(request)
        await asyncio.sleep(0)
        if request.path == "/version":
            return Answer(200, b'{"gitVersion": "v1.36.3"}', "application/json", {})
        items = [{"metadata": {"name": name, "namespace": "x", "resourceVersion": "1"}} for name in self.names]
        body = json.dumps({"metadata": {"resourceVersion": "5"}, "items": items})
        return Answer(200, body.encode(), "application/json", {})

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Server]:
        self.asked.append(request)
        self.watching += 1
        try:
            yield self
        finally:
            self.watching -= 1

    async def chunks(self) -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    async def close(self) -> None:
        self.closed = True


def session_of(server: Server, clock: FakeClock) -> Session:
    return Session("lab", server, Traffic(clock), clock, Random(1))


def tasks() -> set[asyncio.Task[object]]:
    return asyncio.all_tasks() - {asyncio.current_task()}


async def test_the_first_asker_starts_a_reflector_and_the_second_shares_it() -> None:
    server, clock = Server("a", "b"), FakeClock()
    session = session_of(server, clock)

    first, second = session.open(NAMESPACE), session.open(NAMESPACE)
    await settle()

    assert first.store is second.store
    assert server.watching == 1
    assert {row.name for row in first.store} == {"a", "b"}
    await session.close()


async def test_a_store_given_back_lingers_and_then_stops() -> None:
    server, clock = Server("a"), FakeClock()
    session = session_of(server, clock)
    lease = session.open(NAMESPACE)
    await settle()

    lease.close()
    lease.close()
    await clock.advance(LINGER - 1)
    assert server.watching == 1
    again = session.open(NAMESPACE)
    assert again.store is lease.store
    await clock.advance(LINGER + 1)
    assert server.watching == 1, "it is in use again"

    again.close()
    await clock.advance(LINGER + 1)
    assert (server.watching, session.open_stores) == (0, 0)
    await session.close()


async def test_a_store_of_one_object_lingers_shorter() -> None:
    server, clock = Server("a"), FakeClock()
    session = session_of(server, clock)
    lease = session.open(NAMESPACE, Scope(fields="metadata.name==a"))
    await settle()

    lease.close()
    await clock.advance(LINGER_ONE + 1)
    assert (server.watching, session.open_stores) == (0, 0)
    await session.close()


async def test_closing_leaves_no_task_and_no_connection() -> None:
    server, clock = Server("a"), FakeClock()
    before = tasks()
    session = session_of(server, clock)
    session.open(NAMESPACE)
    session.open(POD, Scope(frozenset({"x", "y"}))).close()
    await settle()
    assert server.watching == 3

    await session.close()
    await settle()

    assert (server.watching, server.closed) == (0, True)
    assert tasks() == before


async def test_two_sessions_live_side_by_side() -> None:
    clock = FakeClock()
    one, two = Server("a"), Server("b", "c")
    first, second = session_of(one, clock), session_of(two, clock)
    here, there = first.open(NAMESPACE), second.open(NAMESPACE)
    await settle()

    await first.close()
    await settle()

    assert {row.name for row in here.store} == {"a"}
    assert {row.name for row in there.store} == {"b", "c"}
    assert there.store.state.phase is Phase.LIVE
    assert (one.watching, two.watching) == (0, 1)
    await second.close()


async def test_several_namespaces_are_asked_for_one_by_one() -> None:
    server, clock = Server("a"), FakeClock()
    session = session_of(server, clock)
    session.open(POD, Scope(frozenset({"x", "y"}), labels="app=a"))
    await settle()

    lists = {request.path for request in server.asked if ("watch", "true") not in request.query}
    assert lists == {"/api/v1/namespaces/x/pods", "/api/v1/namespaces/y/pods"}
    assert all(("labelSelector", "app=a") in request.query for request in server.asked)
    await session.close()


async def test_the_version_is_read_and_a_page_in_its_place_is_named() -> None:
    server, clock = Server(), FakeClock()
    session = session_of(server, clock)
    assert await session.version() == "v1.36.3"

    async def page(request: Request) -> Answer:
        return Answer(200, b"<html>", "application/json", {})

    server.send = page  # type: ignore[method-assign]  # the test answers otherwise
    with pytest.raises(NotKubernetes):
        await session.version()
    await session.close()


async def test_a_store_of_all_is_told_of_only_once_its_keys_are_in() -> None:
    server, clock = Server("a"), FakeClock()
    session = session_of(server, clock)
    assert session.store_of(NAMESPACE) is None
    lease = session.open(NAMESPACE)
    assert session.store_of(NAMESPACE) is None
    await settle()

    assert session.store_of(NAMESPACE) is lease.store
    await session.close()


async def test_a_defect_becomes_a_state_and_not_a_silent_pane() -> None:
    server, clock = Server("a"), FakeClock()
    session = session_of(server, clock)

    async def broken(request: Request) -> Answer:
        raise ZeroDivisionError

    server.send = broken  # type: ignore[method-assign]  # the test breaks it
    lease = session.open(NAMESPACE)
    await settle()

    assert lease.store.state.phase is Phase.FAILED
    assert "ZeroDivisionError" in lease.store.state.reason
    await session.close()
