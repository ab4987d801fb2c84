"""What a kubelet's fields are called, mean, default to, and are set to by AKS: held to live nodes and to the demo's."""

from __future__ import annotations

from typing import Any

import pytest

from kubetui.demo.kubelet_api.configz import _ORDER
from kubetui.insight.kubelet.aks import NodeShape, aks_values, formula, reserved_millicpu, reserved_values, shape_of
from kubetui.insight.kubelet.compare import Side, differing_words, explained, side_by_side
from kubetui.insight.kubelet.fields import FIELDS, field_at
from kubetui.insight.kubelet.flat import alike, flatten, shown
from kubetui.insight.kubelet.survey import without_configz
from kubetui.insight.kubelet.upstream import upstream_defaults
from kubetui.kinds.node_row import Capacity, NodeRow

GI = 1 << 30
D8 = NodeShape("v1.36.3", 8000, 32 * GI, aks=True)


# --- fields


def test_each_field_is_declared_once_in_one_line() -> None:
    paths = [field.path for field in FIELDS]
    assert len(set(paths)) == len(paths)
    assert all(field.means and len(field.means) <= 200 and "\n" not in field.means for field in FIELDS)


def test_every_field_that_a_kubelet_serves_defaults_or_aks_sets_is_explained() -> None:
    known = set(_ORDER) | set(upstream_defaults("v1.36.0")) | set(aks_values(D8, 110))
    assert [path for path in sorted(known) if field_at(path) is None] == []


def test_what_a_node_object_tells_is_explained_too() -> None:
    sizes = {"capacity": Capacity(8000, 32 * GI, 110), "allocatable": Capacity(7820, 30 * GI, 110)}
    words = {"kubelet": "v1.36.3", "runtime": "containerd://2", "os_image": "Ubuntu", "kernel": "6.8", "size": "D8"}
    row = NodeRow("n", 1, image="AKS-1", **words, **sizes)  # type: ignore[arg-type]  # each to its own field
    told = without_configz(row)
    assert told["reserved.memory"] == '"2048Mi"'
    assert told["capacity.pods"] == "110"
    assert [path for path in told if field_at(path) is None] == []
    assert without_configz(NodeRow("n", 1)) == {}, "what is not known is not told"


def test_entries_of_a_map_are_explained_by_the_map() -> None:
    found = field_at("featureGates.NodeLogQuery")
    assert found is not None
    assert found.path == "featureGates"
    assert field_at("nobodyKnows.this") is None


def test_a_field_in_a_line() -> None:
    line = explained("maxPods", D8, {"maxPods": "110"})
    assert line == "maxPods: pods that the node runs at most; AKS reserves memory by it · pods · default 110"
    assert "20Mi × 110 pods + 50Mi = 2250Mi" in explained("kubeReserved.memory", D8, {"maxPods": "110"})
    assert explained("allocatable.pods", D8, {}) == "allocatable.pods: status.allocatable.pods of the Node · pods"
    assert "not known" in explained("nobodyKnows", D8, {})


# --- flat


def test_values_keep_their_types_and_are_shown_without_quotes() -> None:
    flat = flatten({"a": {"b": 1, "c": "1", "d": {}}, "e": ["x", "y"], "f": True, "g": "", "h": None, "i": [{"j": 1}]})
    assert list(flat) == ["a.b", "a.c", "a.d", "e", "f", "g", "h", "i"]
    assert flat["a.b"] != flat["a.c"]
    assert [shown(flat[path]) for path in flat] == ["1", "1", "{}", "x, y", "true", '""', "null", '[{"j":1}]']
    assert shown(None) == "–"


def test_objects_without_end_are_a_value_at_last() -> None:
    document: dict[str, object] = {}
    for _ in range(200):
        document = {"deeper": document}
    assert len(flatten(document)) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('"1Gi"', '"1024Mi"', True),
        ('"50M"', '"50Mi"', False),
        ('"100m"', '"100m"', True),
        ("1", '"1"', False),
        (None, None, True),
        (None, '"1Gi"', False),
        ('"Mi"', '"Mi "', False),
    ],
)
def test_quantities_of_one_size_are_alike(one: str | None, other: str | None, same: bool) -> None:
    assert alike(one, other) is same


# --- upstream


def test_defaults_follow_the_version() -> None:
    assert upstream_defaults("v1.36.3")["failCgroupV1"] == "true"
    assert upstream_defaults("v1.34.4")["failCgroupV1"] == "false"
    assert "memoryReservationPolicy" not in upstream_defaults("v1.35.4")
    assert "crashLoopBackOff.maxContainerRestartPeriod" not in upstream_defaults("v1.34.4")
    assert upstream_defaults("v1.99.0") == upstream_defaults("v1.36.0")
    assert upstream_defaults("") == upstream_defaults("v1.36.0")


def test_on_windows_a_kubelet_keeps_more_memory_free_and_counts_no_inodes() -> None:
    linux, windows = upstream_defaults("v1.36.3"), upstream_defaults("v1.36.3", "windows")
    assert shown(windows["evictionHard.memory.available"]) == "500Mi"
    assert {path for path in linux.keys() | windows.keys() if linux.get(path) != windows.get(path)} == {
        "evictionHard.memory.available", "evictionHard.nodefs.inodesFree", "evictionHard.imagefs.inodesFree",
    }  # fmt: skip
    assert "evictionHard.memory.available" not in upstream_defaults("v1.33.1", "windows"), "not read, not claimed"


def test_on_windows_it_says_that_aks_values_are_not_known() -> None:
    windows = NodeShape("v1.36.3", 8000, 32 * GI, os="windows", aks=True)
    said = explained("evictionHard.memory.available", windows, {})
    assert "default 500Mi" in said
    assert said.endswith("what AKS sets on Windows nodes is not known to kubetui")
    assert "AKS reserves" not in explained("kubeReserved.memory", windows, {"maxPods": "30"})
    assert "Windows" not in explained("evictionHard.memory.available", D8, {})


def test_beside_a_windows_node_only_what_holds_for_both_is_claimed() -> None:
    def side(title: str, shape: NodeShape, **values: Any) -> Side:
        return Side(title, flatten({"maxPods": 30, "cgroupsPerQOS": True, "port": 10250, **values}), shape)

    windows = NodeShape("v1.36.3", 8000, 32 * GI, os="windows", aks=True)
    lines = {line.path: line for line in side_by_side([side("a", D8), side("b", windows, cgroupsPerQOS=False)])}
    assert lines["cgroupsPerQOS"].changed
    assert lines["cgroupsPerQOS"].aks is None
    assert not lines["cgroupsPerQOS"].off_aks
    assert lines["port"].upstream == "10250"
    alone = {line.path: line for line in side_by_side([side("a", D8)])}
    assert alone["cgroupsPerQOS"].aks == "true"


# --- AKS, as seen on live nodes


@pytest.mark.parametrize(
    ("cores", "gib", "max_pods", "cpu", "memory"),
    [
        (8, 32, 110, "180m", "2250Mi"),  # B8ms
        (8, 32, 250, "180m", "5050Mi"),  # D8ds_v5
        (2, 8, 250, "100m", "2048Mi"),  # D2s_v5: a quarter
    ],
)
def test_what_aks_reserves(cores: int, gib: int, max_pods: int, cpu: str, memory: str) -> None:
    shape = NodeShape("v1.34.2", cores * 1000, gib * GI, aks=True)
    found = aks_values(shape, max_pods)
    assert (shown(found["kubeReserved.cpu"]), shown(found["kubeReserved.memory"])) == (cpu, memory)
    assert shown(found["evictionHard.memory.available"]) == "100Mi"
    eviction = int(memory.removesuffix("Mi")) + 100
    assert shown(reserved_values(shape, max_pods)["reserved.memory"]) == f"{eviction}Mi"


def test_before_1_29_memory_was_reserved_in_steps() -> None:
    found = aks_values(NodeShape("v1.28.9", 8000, 32 * GI, aks=True), 110)
    assert shown(found["kubeReserved.memory"]) == "3645Mi"
    assert shown(found["evictionHard.memory.available"]) == "750Mi"


def test_what_is_not_documented_is_not_claimed() -> None:
    assert reserved_millicpu(6000) is None
    assert "kubeReserved.cpu" not in aks_values(NodeShape("v1.36.3", 6000, 24 * GI, aks=True), 110)
    assert aks_values(NodeShape("v1.36.3", 8000, 32 * GI), 110) == {}, "no AKS"
    assert aks_values(NodeShape("v1.36.3", 8000, 32 * GI, os="windows", aks=True), 110) == {}
    assert formula(NodeShape(), 110) == ""


def test_the_memory_that_a_size_is_sold_with() -> None:
    aks = (("kubernetes.azure.com/sku-memory", "32768"),)
    capacity = Capacity(cpu=8000, memory=32_863_772 << 10, pods=110)
    assert shape_of(NodeRow("n", 1, capacity=capacity, labels=aks)).memory == 32 * GI
    assert shape_of(NodeRow("n", 1, capacity=capacity)) == NodeShape("", 8000, 32 * GI, "linux", aks=False)
    odd = (("kubernetes.azure.com/sku-memory", "many"),)
    assert shape_of(NodeRow("n", 1, capacity=capacity, labels=odd)).memory == 32 * GI


def test_fields_are_named_by_their_first_part() -> None:
    paths = ["evictionHard.memory.available", "evictionHard.nodefs.available", "maxPods", "a", "b", "c"]
    assert differing_words(paths[:3]) == "evictionHard, maxPods"
    assert differing_words(paths, 2) == "evictionHard, maxPods and 3 more"
