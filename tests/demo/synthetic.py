"""Pods and nodes small enough to reason about, and a server around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kubetui.demo.entry import Resource, TableColumn

PODS = Resource(
    "Pod",
    "pods",
    "",
    "v1",
    namespaced=True,
    short_names=("po",),
    categories=("all",),
    columns=(TableColumn("Name", format="name"), TableColumn("Ready"), TableColumn("Status"), TableColumn("Age")),
)
NODES = Resource("Node", "nodes", "", "v1", namespaced=False, short_names=("no",))
NAMESPACES = Resource("Namespace", "namespaces", "", "v1", namespaced=False, short_names=("ns",))
DEPLOYMENTS = Resource("Deployment", "deployments", "apps", "v1", namespaced=True, short_names=("deploy",))
EVENTS = Resource("Event", "events", "", "v1", namespaced=True, watch_cache=False)
RESOURCES = (PODS, NODES, NAMESPACES, DEPLOYMENTS, EVENTS)


@dataclass
class Thing:
    """An entry that is what it says."""

    name: str
    namespace: str = "default"
    kind: str = "Pod"
    api_version: str = "v1"
    labels: Mapping[str, str] = field(default_factory=dict)
    phase: str = "Running"
    node: str = ""
    note: str = ""
    created: float = 0.0
    version: int = 0

    def stamp(self, version: int) -> None:
        self.version = version

    def encode(self) -> bytes:
        metadata: dict[str, Any] = {"name": self.name}
        if self.namespace:
            metadata["namespace"] = self.namespace
        metadata |= {"resourceVersion": str(self.version), "labels": self.labels}
        body = {
            "kind": self.kind,
            "apiVersion": self.api_version,
            "metadata": metadata,
            "spec": {"nodeName": self.node, "note": self.note},
            "status": {"phase": self.phase},
        }
        return msgspec.json.encode(body)

    def field(self, path: str) -> str:
        return {
            "metadata.name": self.name,
            "metadata.namespace": self.namespace,
            "spec.nodeName": self.node,
            "status.phase": self.phase,
        }.get(path, "")

    def cells(self, now: float) -> Sequence[Any]:
        return (self.name, "1/1", self.phase, f"{int(now - self.created)}s")
