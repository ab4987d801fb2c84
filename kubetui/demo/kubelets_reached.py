"""The way from the API server to a node's kubelet: the tunnel, the node, and the words when it cannot be gone."""

from __future__ import annotations

import asyncio
from random import Random

from kubetui.demo.clock import Clock
from kubetui.demo.fleet import Node
from kubetui.demo.status import ApiError, not_found
from kubetui.demo.world import World

PORT = 10250
_DIAL_SECONDS = 10.0
"""Real seconds until a dial through the tunnel to a machine that is gone is given up."""
_QUICK, _SLOW = 0.003, 0.03
"""Real seconds that the way there and back takes."""
_PROXY = "proxy error from localhost:9443 while dialing"


class Unreachable(Exception):
    """The dial failed; the message is Go's."""


class KubeletsReached:
    """Dials kubelets through the tunnel."""

    def __init__(self, world: World, pace: Clock) -> None:
        """``pace``: the clients' clock, for the time that a failing dial takes."""
        self._world = world
        self._pace = pace
        self._rng = Random(world.options.seed)  # noqa: S311 - a simulation, no secrets

    async def dial(self, name: str, port: int = PORT) -> Node:
        """The node with that name, its kubelet answering. Raises ``Unreachable``, ``ApiError`` 404 for no such node."""
        node = self._world.fleet.nodes.get(name)
        if node is None:
            raise not_found("nodes", "", name)
        address = f"{node.state.ip}:{port}"
        if not self._world.tunnel:
            raise Unreachable(f"{_PROXY} {address}, code 503: 503 Service Unavailable")
        if not node.kubelet:
            if gone(node):
                await self._pace.sleep(_DIAL_SECONDS)
                raise Unreachable(f"{_PROXY} {address}, code 504: 504 Gateway Timeout")
            raise Unreachable(f"{_PROXY} {address}, code 502: 502 Bad Gateway")
        if port != PORT:
            raise Unreachable(f"dial tcp {address}: connect: connection refused")
        await self._pace.sleep(self._rng.uniform(_QUICK, _SLOW))
        await self._trouble(node)
        return node

    async def _trouble(self, node: Node) -> None:
        trouble = self._world.troubled_kubelets.get(node.name)
        if trouble is None:
            return
        if trouble.never:
            await asyncio.Event().wait()  # until the client leaves
        await self._pace.sleep(trouble.late)

    def connected(self, name: str) -> bool:
        """A connection that was open is still."""
        node = self._world.fleet.nodes.get(name)
        return node is not None and node.kubelet and self._world.tunnel


def gone(node: Node) -> bool:
    """The machine itself is away: nothing refuses a connection, it just times out."""
    condition = node.state.condition("VMEventScheduled")
    return condition is not None and condition.status == "True"


def get_failed(url: str, problem: Unreachable) -> ApiError:
    """What the API server makes of it when it asks the kubelet itself: 500 without a reason."""
    return ApiError(500, "", f'Get "{url}": {problem}')


def proxy_failed(problem: Unreachable) -> ApiError:
    """What its proxy makes of it."""
    return ApiError(503, "ServiceUnavailable", f"error trying to reach service: {problem}")
