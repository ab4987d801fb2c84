"""An Azure Resource Manager that answers as a test says: over HTTP, to the pipeline that the program uses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from kubetui.azure.machines import Place
from kubetui.cluster.token import Credential

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
PLACE = Place(SUBSCRIPTION, "mc_rg-shop_shop-aks_westeurope")
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{PLACE.resource_group}"
LOUD = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/MC_RG-SHOP_SHOP-AKS_WESTEUROPE"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
SETS = f"{COMPUTE}/virtualMachineScaleSets"
CLUSTER = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/shop"
)
APPS = "aks-apps-23184551-vmss"


def scale_set(name: str = APPS, pool: str = "apps", capacity: int = 2, **properties: Any) -> dict[str, Any]:
    """A scale set as Azure lists it."""
    return {
        "id": f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/{name}",
        "name": name,
        "sku": {"name": "Standard_D8ds_v5", "capacity": capacity},
        "tags": {"aks-managed-poolName": pool},
        "properties": {"provisioningState": "Succeeded", "orchestrationMode": "Uniform", **properties},
    }


def vm(number: int, name: str = APPS, power: str = "running", **properties: Any) -> dict[str, Any]:
    """An instance with its view; the group in capitals, as Azure has it."""
    return {
        "id": f"{LOUD}/providers/Microsoft.Compute/virtualMachineScaleSets/{name}/virtualMachines/{number}",
        "instanceId": str(number),
        "properties": {
            "provisioningState": "Succeeded",
            "latestModelApplied": False,
            "newFieldOfNextYear": {"deep": [1]},
            "instanceView": {"statuses": [{"code": "ProvisioningState/succeeded"}, {"code": f"powerstate/{power}"}]},
            **properties,
        },
    }


def failure(status: int, code: str = "Code", message: str = "words", **headers: str) -> web.Response:
    """An error of Azure's."""
    body = {"error": {"code": code, "message": message}}
    return web.Response(status=status, body=json.dumps(body), content_type="application/json", headers=headers)


class Tokens:
    """A token source that gives another token once one was rejected."""

    def __init__(self) -> None:
        self.rejected = 0

    async def credential(self) -> Credential:
        return Credential(token=f"token-{self.rejected}")

    def reject(self, credential: Credential) -> None:
        self.rejected += 1

    def describe(self) -> str:
        return "tokens of a test"


class ResourceManagerDouble:
    """``answers`` by path: a document, a response, or a function of the request."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, str]] = []
        """Method and path with query."""
        self.tokens: list[str] = []
        self.answers: dict[str, Any] = {
            SETS: {"value": [scale_set()]},
            f"{SETS}/{APPS}/virtualMachines": {"value": [vm(35), vm(36)]},
            GROUP: {"tags": {"aks-managed-cluster-name": "shop", "aks-managed-cluster-rg": "rg-shop"}},
            CLUSTER: {
                "id": CLUSTER,
                "sku": {"tier": "Standard"},
                "properties": {
                    "provisioningState": "Succeeded",
                    "agentPoolProfiles": [
                        {"name": "apps", "enableAutoScaling": True, "minCount": 2, "maxCount": 9, "count": 2}
                    ],
                },
            },
        }

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path_qs))
        self.tokens.append(request.headers.get("Authorization", ""))
        found = self.answers.get(request.path)
        if callable(found):
            found = await found(request)
        if found is None:
            return failure(404, "ResourceNotFound", "there is no such resource")
        if isinstance(found, web.Response):  # a response is sent once only
            return web.Response(status=found.status, body=found.body, headers=found.headers)
        if isinstance(found, web.StreamResponse):
            return found
        headers = {"x-ms-ratelimit-remaining-subscription-global-reads": "3749"}
        return web.Response(body=json.dumps(found), content_type="application/json", headers=headers)

    def paths(self) -> list[str]:
        return [path.partition("?")[0] for _, path in self.asked]


@asynccontextmanager
async def served(double: ResourceManagerDouble) -> AsyncIterator[ResourceManagerDouble]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", double.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield double
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)
