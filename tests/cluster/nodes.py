"""Nodes as they look on Azure, kubelet's status included."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.cluster.kwok import FAKE_NODE
from tests.cluster.programs import KUBERNETES
from tests.cluster.shape import Pool, Shape

_RESOURCE_GROUP = "MC_rg-prod_aks-prod_westeurope"
_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
_IMAGE = "AKSUbuntu-2204gen2containerd-202610.12.0"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_PAUSE = "mcr.microsoft.com/oss/kubernetes/pause"

# type, status, reason, message: what kubelet reports, then what Azure's node problem detector adds.
_CONDITIONS = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ("KernelDeadlock", "False", "KernelHasNoDeadlock", "kernel has no deadlock"),
    ("ReadonlyFilesystem", "False", "FilesystemIsNotReadOnly", "Filesystem is not read-only"),
    ("FrequentKubeletRestart", "False", "NoFrequentKubeletRestart", "kubelet is functioning properly"),
    ("VMEventScheduled", "False", "NoVMEventScheduled", "VM has no scheduled event"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One node: its pool, its number in the scale set, and its number in the cluster."""

    pool: Pool
    instance: int
    number: int

    @property
    def name(self) -> str:
        """The scale set's name and the instance number in base 36, six digits."""
        return f"{self.pool.scale_set}{base36(self.instance)}"

    @property
    def zone(self) -> str:
        """The availability zone; a scale set spreads its instances evenly."""
        return f"westeurope-{1 + self.instance % 3}"

    @property
    def address(self) -> str:
        """The node's InternalIP, out of the VNet's 10.224.0.0/16."""
        return f"10.224.{self.number // 250}.{4 + self.number % 250}"

    def pod_address(self, pod: int) -> str:
        """A pod's address: the node's /24 out of the overlay network; ``pod`` is its number on the node."""
        high, low = divmod(self.number, 256)
        return f"10.{244 + high}.{low}.{2 + pod % 250}"


def places(shape: Shape) -> Iterator[Place]:
    """Every node of a shape."""
    number = 0
    for pool, count in shape.nodes:
        for instance in range(count):
            yield Place(pool, instance, number)
            number += 1


def base36(number: int) -> str:
    """A scale set instance's number as its computer name ends: ``00000a`` is 10."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits.rjust(6, "0")


def node(place: Place) -> dict[str, Any]:
    """A Node to create; its status is a subresource and must be written too."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": place.name,
            "labels": _labels(place),
            "annotations": FAKE_NODE
            | {
                "node.alpha.kubernetes.io/ttl": "0",
                "volumes.kubernetes.io/controller-managed-attach-detach": "true",
            },
        },
        "spec": {
            "podCIDR": place.pod_address(0).rpartition(".")[0] + ".0/24",
            "podCIDRs": [place.pod_address(0).rpartition(".")[0] + ".0/24"],
            "providerID": f"azure:///subscriptions/{_SUBSCRIPTION}/resourceGroups/{_RESOURCE_GROUP.lower()}/providers/"
            f"Microsoft.Compute/virtualMachineScaleSets/{place.pool.scale_set}/virtualMachines/{place.instance}",
            "taints": [{"key": key, "value": value, "effect": effect} for key, value, effect in place.pool.taints],
        },
    }


def node_status(place: Place, now: str) -> dict[str, Any]:
    """The status that a healthy kubelet reports; ``now`` is RFC 3339."""
    pool = place.pool
    gpus = {"nvidia.com/gpu": str(pool.gpu)} if pool.gpu else {}
    return {
        "phase": "Running",  # kwok's heartbeat looks for it
        "capacity": {
            "cpu": str(pool.cpu),
            "memory": f"{pool.memory * 1024 * 1024 - 200_000}Ki",
            "pods": "250",
            "ephemeral-storage": "129886128Ki",
        }
        | gpus,
        "allocatable": {
            "cpu": f"{pool.cpu * 1000 - 180}m",
            "memory": f"{(pool.memory - 3) * 1024 * 1024}Ki",
            "pods": "250",
            "ephemeral-storage": "119703055367",
        }
        | gpus,
        "conditions": [
            {
                "type": kind,
                "status": status,
                "reason": reason,
                "message": message,
                "lastHeartbeatTime": now,
                "lastTransitionTime": now,
            }
            for kind, status, reason, message in _CONDITIONS
        ],
        "addresses": [
            {"type": "InternalIP", "address": place.address},
            {"type": "Hostname", "address": place.name},
        ],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": _node_info(place),
        "images": [
            {"names": [f"{_PAUSE}:3.6"], "sizeBytes": 301463},
            *({"names": [f"registry.example/base/layer-{n}:2026.11"], "sizeBytes": 90_000_000 - n} for n in range(20)),
        ],
    }


def _labels(place: Place) -> dict[str, str]:
    pool = place.pool
    labels = {
        "agentpool": pool.name,
        "kubernetes.azure.com/agentpool": pool.name,
        "kubernetes.azure.com/cluster": _RESOURCE_GROUP,
        "kubernetes.azure.com/mode": pool.mode.lower(),
        "kubernetes.azure.com/node-image-version": _IMAGE,
        "kubernetes.azure.com/os-sku": "Ubuntu",
        "kubernetes.azure.com/role": "agent",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": place.name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": pool.size,
        "topology.disk.csi.azure.com/zone": place.zone,
        "topology.kubernetes.io/region": "westeurope",
        "topology.kubernetes.io/zone": place.zone,
    }
    if pool.priority:
        labels["kubernetes.azure.com/scalesetpriority"] = pool.priority
    if pool.gpu:
        labels["accelerator"] = "nvidia"
    return labels


def _node_info(place: Place) -> dict[str, str]:
    machine = hashlib.md5(place.name.encode(), usedforsecurity=False).hexdigest()
    uuid = f"{machine[:8]}-{machine[8:12]}-{machine[12:16]}-{machine[16:20]}-{machine[20:]}"
    return {
        # One node in twenty is still on the version before: an upgrade under way.
        "kubeletVersion": "v1.35.8" if place.number % 20 == 19 else f"v{KUBERNETES}",
        "kubeProxyVersion": "",
        "osImage": "Ubuntu 22.04.5 LTS",
        "kernelVersion": "5.15.0-1089-azure",
        "containerRuntimeVersion": "containerd://1.7.29-1",
        "operatingSystem": "linux",
        "architecture": "amd64",
        "machineID": machine,
        "systemUUID": uuid,
        "bootID": uuid[::-1],
    }
