"""The demo's Azure Resource Manager: HTTP on 127.0.0.1, what ARM answers about the machines under the nodes."""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import quote

import msgspec
from aiohttp import web

from kubetui.demo import resource_documents as documents
from kubetui.demo.azure_faults import (
    SIGN_IN_PAGE,
    AzureEffect,
    AzureFaults,
    Elsewhere,
    Endless,
    OddItems,
    OnAList,
    SignInPage,
    refusal,
    with_odd_items,
)
from kubetui.demo.call import Answer
from kubetui.demo.clock import Clock, WallClock
from kubetui.demo.delivery import deliver
from kubetui.demo.faults import Cut, Delay, Html, Reject, Stall, html_page
from kubetui.demo.fleet import Fleet
from kubetui.demo.maintenance_documents import maintenance_configurations
from kubetui.demo.pools import CLUSTER, NODE_RESOURCE_GROUP, RESOURCE_GROUP, SUBSCRIPTION, PoolKind
from kubetui.demo.virtual_machines import Items, VirtualMachines
from kubetui.demo.world import World

_HOST: Final = "127.0.0.1"
_PAGE: Final = 100
_SHUTDOWN_S: Final = 1.0
"""What a request under way gets to end."""
_COMPUTE: Final = (
    f"/subscriptions/{SUBSCRIPTION}/resourcegroups/{NODE_RESOURCE_GROUP}/providers/microsoft.compute".casefold()
)
_INSTANCES: Final = re.compile(
    rf"{re.escape(_COMPUTE)}/virtualmachinescalesets/(?P<set>[^/]+)/virtualmachines", re.IGNORECASE
)
_ALLOWANCE: Final = 3750


class ResourceManager:
    """Answers a static token; ``start`` and ``stop``."""

    def __init__(self, world: World, pace: Clock | None = None) -> None:
        """``pace`` is the clients' time, the machine's unless given."""
        self.token = secrets.token_urlsafe(24)
        self.url = ""
        self.faults = AzureFaults()
        self._pace = pace or WallClock()
        self._world = world
        self._left = _ALLOWANCE
        self._runner: web.AppRunner | None = None
        self._machines = VirtualMachines(world)
        group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/"
        cluster = f"{group}{RESOURCE_GROUP}/providers/Microsoft.ContainerService/managedClusters/{CLUSTER}"
        self._objects: dict[str, Callable[[], Any]] = {
            f"{group}{NODE_RESOURCE_GROUP}".casefold(): documents.resource_group,
            cluster.casefold(): self._cluster,
            f"{cluster}/maintenanceConfigurations".casefold(): self._maintenance,
        }

    async def start(self) -> None:
        """Serve on a free port."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, _HOST, 0)
        await site.start()
        self.url = f"http://{_HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Serve no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self._left -= 1
        effect = self.faults.strike(request.path)
        if isinstance(effect, Delay):
            await self._pace.sleep(effect.seconds)
        headers = {"x-ms-ratelimit-remaining-subscription-global-reads": str(max(0, self._left))}
        spoiling = effect if isinstance(effect, Cut | Stall) else None
        return await deliver(request, self._spoiled(request, effect), headers, spoiling)

    def _spoiled(self, request: web.Request, effect: AzureEffect | None) -> Answer:
        match effect:
            case Reject(status=status, retry_after=seconds):
                headers = {"Retry-After": str(seconds)} if status in (429, 503) else {}
                return _json(refusal(status, request.path), status, headers)
            case Html(status=status):
                return Answer(html_page(status), status, "text/html")
            case SignInPage():
                return Answer(SIGN_IN_PAGE, 200, "text/html")
        return self._answer(request, effect if isinstance(effect, OnAList) else None)

    def _answer(self, request: web.Request, effect: OnAList | None) -> Answer:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return _error(401, "InvalidAuthenticationToken", "The access token is invalid.")
        if "api-version" not in request.query:
            return _error(400, "MissingApiVersionParameter", "The api-version query parameter is required.")
        path = request.path.casefold()
        if path in self._objects:
            return _json(self._objects[path]())
        if path == f"{_COMPUTE}/virtualmachinescalesets":
            return self._page(request, self._sets(), effect)
        if path == f"{_COMPUTE}/virtualmachines" or path.startswith(f"{_COMPUTE}/virtualmachines/"):
            return self._alone(request, effect)
        found = _INSTANCES.fullmatch(request.path)
        machines = self._instances(found["set"], "expand" in str(request.query)) if found else None
        if machines is None:
            return _json(refusal(404, request.path), 404)
        return self._page(request, machines, effect)

    def _alone(self, request: web.Request, effect: OnAList | None) -> Answer:
        """Machines that are resources of their own: all, those of a Flexible scale set, or one's view."""
        rest = request.path[len(f"{_COMPUTE}/virtualmachines") :]
        if rest:
            name, _, what = rest.removeprefix("/").partition("/")
            view = self._machines.view(name) if what.casefold() == "instanceview" else None
            return _json(view) if view is not None else _json(refusal(404, request.path), 404)
        wanted, views = request.query.get("$filter", ""), "$expand" in request.query
        if views and not wanted:
            words = "Expand on instanceView is only supported with a filter on a VM scale set."
            return _error(400, "InvalidParameter", words)
        return self._page(request, self._machines.items(wanted, views=views), effect)

    @property
    def _fleet(self) -> Fleet:
        return self._world.fleet

    def _sets(self) -> Items:
        fates = self._world.machines
        lone = [one.pool.name for one in fates.lone.values()]
        return [
            partial(
                documents.scale_set,
                pool,
                len(self._fleet.of_pool(pool.name)) + lone.count(pool.name),
                "Updating" if pool.name in fates.upgrading | fates.scaling else "Succeeded",
            )
            for pool in self._fleet.pools.values()
            if pool.has_scale_set
        ]

    def _instances(self, scale_set: str, view: bool) -> Items | None:
        name = scale_set.casefold()
        pools = (pool for pool in self._fleet.pools.values() if pool.kind is PoolKind.UNIFORM)
        latest = next((pool for pool in pools if pool.scale_set.casefold() == name), None)
        if latest is None:
            return None
        fates = self._world.machines
        found = [
            (node.instance, partial(
                documents.instance, node.pool, node.instance, node.state.created, latest, fates.of(node.name), view
            ))
            for node in self._fleet.of_pool(latest.name)
        ]  # fmt: skip
        found += [
            (one.number, partial(documents.instance, one.pool, one.number, one.created, latest, one.fate, view))
            for one in fates.lone.values()
            if one.pool.name == latest.name
        ]
        return [make for _, make in sorted(found, key=lambda pair: pair[0])]

    def _cluster(self) -> Any:
        world = self._world
        lone = Counter(one.pool.name for one in world.machines.lone.values())
        upgrading, limits = frozenset(world.machines.upgrading), world.cluster_autoscaler.limits
        return documents.managed_cluster(self._fleet, upgrading, limits, lone)

    def _maintenance(self) -> Any:
        return {"value": maintenance_configurations(self._world.clock.now())}

    def _page(self, request: web.Request, items: Items, effect: OnAList | None) -> Answer:
        skipped = request.query.get("$skiptoken", "0")
        start = int(skipped) if skipped.isdecimal() else 0
        made: list[Any] = [make() for make in items[start : start + _PAGE]]
        body: dict[str, Any] = {"value": with_odd_items(made) if isinstance(effect, OddItems) else made}
        if start + _PAGE < len(items):
            body["nextLink"] = self._link(request, start + _PAGE)
        match effect:
            case Elsewhere(next_link=link):
                body["nextLink"] = link
            case Endless(from_page=page):
                body["nextLink"] = self._link(request, start if page == "same" else start + 1)
        return _json(body)

    def _link(self, request: web.Request, start: int) -> str:
        kept = {name: text for name, text in request.query.items() if name != "$skiptoken"}
        query = "&".join(f"{name}={quote(text)}" for name, text in kept.items())
        return f"{self.url}{request.path}?{query}&$skiptoken={start}"


def _json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(msgspec.json.encode(body), status, headers=headers or {}, compress=True)


def _error(status: int, code: str, message: str) -> Answer:
    return _json({"error": {"code": code, "message": message}}, status)
