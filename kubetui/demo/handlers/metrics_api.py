"""metrics.k8s.io/v1beta1 as metrics-server serves it behind the aggregator.

Source: pkg/api of metrics-server 0.8 and handler_proxy.go of kube-aggregator 1.36.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from kubetui.demo.call import Answer, Call
from kubetui.demo.clock import Clock
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.entry import Entry, Resource, TableColumn
from kubetui.demo.fleet import Node
from kubetui.demo.forms import Form, negotiate
from kubetui.demo.handlers.discovery import Discovery
from kubetui.demo.moment import rfc3339
from kubetui.demo.resources import NODES, PODS
from kubetui.demo.selectors import Selection, parse_fields, parse_labels
from kubetui.demo.status import method_not_allowed, not_found
from kubetui.demo.usage.availability import metrics_refusal
from kubetui.demo.usage.loads import Loads
from kubetui.demo.usage.quantities import cpu_quantity, duration, memory_quantity
from kubetui.demo.usage.samples import Sample, last_sample
from kubetui.demo.world import World

GROUP, VERSION = "metrics.k8s.io", "v1beta1"
ROOT = f"/apis/{GROUP}/{VERSION}"
_COLUMNS = (TableColumn("Name", format="name"), TableColumn("cpu"), TableColumn("memory"), TableColumn("Window"))
NODE_METRICS = Resource("NodeMetrics", "nodes", GROUP, VERSION, False, (), "", verbs=("get", "list"), columns=_COLUMNS)
POD_METRICS = Resource("PodMetrics", "pods", GROUP, VERSION, True, (), "", verbs=("get", "list"), columns=_COLUMNS)
_SETTLED = 25.0
"""Seconds from a node's registration until its kubelet is scraped."""
_SLICE = 400
"""Pods computed in one go: some milliseconds."""
_TEXT = "text/plain; charset=utf-8"
_NO_SNIFF = {"X-Content-Type-Options": "nosniff"}


class _Metrics(NamedTuple):
    """One object, and what it sums up to."""

    name: str
    body: Mapping[str, Any]
    cpu: float
    memory: int
    window: float


class MetricsApi:
    """Nodes and pods, by list and get; 503 while metrics-server cannot be reached."""

    def __init__(self, world: World, loads: Loads, clock: Clock, discovery: Discovery) -> None:
        self._world = world
        self._loads = loads
        self._clock = clock
        self._discovery = discovery

    def routes(self) -> Mapping[str, Callable[[Call], Awaitable[Answer]]]:
        """Patterns and their handlers."""
        return {
            ROOT: self._group,
            f"{ROOT}/nodes": self._list_nodes,
            f"{ROOT}/nodes/{{name}}": self._get_node,
            f"{ROOT}/pods": self._list_pods,
            f"{ROOT}/namespaces/{{namespace}}/pods": self._list_pods,
            f"{ROOT}/namespaces/{{namespace}}/pods/{{name}}": self._get_pod,
        }

    def _refusal(self) -> Answer | None:
        words = metrics_refusal(self._world)
        return Answer(f"{words}\n".encode(), 503, _TEXT, _NO_SNIFF) if words else None

    async def _group(self, call: Call) -> Answer:
        return self._refusal() or self._discovery.answer(call)

    # --- nodes ---------------------------------------------------------------------------------------------------

    async def _list_nodes(self, call: Call) -> Answer:
        refusal = self._checked(call)
        if refusal is not None:
            return refusal
        now = self._clock.now()
        chosen = [node for node in self._world.fleet.nodes.values() if self._fits(call, NODES, "", node.name)]
        usage = await self._pods_usage(chosen, now)
        found = [self._node(node, usage, now) for node in sorted(chosen, key=lambda node: node.name)]
        return _collection(call, "NodeMetricsList", [item for item in found if item])

    async def _get_node(self, call: Call) -> Answer:
        refusal = self._checked(call)
        if refusal is not None:
            return refusal
        name = call.match["name"]
        node = self._world.fleet.nodes.get(name)
        if node is None:
            raise not_found("node", "", name)
        now = self._clock.now()
        found = self._node(node, await self._pods_usage([node], now), now)
        if found is None:
            raise not_found("nodemetrics", GROUP, name)
        return _single(call, "NodeMetrics", found)

    async def _pods_usage(self, nodes: Iterable[Node], now: float) -> Mapping[str, tuple[float, int]]:
        """Nanocore-seconds in the node's window and bytes, of all pods on each node."""
        windows = {node.name: self._node_sample(node, now) for node in nodes}
        sums: dict[str, tuple[float, int]] = {}
        for number, pod in enumerate(list(self._world.storage.entries(PODS))):
            if number % _SLICE == _SLICE - 1:
                await asyncio.sleep(0)
            sample = windows.get(pod.host.name) if isinstance(pod, PodEntry) and pod.host else None
            if sample is None:
                continue
            assert isinstance(pod, PodEntry)
            assert pod.host is not None
            cpu, memory = sums.get(pod.host.name, (0.0, 0))
            for place, started in self._loads.running(pod):
                cpu += self._loads.cpu(pod, place, max(sample.first, min(started, sample.until)), sample.until)
                memory += self._loads.memory(pod, place, sample.until)
            sums[pod.host.name] = (cpu, memory)
        return sums

    @staticmethod
    def _node_sample(node: Node, now: float) -> Sample | None:
        if not node.kubelet:
            return None
        return last_sample(node.state.uid, node.state.created + _SETTLED, now)

    def _node(self, node: Node, usage: Mapping[str, tuple[float, int]], now: float) -> _Metrics | None:
        sample = self._node_sample(node, now)
        if sample is None:
            return None
        pods_cpu, pods_memory = usage.get(node.name, (0.0, 0))
        cpu = self._loads.node_cpu(node, pods_cpu, sample.window) / sample.window
        memory = self._loads.node_memory(node, pods_memory)
        state = node.state
        labels = {**state.shape.labels, **state.own_labels, "kubernetes.io/hostname": node.name}
        body = {
            "metadata": {"name": node.name, "creationTimestamp": rfc3339(now), "labels": dict(sorted(labels.items()))},
            "timestamp": rfc3339(sample.until),
            "window": duration(sample.window),
            "usage": {"cpu": cpu_quantity(cpu), "memory": memory_quantity(memory)},
        }
        return _Metrics(node.name, body, cpu, memory, sample.window)

    # --- pods ----------------------------------------------------------------------------------------------------

    async def _list_pods(self, call: Call) -> Answer:
        refusal = self._checked(call)
        if refusal is not None:
            return refusal
        now = self._clock.now()
        found = []
        for number, pod in enumerate(list(self._world.storage.entries(PODS, call.match.get("namespace", "")))):
            if number % _SLICE == _SLICE - 1:
                await asyncio.sleep(0)
            if isinstance(pod, PodEntry) and self._selected(call, pod):
                metrics = self._pod(pod, now)
                if metrics is not None:
                    found.append(metrics)
        return _collection(call, "PodMetricsList", found)

    async def _get_pod(self, call: Call) -> Answer:
        refusal = self._checked(call)
        if refusal is not None:
            return refusal
        namespace, name = call.match["namespace"], call.match["name"]
        pod = self._world.storage.get(PODS, namespace, name)
        if not isinstance(pod, PodEntry):
            raise not_found("pods", "", name)
        found = self._pod(pod, self._clock.now())
        if found is None:
            raise not_found("podmetrics", GROUP, f"{namespace}/{name}")
        return _single(call, "PodMetrics", found)

    def _pod(self, pod: PodEntry, now: float) -> _Metrics | None:
        """None while a container of it is too young, or its node is not scraped."""
        node = self._world.pods.node_of(pod)
        if node is None or not node.kubelet:
            return None
        containers, samples = [], []
        total_cpu, total_memory = 0.0, 0
        for place, started in self._loads.running(pod):
            sample = last_sample((pod.uid >> 3) + place, started, now)
            if sample is None:
                return None
            cpu = self._loads.cpu(pod, place, sample.first, sample.until) / sample.window
            memory = self._loads.memory(pod, place, sample.until)
            usage = {"cpu": cpu_quantity(cpu), "memory": memory_quantity(memory)}
            containers.append({"name": pod.template.containers[place].name, "usage": usage})
            samples.append(sample)
            total_cpu += cpu
            total_memory += memory
        if not samples:
            return None
        oldest = min(samples, key=lambda sample: sample.until)
        metadata: dict[str, Any] = {"name": pod.name, "namespace": pod.namespace, "creationTimestamp": rfc3339(now)}
        if pod.labels:
            metadata["labels"] = dict(pod.labels)
        body = {
            "metadata": metadata,
            "timestamp": rfc3339(oldest.until),
            "window": duration(oldest.window),
            "containers": containers,
        }
        return _Metrics(pod.name, body, total_cpu, total_memory, oldest.window)

    # --- requests ------------------------------------------------------------------------------------------------

    def _checked(self, call: Call) -> Answer | None:
        if call.method != "GET":
            raise method_not_allowed()
        if call.info.verb == "watch":
            raise method_not_allowed(f'watch is not supported on resources of kind "{call.info.resource}.{GROUP}"')
        return self._refusal()

    def _fits(self, call: Call, resource: Resource, namespace: str, name: str) -> bool:
        entry = self._world.storage.get(resource, namespace, name)
        return entry is not None and self._selected(call, entry)

    @staticmethod
    def _selected(call: Call, entry: Entry) -> bool:
        labels, fields = call.query.get("labelSelector", ""), call.query.get("fieldSelector", "")
        if not labels and not fields:
            return True
        supported = ("metadata.name", "metadata.namespace")
        return Selection(parse_labels(labels), parse_fields(fields, supported)).matches(entry)


def _single(call: Call, kind: str, found: _Metrics) -> Answer:
    form = negotiate(call.accept)
    if form is Form.TABLE:
        return _json(_table([found]))
    if form is Form.PARTIAL:
        return _json(
            {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": found.body["metadata"]}
        )
    return _json({"kind": kind, "apiVersion": f"{GROUP}/{VERSION}", **found.body})


def _collection(call: Call, kind: str, found: list[_Metrics]) -> Answer:
    form = negotiate(call.accept)
    if form is Form.TABLE:
        return _json(_table(found))
    if form is Form.PARTIAL:
        items: Any = [{"metadata": item.body["metadata"]} for item in found]
        return _json(
            {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": {}, "items": items}
        )
    return _json(
        {"kind": kind, "apiVersion": f"{GROUP}/{VERSION}", "metadata": {}, "items": [item.body for item in found]}
    )


def _table(found: list[_Metrics]) -> Mapping[str, Any]:
    """metrics-server's own: columns only when there are rows."""
    columns = [
        {"name": "Name", "type": "string", "format": "name", "description": "Name of the resource", "priority": 0},
        {"name": "cpu", "type": "string", "format": "quantity", "description": "", "priority": 0},
        {"name": "memory", "type": "string", "format": "quantity", "description": "", "priority": 0},
        {"name": "Window", "type": "string", "format": "duration", "description": "", "priority": 0},
    ]
    rows = [
        {
            "cells": [item.name, cpu_quantity(item.cpu), memory_quantity(item.memory), duration(item.window)],
            "object": {
                "kind": "PartialObjectMetadata",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": item.body["metadata"],
            },
        }
        for item in found
    ]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {},
        "columnDefinitions": columns if found else [],
        "rows": rows,
    }


def _json(body: Mapping[str, Any]) -> Answer:
    return Answer(msgspec.json.encode(body), compress=True)
