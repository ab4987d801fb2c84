"""The node pools of the simulated AKS cluster, and what their nodes look like to the API server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.node import NodeShape, Taint
from kubetui.demo.node_images import LINUX_IMAGES, WINDOWS_IMAGES

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
RESOURCE_GROUP = "rg-prod"
CLUSTER = "aks-prod"
REGION = "westeurope"
NODE_RESOURCE_GROUP = f"MC_{RESOURCE_GROUP}_{CLUSTER}_{REGION}"
VERSION = "1.36.3"
IMAGE_DATE = "202610.12.0"
NEXT_IMAGE_DATE = "202611.09.0"
OLD_VERSION, OLD_IMAGE_DATE = "1.35.4", "202609.28.0"
"""Of a pool that has an upgrade before it."""
_MAX_PODS = 110
_MI = 1024  # Ki


@dataclass(frozen=True)
class VmSize:
    """A VM size, as its nodes report it."""

    name: str
    cpus: int
    memory_ki: int
    """What the kernel reports, less than the nominal."""
    disks: int
    """Data disks that can be attached."""

    @property
    def nominal_memory_mi(self) -> int:
        """As the size is sold: whole GiB."""
        return -(-self.memory_ki // (1024 * 1024)) * 1024


D4S_V5 = VmSize("Standard_D4s_v5", 4, 16_374_136, 8)
D8S_V5 = VmSize("Standard_D8s_v5", 8, 32_863_772, 16)
D8AS_V5 = VmSize("Standard_D8as_v5", 8, 32_863_756, 16)

_RESERVED_MILLICPU = {1: 60, 2: 100, 4: 140, 8: 180, 16: 260, 32: 420, 64: 740}


def reserved_millicpu(cpus: int) -> int:
    """``kubeReserved.cpu`` of AKS, by the number of cores."""
    return _RESERVED_MILLICPU[cpus]


def reserved_memory_mi(nominal_mi: int, max_pods: int) -> int:
    """``kubeReserved.memory`` of AKS since 1.29: 20 MiB for each pod and 50 MiB, at most a quarter of the memory."""
    return min(20 * max_pods + 50, nominal_mi // 4)


EVICTION_MI = 100
"""``evictionHard.memory.available`` of AKS since 1.29."""


class PoolKind(Enum):
    """What a pool's machines are to Azure."""

    UNIFORM = "VM scale set, Uniform"
    FLEXIBLE = "VM scale set, Flexible"
    SINGLE = "single VMs"
    KARPENTER = "Karpenter"
    """Node auto-provisioning: no agent pool, and a VM for each node."""


@dataclass(frozen=True)
class Pool:
    """An agent pool and its scale set, or whatever else its machines are."""

    name: str
    digits: str
    """``aks-managed-resourceNameSuffix``."""
    size: VmSize
    mode: str
    """``system`` or ``user``."""
    spot: bool = False
    windows: bool = False
    taints: tuple[Taint, ...] = ()
    max_pods: int = _MAX_PODS
    version: str = VERSION
    """Of new nodes' kubelets."""
    image_date: str = IMAGE_DATE
    kind: PoolKind = PoolKind.UNIFORM

    @property
    def has_scale_set(self) -> bool:
        """Its machines are instances of one."""
        return self.kind in (PoolKind.UNIFORM, PoolKind.FLEXIBLE)

    @property
    def scale_set(self) -> str:
        """The VMSS's name; Windows computer names allow no more than pool and number."""
        return f"aks{self.name}" if self.windows else f"aks-{self.name}-{self.digits}-vmss"

    def node_name(self, instance: int) -> str:
        """``computerName`` in lower case: the scale set's prefix and six base-36 digits; of a single VM its name."""
        if self.has_scale_set:
            return f"{self.scale_set}{base36(instance):0>6}"
        return self.vm_name(instance)

    def vm_name(self, instance: int) -> str:
        """Of a machine that is a resource of its own."""
        if self.kind is PoolKind.SINGLE:
            return f"aks-{self.name}-{self.digits}-vms{instance}"
        scattered = (int(self.digits) + instance) * 2_654_435_761 % 2**32
        if self.kind is PoolKind.KARPENTER:
            return f"aks-{self.name}-{base36(scattered % 36**5):0>5}"
        return f"{self.scale_set}_{scattered:08x}"

    def provider_id(self, instance: int) -> str:
        """As the cloud provider writes it: the resource group in lower case; a Flexible scale set is not named."""
        compute = (
            f"azure:///subscriptions/{SUBSCRIPTION}/resourceGroups/{NODE_RESOURCE_GROUP.lower()}/providers/"
            "Microsoft.Compute"
        )
        if self.kind is PoolKind.UNIFORM:
            return f"{compute}/virtualMachineScaleSets/{self.scale_set}/virtualMachines/{instance}"
        return f"{compute}/virtualMachines/{self.vm_name(instance)}"


def base36(number: int) -> str:
    """``17`` is ``h``."""
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        if not number:
            return digits


SYSTEM = Pool("system", "31415926", D4S_V5, "system", taints=(Taint("CriticalAddonsOnly", "NoSchedule", "true"),))
GENERAL = Pool("general", "27182818", D8S_V5, "user")
SPOT = Pool(
    "spot",
    "16180339",
    D8AS_V5,
    "user",
    spot=True,
    taints=(Taint("kubernetes.azure.com/scalesetpriority", "NoSchedule", "spot"),),
)
FLEXIBLE = Pool("flex", "57721566", D4S_V5, "user", kind=PoolKind.FLEXIBLE)
SINGLE = Pool("batch", "69314718", D4S_V5, "user", kind=PoolKind.SINGLE)
KARPENTER = Pool("default", "11235813", D4S_V5, "user", kind=PoolKind.KARPENTER)
WINDOWS = Pool("win", "14142135", D4S_V5, "user", windows=True, taints=(Taint("os", "NoSchedule", "windows"),))


@cache
def shape(pool: Pool) -> NodeShape:
    """What the pool's nodes have alike."""
    return NodeShape.of(_labels(pool), _ANNOTATIONS, _status(pool))


_ANNOTATIONS = {
    "csi.volume.kubernetes.io/nodeid": '{"disk.csi.azure.com":"{name}","file.csi.azure.com":"{name}"}',
    "node.alpha.kubernetes.io/ttl": "0",
    "volumes.kubernetes.io/controller-managed-attach-detach": "true",
}


def image_version(pool: Pool) -> str:
    """The label ``kubernetes.azure.com/node-image-version``."""
    if pool.windows:
        return f"AKSWindows-2022-containerd-20348.4171.{pool.image_date[2:6]}12"
    return f"AKSUbuntu-2204gen2containerd-{pool.image_date}"


def _labels(pool: Pool) -> Mapping[str, str]:
    sku = "Windows2022" if pool.windows else "Ubuntu"
    system = "windows" if pool.windows else "linux"
    labels = {
        "agentpool": pool.name,
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/instance-type": pool.size.name,
        "beta.kubernetes.io/os": system,
        "failure-domain.beta.kubernetes.io/region": REGION,
        "kubernetes.azure.com/agentpool": pool.name,
        "kubernetes.azure.com/azure-cni-overlay": "true",
        "kubernetes.azure.com/cluster": NODE_RESOURCE_GROUP[:63],
        "kubernetes.azure.com/consolidated-additional-properties": uid_text(int(pool.digits) << 90),
        "kubernetes.azure.com/kubelet-identity-client-id": uid_text(27_182_818 << 80),
        "kubernetes.azure.com/kubelet-serving-ca": "cluster",
        "kubernetes.azure.com/localdns-state": "disabled",
        "kubernetes.azure.com/mode": pool.mode,
        "kubernetes.azure.com/network-policy": "none",
        "kubernetes.azure.com/node-image-version": image_version(pool),
        "kubernetes.azure.com/nodepool-type": "VirtualMachineScaleSets",
        "kubernetes.azure.com/os-sku": sku,
        "kubernetes.azure.com/os-sku-effective": "Windows2022" if pool.windows else "Ubuntu2204",
        "kubernetes.azure.com/os-sku-requested": sku,
        "kubernetes.azure.com/podnetwork-type": "overlay",
        "kubernetes.azure.com/role": "agent",
        "kubernetes.azure.com/sku-cpu": str(pool.size.cpus),
        "kubernetes.azure.com/sku-memory": str(pool.size.nominal_memory_mi),
        "kubernetes.azure.com/storageprofile": "managed",
        "kubernetes.azure.com/storagetier": "Premium_LRS",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": system,
        "node.kubernetes.io/instance-type": pool.size.name,
        "storageprofile": "managed",
        "storagetier": "Premium_LRS",
        "topology.kubernetes.io/region": REGION,
    }
    if pool.kind is PoolKind.SINGLE:
        labels["kubernetes.azure.com/nodepool-type"] = "VirtualMachines"
    if pool.kind is PoolKind.KARPENTER:
        labels = _of_karpenter(pool, labels)
    if pool.spot:
        labels["kubernetes.azure.com/priority"] = "spot"
        labels["kubernetes.azure.com/scalesetpriority"] = "spot"
    if pool.windows:
        labels["node.kubernetes.io/windows-build"] = "10.0.20348"
    return dict(sorted(labels.items()))


def _of_karpenter(pool: Pool, labels: Mapping[str, str]) -> dict[str, str]:
    """No agent pool, but Karpenter's own labels."""
    not_there = ("agentpool", "kubernetes.azure.com/agentpool", "kubernetes.azure.com/nodepool-type")
    return {key: value for key, value in labels.items() if key not in not_there} | {
        "karpenter.azure.com/aksnodeclass": "default",
        "karpenter.sh/capacity-type": "spot" if pool.spot else "on-demand",
        "karpenter.sh/initialized": "true",
        "karpenter.sh/nodepool": pool.name,
        "karpenter.sh/registered": "true",
    }


def own_labels(zone: int) -> Mapping[str, str]:
    """What differs from node to node: the availability zone."""
    return {
        "failure-domain.beta.kubernetes.io/zone": f"{REGION}-{zone}",
        "topology.disk.csi.azure.com/zone": f"{REGION}-{zone}",
        "topology.kubernetes.io/zone": f"{REGION}-{zone}",
    }


def allocatable_millicpu(pool: Pool) -> int:
    """Cores less what AKS reserves."""
    return pool.size.cpus * 1000 - reserved_millicpu(pool.size.cpus)


def allocatable_memory_ki(pool: Pool) -> int:
    """Memory less what AKS reserves and the eviction threshold."""
    reserved = reserved_memory_mi(pool.size.nominal_memory_mi, pool.max_pods) + EVICTION_MI
    return pool.size.memory_ki - reserved * _MI


_DISK_KI = 129_886_128
"""A 128 GB OS disk's file system."""
_DISK_ALLOCATABLE = 119_703_055_367
"""Bytes left of it, as seen on live nodes: a tenth less, in the kubelet's arithmetic."""


def _status(pool: Pool) -> Mapping[str, Any]:
    capacity = {
        "cpu": str(pool.size.cpus),
        "ephemeral-storage": f"{_DISK_KI}Ki",
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "memory": f"{pool.size.memory_ki}Ki",
        "pods": str(pool.max_pods),
    }
    allocatable = {
        "cpu": f"{allocatable_millicpu(pool)}m",
        "ephemeral-storage": str(_DISK_ALLOCATABLE),
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "memory": f"{allocatable_memory_ki(pool)}Ki",
        "pods": str(pool.max_pods),
    }
    return {
        "capacity": capacity,
        "allocatable": allocatable,
        "nodeInfo": _WINDOWS_INFO | _version(pool) if pool.windows else _LINUX_INFO | _version(pool),
        "images": WINDOWS_IMAGES if pool.windows else LINUX_IMAGES,
        "runtimeHandlers": [
            {"name": "", "features": {"recursiveReadOnlyMounts": True, "userNamespaces": False}},
            {"name": "runc", "features": {"recursiveReadOnlyMounts": True, "userNamespaces": False}},
        ],
        "features": {"supplementalGroupsPolicy": False},
    }


def _version(pool: Pool) -> dict[str, Any]:
    return {"kubeletVersion": f"v{pool.version}"}


_LINUX_INFO: dict[str, Any] = {
    "kernelVersion": "5.15.0-1102-azure",
    "osImage": "Ubuntu 22.04.5 LTS",
    "containerRuntimeVersion": "containerd://1.7.29-1",
    "kubeletVersion": "",
    "kubeProxyVersion": "",
    "operatingSystem": "linux",
    "architecture": "amd64",
    "swap": {"capacity": 0},
}
_WINDOWS_INFO: dict[str, Any] = {
    "kernelVersion": "10.0.20348.4171",
    "osImage": "Windows Server 2022 Datacenter",
    "containerRuntimeVersion": "containerd://1.7.29+azure",
    "kubeletVersion": "",
    "kubeProxyVersion": "",
    "operatingSystem": "windows",
    "architecture": "amd64",
}
