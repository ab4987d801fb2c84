"""What Azure Resource Manager says of the simulated cluster: its scale sets, their instances, the managed cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kubetui.demo.fleet import Fleet, Node
from kubetui.demo.life.cluster_autoscaler import Limits
from kubetui.demo.machine_fates import MachineFate
from kubetui.demo.moment import rfc3339
from kubetui.demo.pools import (
    CLUSTER,
    NODE_RESOURCE_GROUP,
    REGION,
    RESOURCE_GROUP,
    SUBSCRIPTION,
    VERSION,
    Pool,
    PoolKind,
    image_version,
)
from kubetui.demo.system.daemons import POD_CIDR

GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{NODE_RESOURCE_GROUP}"
LOUD_GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{NODE_RESOURCE_GROUP.upper()}"
"""As instances' ids have it: Azure spells the group in capitals there."""
CLUSTER_ID = (
    f"/subscriptions/{SUBSCRIPTION}/resourcegroups/{RESOURCE_GROUP}"
    f"/providers/Microsoft.ContainerService/managedClusters/{CLUSTER}"
)
_GALLERY = (
    "/subscriptions/109a5e88-712a-48ae-9078-9ca8b3c81345/resourceGroups/AKS-Ubuntu/providers/Microsoft.Compute"
    "/galleries/AKSUbuntu/images/2204gen2containerd/versions/"
)


def resource_group() -> dict[str, Any]:
    """The node resource group, with the tags that lead to the managed cluster."""
    return {
        "id": GROUP_ID,
        "name": NODE_RESOURCE_GROUP,
        "location": REGION,
        "tags": {"aks-managed-cluster-name": CLUSTER, "aks-managed-cluster-rg": RESOURCE_GROUP},
        "properties": {"provisioningState": "Succeeded"},
    }


def scale_set(pool: Pool, capacity: int, provisioning: str) -> dict[str, Any]:
    """One pool's scale set."""
    profile: dict[str, Any] = {
        "osProfile": {"computerNamePrefix": pool.scale_set},
        "storageProfile": {"imageReference": {"id": _GALLERY + pool.image_date}},
        "priority": "Spot" if pool.spot else "Regular",
    }
    if pool.spot:
        profile["evictionPolicy"] = "Delete"
    return {
        "name": pool.scale_set,
        "id": f"{GROUP_ID}/providers/Microsoft.Compute/virtualMachineScaleSets/{pool.scale_set}",
        "type": "Microsoft.Compute/virtualMachineScaleSets",
        "location": REGION,
        "tags": {
            "aks-managed-poolName": pool.name,
            "aks-managed-orchestrator": f"Kubernetes:{pool.version}",
            "aks-managed-resourceNameSuffix": pool.digits,
        },
        "sku": {"name": pool.size.name, "tier": "Standard", "capacity": capacity},
        "zones": ["1", "2", "3"],
        "properties": {
            "provisioningState": provisioning,
            "orchestrationMode": "Flexible" if pool.kind is PoolKind.FLEXIBLE else "Uniform",
            "upgradePolicy": {"mode": "Manual"},
            "singlePlacementGroup": False,
            "overprovision": False,
            "virtualMachineProfile": profile,
        },
    }


def instance(pool: Pool, number: int, created: float, latest: Pool, fate: MachineFate, view: bool) -> dict[str, Any]:
    """One instance; ``view``: with its instance view, which Azure adds when it is asked to."""
    properties: dict[str, Any] = {
        "latestModelApplied": pool == latest,
        "provisioningState": fate.provisioning,
        "vmId": f"00000000-0000-0000-{int(pool.digits) % 10_000:04d}-{number:012d}",
        "timeCreated": rfc3339(int(created)),
        "hardwareProfile": {"vmSize": pool.size.name},
        "osProfile": {"computerName": pool.node_name(number)},
        "storageProfile": {"imageReference": {"id": _GALLERY + pool.image_date, "exactVersion": pool.image_date}},
    }
    if view:
        properties["instanceView"] = instance_view(fate, created)
    return {
        "name": f"{pool.scale_set}_{number}",
        "id": (
            f"{LOUD_GROUP_ID}/providers/Microsoft.Compute/virtualMachineScaleSets/{pool.scale_set}"
            f"/virtualMachines/{number}"
        ),
        "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
        "location": REGION,
        "instanceId": str(number),
        "sku": {"name": pool.size.name, "tier": "Standard"},
        "zones": [str(1 + number % 3)],
        "properties": properties,
    }


def virtual_machine(pool: Pool, number: int, created: float, fate: MachineFate, view: bool) -> dict[str, Any]:
    """A machine that is a resource of its own; ``view``: with its instance view."""
    name = pool.vm_name(number)
    tags = {"aks-managed-poolName": pool.name}
    if pool.kind is PoolKind.KARPENTER:
        tags = {"karpenter.azure.com_cluster": CLUSTER, "karpenter.sh_nodepool": pool.name}
    properties: dict[str, Any] = {
        "provisioningState": fate.provisioning,
        "vmId": f"00000000-0000-0000-{int(pool.digits) % 10_000:04d}-{number:012d}",
        "timeCreated": rfc3339(int(created)),
        "hardwareProfile": {"vmSize": pool.size.name},
        "osProfile": {"computerName": pool.node_name(number)},
        "storageProfile": {"imageReference": {"id": _GALLERY + pool.image_date, "exactVersion": pool.image_date}},
    }
    if pool.kind is PoolKind.FLEXIBLE:
        held = f"{GROUP_ID}/providers/Microsoft.Compute/virtualMachineScaleSets/{pool.scale_set}"
        properties["virtualMachineScaleSet"] = {"id": held}
    if view:
        properties["instanceView"] = instance_view(fate, created, _bootstrap_of(pool))
    return {
        "name": name,
        "id": f"{LOUD_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/{name}",
        "type": "Microsoft.Compute/virtualMachines",
        "location": REGION,
        "tags": tags,
        "zones": [str(1 + number % 3)],
        "properties": properties,
    }


def _bootstrap_of(pool: Pool) -> str:
    """The name of the extension that makes its machines nodes."""
    return "cse-agent-karpenter" if pool.kind is PoolKind.KARPENTER else "vmssCSE"


def instance_view(fate: MachineFate, created: float, extension: str = "vmssCSE") -> dict[str, Any]:
    """A machine's state and its bootstrap's."""
    state = fate.provisioning.lower() + (f"/{fate.code}" if fate.code else "")
    status = {
        "code": f"ProvisioningState/{state}",
        "level": "Error" if fate.code else "Info",
        "displayStatus": f"Provisioning {fate.provisioning.lower()}",
        "time": rfc3339(int(fate.at or created)),
    }
    if fate.message:
        status["message"] = fate.message
    statuses = [status]
    if fate.power:
        statuses.append({"code": f"PowerState/{fate.power}", "level": "Info", "displayStatus": f"VM {fate.power}"})
    bootstrap = {
        "code": "ProvisioningState/failed/50" if fate.bootstrap else "ProvisioningState/succeeded",
        "level": "Error" if fate.bootstrap else "Info",
        "message": fate.bootstrap or "Enable succeeded",
    }
    return {"statuses": statuses, "extensions": [{"name": extension, "statuses": [bootstrap]}]}


def managed_cluster(
    fleet: Fleet, upgrading: frozenset[str], limits: Callable[[str], Limits | None], lone: Mapping[str, int]
) -> dict[str, Any]:
    """The cluster with its agent pools.

    ``upgrading``: pools that an upgrade goes through; ``limits``: of the autoscaled ones; ``lone``: how many
    instances of each pool have no node.
    """
    return {
        "id": CLUSTER_ID,
        "name": CLUSTER,
        "type": "Microsoft.ContainerService/ManagedClusters",
        "location": REGION,
        "sku": {"name": "Base", "tier": "Standard"},
        "properties": {
            "provisioningState": "Upgrading" if upgrading else "Succeeded",
            "powerState": {"code": "Running"},
            "kubernetesVersion": VERSION,
            "currentKubernetesVersion": VERSION,
            "nodeResourceGroup": NODE_RESOURCE_GROUP,
            "supportPlan": "KubernetesOfficial",
            "agentPoolProfiles": [
                _agent_pool(pool, fleet.of_pool(pool.name), upgrading, limits(pool.name), lone.get(pool.name, 0))
                for pool in fleet.pools.values()
                if pool.kind is not PoolKind.KARPENTER
            ],
            "networkProfile": {
                "networkPlugin": "azure",
                "networkPluginMode": "overlay",
                "networkPolicy": "none",
                "networkDataplane": "azure",
                "loadBalancerSku": "standard",
                "loadBalancerProfile": {"managedOutboundIPs": {"count": 1}, "allocatedOutboundPorts": 0},
                "podCidr": POD_CIDR,
                "podCidrs": [POD_CIDR],
                "serviceCidr": "10.0.0.0/16",
                "serviceCidrs": ["10.0.0.0/16"],
                "dnsServiceIP": "10.0.0.10",
                "outboundType": "loadBalancer",
                "ipFamilies": ["IPv4"],
            },
            "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
            "nodeProvisioningProfile": {"mode": "Auto" if _provisions(fleet) else "Manual"},
        },
    }


def _provisions(fleet: Fleet) -> bool:
    return any(pool.kind is PoolKind.KARPENTER for pool in fleet.pools.values())


def _agent_pool(
    pool: Pool, nodes: Sequence[Node], upgrading: frozenset[str], limits: Limits | None, lone: int
) -> dict[str, Any]:
    oldest = min((node.pool.version for node in nodes), default=pool.version)
    found: dict[str, Any] = {
        "name": pool.name,
        "count": len(nodes) + lone,
        "vmSize": pool.size.name,
        "osType": "Windows" if pool.windows else "Linux",
        "osSKU": "Windows2022" if pool.windows else "Ubuntu",
        "maxPods": pool.max_pods,
        "type": "VirtualMachines" if pool.kind is PoolKind.SINGLE else "VirtualMachineScaleSets",
        "mode": pool.mode.capitalize(),
        "scaleDownMode": "Delete",
        "enableAutoScaling": limits is not None,
        "provisioningState": "Upgrading" if pool.name in upgrading else "Succeeded",
        "powerState": {"code": "Running"},
        "orchestratorVersion": pool.version,
        "currentOrchestratorVersion": oldest,
        "nodeImageVersion": image_version(pool),
        "upgradeSettings": {"maxSurge": "10%", "maxUnavailable": "0", "drainTimeoutInMinutes": 30},
        "availabilityZones": ["1", "2", "3"],
    }
    if limits is not None:
        found |= {"minCount": limits.least, "maxCount": limits.most}
    if pool.spot:
        found |= {"scaleSetPriority": "Spot", "scaleSetEvictionPolicy": "Delete", "spotMaxPrice": -1.0}
    return found
