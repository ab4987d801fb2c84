"""A node: its kubelet's and Azure's words about it, its JSON and its Table cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kubetui.demo.entries.identity import uid_text
from kubetui.demo.managed_fields import fields, managed
from kubetui.demo.moment import human_duration, rfc3339
from kubetui.demo.template import Template, member, text, value

NODE_SLOTS = (
    "NAME", "UID", "VERSION", "CREATED", "LABELS", "IP", "PROVIDER_ID", "UNSCHEDULABLE", "TAINTS", "CONDITIONS",
    "MACHINE", "SYSTEM", "BOOT", "HEARTBEAT", "DELETED",
)  # fmt: skip


class NodeCondition(NamedTuple):
    """A node condition; times in Unix seconds."""

    type: str
    status: str
    """``True``, ``False`` or ``Unknown``."""
    reason: str
    message: str
    heartbeat: int
    transition: int

    def json(self) -> str:
        """As the API server writes it."""
        return (
            f'{{"type":"{self.type}","status":"{self.status}","lastHeartbeatTime":"{rfc3339(self.heartbeat)}",'
            f'"lastTransitionTime":"{rfc3339(self.transition)}","reason":{json.dumps(self.reason)},'
            f'"message":{json.dumps(self.message)}}}'
        )


class Taint(NamedTuple):
    """A taint; ``added`` 0: without a time."""

    key: str
    effect: str
    value: str = ""
    added: int = 0

    def body(self) -> dict[str, str]:
        """As the API server writes it."""
        body = {"key": self.key}
        if self.value:
            body["value"] = self.value
        body["effect"] = self.effect
        if self.added:
            body["timeAdded"] = rfc3339(self.added)
        return body


@dataclass(frozen=True)
class NodeShape:
    """What all nodes of a pool with one image have alike."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    status: Mapping[str, Any]
    """``capacity``, ``allocatable``, ``daemonEndpoints``, ``nodeInfo`` (without ids), ``images`` …"""
    body: Template

    @classmethod
    def of(cls, labels: Mapping[str, str], annotations: Mapping[str, str], status: Mapping[str, Any]) -> NodeShape:
        """With the holes of ``NODE_SLOTS``."""
        return cls(labels, annotations, status, _body(labels, annotations, status))


def _body(labels: Mapping[str, str], annotations: Mapping[str, str], status: Mapping[str, Any]) -> Template:
    kubelet = {
        "metadata": {
            "annotations": {"volumes.kubernetes.io/controller-managed-attach-detach": ""},
            "labels": labels,
        },
        "spec": {"providerID": ""},
    }
    beat = {"conditions": [{"type": kind, "lastHeartbeatTime": ""} for kind in _KUBELET_CONDITIONS], "images": []}
    detector = {
        "conditions": [{"type": kind, "lastHeartbeatTime": ""} for kind in ("KernelDeadlock", "KubeletProblem")]
    }
    body = {
        "kind": "Node",
        "apiVersion": "v1",
        "metadata": {
            "name": text("NAME"),
            "uid": text("UID"),
            "resourceVersion": text("VERSION"),
            "creationTimestamp": text("CREATED"),
            member("DELETED"): 0,
            "labels": {**labels, member("LABELS"): 0, "kubernetes.io/hostname": text("NAME")},
            "annotations": {"alpha.kubernetes.io/provided-node-ip": text("IP"), **_drivers(annotations)},
            "managedFields": [
                managed("kubelet", "v1", text("CREATED"), fields(kubelet)),
                managed("cloud-node-manager", "v1", text("CREATED"), fields({"spec": {"providerID": ""}})),
                managed(
                    "node-problem-detector",
                    "v1",
                    text("HEARTBEAT"),
                    fields({"status": detector}),
                    subresource="status",
                ),
                managed("kubelet", "v1", text("HEARTBEAT"), fields({"status": beat}), subresource="status"),
            ],
        },
        "spec": {
            member("UNSCHEDULABLE"): 0,
            member("TAINTS"): 0,
            "providerID": text("PROVIDER_ID"),
        },
        "status": {
            "capacity": status["capacity"],
            "allocatable": status["allocatable"],
            "conditions": value("CONDITIONS"),
            "addresses": [
                {"type": "InternalIP", "address": text("IP")},
                {"type": "Hostname", "address": text("NAME")},
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
                "machineID": text("MACHINE"),
                "systemUUID": text("SYSTEM"),
                "bootID": text("BOOT"),
                **status["nodeInfo"],
            },
            **{key: content for key, content in status.items() if key not in _PLACED},
        },
    }
    return Template(json.dumps(body, separators=(",", ":")), NODE_SLOTS)


_PLACED = frozenset(("capacity", "allocatable", "nodeInfo"))
_KUBELET_CONDITIONS = ("DiskPressure", "MemoryPressure", "PIDPressure", "Ready")


def _drivers(annotations: Mapping[str, str]) -> dict[str, str]:
    """Annotations, with the node's name where ``{name}`` stands."""
    return {key: content.replace("{name}", text("NAME")) for key, content in annotations.items()}


@dataclass(frozen=True)
class NodeState:
    """A node at one moment."""

    name: str
    uid: int
    created: int
    shape: NodeShape
    own_labels: Mapping[str, str]
    """Besides the shape's: the zone."""
    ip: str
    provider_id: str
    conditions: tuple[NodeCondition, ...]
    taints: tuple[Taint, ...] = ()
    unschedulable: bool = False
    boot: int = 0
    """How often the machine was started."""

    def condition(self, kind: str) -> NodeCondition | None:
        """The condition of that type."""
        return next((condition for condition in self.conditions if condition.type == kind), None)

    def with_condition(self, condition: NodeCondition) -> NodeState:
        """The same, with that condition changed, or in front where it is new."""
        if self.condition(condition.type) is None:
            return replace(self, conditions=(condition, *self.conditions))
        conditions = tuple(condition if old.type == condition.type else old for old in self.conditions)
        return replace(self, conditions=conditions)


class NodeEntry:
    """A node as it is stored."""

    __slots__ = ("_version", "state")

    def __init__(self, state: NodeState) -> None:
        self.state = state
        self._version = 0

    @property
    def namespace(self) -> str:
        """None: nodes are cluster-scoped."""
        return ""

    @property
    def name(self) -> str:
        """The computer's name in lower case."""
        return self.state.name

    @property
    def labels(self) -> Mapping[str, str]:
        """The pool's and the node's own."""
        return {**self.state.shape.labels, **self.state.own_labels, "kubernetes.io/hostname": self.state.name}

    @property
    def version(self) -> int:
        """The resourceVersion of the last write."""
        return self._version

    def stamp(self, version: int) -> None:
        """Take the resourceVersion of this write."""
        self._version = version

    def field(self, path: str) -> str:
        """Field selectors of nodes. Another path raises KeyError."""
        unschedulable = "true" if self.state.unschedulable else "false"
        return {"metadata.name": self.name, "spec.unschedulable": unschedulable}[path]

    def encode(self) -> bytes:
        """The whole object."""
        state = self.state
        own = "".join(f"{json.dumps(key)}:{json.dumps(label)}," for key, label in state.own_labels.items())
        taints = json.dumps([taint.body() for taint in state.taints], separators=(",", ":"))
        return state.shape.body.render(
            (
                state.name.encode(),
                uid_text(state.uid).encode(),
                b"%d" % self._version,
                rfc3339(state.created).encode(),
                own.encode(),
                state.ip.encode(),
                state.provider_id.encode(),
                b'"unschedulable":true,' if state.unschedulable else b"",
                f'"taints":{taints},'.encode() if state.taints else b"",
                f"[{','.join(condition.json() for condition in state.conditions)}]".encode(),
                f"{state.uid:032x}".encode(),
                uid_text(state.uid ^ 7).encode(),
                uid_text(state.uid + 1000 + state.boot).encode(),
                rfc3339(max(condition.heartbeat for condition in state.conditions)).encode(),
                b"",
            )
        )

    def cells(self, now: float) -> Sequence[Any]:
        """Name, Status, Roles, Age, Version, both addresses, OS-Image, Kernel-Version, Container-Runtime."""
        state = self.state
        ready = state.condition("Ready")
        word = "Unknown" if ready is None else "Ready" if ready.status == "True" else "NotReady"
        info = state.shape.status["nodeInfo"]
        return (
            state.name,
            f"{word},SchedulingDisabled" if state.unschedulable else word,
            "<none>",
            human_duration(now - state.created),
            info["kubeletVersion"],
            state.ip,
            "<none>",
            info["osImage"],
            f"{info['kernelVersion']} ({info['architecture']})",
            info["containerRuntimeVersion"],
        )
