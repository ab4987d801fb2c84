"""A cluster in memory whose kubelets tell their configuration, or do not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from kubetui.cluster.errors import ClusterError, Forbidden, Overloaded
from kubetui.cluster.transport import Answer, Request
from kubetui.demo.kubelet_api import configz
from tests.ui.cluster_in_memory import ClusterInMemory, node

CONFIG: dict[str, Any] = {
    **configz._COMMON,
    **configz._LINUX,
    "maxPods": 110,
    "evictionHard": {
        "memory.available": "100Mi",
        "nodefs.available": "10%",
        "nodefs.inodesFree": "5%",
        "pid.available": "2000",
    },
    "kubeReserved": {"cpu": "180m", "memory": "2250Mi", "pid": "1000"},
}
"""As AKS sets it."""


def fleet(general: int = 6, system: int = 2) -> list[Any]:
    """Nodes of two pools, as large as their size says."""
    names = [(f"aks-general-27182818-vmss00000{place}", "general") for place in range(general)]
    names += [(f"aks-system-31415926-vmss00000{place}", "system") for place in range(system)]
    found = [node(name, pool) for name, pool in names]
    for one in found:
        one["metadata"]["labels"]["kubernetes.azure.com/sku-memory"] = "32768"
        one["status"]["capacity"] = {"cpu": "8", "memory": "32863772Ki", "pods": "110"}
        one["status"]["allocatable"] = {"cpu": "7820m", "memory": "30457372Ki", "pods": "110"}
    return found


class ClusterWithKubelets(ClusterInMemory):
    """``says``: node to fields that it has otherwise, an error, or None: it never answers."""

    def __init__(self, nodes: list[Any] | None = None) -> None:
        super().__init__(nodes=fleet() if nodes is None else nodes)
        self.says: dict[str, dict[str, Any] | ClusterError | None] = {}
        self.everywhere: ClusterError | None = None
        self.maps: dict[str, dict[str, str]] = {}
        self.kubelets_asked: list[str] = []

    async def send(self, request: Request) -> Answer:
        """Kubelets and ConfigMaps; the rest as any cluster."""
        parts = request.path.split("/")
        if parts[3:4] == ["nodes"] and parts[5:] == ["proxy", "configz"]:
            return await self._configz(parts[4])
        if parts[5:6] == ["configmaps"] and len(parts) == 7 and parts[6] in self.maps:
            return _json({"data": self.maps[parts[6]]})
        return await super().send(request)

    async def _configz(self, name: str) -> Answer:
        self.kubelets_asked.append(name)
        await asyncio.sleep(0)
        said = self.everywhere or self.says.get(name, {})
        if isinstance(said, ClusterError):
            raise said
        if said is None:
            await asyncio.get_running_loop().create_future()
        return _json({"kubeletconfig": {**CONFIG, **(said or {}), "providerID": f"azure:///{name}"}})


def _json(found: Any) -> Answer:
    return Answer(200, json.dumps(found).encode(), "application/json", {})


def may_not() -> Forbidden:
    """What the server says to who may not."""
    words = '403: nodes "aks-general-27182818-vmss000000" is forbidden: User "me" cannot get resource "nodes/proxy"'
    advice = "ask for a role that allows get on nodes/proxy in the whole cluster"
    return Forbidden("get nodes/proxy of aks-general-27182818-vmss000000 (configz)", words, advice, status=403)


def tunnel_down() -> Overloaded:
    """What its proxy says when no agent is there."""
    words = "503: error trying to reach service: No agent available"
    return Overloaded("get nodes/proxy of aks-general-27182818-vmss000000 (configz)", words, status=503)
