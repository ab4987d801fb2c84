"""A cluster in memory with a metrics-server, and kubelets that tell what their pods use."""

from __future__ import annotations

import json
import re
from typing import Any

from kubetui.cluster.errors import ClusterError, NotFound
from kubetui.cluster.transport import Answer, Request
from tests.ui.cluster_in_memory import ClusterInMemory

_METRICS = re.compile(r"/apis/metrics\.k8s\.io/v1beta1/(?:namespaces/([^/]+)/)?(nodes|pods)")
_SUMMARY = re.compile(r"/api/v1/nodes/([^/]+)/proxy/stats/summary")
_AUTOSCALERS = "/horizontalpodautoscalers"
AT = "2026-11-21T13:03:50Z"
MI = 1 << 20


class ClusterWithMetrics(ClusterInMemory):
    """``use`` says what is used; ``trouble`` is what metrics.k8s.io answers instead, while there is any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trouble: ClusterError | None = None
        self.kubelet_trouble: ClusterError | None = None
        self.autoscalers: list[Any] = []
        self.autoscaler_trouble: ClusterError | None = None
        self.has_samples = True
        self.at = AT
        """When metrics-server took its samples."""
        self.summaries = 0
        self.lists = 0
        self._nodes: dict[str, tuple[int, int]] = {}
        self._pods: dict[tuple[str, str], tuple[str, int, int]] = {}

    def use_node(self, name: str, milli: int, mebi: int) -> None:
        """A node's CPU and memory."""
        self._nodes[name] = (milli, mebi)

    def use_pod(self, namespace: str, name: str, milli: int, mebi: int, node: str = "") -> None:
        """What a pod's one container uses."""
        self._pods[namespace, name] = (node, milli, mebi)

    async def send(self, request: Request) -> Answer:
        """Metrics, summaries, or what every cluster has."""
        if request.path.endswith(_AUTOSCALERS) and (trouble := self.autoscaler_trouble) is not None:
            raise trouble
        if request.path.endswith(_AUTOSCALERS):
            return _json({"metadata": {"resourceVersion": str(self.version)}, "items": self.autoscalers})
        if found := _SUMMARY.fullmatch(request.path):
            self.summaries += 1
            if self.kubelet_trouble is not None:
                raise self.kubelet_trouble
            return _json(self._summary(found[1]))
        found = _METRICS.fullmatch(request.path)
        if found is None:
            return await super().send(request)
        self.asked.append(request)
        self.lists += 1
        if self.trouble is not None:
            raise self.trouble
        return _json({"metadata": {}, "items": self._items(found[2], found[1]) if self.has_samples else []})

    def _items(self, plural: str, namespace: str | None) -> list[Any]:
        if plural == "nodes":
            return [{"metadata": {"name": name}, "timestamp": self.at, "usage": _usage(*used)}
                    for name, used in self._nodes.items()]  # fmt: skip
        return [
            {"metadata": {"name": name, "namespace": space}, "timestamp": self.at,
             "containers": [{"name": "app", "usage": _usage(milli, mebi)}]}
            for (space, name), (_, milli, mebi) in self._pods.items() if namespace in (None, space)
        ]  # fmt: skip

    def _summary(self, node: str) -> Any:
        if node not in self._nodes:
            raise NotFound("get stats", "no such node", status=404)
        return {
            "node": {"nodeName": node, **_stats(*self._nodes[node]),
                     "fs": {"capacityBytes": 100 * MI, "usedBytes": 90 * MI}},
            "pods": [
                {"podRef": {"name": name, "namespace": space}, **_stats(milli, mebi),
                 "containers": [{"name": "app", **_stats(milli, mebi)}]}
                for (space, name), (on, milli, mebi) in self._pods.items() if on == node
            ],
        }  # fmt: skip


def autoscaler(name: str, target: str, namespace: str = "team-00", **more: Any) -> Any:
    """One that wants 70 % CPU and has 90 %."""
    cpu = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}
    now = {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 90, "averageValue": "9m"}}}
    return {
        "metadata": {"name": name, "namespace": namespace, "resourceVersion": "9"},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": target}, "minReplicas": 2, "maxReplicas": 8,
                 "metrics": [cpu]},
        "status": {"currentReplicas": 3, "desiredReplicas": 4, "currentMetrics": [now], **more},
    }  # fmt: skip


def _usage(milli: int, mebi: int) -> Any:
    return {"cpu": f"{milli * 1_000_000}n", "memory": f"{mebi * 1024}Ki"}


def _stats(milli: int, mebi: int) -> Any:
    memory = {"time": AT, "workingSetBytes": mebi * MI, "rssBytes": mebi * MI // 2}
    return {"cpu": {"time": AT, "usageNanoCores": milli * 1_000_000}, "memory": memory}


def _json(found: Any) -> Answer:
    return Answer(200, json.dumps(found).encode(), "application/json", {})
