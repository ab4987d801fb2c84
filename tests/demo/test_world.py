"""The simulated cluster has AKS's shape, is whole, and is the same for the same seed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter

import pytest

from kubetui.demo import resources as kinds
from kubetui.demo.entries.event import EventEntry
from kubetui.demo.entries.lease import LeaseEntry
from kubetui.demo.entries.node import NodeEntry
from kubetui.demo.resources import RESOURCES
from tests.demo.entries.pod_printer import print_pod
from tests.demo.worlds import BEGAN, Lived, condition


@pytest.fixture(scope="module")
def lived() -> Lived:
    return Lived()


def _bytes(lived: Lived) -> str:
    digest = hashlib.sha256()
    for resource in RESOURCES:
        for entry in lived.storage.entries(resource):
            digest.update(entry.encode())
            digest.update(repr(entry.cells(lived.clock.time)).encode())
    return digest.hexdigest()


# --- the whole -----------------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_bytes_at_first_and_after_an_hour() -> None:
    one, two = Lived(seed=3, changes=2), Lived(seed=3, changes=2)
    assert _bytes(one) == _bytes(two)
    one.pass_time(3600)
    two.pass_time(3600, step=7.5)  # how often somebody looks at the clock changes nothing
    assert _bytes(one) == _bytes(two)


def test_another_seed_makes_another_world() -> None:
    assert _bytes(Lived(seed=3)) != _bytes(Lived(seed=4))


def test_there_are_as_many_nodes_and_pods_as_asked_for(lived: Lived) -> None:
    assert (lived.storage.count(kinds.NODES), lived.storage.count(kinds.PODS)) == (12, 240)


@pytest.mark.parametrize(("nodes", "pods"), [(2, 0), (3, 100), (40, 1200)])
def test_other_sizes_build_and_live(nodes: int, pods: int) -> None:
    lived = Lived(nodes=nodes, pods=pods)
    assert lived.storage.count(kinds.PODS) == max(pods, len(lived.all(kinds.PODS, "kube-system")))
    lived.pass_time(120, step=10)
    assert lived.storage.count(kinds.NODES) == nodes


@pytest.mark.parametrize("bad", [{"nodes": 1}, {"nodes": 5001}, {"pods": -1}, {"changes": -1}])
def test_sizes_that_cannot_be_are_refused_with_what_can(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="the demo"):
        Lived(**bad)


def test_every_object_is_json_with_kind_first_and_as_many_cells_as_columns(lived: Lived) -> None:
    for resource in RESOURCES:
        api_version = f"{resource.group}/{resource.version}" if resource.group else resource.version
        start = f'{{"kind":"{resource.kind}","apiVersion":"{api_version}","metadata":{{"name":'.encode()
        for entry in lived.storage.entries(resource):
            encoded = entry.encode()
            assert encoded.startswith(start)
            body = json.loads(encoded)
            metadata = body["metadata"]
            assert (metadata.get("namespace", ""), metadata["name"]) == (entry.namespace, entry.name)
            assert metadata["resourceVersion"] == str(entry.version)
            assert metadata.get("labels", {}) == entry.labels
            assert bool(entry.namespace) is resource.namespaced
            assert len(entry.cells(BEGAN)) == len(resource.columns)


def test_no_two_objects_share_a_uid(lived: Lived) -> None:
    uids = Counter(body["metadata"]["uid"] for resource in RESOURCES for body in lived.all(resource))
    assert uids.most_common(1)[0][1] == 1


def test_every_namespace_in_use_exists_with_its_default_account(lived: Lived) -> None:
    namespaces = {body["metadata"]["name"] for body in lived.all(kinds.NAMESPACES)}
    used = {entry.namespace for resource in RESOURCES for entry in lived.storage.entries(resource)} - {""}
    assert used <= namespaces
    accounts = {entry.namespace for entry in lived.storage.entries(kinds.SERVICE_ACCOUNTS) if entry.name == "default"}
    assert accounts == namespaces


# --- pods ----------------------------------------------------------------------------------------------------------


def test_every_pods_cells_are_what_the_api_server_prints_after_a_busy_hour() -> None:
    lived = Lived(changes=3, incidents=("image-pull-failure", "coredns-crash-loop", "node-not-ready"))
    lived.pass_time(3600)
    for entry in lived.storage.entries(kinds.PODS):
        assert tuple(entry.cells(lived.clock.time)) == print_pod(json.loads(entry.encode()), lived.clock.time)


def test_pods_run_on_nodes_that_exist_and_let_them(lived: Lived) -> None:
    nodes = {body["metadata"]["name"]: body for body in lived.all(kinds.NODES)}
    for pod in lived.all(kinds.PODS):
        node = nodes[pod["spec"]["nodeName"]]
        selector = pod["spec"].get("nodeSelector", {})
        assert selector.items() <= node["metadata"]["labels"].items()
        assert pod["status"]["hostIP"] == node["status"]["addresses"][0]["address"]
        assert pod["metadata"]["creationTimestamp"] >= node["metadata"]["creationTimestamp"]


def test_addresses_are_unique_but_on_the_hosts_network(lived: Lived) -> None:
    addresses = [pod["status"]["podIP"] for pod in lived.all(kinds.PODS) if not pod["spec"].get("hostNetwork")]
    assert len(set(addresses)) == len(addresses)


def test_every_pods_owner_exists_and_selects_it(lived: Lived) -> None:
    owners = {
        body["metadata"]["uid"]: body
        for resource in (kinds.REPLICA_SETS, kinds.DAEMON_SETS, kinds.STATEFUL_SETS, kinds.JOBS)
        for body in lived.all(resource)
    }
    for pod in lived.all(kinds.PODS):
        (reference,) = pod["metadata"]["ownerReferences"]
        owner = owners[reference["uid"]]
        assert (owner["kind"], owner["metadata"]["name"]) == (reference["kind"], reference["name"])
        assert owner["spec"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()


def test_a_nodes_pods_request_no_more_than_is_allocatable() -> None:
    lived = Lived(nodes=20, pods=600)
    for node in lived.world.fleet.nodes.values():
        pods = lived.world.pods.on_node(node.name)
        assert node.pods == len(pods) <= node.pool.max_pods
        assert node.cpu == sum(pod.template.millicpu for pod in pods)


# --- workloads say what their pods are -----------------------------------------------------------------------------


def _truth_of_deployments(lived: Lived) -> None:
    for body in lived.all(kinds.DEPLOYMENTS):
        metadata, status = body["metadata"], body["status"]
        workload = lived.world.workloads.find("Deployment", metadata["namespace"], metadata["name"])
        ready = sum(pod.ready for pod in workload.living())
        assert status.get("readyReplicas", 0) == ready
        assert status.get("replicas", 0) == len(list(workload.living()))
        cells = lived.storage.get(kinds.DEPLOYMENTS, metadata["namespace"], metadata["name"])
        assert cells is not None
        assert cells.cells(lived.clock.time)[1] == f"{ready}/{body['spec']['replicas']}"


def test_deployments_agree_with_their_pods_at_first_and_later() -> None:
    lived = Lived()
    _truth_of_deployments(lived)
    lived.pass_time(5400)
    _truth_of_deployments(lived)


def test_a_daemon_sets_pods_are_of_its_newest_template(lived: Lived) -> None:
    """Else every one of them would be told to be of an old revision."""
    wanted = {
        one["metadata"]["name"]: one["metadata"]["annotations"]["deprecated.daemonset.template.generation"]
        for one in lived.all(kinds.DAEMON_SETS)
    }
    labels = [(pod["metadata"]["ownerReferences"][0], pod["metadata"]["labels"]) for pod in lived.all(kinds.PODS)]
    told = {(owner["name"], one["pod-template-generation"]) for owner, one in labels if owner["kind"] == "DaemonSet"}

    assert len(told) > 5
    assert told == {(name, generation) for name, generation in wanted.items() if name in dict(told)}


def test_no_two_revisions_of_a_deployment_have_the_same_template(lived: Lived) -> None:
    templates: dict[str, list[str]] = {}
    for replica_set in lived.all(kinds.REPLICA_SETS):
        template = replica_set["spec"]["template"]
        labels = {name: value for name, value in template["metadata"]["labels"].items() if name != "pod-template-hash"}
        alike = json.dumps({**template, "metadata": {**template["metadata"], "labels": labels}}, sort_keys=True)
        templates.setdefault(replica_set["metadata"]["ownerReferences"][0]["uid"], []).append(alike)

    assert any(len(found) > 1 for found in templates.values())
    assert all(len(set(found)) == len(found) for found in templates.values())


def test_endpoint_slices_hold_the_ready_pods(lived: Lived) -> None:
    slices = [
        body
        for body in lived.all(kinds.ENDPOINT_SLICES, "kube-system")
        if body["metadata"]["labels"]["kubernetes.io/service-name"] == "kube-dns"
    ]
    addresses = {address for body in slices for point in body["endpoints"] for address in point["addresses"]}
    pods = lived.all(kinds.PODS, "kube-system")
    assert addresses == {
        pod["status"]["podIP"] for pod in pods if pod["metadata"]["labels"].get("k8s-app") == "kube-dns"
    }


def test_a_rollout_replaces_the_pods_and_says_so_in_events() -> None:
    lived = Lived()
    workload = lived.world.workloads.find("Deployment", "team-00", "cart")
    before = set(workload.pods)
    old = workload.revision.name
    lived.world.changes.roll_out(workload)
    lived.pass_time(180)
    assert not before & set(workload.pods)
    assert len(workload.pods) == workload.replicas
    body = lived.get(kinds.DEPLOYMENTS, "team-00", "cart")
    assert condition(body, "Progressing")["reason"] == "NewReplicaSetAvailable"
    assert body["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == str(workload.revision.number)
    assert lived.get(kinds.REPLICA_SETS, "team-00", old)["status"]["replicas"] == 0
    pod = next(iter(workload.pods))
    assert {"Scheduled", "Pulling", "Pulled", "Created", "Started"} <= lived.reasons(pod)
    assert "ScalingReplicaSet" in lived.reasons("cart")


def test_a_rollout_keeps_three_quarters_of_the_pods_ready() -> None:
    lived = Lived(nodes=12, pods=400)
    tenants = (item for item in lived.world.workloads.all.values() if item.namespace != "kube-system")
    workload = max((item for item in tenants if item.kind == "Deployment"), key=lambda item: item.replicas)
    assert workload.replicas >= 4
    lived.world.changes.roll_out(workload)
    least = workload.replicas - workload.replicas // 4
    for _ in range(180):
        lived.pass_time(1)
        # pods that restarted meanwhile are the everyday's doing, and there is one in some minutes
        assert sum(pod.ready and not pod.rare.deleted for pod in workload.pods.values()) >= least - 1


def test_jobs_come_complete_and_go() -> None:
    lived = Lived()
    names = {body["metadata"]["name"] for body in lived.all(kinds.JOBS)}
    lived.pass_time(3600)
    jobs = lived.all(kinds.JOBS)
    assert {body["metadata"]["name"] for body in jobs} - names
    assert all(count <= 4 for count in Counter(body["metadata"]["namespace"] for body in jobs).values())
    assert any(condition(body, "Complete")["status"] == "True" for body in jobs)


def test_a_job_stays_complete_when_its_pod_goes_with_a_node() -> None:
    lived = Lived()
    before = {body["metadata"]["name"]: condition(body, "Complete") for body in lived.all(kinds.JOBS)}
    for node in lived.world.fleet.of_pool("general")[:4]:
        lived.world.node_controller.delete(node)
    lived.pass_time(5)
    after = {body["metadata"]["name"]: condition(body, "Complete") for body in lived.all(kinds.JOBS)}
    assert after == before


def test_events_are_gone_an_hour_after_they_were_last_seen() -> None:
    lived = Lived()
    lived.pass_time(2 * 3600, step=5)
    oldest = lived.clock.time - 3600 - 61
    entries = lived.entries(kinds.EVENTS, EventEntry)
    assert entries
    assert all(entry.last > oldest for entry in entries)


def test_changes_are_as_many_as_asked_for() -> None:
    lived = Lived(changes=200)
    quiet = Lived()
    start = lived.storage.version, quiet.storage.version
    lived.pass_time(10)
    quiet.pass_time(10)
    made = (lived.storage.version - start[0]) - (quiet.storage.version - start[1])
    assert 1500 <= made <= 2100  # pods that are not ready are left out


async def test_run_lives_by_the_clock_and_ends_when_cancelled() -> None:
    lived = Lived()
    version = lived.storage.version
    life = asyncio.create_task(lived.world.run())
    async with asyncio.timeout(10):
        await lived.clock.reached(BEGAN + 60)
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life
    assert lived.storage.version > version + 12 * 5  # a lease a node each ten seconds


# --- heartbeats ----------------------------------------------------------------------------------------------------


def test_each_nodes_lease_is_never_older_than_ten_seconds() -> None:
    lived = Lived()
    for _ in range(5):
        lived.pass_time(13)
        for entry in lived.entries(kinds.LEASES, LeaseEntry, "kube-node-lease"):
            assert 0 <= lived.clock.time - entry.renewed <= 10.001


def test_each_nodes_conditions_are_never_older_than_five_minutes() -> None:
    lived = Lived()
    lived.pass_time(900, step=30)
    for entry in lived.entries(kinds.NODES, NodeEntry):
        for item in entry.state.conditions:
            assert lived.clock.time - item.heartbeat <= 301
