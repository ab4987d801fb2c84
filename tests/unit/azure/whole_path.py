"""The whole way from a credential to what the Nodes pane says, beside the demo's world and its resource manager.

Real: ``az`` as a script under azure-identity's own AzureCliCredential, azure-core's pipeline over HTTP, pages,
decoding, feed, join and words. A test turns the clock.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from kubetui.azure.machine_feed import PERIOD, MachineFeed, SignIn
from kubetui.azure.machines_of import machines_of
from kubetui.demo.azure_faults import AzureEffect, AzureFault
from kubetui.demo.resource_manager import ResourceManager
from kubetui.demo.resources import NODES
from kubetui.kinds.node_row import NodeRow, decode_item, node_row
from kubetui.ui.node_machines import NodeMachines
from tests.demo.worlds import Lived
from tests.fake_clock import FakeClock
from tests.unit.azure.test_cluster_tokens import Host, az_answer

SECONDS = 30.0
"""Real seconds for an answer over the loopback, at most."""
FOR_EVER = 1000


class WholePath:
    """What a test turns and looks at."""

    def __init__(self, lived: Lived, azure: ResourceManager, feed: MachineFeed, host: Host) -> None:
        self.lived, self.azure, self.feed = lived, azure, feed
        self.clock, self.environ = host.clock, host.environ
        self._told = asyncio.Event()
        self.pane = NodeMachines(feed, self._told.set)
        self.nodes = rows(lived)

    async def look(self) -> str:
        """Wait for the next look at Azure; what the pane's heading says then."""
        self.pane.follow(self.nodes, self.clock.now(), moved=True)
        await asyncio.wait_for(self._told.wait(), SECONDS)
        self._told.clear()
        self.pane.follow(self.nodes, self.clock.now(), moved=False)
        return self.words

    async def look_after(self, seconds: float = PERIOD) -> str:
        """The next look, that many seconds later; somebody looks all the while."""
        await self.pass_time(seconds)
        return await self.look()

    async def pass_time(self, seconds: float) -> None:
        while seconds > 0:
            await self.clock.advance(min(seconds, 5.0))
            self.feed.seen()
            seconds -= 5.0

    @property
    def words(self) -> str:
        return self.pane.words(self.clock.now())

    def spoil(self, effect: AzureEffect, path: str = "*", count: int = FOR_EVER) -> None:
        self.azure.faults.arm(AzureFault(effect, path, count))

    @property
    def powers(self) -> list[str]:
        """Of each node's machine, where one is known."""
        return [one.power for one in self.pane.joined.of_node.values()]


def rows(lived: Lived) -> list[NodeRow]:
    return [node_row(decode_item(json.dumps(body).encode())) for body in lived.all(NODES)]


@asynccontextmanager
async def whole_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch, az: Callable[[str, float], str] = az_answer, **world: Any
) -> AsyncIterator[WholePath]:
    """``az``: the script's body, of a token that the resource manager takes and when it ends."""
    lived = Lived(**{"pods": 0} | world)
    host = Host(folder, monkeypatch)
    host.clock = FakeClock(lived.clock.time)
    (folder / ".azure").mkdir()
    (folder / ".azure/azureProfile.json").write_text("{}")
    azure = ResourceManager(lived.world, host.clock)
    await azure.start()
    host.az(az(azure.token, host.clock.now() + 86_400))
    own = machines_of(host.target("-l", "devicecode", "-t", "tenant"), host.clock, host.environ)

    def offer() -> SignIn | None:
        """The program's own sign-in, with the loopback's address in the place of the cloud's."""
        found = own.offer()
        return SignIn(azure.url, found.tokens) if found is not None else None

    path = WholePath(lived, azure, MachineFeed(offer, host.clock), host)
    try:
        yield path
    finally:
        path.pane.rest()
        await azure.stop()
