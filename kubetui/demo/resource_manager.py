"""The demo's Azure Resource Manager: HTTP on 127.0.0.1, what ARM answers about the machines under the nodes."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

import msgspec
from aiohttp import web

from kubetui.demo import resource_documents as documents
from kubetui.demo.fleet import Fleet
from kubetui.demo.pools import CLUSTER, NODE_RESOURCE_GROUP, RESOURCE_GROUP, SUBSCRIPTION
from kubetui.demo.world import World

_HOST: Final = "127.0.0.1"
_PAGE: Final = 100
_COMPUTE: Final = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/{NODE_RESOURCE_GROUP}/providers/microsoft.compute"
_INSTANCES: Final = re.compile(
    rf"{re.escape(_COMPUTE)}/virtualmachinescalesets/(?P<set>[^/]+)/virtualmachines", re.IGNORECASE
)
_ALLOWANCE: Final = 3750


class ResourceManager:
    """Answers a static token; ``start`` and ``stop``."""

    def __init__(self, world: World) -> None:
        self.token = secrets.token_urlsafe(24)
        self.url = ""
        self._world = world
        self._left = _ALLOWANCE
        self._runner: web.AppRunner | None = None
        fixed: dict[str, Callable[[], Any]] = {
            f"{_COMPUTE}/virtualMachineScaleSets": self._sets,
            f"{_COMPUTE}/virtualMachines": list,
        }
        self._lists = {path.casefold(): make for path, make in fixed.items()}
        group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/"
        cluster = f"{group}{RESOURCE_GROUP}/providers/Microsoft.ContainerService/managedClusters/{CLUSTER}"
        self._objects: dict[str, Callable[[], Any]] = {
            f"{group}{NODE_RESOURCE_GROUP}".casefold(): documents.resource_group,
            cluster.casefold(): self._cluster,
        }

    async def start(self) -> None:
        """Serve on a free port."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, _HOST, 0)
        await site.start()
        self.url = f"http://{_HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Serve no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._left -= 1
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return self._error(401, "InvalidAuthenticationToken", "The access token is invalid.")
        if "api-version" not in request.query:
            return self._error(400, "MissingApiVersionParameter", "The api-version query parameter is required.")
        path = request.path.casefold()
        if path in self._objects:
            return self._json(self._objects[path]())
        if path in self._lists:
            return self._page(request, self._lists[path]())
        found = _INSTANCES.fullmatch(request.path)
        machines = self._instances(found["set"], "expand" in str(request.query)) if found else None
        if machines is None:
            return self._error(404, "ResourceNotFound", f"The Resource '{request.path}' was not found.")
        return self._page(request, machines)

    @property
    def _fleet(self) -> Fleet:
        return self._world.fleet

    def _sets(self) -> list[Any]:
        fates = self._world.machines
        lone = [one.pool.name for one in fates.lone.values()]
        return [
            documents.scale_set(
                pool,
                len(self._fleet.of_pool(pool.name)) + lone.count(pool.name),
                "Updating" if pool.name in fates.upgrading else "Succeeded",
            )
            for pool in self._fleet.pools.values()
        ]

    def _instances(self, scale_set: str, view: bool) -> list[Any] | None:
        name = scale_set.casefold()
        latest = next((pool for pool in self._fleet.pools.values() if pool.scale_set.casefold() == name), None)
        if latest is None:
            return None
        fates = self._world.machines
        found = [
            (node.instance, documents.instance(
                node.pool, node.instance, node.state.created, latest, fates.of(node.name), view
            ))
            for node in self._fleet.of_pool(latest.name)
        ]  # fmt: skip
        found += [
            (one.number, documents.instance(one.pool, one.number, one.created, latest, one.fate, view))
            for one in fates.lone.values()
            if one.pool.name == latest.name
        ]
        return [document for _, document in sorted(found, key=lambda pair: pair[0])]

    def _cluster(self) -> Any:
        return documents.managed_cluster(self._fleet, frozenset(self._world.machines.upgrading))

    def _page(self, request: web.Request, items: list[Any]) -> web.StreamResponse:
        skipped = request.query.get("$skiptoken", "0")
        start = int(skipped) if skipped.isdecimal() else 0
        body: dict[str, Any] = {"value": items[start : start + _PAGE]}
        if start + _PAGE < len(items):
            kept = {name: text for name, text in request.query.items() if name != "$skiptoken"}
            query = "&".join(f"{name}={quote(text)}" for name, text in kept.items())
            body["nextLink"] = f"{self.url}{request.path}?{query}&$skiptoken={start + _PAGE}"
        return self._json(body)

    def _json(self, body: Any, status: int = 200) -> web.StreamResponse:
        headers = {"x-ms-ratelimit-remaining-subscription-global-reads": str(max(0, self._left))}
        return web.Response(
            body=msgspec.json.encode(body), status=status, content_type="application/json", headers=headers
        )

    def _error(self, status: int, code: str, message: str) -> web.StreamResponse:
        return self._json({"error": {"code": code, "message": message}}, status)
