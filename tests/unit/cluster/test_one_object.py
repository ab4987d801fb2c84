"""One object for an account that may get it and not list it: asked for by name, watched where that is allowed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest

from kubetui.cluster.errors import Forbidden
from kubetui.cluster.list_watch import Selection
from kubetui.cluster.one_object import POLL_PAUSE, name_in
from kubetui.cluster.session import Scope, Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from kubetui.kinds.pod import POD
from kubetui.store.state import Phase
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import ClusterInMemory, pod

SCOPE = Scope(frozenset({"shop"}), fields="metadata.name=web-0")


class OnlyGet(ClusterInMemory):
    """``get`` is allowed; ``verbs`` too."""

    def __init__(self, *verbs: str) -> None:
        super().__init__([pod("web-0", "shop"), pod("web-1", "shop")])
        self.clock = FakeClock()
        self.verbs = {*verbs, "get"}

    def session(self) -> Session:
        return Session("memory", self, Traffic(self.clock), self.clock, Random(1))

    async def send(self, request: Request) -> Answer:
        self._check("get" if request.path.endswith("/web-0") else "list", request)
        return await super().send(request)

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Any]:
        self._check("watch", request)
        async with super().stream(request) as watch:
            yield watch

    def _check(self, verb: str, request: Request) -> None:
        if verb not in self.verbs:
            raise Forbidden(request.tried, f"403: may not {verb}", status=403)

    def count(self, verb: str) -> int:
        return sum(request.tried.startswith(f"{verb} ") for request in self.asked)


async def test_it_is_got_again_and_again_where_nothing_else_is_allowed() -> None:
    cluster = OnlyGet()
    session = cluster.session()
    lease = session.open(POD, SCOPE)
    await cluster.clock.advance(1)
    assert [row.name for row in lease.store] == ["web-0"]
    assert (lease.store.state.phase, lease.store.state.missing) == (Phase.LIVE, "")
    await cluster.put("pods", pod("web-0", "shop", restarts=3))
    await cluster.clock.advance(POLL_PAUSE + 1)
    assert [row.restarts for row in lease.store] == [3]
    await cluster.delete("pods", "shop", "web-0")
    await cluster.clock.advance(POLL_PAUSE + 1)
    assert len(lease.store) == 0
    # a look each ten seconds and no more
    await cluster.clock.advance(60)
    assert cluster.count("get") <= 10
    await session.close()


async def test_it_is_watched_where_that_is_allowed() -> None:
    cluster = OnlyGet("watch")
    session = cluster.session()
    lease = session.open(POD, SCOPE)
    await cluster.clock.advance(1)
    await cluster.put("pods", pod("web-0", "shop", restarts=3))
    await cluster.clock.advance(0.1)
    assert [row.restarts for row in lease.store] == [3]
    assert (cluster.count("get"), cluster.count("watch")) == (1, 1)
    await session.close()


async def test_who_may_list_is_not_asked_twice() -> None:
    cluster = OnlyGet("list", "watch")
    session = cluster.session()
    lease = session.open(POD, SCOPE)
    await cluster.clock.advance(1)
    assert [row.name for row in lease.store] == ["web-0"]
    assert (cluster.count("list"), cluster.count("get")) == (1, 0)
    await session.close()


async def test_who_may_not_even_get_it_is_told_so() -> None:
    cluster = OnlyGet()
    cluster.verbs.clear()
    session = cluster.session()
    lease = session.open(POD, SCOPE)
    await cluster.clock.advance(1)
    assert lease.store.state.phase is Phase.FORBIDDEN
    assert "list pods in shop" in lease.store.state.reason
    await session.close()


@pytest.mark.parametrize(
    ("selection", "name"),
    [
        (Selection("shop", fields="metadata.name=web-0"), "web-0"),
        (Selection(None, fields="metadata.name=web-0"), ""),
        (Selection("shop", "app=web", "metadata.name=web-0"), ""),
        (Selection("shop", fields="metadata.name=web-0,spec.nodeName=n"), ""),
        (Selection("shop", fields="spec.nodeName=n"), ""),
    ],
)
def test_only_one_name_in_one_namespace_is_one_object(selection: Selection, name: str) -> None:
    assert name_in(selection) == name
