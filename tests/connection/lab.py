"""A world that changes, its API server, a bad network in between, and a session at the other end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random

from kubetui.cluster.http_transport import HttpTransport, Timeouts
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.session import Lease, Session
from kubetui.cluster.token import Credential
from kubetui.cluster.traffic import Traffic
from kubetui.demo.access import User, cluster_reader
from kubetui.demo.api_server import ApiServer
from kubetui.demo.entry import Resource
from kubetui.demo.resources import NODES, PODS
from kubetui.kinds.kind import Key
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.store.state import Phase
from kubetui.store.store import Store
from tests.connection.fault_proxy import FaultProxy, fault_proxy
from tests.demo.worlds import Lived
from tests.fake_clock import FakeClock

PATIENCE = 30.0
"""Real seconds after which a wait has failed."""
PODS_PATH, NODES_PATH = "/api/v1/pods", "/api/v1/nodes"
QUICK = Timeouts(connect=0.5, call=0.5, silence=0.5)
"""Real seconds, for tests in which the network swallows what it is given."""


@dataclass
class Tokens:
    """A source of tokens that end: each call after a rejection gives the next."""

    left: list[str]
    rejected: int = 0

    async def credential(self) -> Credential:
        return Credential(token=self.left[0])

    def reject(self, credential: Credential) -> None:
        if credential.token == self.left[0] and len(self.left) > 1:
            self.left.pop(0)
            self.rejected += 1

    def describe(self) -> str:
        return "a test's tokens"


@dataclass
class Lab:
    """Time is ``clock``'s: nothing happens by itself but what sockets carry."""

    lived: Lived
    server: ApiServer
    proxy: FaultProxy
    session: Session
    clock: FakeClock
    tokens: Tokens
    users: list[User]
    pods: Lease[PodRow] = field(init=False)
    nodes: Lease[NodeRow] = field(init=False)

    def __post_init__(self) -> None:
        self.pods = self.session.open(POD)
        self.nodes = self.session.open(NODE)

    def change(self, seconds: float = 3.0) -> None:
        """The world lives on for a while: pods come, change and go."""
        before = self.lived.storage.version
        self.lived.pass_time(seconds)
        assert self.lived.storage.version > before, "the world stood still"

    @property
    def equal(self) -> bool:
        """Whether both stores hold what the server holds, object by object and version by version."""
        return _held(self.pods.store) == self._served(PODS) and _held(self.nodes.store) == self._served(NODES)

    def _served(self, resource: Resource) -> dict[Key, int]:
        return {(one.namespace, one.name): one.version for one in self.lived.storage.entries(resource)}

    @property
    def live(self) -> bool:
        return {self.pods.store.state.phase, self.nodes.store.state.phase} == {Phase.LIVE}

    @property
    def lists(self) -> int:
        """How often pods were listed."""
        return self.proxy.requests(PODS_PATH, watch=False)

    @property
    def watches(self) -> int:
        """How often a watch of pods was asked for."""
        return self.proxy.requests(PODS_PATH, watch=True)

    async def until(self, true: Callable[[], bool], step: float = 1.0) -> None:
        """Let time pass, a step a turn, until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                await self.clock.advance(step)
                await asyncio.sleep(0.002)

    async def in_step(self) -> None:
        """Until both stores are live and equal the server."""
        await self.until(lambda: self.live and self.equal)

    async def out_of_step(self) -> None:
        """Until the pods' store says that it is not live."""
        await self.until(lambda: self.pods.store.state.phase is not Phase.LIVE)


def _held(store: Store[PodRow] | Store[NodeRow]) -> dict[Key, int]:
    return {(row.namespace, row.name): row.version for row in store}


@asynccontextmanager
async def lab(
    timeouts: Timeouts | None = None, tokens: int = 1, token_lasts: float = float("inf"), changes: float = 10
) -> AsyncIterator[Lab]:
    """All of it, in step. ``tokens``: how many the account has, one after the other, each for so many seconds."""
    clock = FakeClock()
    lived = Lived(nodes=3, pods=60, changes=changes)
    reader = cluster_reader()
    users = [
        replace(reader, name=f"reader-{n}", token=f"token-{n}", expires=clock.now() + (n + 1) * token_lasts)
        for n in range(tokens)
    ]
    server = ApiServer(lived.storage, users, clock=clock, pace=clock, random=Random(1))
    await server.start()
    try:
        async with fault_proxy(server.port, clock) as proxy:
            source = Tokens([user.token for user in users])
            traffic = Traffic(clock)
            target = Target("lab", "", f"http://127.0.0.1:{proxy.port}")
            transport = HttpTransport(target, source, clock, traffic, timeouts=timeouts)
            session = Session("lab", transport, traffic, clock, Random(1))
            try:
                made = Lab(lived, server, proxy, session, clock, source, users)
                await made.in_step()
                yield made
            finally:
                await session.close()
    finally:
        await server.stop()
