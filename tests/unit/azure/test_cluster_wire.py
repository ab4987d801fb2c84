"""The managed cluster, field by field: of Azure's own shape, of one with next to nothing, and of nonsense."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubetui.azure.cluster_wire import ClusterWire, managed_cluster
from kubetui.azure.machine_wire import read
from kubetui.azure.machines import AgentPool, ManagedCluster, Network

ID = "/subscriptions/s/resourcegroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/shop-aks"

POOL: dict[str, Any] = {
    "name": "apps",
    "count": 5,
    "vmSize": "Standard_D8ds_v5",
    "maxPods": 110,
    "type": "VirtualMachineScaleSets",
    "enableAutoScaling": True,
    "minCount": 3,
    "maxCount": 12,
    "scaleDownMode": "Deallocate",
    "provisioningState": "Upgrading",
    "powerState": {"code": "Running"},
    "orchestratorVersion": "1.34.6",
    "currentOrchestratorVersion": "1.33.9",
    "mode": "User",
    "osType": "Linux",
    "osSKU": "Ubuntu",
    "nodeImageVersion": "AKSUbuntu-2204gen2containerd-202608.20.0",
    "upgradeSettings": {
        "maxSurge": "33%",
        "maxUnavailable": "0",
        "drainTimeoutInMinutes": 30,
        "nodeSoakDurationInMinutes": 0,
        "undrainableNodeBehavior": "Schedule",
    },
    "availabilityZones": ["1", "2", "3"],
    "scaleSetPriority": "Spot",
    "scaleSetEvictionPolicy": "Delete",
    "spotMaxPrice": -1.0,
}
CLUSTER: dict[str, Any] = {
    "id": ID,
    "name": "shop-aks",
    "sku": {"name": "Base", "tier": "Standard"},
    "fieldOfNextYear": {"deep": [1]},
    "properties": {
        "provisioningState": "Upgrading",
        "powerState": {"code": "Running"},
        "kubernetesVersion": "1.34.6",
        "currentKubernetesVersion": "1.33.9",
        "nodeResourceGroup": "MC_rg-shop_shop-aks_westeurope",
        "supportPlan": "KubernetesOfficial",
        "agentPoolProfiles": [POOL],
        "apiServerAccessProfile": {"enablePrivateCluster": True},
        "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
        "nodeProvisioningProfile": {"mode": "Manual"},
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "networkPolicy": "none",
            "networkDataplane": "cilium",
            "loadBalancerSku": "standard",
            "loadBalancerProfile": {"allocatedOutboundPorts": 1024},
            "podCidr": "10.244.0.0/16",
            "podCidrs": ["10.244.0.0/16", "fd00::/48"],
            "serviceCidr": "10.0.0.0/16",
            "dnsServiceIP": "10.0.0.10",
            "outboundType": "loadBalancer",
        },
    },
}


def cluster(document: Any) -> ManagedCluster:
    wire: ClusterWire = read(json.dumps(document).encode(), ClusterWire)
    return managed_cluster(wire)


def with_properties(**properties: Any) -> ManagedCluster:
    return cluster({"id": ID, "properties": properties})


def only_pool(**fields: Any) -> AgentPool:
    (pool,) = with_properties(agentPoolProfiles=[{"name": "apps", **fields}]).pools
    return pool


def test_the_cluster_as_azure_describes_it() -> None:
    found = cluster(CLUSTER)

    assert found._replace(pools=()) == ManagedCluster(
        id=ID,
        name="shop-aks",
        provisioning="Upgrading",
        tier="Standard",
        power="Running",
        version="1.34.6",
        current="1.33.9",
        node_group="MC_rg-shop_shop-aks_westeurope",
        support="KubernetesOfficial",
        upgrades="patch",
        images="NodeImage",
        private=True,
        provisioner="Manual",
        network=Network(
            "azure", "overlay", "none", "cilium", ("10.244.0.0/16", "fd00::/48"), ("10.0.0.0/16",), "10.0.0.10",
            "loadBalancer", "standard", 1024,
        ),
    )  # fmt: skip


def test_a_pool_as_azure_describes_it() -> None:
    (pool,) = cluster(CLUSTER).pools

    assert pool == AgentPool(
        name="apps",
        count=5,
        autoscaled=True,
        least=3,
        most=12,
        provisioning="Upgrading",
        power="Running",
        version="1.34.6",
        current="1.33.9",
        image="AKSUbuntu-2204gen2containerd-202608.20.0",
        surge="33%",
        kind="VirtualMachineScaleSets",
        mode="User",
        size="Standard_D8ds_v5",
        os="Ubuntu",
        zones=("1", "2", "3"),
        spot=True,
        eviction="Delete",
        price="-1",
        scale_in="Deallocate",
        unavailable="0",
        drain=30,
        soak=0,
        undrainable="Schedule",
        max_pods=110,
    )


def test_a_pool_of_single_machines_tells_counts_by_size() -> None:
    small, large = {"size": "Standard_D2as_v5", "count": 1}, {"size": "Standard_D8as_v5", "count": 3}

    pool = only_pool(
        type="VirtualMachines", count=None, vmSize="", virtualMachinesProfile={"scale": {"manual": [small, large]}}
    )

    assert (pool.count, pool.size, pool.autoscaled) == (4, "Standard_D2as_v5, Standard_D8as_v5", False)


@pytest.mark.parametrize("several", [True, False])
def test_a_pool_of_single_machines_tells_its_limits_by_size(several: bool) -> None:
    one = {"size": "Standard_D2as_v5", "minCount": 1, "maxCount": 5}

    pool = only_pool(virtualMachinesProfile={"scale": {"autoscale": [one] if several else one}})

    assert (pool.autoscaled, pool.least, pool.most, pool.size) == (True, 1, 5, "Standard_D2as_v5")


def test_what_is_absent_is_not_said() -> None:
    assert cluster({"id": ID}) == ManagedCluster(ID, "shop-aks")
    assert only_pool() == AgentPool("apps")
    assert with_properties(agentPoolProfiles=None).pools == ()


@pytest.mark.parametrize("odd", [None, 7, "x", True, [], {}, [7, None], {"code": 5}, 1e400, "9" * 30])
def test_a_field_of_another_type_takes_nothing_else_with_it(odd: Any) -> None:
    spoiled = json.loads(json.dumps(CLUSTER))
    for part in (spoiled["properties"], spoiled["properties"]["agentPoolProfiles"][0]):
        for name in part:
            if name not in ("agentPoolProfiles", "name", "nodeImageVersion", "nodeResourceGroup"):
                part[name] = odd

    found = cluster(json.loads(json.dumps(spoiled).replace("Infinity", "1e300")))

    assert found.node_group == "MC_rg-shop_shop-aks_westeurope"
    assert [pool.image for pool in found.pools] == ["AKSUbuntu-2204gen2containerd-202608.20.0"]


@pytest.mark.parametrize("profiles", [{"name": "x"}, 7, "x", [None, 7, {}, {"name": 7.5}, {"name": ""}, []]])
def test_entries_that_are_no_pools_are_passed_over(profiles: Any) -> None:
    assert [pool.name for pool in with_properties(agentPoolProfiles=profiles).pools] in ([], ["7.5"])


QUOTA = {"code": "QuotaExceeded", "message": "no cores left"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": {"provisioningError": QUOTA}}, "QuotaExceeded: no cores left"),
        ({"statusDetails": {"provisioningError": QUOTA}}, "QuotaExceeded: no cores left"),
        (
            {"status": {"provisioningError": {"code": "ReconcileVMSSAgentPoolFailed", "details": [None, QUOTA]}}},
            "ReconcileVMSSAgentPoolFailed (QuotaExceeded: no cores left)",
        ),
        ({"status": {"provisioningError": {"details": [QUOTA]}}}, "QuotaExceeded: no cores left"),
        ({"status": {"provisioningError": {**QUOTA, "details": [QUOTA]}}}, "QuotaExceeded: no cores left"),
        ({"status": {"provisioningError": "failed"}}, ""),
        ({"status": {"provisioningError": {"code": None, "details": {"a": 1}}}}, ""),
        ({"status": None}, ""),
    ],
)
def test_errors_of_cluster_and_pools(fields: dict[str, Any], expected: str) -> None:
    assert only_pool(**fields).error == expected
    assert with_properties(**fields).error == expected


def test_texts_are_bounded() -> None:
    assert len(only_pool(status={"provisioningError": {"message": "x" * 100_000}}).error) == 2_000
