"""What all pods of one workload's revision share: labels, spec, images, and their JSON with holes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from kubetui.demo.managed_fields import fields, managed
from kubetui.demo.template import Template, member, tail, text, value

if TYPE_CHECKING:
    from kubetui.demo.entries.usual_pod import UsualPod

PRIORITIES: Mapping[str, int] = {
    "system-node-critical": 2_000_001_000,
    "system-cluster-critical": 2_000_000_000,
    "": 0,
}
"""Priority classes that every cluster has."""

POD_SLOTS = (
    "NAME",
    "UID",
    "VERSION",
    "CREATED",
    "DELETED",
    "OWN_LABELS",
    "TOKEN",
    "HOSTNAME",
    "NODE",
    "NODE_NAME",
    "STATUS",
    "KUBELET",
)
_KUBELET_SLOTS = ("TIME", "IP")
CONTAINER_SLOTS = ("STATE", "LAST", "READY", "RESTARTS", "ID", "STARTED", "TOKEN")

_EVERYWHERE = (
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
)
"""Tolerations that the DaemonSet controller adds (network-unavailable too, on the host's network)."""


class Owner(NamedTuple):
    """The controller that made a pod, as its ``ownerReferences`` name it."""

    api_version: str
    kind: str
    name: str
    uid: str

    def reference(self) -> dict[str, Any]:
        """One item of ``ownerReferences``."""
        return {
            "apiVersion": self.api_version,
            "kind": self.kind,
            "name": self.name,
            "uid": self.uid,
            "controller": True,
            "blockOwnerDeletion": True,
        }


class ContainerShape(NamedTuple):
    """What the status of a container takes from its spec."""

    name: str
    image_id: str
    """With the digest, as the runtime reports it."""
    status: Template


@dataclass(eq=False)
class PodTemplate:
    """A revision's pod template. ``spec`` is a workload's ``spec.template.spec``, as JSON."""

    namespace: str
    owner: Owner
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    spec: Mapping[str, Any]
    own_name_label: str = ""
    """The label whose value is the pod's own name: StatefulSets set ``statefulset.kubernetes.io/pod-name``."""
    usual: UsualPod | None = None
    """The JSON of pods in their usual state, made by the first of them."""

    @property
    def generate_name(self) -> str:
        """The beginning of the pods' names; StatefulSets number theirs and have it too."""
        return f"{self.owner.name}-"

    @property
    def host_network(self) -> bool:
        """Pods share the node's address."""
        return bool(self.spec.get("hostNetwork"))

    @cached_property
    def millicpu(self) -> int:
        """CPU that the containers request together."""
        requests = (container.get("resources", {}).get("requests", {}) for container in self.spec["containers"])
        return sum(millicores(request.get("cpu", "0")) for request in requests)

    @cached_property
    def qos(self) -> str:
        """The QoS class, as ``status.qosClass`` says it."""
        limits = [container.get("resources", {}) for container in self.spec["containers"]]
        if not any(limits):
            return "BestEffort"
        guaranteed = all(
            resources.get("limits", {}).keys() >= {"cpu", "memory"}
            and resources.get("requests", resources["limits"]) == resources["limits"]
            for resources in limits
        )
        return "Guaranteed" if guaranteed else "Burstable"

    @cached_property
    def containers(self) -> tuple[ContainerShape, ...]:
        """In the order of the spec."""
        return tuple(_shape(container, self.spec) for container in self.spec["containers"])

    @cached_property
    def init_containers(self) -> tuple[ContainerShape, ...]:
        """In the order of the spec; none is restartable."""
        return tuple(_shape(container, self.spec) for container in self.spec.get("initContainers", ()))

    @cached_property
    def body(self) -> Template:
        """The whole pod, with the holes of ``POD_SLOTS``."""
        metadata: dict[str, Any] = {
            "name": text("NAME"),
            "generateName": self.generate_name,
            "namespace": self.namespace,
            "uid": text("UID"),
            "resourceVersion": text("VERSION"),
            "generation": 1,
            "creationTimestamp": text("CREATED"),
            member("DELETED"): 0,
            "labels": {member("OWN_LABELS"): 0, **self.labels},
        }
        if self.annotations:
            metadata["annotations"] = dict(self.annotations)
        metadata["ownerReferences"] = [self.owner.reference()]
        spec = _admitted(self.spec, self.owner.kind == "DaemonSet")
        metadata["managedFields"] = [self._owned_by_controller(spec), tail("KUBELET")]
        pod = {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": spec, "status": value("STATUS")}
        return Template(msgspec.json.encode(pod).decode(), POD_SLOTS)

    def _owned_by_controller(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        about: dict[str, Any] = {
            "generateName": "",
            "labels": self.labels,
            "ownerReferences": [{"uid": self.owner.uid}],
        }
        if self.annotations:
            about["annotations"] = self.annotations
        said = {
            key: content
            for key, content in self.spec.items()
            if key not in ("serviceAccount", "priorityClassName") and key in spec
        }
        return managed("kube-controller-manager", "v1", text("CREATED"), fields({"metadata": about, "spec": said}))

    @cached_property
    def kubelet_fields(self) -> Template:
        """What the kubelet owns of the status, with the holes ``TIME`` and ``IP``."""
        return _kubelet_fields(bool(self.spec.get("initContainers")))


@cache
def _kubelet_fields(init: bool) -> Template:
    condition = {
        "lastProbeTime": None,
        "lastTransitionTime": "",
        "observedGeneration": 0,
        "status": "",
        "type": "",
    }
    kinds = ("ContainersReady", "Initialized", "PodReadyToStartContainers", "Ready")
    status: dict[str, Any] = {
        "conditions": [{**condition, "type": kind} for kind in kinds],
        "containerStatuses": [],
        "hostIP": "",
        "hostIPs": [],
        "observedGeneration": 1,
        "phase": "",
        "podIP": "",
        "podIPs": [{"ip": text("IP")}],
        "startTime": "",
    }
    if init:
        status["initContainerStatuses"] = []
    owned = fields({"status": status})
    owned["f:status"]["f:conditions"].pop(".", None)  # the scheduler made the list
    owned["f:status"].pop(".", None)
    entry = managed("kubelet", "v1", text("TIME"), owned, subresource="status")
    return Template("," + msgspec.json.encode(entry).decode(), _KUBELET_SLOTS)


def _shape(container: Mapping[str, Any], spec: Mapping[str, Any]) -> ContainerShape:
    image = container["image"]
    digest = f"{_spread(image):064x}"
    status: dict[str, Any] = {
        "name": container["name"],
        "state": value("STATE"),
        "lastState": value("LAST"),
        "ready": value("READY"),
        "restartCount": value("RESTARTS"),
        "image": image,
        member("ID"): 0,
        "started": value("STARTED"),
    }
    resources = container.get("resources")
    if resources:
        status["allocatedResources"] = resources.get("requests", resources.get("limits"))
        status["resources"] = resources
    mounts = _mounts(container, spec)
    if mounts:
        status["volumeMounts"] = [
            {**mount, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else mount for mount in mounts
        ]
    if not spec.get("hostNetwork"):
        status["user"] = {"linux": {"uid": 0, "gid": 0, "supplementalGroups": [0]}}
    image_id = f"{image.rsplit(':', 1)[0]}@sha256:{digest}"
    return ContainerShape(container["name"], image_id, Template(msgspec.json.encode(status).decode(), CONTAINER_SLOTS))


def millicores(cpu: str) -> int:
    """``250m`` is 250, ``2`` is 2000."""
    return int(cpu[:-1]) if cpu.endswith("m") else int(cpu) * 1000


def _spread(words: str) -> int:
    return int.from_bytes(words.encode() * 4, "big") * 0x9E3779B97F4A7C15F39CC0605CEDC834 % (1 << 256)


_ACCOUNT_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def _has_token(spec: Mapping[str, Any]) -> bool:
    return spec.get("automountServiceAccountToken", True) is True


def _mounts(container: Mapping[str, Any], spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    mounts = [dict(mount) for mount in container.get("volumeMounts", ())]
    if _has_token(spec):
        mounts.append({"name": f"kube-api-access-{text('TOKEN')}", "readOnly": True, "mountPath": _ACCOUNT_MOUNT})
    return mounts


def _mounted(container: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """The container with all its mounts."""
    mounts = _mounts(container, spec)
    return {**container, "volumeMounts": mounts} if mounts else dict(container)


def _admitted(template: Mapping[str, Any], daemon: bool) -> dict[str, Any]:
    """The spec as admission, the scheduler and the defaults leave it."""
    given = dict(template)
    for kind in ("containers", "initContainers"):
        if kind in given:
            given[kind] = [_mounted(container, template) for container in given[kind]]
    spec: dict[str, Any] = {}
    volumes = [*given.pop("volumes", ()), *([_token_volume()] if _has_token(template) else ())]
    if volumes:
        spec["volumes"] = volumes
    for key in ("initContainers", "containers", "restartPolicy", "terminationGracePeriodSeconds", "dnsPolicy"):
        if key in given:
            spec[key] = given.pop(key)
    account = given.pop("serviceAccountName", "default")
    given.pop("serviceAccount", None)
    tolerations = given.pop("tolerations", []) + _added_tolerations(daemon, bool(given.get("hostNetwork")))
    if daemon:
        given["affinity"] = _pinned()
    spec.update(
        {
            "serviceAccountName": account,
            "serviceAccount": account,
            member("NODE"): 0,
            member("HOSTNAME"): 0,
            **given,
            "tolerations": tolerations,
            "priority": PRIORITIES.get(given.get("priorityClassName", ""), 0),
            "enableServiceLinks": True,
            "preemptionPolicy": "PreemptLowerPriority",
        }
    )
    return spec


def _token_volume() -> dict[str, Any]:
    sources: Sequence[dict[str, Any]] = (
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {
            "downwardAPI": {
                "items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]
            }
        },
    )
    return {
        "name": f"kube-api-access-{text('TOKEN')}",
        "projected": {"sources": list(sources), "defaultMode": 420},
    }


def _added_tolerations(daemon: bool, host_network: bool) -> list[dict[str, Any]]:
    if not daemon:
        return [
            {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
            for key, _ in _EVERYWHERE[:2]
        ]
    added = [{"key": key, "operator": "Exists", "effect": effect} for key, effect in _EVERYWHERE]
    if host_network:
        added.append({"key": "node.kubernetes.io/network-unavailable", "operator": "Exists", "effect": "NoSchedule"})
    return added


def _pinned() -> dict[str, Any]:
    field = {"key": "metadata.name", "operator": "In", "values": [text("NODE_NAME")]}
    terms = {"nodeSelectorTerms": [{"matchFields": [field]}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}
