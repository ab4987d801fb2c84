"""Nodes: kubectl's words, the conditions that are bad, and where the node belongs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubetui.kinds.age import unix
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import NODE, NodeRow, decode_item, problem, version_key
from kubetui.kinds.node_condition import good_when_true
from kubetui.kinds.node_meaning import conditions_meaning, node_meaning, planned, status_meaning
from tests.unit.kinds.fixture_files import raw, texts


def row_of(name: str) -> NodeRow:
    return NODE.row(decode_item(raw(name)))


def made(conditions: list[dict[str, str]] | None = None, labels: dict[str, str] | None = None, **spec: Any) -> NodeRow:
    node = {"metadata": {"name": "n", "labels": labels}, "spec": spec, "status": {"conditions": conditions}}
    return NODE.row(decode_item(json.dumps(node).encode()))


def ready(status: str = "True") -> dict[str, str]:
    return {"type": "Ready", "status": status}


@pytest.mark.parametrize(
    ("conditions", "cordoned", "status"),
    [
        ([ready()], False, "Ready"),
        ([ready()], True, "Ready,SchedulingDisabled"),
        ([ready(), ready()], False, "Ready"),
        ([ready("False")], False, "NotReady"),
        ([ready("Unknown")], False, "NotReady"),
        ([ready("False")], True, "NotReady,SchedulingDisabled"),
        ([{"type": "InvalidValue", "status": "True"}], False, "Unknown"),
        ([{}], True, "Unknown,SchedulingDisabled"),
        (None, False, "Unknown"),
    ],
)
def test_status_as_kubectl_prints_it(conditions: list[dict[str, str]] | None, cordoned: bool, status: str) -> None:
    assert made(conditions, unschedulable=cordoned).status == status


@pytest.mark.parametrize(
    ("labels", "roles"),
    [
        ({}, ""),
        ({"node-role.kubernetes.io/agent": ""}, "agent"),
        ({"node-role.kubernetes.io/": "x"}, ""),
        (
            {"kubernetes.io/role": "master", "node-role.kubernetes.io/node": "", "node-role.kubernetes.io/a": ""},
            "a,master,node",
        ),
    ],
)
def test_roles_as_kubectl_prints_them(labels: dict[str, str], roles: str) -> None:
    assert made(labels=labels).roles == roles


def test_a_healthy_aks_node() -> None:
    row = row_of("node-aks")
    assert (row.status, row.conditions, row.ready) == ("Ready", (), "True")
    assert (row.ready_since, row.heartbeat) == (unix("2026-10-21T12:00:40Z"), unix("2026-11-21T11:57:30Z"))
    assert (row.pool, row.mode, row.size, row.os_sku) == ("general", "user", "Standard_D8s_v5", "Ubuntu")
    assert (row.region, row.zone, row.spot) == ("westeurope", "2", False)
    assert row.allocatable == (7820, 30453516 << 10, 110, 119703055367)
    assert (row.machine.vmss, row.machine.instance) == ("aks-general-27182818-vmss", "17")
    assert row.machine.resource_group == "mc_rg-prod_aks-prod_westeurope"
    assert row.annotations == (("cluster-autoscaler.kubernetes.io/scale-down-disabled", "true"),)
    assert (node_meaning(row), problem(row)) == (Meaning.FINE, False)
    shown = texts(NODE.columns, row)
    assert shown["VERSION"] == "1.36.3"
    assert shown["IMAGE"] == "202610.12.0"
    assert shown["KERNEL"] == "5.15.0-1102-azure (amd64)"
    assert shown["RUNTIME"] == "1.7.29-1"
    assert shown["AGE"] == "31d"


def test_a_probe_of_azure_that_timed_out_is_noise() -> None:
    """The healthy node above carries VMEventScheduled=Unknown: "IMDS query failed"; other unknowns are shown."""
    assert row_of("node-aks").conditions == ()
    [condition] = made([ready(), {"type": "VMEventScheduled", "status": "Unknown", "message": "?"}]).conditions
    assert condition.text == "VMEventScheduled=Unknown"


def test_a_spot_node_that_azure_takes_back() -> None:
    row = row_of("node-lost-spot")
    assert row.status == "NotReady,SchedulingDisabled"
    assert [condition.text for condition in row.conditions] == [
        "PreemptionScheduled",
        "kubernetes.azure.com/NodeHealthy=False",
        "Ready=Unknown",  # which MemoryPressure=Unknown of the same silence only repeats
    ]
    assert (row.spot, row.zone) == (True, "")
    # before cloud-node-manager sets providerID the name tells: base 36
    assert (row.machine.vmss, row.machine.instance) == ("aks-spot-31415926-vmss", "525")
    assert planned(row) == "maintenance announced by Azure"
    assert status_meaning(row) is Meaning.PLANNED
    assert problem(row)
    assert "node.kubernetes.io/unreachable:NoExecute" in texts(NODE.columns, row)["TAINTS"]


def test_a_node_that_nobody_took_away_asks_to_act() -> None:
    assert status_meaning(made([ready("Unknown")])) is Meaning.ACT
    assert status_meaning(made([ready("False")], taints=[{"key": "ToBeDeletedByClusterAutoscaler"}])) is Meaning.PLANNED
    assert status_meaning(made([ready()], unschedulable=True)) is Meaning.PLANNED


@pytest.mark.parametrize(
    ("condition", "meaning"),
    [
        ({"type": "DiskPressure", "status": "True"}, Meaning.LOOK),
        ({"type": "KernelDeadlock", "status": "True"}, Meaning.ACT),
        ({"type": "VMEventScheduled", "status": "True"}, Meaning.PLANNED),
        ({"type": "example.com/GpuHealthy", "status": "False"}, Meaning.ACT),
        ({"type": "SomethingNew", "status": "True"}, Meaning.LOOK),
        ({"type": "SomethingNew", "status": "False"}, Meaning.PLAIN),
    ],
)
def test_what_a_condition_asks_of_the_reader(condition: dict[str, str], meaning: Meaning) -> None:
    assert conditions_meaning(made([ready(), condition])) is meaning


@pytest.mark.parametrize(
    ("condition_type", "good"),
    [
        ("Ready", True),
        ("kubernetes.azure.com/NodeHealthy", True),
        ("AcceleratedHardwareReady", True),
        ("MemoryPressure", False),
        ("DaemonNotReady", False),
        ("VMEventScheduled", False),
        ("", False),
    ],
)
def test_which_way_a_condition_is_good(condition_type: str, good: bool) -> None:
    assert good_when_true(condition_type) is good


@pytest.mark.parametrize(
    ("labels", "pool", "spot"),
    [
        ({"agentpool": "a"}, "a", False),
        ({"karpenter.sh/nodepool": "k", "karpenter.sh/capacity-type": "spot"}, "k", True),
        ({"eks.amazonaws.com/nodegroup": "e", "eks.amazonaws.com/capacityType": "SPOT"}, "e", True),
        ({"cloud.google.com/gke-nodepool": "g"}, "g", False),
        ({}, "", False),
    ],
)
def test_pools_of_other_clouds(labels: dict[str, str], pool: str, spot: bool) -> None:
    row = made(labels=labels)
    assert (row.pool, row.spot) == (pool, spot)


def test_versions_sort_by_their_numbers() -> None:
    assert version_key("v1.9.10") < version_key("v1.10.2") < version_key("v1.36.3")
