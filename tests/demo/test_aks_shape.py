"""Nodes and kube-system are AKS's: names, labels, taints, formulas, settings."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kubetui.demo import resources as kinds
from kubetui.demo.entries.lease import LeaseEntry
from kubetui.demo.pools import (
    D4S_V5,
    D8S_V5,
    GENERAL,
    SYSTEM,
    allocatable_memory_ki,
    allocatable_millicpu,
    base36,
    reserved_memory_mi,
    reserved_millicpu,
)
from tests.demo.worlds import Lived, condition


@pytest.fixture(scope="module")
def lived() -> Lived:
    return Lived(windows=True)


def _pool(lived: Lived, name: str) -> list[dict[str, Any]]:
    return [node for node in lived.all(kinds.NODES) if node["metadata"]["labels"]["agentpool"] == name]


# --- nodes ---------------------------------------------------------------------------------------------------------


def test_kube_reserved_follows_what_was_seen_on_live_nodes() -> None:
    assert reserved_memory_mi(32 * 1024, 110) == 2250  # B8ms: 2250 + 100 for eviction
    assert reserved_memory_mi(32 * 1024, 250) == 5050  # D8ds_v5
    assert reserved_memory_mi(8 * 1024, 250) == 2048  # D2s_v5: a quarter of the memory
    assert (reserved_millicpu(2), reserved_millicpu(4), reserved_millicpu(8)) == (100, 140, 180)


def test_allocatable_is_capacity_less_reserved_and_eviction() -> None:
    assert allocatable_millicpu(GENERAL) == 7820
    assert allocatable_memory_ki(GENERAL) == D8S_V5.memory_ki - 2350 * 1024
    assert allocatable_millicpu(SYSTEM) == 3860
    assert allocatable_memory_ki(SYSTEM) == D4S_V5.memory_ki - 2350 * 1024


def test_nodes_report_those_figures(lived: Lived) -> None:
    node = _pool(lived, "general")[0]
    capacity, allocatable = node["status"]["capacity"], node["status"]["allocatable"]
    assert (capacity["cpu"], allocatable["cpu"]) == ("8", "7820m")
    assert allocatable["memory"] == f"{D8S_V5.memory_ki - 2350 * 1024}Ki"
    assert (capacity["ephemeral-storage"], allocatable["ephemeral-storage"]) == ("129886128Ki", "119703055367")
    assert capacity["pods"] == allocatable["pods"] == "110"


def test_a_nodes_name_number_and_provider_id_agree(lived: Lived) -> None:
    pattern = re.compile(
        r"azure:///subscriptions/[^/]+/resourceGroups/(?P<rg>[^/]+)/providers/Microsoft\.Compute/"
        r"virtualMachineScaleSets/(?P<vmss>[^/]+)/virtualMachines/(?P<id>\d+)"
    )
    for node in lived.all(kinds.NODES):
        match = pattern.fullmatch(node["spec"]["providerID"])
        assert match, node["spec"]["providerID"]
        name = node["metadata"]["name"]
        assert match["rg"] == match["rg"].lower()
        assert name == f"{match['vmss']}{(int(name[-6:], 36) and name[-6:]) or '000000'}"
        assert int(name[-6:], 36) == int(match["id"])


def test_linux_scale_sets_are_named_as_aks_names_them(lived: Lived) -> None:
    for node in _pool(lived, "spot"):
        assert re.fullmatch(r"aks-spot-\d{8}-vmss[0-9a-z]{6}", node["metadata"]["name"])


def test_windows_computer_names_stay_short(lived: Lived) -> None:
    nodes = _pool(lived, "win")
    assert len(nodes) == 2
    for node in nodes:
        assert len(node["metadata"]["name"]) <= 15
        assert node["metadata"]["labels"]["kubernetes.io/os"] == "windows"


@pytest.mark.parametrize(("number", "digits"), [(0, "0"), (22, "m"), (525, "el")])
def test_instance_numbers_in_base_36(number: int, digits: str) -> None:
    assert base36(number) == digits


@pytest.mark.parametrize(
    ("pool", "taint", "mode"),
    [
        ("system", {"key": "CriticalAddonsOnly", "value": "true", "effect": "NoSchedule"}, "system"),
        ("spot", {"key": "kubernetes.azure.com/scalesetpriority", "value": "spot", "effect": "NoSchedule"}, "user"),
        ("general", None, "user"),
    ],
)
def test_pools_have_their_taints_and_modes(lived: Lived, pool: str, taint: dict[str, str] | None, mode: str) -> None:
    for node in _pool(lived, pool):
        assert node["spec"].get("taints", []) == ([taint] if taint else [])
        labels = node["metadata"]["labels"]
        assert labels["kubernetes.azure.com/mode"] == mode
        assert ("kubernetes.azure.com/priority" in labels) is (pool == "spot")
        assert labels["topology.kubernetes.io/zone"] in {f"westeurope-{zone}" for zone in (1, 2, 3)}


def test_conditions_come_in_aks_order_the_detectors_first(lived: Lived) -> None:
    kinds_ = [item["type"] for item in _pool(lived, "general")[0]["status"]["conditions"]]
    assert kinds_[-4:] == ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"]
    assert {"KernelDeadlock", "KubeletProblem", "VMEventScheduled"} <= set(kinds_[:-4])


def test_every_node_has_a_lease_of_its_own_and_a_csi_node(lived: Lived) -> None:
    names = {node["metadata"]["name"] for node in lived.all(kinds.NODES)}
    leases = lived.all(kinds.LEASES, "kube-node-lease")
    assert {lease["spec"]["holderIdentity"] for lease in leases} == names
    assert all(lease["spec"]["leaseDurationSeconds"] == 40 for lease in leases)
    assert {body["metadata"]["name"] for body in lived.all(kinds.CSI_NODES)} == names


def test_more_than_a_thousand_nodes_of_a_kind_are_several_pools() -> None:
    lived = Lived(nodes=1600, pods=0)
    pools = {node.pool.name for node in lived.world.fleet.nodes.values()}
    assert pools == {"system", "general", "general2", "spot"}
    addresses = [node.host.ip for node in lived.world.fleet.nodes.values()]
    prefixes = [node.host.pod_prefix for node in lived.world.fleet.nodes.values()]
    assert len(set(addresses)) == len(set(prefixes)) == 1600


# --- kube-system ---------------------------------------------------------------------------------------------------


def test_coredns_has_as_many_replicas_as_its_ladder_says(lived: Lived) -> None:
    assert lived.get(kinds.DEPLOYMENTS, "kube-system", "coredns")["spec"]["replicas"] == 3  # 8 to 15 nodes


@pytest.mark.parametrize(
    ("workload", "container", "requests", "limits"),
    [
        ("coredns", "coredns", {"cpu": "100m", "memory": "70Mi"}, {"cpu": "3", "memory": "500Mi"}),
        ("konnectivity-agent", "konnectivity-agent", {"cpu": "20m", "memory": "20Mi"}, {"cpu": "1", "memory": "1Gi"}),
        ("coredns-autoscaler", "autoscaler", {"cpu": "20m", "memory": "10Mi"}, {"cpu": "200m", "memory": "500Mi"}),
    ],
)
def test_components_request_what_aks_gives_them(
    lived: Lived, workload: str, container: str, requests: dict[str, str], limits: dict[str, str]
) -> None:
    body = lived.get(kinds.DEPLOYMENTS, "kube-system", workload)
    (found,) = [item for item in body["spec"]["template"]["spec"]["containers"] if item["name"] == container]
    assert found["resources"] == {"requests": requests, "limits": limits}
    assert body["metadata"]["labels"]["kubernetes.azure.com/managedby"] == "aks"


def test_daemon_sets_run_on_every_linux_node_and_their_windows_twins_on_windows(lived: Lived) -> None:
    for body in lived.all(kinds.DAEMON_SETS, "kube-system"):
        windows = body["metadata"]["name"].endswith(("-win", "-windows"))
        assert body["status"]["numberReady"] == body["status"]["desiredNumberScheduled"] == (2 if windows else 12)
    twins = [item for item in Lived().all(kinds.DAEMON_SETS, "kube-system") if "-win" in item["metadata"]["name"]]
    assert [item["status"]["desiredNumberScheduled"] for item in twins] == [0, 0, 0]


def test_the_settings_that_aks_keeps_are_there(lived: Lived) -> None:
    names = {body["metadata"]["name"] for body in lived.all(kinds.CONFIG_MAPS, "kube-system")}
    assert names >= {
        "coredns",
        "coredns-custom",
        "coredns-autoscaler",
        "konnectivity-agent-autoscaler",
        "metrics-server-config",
        "azure-ip-masq-agent-config-reconciled",
        "cluster-autoscaler-status",
        "extension-apiserver-authentication",
    }
    corefile = lived.get(kinds.CONFIG_MAPS, "kube-system", "coredns")["data"]["Corefile"]
    assert "import custom/*.override" in corefile
    assert r'match "^(?:[^.]+\.){4,}internal\.cloudapp\.net\.$"' in corefile


def test_control_plane_leases_are_renewed() -> None:
    lived = Lived()
    lived.pass_time(60)
    leases = {entry.name: entry for entry in lived.entries(kinds.LEASES, LeaseEntry, "kube-system")}
    for name in ("kube-scheduler", "kube-controller-manager", "cloud-controller-manager"):
        assert lived.clock.time - leases[name].renewed <= 2.001
    assert sum(name.startswith("apiserver-") for name in leases) == 2
    assert "external-attacher-leader-disk-csi-azure-com" in leases


def test_dns_has_its_address_and_the_metrics_api_is_available(lived: Lived) -> None:
    assert lived.get(kinds.SERVICES, "kube-system", "kube-dns")["spec"]["clusterIP"] == "10.0.0.10"
    assert lived.get(kinds.SERVICES, "default", "kubernetes")["spec"]["clusterIP"] == "10.0.0.1"
    api = lived.get(kinds.API_SERVICES, "", "v1beta1.metrics.k8s.io")
    assert condition(api, "Available")["status"] == "True"


def test_a_budget_counts_its_healthy_pods(lived: Lived) -> None:
    status = lived.get(kinds.DISRUPTION_BUDGETS, "kube-system", "coredns-pdb")["status"]
    assert (status["currentHealthy"], status["disruptionsAllowed"]) == (3, 2)
