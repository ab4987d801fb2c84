"""A filled control plane holds exactly what was asked for, and its controllers have nothing to add."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.fixtures import Scaled
from tests.cluster.kwok import KWOK
from tests.cluster.quiet import await_quiet
from tests.cluster.shape import POOLS, shape

Object = dict[str, Any]

NODES, PODS = 3, 50


@pytest.fixture(scope="module")
def plane(scaled: Scaled) -> ControlPlane:
    return scaled(NODES, PODS)


def items(plane: ControlPlane, path: str) -> list[Object]:
    found: list[Object] = plane.admin.get(path)["items"]
    return found


def true_conditions(thing: Object) -> set[str]:
    return {condition["type"] for condition in thing["status"]["conditions"] if condition["status"] == "True"}


@pytest.mark.parametrize(
    ("nodes", "pods"), [(1, 0), (1, 1), (2, 7), (3, 50), (100, 3000), (1001, 33000), (5000, 150000)]
)
def test_a_shape_adds_up_to_what_was_asked_for(nodes: int, pods: int) -> None:
    asked = shape(nodes, pods)
    assert sum(count for _, count in asked.nodes) == nodes
    assert sum(nodes if w.replicas is None else w.replicas for w in asked.workloads) == pods
    assert len({(w.kind, w.namespace, w.name) for w in asked.workloads}) == len(asked.workloads)


@pytest.mark.parametrize(("nodes", "pods"), [(0, 1), (1, -1)])
def test_an_impossible_shape_is_refused(nodes: int, pods: int) -> None:
    with pytest.raises(ValueError, match="at least one node"):
        shape(nodes, pods)


def test_all_its_nodes_are_ready_and_schedulable(plane: ControlPlane) -> None:
    nodes = items(plane, "/api/v1/nodes")
    assert len(nodes) == NODES
    assert [true_conditions(node) for node in nodes] == [{"Ready"}] * NODES
    own = {taint[0] for pool in POOLS for taint in pool.taints}
    assert {taint["key"] for node in nodes for taint in node["spec"].get("taints", [])} <= own


def test_its_nodes_are_named_and_labelled_as_scale_set_instances(plane: ControlPlane) -> None:
    for node in items(plane, "/api/v1/nodes"):
        pool = node["metadata"]["labels"]["kubernetes.azure.com/agentpool"]
        scale_set, instance = (
            node["spec"]["providerID"].split("/virtualMachineScaleSets/")[1].split("/virtualMachines/")
        )
        assert node["metadata"]["name"] == f"{scale_set}{int(instance):06d}"
        assert scale_set.startswith(f"aks-{pool}-")


def test_all_its_pods_run_and_are_ready(plane: ControlPlane) -> None:
    pods = items(plane, "/api/v1/pods")
    assert len(pods) == PODS
    assert {pod["status"]["phase"] for pod in pods} == {"Running"}
    for pod in pods:
        assert {"PodScheduled", "Initialized", "ContainersReady", "Ready"} <= true_conditions(pod)
        statuses = pod["status"]["containerStatuses"]
        assert [status["name"] for status in statuses] == [c["name"] for c in pod["spec"]["containers"]]
        assert all(status["ready"] and "running" in status["state"] for status in statuses)
        assert pod["metadata"]["creationTimestamp"] <= pod["status"]["startTime"]


def test_its_pods_differ_in_all_that_is_their_own(plane: ControlPlane) -> None:
    pods = items(plane, "/api/v1/pods")
    for own in ("uid", "name"):
        assert len({(pod["metadata"]["namespace"], pod["metadata"][own]) for pod in pods}) == PODS
    ids = [status["containerID"] for pod in pods for status in pod["status"]["containerStatuses"]]
    assert len(set(ids)) == len(ids)
    addresses = [pod["status"]["podIP"] for pod in pods if not pod["spec"].get("hostNetwork")]
    assert len(set(addresses)) == len(addresses)


def test_its_pods_agree_with_their_nodes(plane: ControlPlane) -> None:
    nodes = {node["metadata"]["name"]: node for node in items(plane, "/api/v1/nodes")}
    zone = "topology.kubernetes.io/zone"
    for pod in items(plane, "/api/v1/pods"):
        node = nodes[pod["spec"]["nodeName"]]
        assert pod["status"]["hostIP"] == node["status"]["addresses"][0]["address"]
        assert pod["metadata"]["labels"][zone] == node["metadata"]["labels"][zone]
        assert pod["metadata"]["creationTimestamp"] >= node["metadata"]["creationTimestamp"]


def test_every_pod_has_an_owner_that_counts_it_as_ready(plane: ControlPlane) -> None:
    counted = Counter[str]()
    for pod in items(plane, "/api/v1/pods"):
        counted[pod["metadata"]["ownerReferences"][0]["uid"]] += 1
    owners = {
        owner["metadata"]["uid"]: owner["status"].get("readyReplicas", owner["status"].get("numberReady"))
        for kind in ("replicasets", "statefulsets", "daemonsets")
        for owner in items(plane, f"/apis/apps/v1/{kind}")
    }
    assert {uid: owners[uid] for uid in counted} == dict(counted)


def test_the_api_server_takes_a_stamped_pod_for_its_own(plane: ControlPlane) -> None:
    # given a pod that went into the store directly, when it is validated and stored again
    pod = items(plane, "/api/v1/namespaces/team-00/pods")[-1]
    path = f"/api/v1/namespaces/team-00/pods/{pod['metadata']['name']}"
    again = plane.admin.put(f"{path}/status?dryRun=All", {"apiVersion": "v1", "kind": "Pod"} | pod)
    # then nothing of it changes
    assert again["spec"] == pod["spec"]
    assert again["status"] == pod["status"]


def test_no_controller_changed_a_pod(plane: ControlPlane) -> None:
    for pod in items(plane, "/api/v1/pods"):
        changes = {entry["time"] for entry in pod["metadata"]["managedFields"]}
        assert changes == {pod["metadata"]["creationTimestamp"]}, pod["metadata"]["name"]


def test_it_comes_to_rest(plane: ControlPlane) -> None:
    await_quiet(plane, share=1.0)


def test_a_new_pod_is_scheduled_and_run(plane: ControlPlane) -> None:
    plane.create_namespace("extra")
    path = "/api/v1/namespaces/extra/pods"
    spec = {"containers": [{"name": "main", "image": "registry.example/main:1"}]}
    try:
        plane.admin.post(path, {"metadata": {"name": "late"}, "spec": spec})
        deadline = time.monotonic() + 60
        while plane.admin.get(f"{path}/late")["status"]["phase"] != "Running":
            assert time.monotonic() < deadline, plane.logs()
            time.sleep(0.1)
    finally:
        plane.admin.delete(f"{path}/late?gracePeriodSeconds=0")


def test_a_second_start_comes_from_the_snapshot_and_the_first_is_shared(scaled: Scaled, plane: ControlPlane) -> None:
    assert scaled(NODES, PODS) is plane
    assert set(plane.household.pids) >= {KWOK, "etcd", "kube-apiserver", "kube-controller-manager"}
