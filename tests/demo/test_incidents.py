"""Each incident changes what it says, and heals. All over a clock that the test turns."""

from __future__ import annotations

from functools import partial

import pytest

from kubetui.demo import resources as kinds
from kubetui.demo.entries.lease import LeaseEntry
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.incidents.incident import Incident, Incidents, Scene, Step
from kubetui.demo.incidents.pool_upgrade import POOL
from kubetui.demo.incidents.registry import INCIDENTS
from kubetui.demo.pools import IMAGE_DATE, NEXT_IMAGE_DATE, OLD_VERSION, VERSION
from tests.demo.worlds import Lived, condition

METRICS_API = "v1beta1.metrics.k8s.io"


def begin(name: str, **options: object) -> Lived:
    lived = Lived(**options)
    lived.world.incidents.start(name)
    return lived


def _unready_nodes(lived: Lived) -> list[str]:
    return [entry.name for entry in lived.storage.entries(kinds.NODES) if str(entry.cells(0)[1]).startswith("NotReady")]


def _tenant_pods(lived: Lived) -> list[PodEntry]:
    workloads = lived.world.workloads.all.values()
    return [pod for item in workloads if item.namespace != "kube-system" for pod in item.pods.values()]


# --- all of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INCIDENTS)
def test_a_stopped_incident_leaves_a_cluster_where_everything_is_well(name: str) -> None:
    lived = begin(name)
    lived.pass_time(400)
    lived.world.incidents.stop(name)
    lived.pass_time(380)
    assert lived.world.incidents.running == ()
    unwell = set(_unwell(lived))
    for _ in range(3):  # an everyday restart may be under way: what stays unwell counts
        lived.pass_time(15)
        unwell &= set(_unwell(lived))
    assert unwell == set()


def _unwell(lived: Lived) -> list[str]:
    unwell = _unready_nodes(lived)
    unwell += [node.name for node in lived.world.fleet.nodes.values() if node.state.unschedulable]
    for body in lived.all(kinds.DEPLOYMENTS):
        if body["status"].get("readyReplicas", 0) != body["spec"]["replicas"]:
            unwell.append(f"{body['metadata']['namespace']}/{body['metadata']['name']}")
    for body in lived.all(kinds.DAEMON_SETS):
        if body["status"]["numberReady"] != body["status"]["desiredNumberScheduled"]:
            unwell.append(body["metadata"]["name"])
    if condition(lived.get(kinds.API_SERVICES, "", METRICS_API), "Available")["status"] != "True":
        unwell.append(METRICS_API)
    return unwell


@pytest.mark.parametrize("name", INCIDENTS)
def test_an_incident_stopped_at_once_or_in_the_middle_of_a_step_heals_too(name: str) -> None:
    lived = begin(name)
    lived.world.incidents.stop(name)
    lived.pass_time(30)
    lived.world.incidents.start(name)
    lived.pass_time(50)
    lived.world.incidents.stop(name)
    lived.pass_time(420)
    assert _unready_nodes(lived) == []


@pytest.mark.parametrize("name", INCIDENTS)
def test_an_incident_can_begin_with_the_world(name: str) -> None:
    lived = Lived(incidents=(name.replace("-", "_"),))
    assert lived.world.incidents.running == (name,)
    lived.pass_time(60)


def test_all_at_once_is_possible() -> None:
    lived = Lived(incidents=tuple(INCIDENTS))
    lived.pass_time(900, step=5)
    for name in INCIDENTS:
        lived.world.incidents.stop(name)
    lived.pass_time(900, step=5)
    assert _unready_nodes(lived) == []


def test_an_unknown_incident_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(ValueError, match=r"no incident 'flood'; there are: .*coredns-crash-loop.*spot-eviction"):
        Lived().world.incidents.start("flood")


def test_an_incident_that_runs_cannot_start_again_and_one_that_does_not_cannot_stop() -> None:
    lived = begin("node-not-ready")
    with pytest.raises(ValueError, match="runs already"):
        lived.world.incidents.start("node_not_ready")
    with pytest.raises(ValueError, match="does not run"):
        lived.world.incidents.stop("pool-upgrade")


def test_an_incident_without_its_cast_says_what_is_missing_and_does_not_run() -> None:
    lived = Lived(nodes=2)
    with pytest.raises(ValueError, match="no ready spot node"):
        lived.world.incidents.start("spot-eviction")
    assert lived.world.incidents.running == ()


def test_steps_happen_at_their_seconds_and_none_after_a_stop() -> None:
    lived, said = Lived(), list[str]()
    steps = tuple(Step(second, f"at {second}", partial(_say, said, f"at {second}")) for second in (0, 5, 60))
    heal = (Step(0, "heal", lambda scene: said.append("healed")),)
    incidents = Incidents(lived.world, {"drill": Incident("drill", "a drill", steps, heal)})
    incidents.start("drill")
    assert said == ["at 0"]
    lived.pass_time(30)
    assert said == ["at 0", "at 5"]
    incidents.stop("drill")
    lived.pass_time(60)
    assert said == ["at 0", "at 5", "healed"]


def _say(said: list[str], words: str, _: Scene) -> None:
    said.append(words)


def test_each_has_one_line_that_says_what_a_person_will_see() -> None:
    for incident in INCIDENTS.values():
        assert 40 < len(incident.description) < 120
        assert "\n" not in incident.description
        assert incident.steps
        assert incident.heal


# --- one by one ----------------------------------------------------------------------------------------------------


def test_node_not_ready_unknown_after_40_s_then_pods_evicted_after_300_more() -> None:
    lived = begin("node-not-ready")
    (node,) = [node for node in lived.world.fleet.nodes.values() if not node.kubelet]
    lived.pass_time(20)
    assert _unready_nodes(lived) == []  # its lease only grows old
    lived.pass_time(25)
    body = lived.get(kinds.NODES, "", node.name)
    ready = condition(body, "Ready")
    assert (ready["status"], ready["reason"]) == ("Unknown", "NodeStatusUnknown")
    assert ready["message"] == "Kubelet stopped posting node status."
    assert {(taint["key"], taint["effect"]) for taint in body["spec"]["taints"]} == {
        ("node.kubernetes.io/unreachable", "NoSchedule"),
        ("node.kubernetes.io/unreachable", "NoExecute"),
    }
    assert condition(body, "KernelDeadlock")["status"] == "False"  # the detector's are left alone
    assert "NodeNotReady" in lived.reasons(node.name)
    leases = {lease.name: lease for lease in lived.entries(kinds.LEASES, LeaseEntry, "kube-node-lease")}
    assert lived.clock.time - leases[node.name].renewed > 40

    pods = lived.world.pods.on_node(node.name)
    assert pods
    assert not any(pod.ready or pod.rare.deleted for pod in pods)
    lived.pass_time(300)
    for pod in lived.world.pods.on_node(node.name):
        daemon = pod.template.owner.kind == "DaemonSet"
        assert bool(pod.rare.deleted) is not daemon
        if pod.phase == "Running":
            assert pod.cells(lived.clock.time)[2] == ("Running" if daemon else "Terminating")

    lived.world.incidents.stop("node-not-ready")
    lived.pass_time(15)
    body = lived.get(kinds.NODES, "", node.name)
    assert condition(body, "Ready")["status"] == "True"
    assert "taints" not in body["spec"]
    assert not any(pod.rare.deleted for pod in lived.world.pods.on_node(node.name))


def test_konnectivity_down_no_agent_is_ready_and_the_metrics_api_is_gone() -> None:
    lived = begin("konnectivity-down")
    assert not lived.world.tunnel
    lived.pass_time(60)
    body = lived.get(kinds.DEPLOYMENTS, "kube-system", "konnectivity-agent")
    assert "readyReplicas" not in body["status"]
    assert condition(body, "Available")["status"] == "False"
    available = condition(lived.get(kinds.API_SERVICES, "", METRICS_API), "Available")
    assert (available["status"], available["reason"]) == ("False", "FailedDiscoveryCheck")
    lived.pass_time(400)
    agents = lived.world.workloads.find("Deployment", "kube-system", "konnectivity-agent")
    assert all(pod.restarts >= 2 for pod in agents.living())
    assert all("Unhealthy" in lived.reasons(pod.name) for pod in agents.living())
    lived.world.incidents.stop("konnectivity-down")
    lived.pass_time(30)
    assert lived.world.tunnel


def test_coredns_crash_loop_every_replica_backs_off_longer_and_longer() -> None:
    lived = begin("coredns-crash-loop")
    custom = lived.get(kinds.CONFIG_MAPS, "kube-system", "coredns-custom")
    assert "forwrd" in custom["data"]["corp.server"]
    lived.pass_time(300)
    coredns = lived.world.workloads.find("Deployment", "kube-system", "coredns")
    assert not any(pod.ready for pod in coredns.living())
    assert all(pod.restarts >= 4 for pod in coredns.living())
    words = {pod.cells(lived.clock.time)[2] for pod in coredns.living()}
    assert words <= {"CrashLoopBackOff", "Running"}
    assert "CrashLoopBackOff" in words
    addresses = [
        point["conditions"]["ready"]
        for body in lived.all(kinds.ENDPOINT_SLICES, "kube-system")
        if body["metadata"]["labels"]["kubernetes.io/service-name"] == "kube-dns"
        for point in body["endpoints"]
    ]
    assert not any(addresses)
    lived.world.incidents.stop("coredns-crash-loop")
    lived.pass_time(60)
    assert all(pod.ready for pod in coredns.living())
    assert lived.get(kinds.CONFIG_MAPS, "kube-system", "coredns-custom")["data"] == {"log.override": "log\n"}


def test_stuck_rollout_stands_and_exceeds_its_deadline_while_the_old_pods_serve() -> None:
    lived = begin("stuck-rollout")
    workload = lived.world.workloads.find("Deployment", "team-00", "checkout")
    lived.pass_time(120)
    body = lived.get(kinds.DEPLOYMENTS, "team-00", "checkout")
    assert condition(body, "Progressing")["status"] == "True"
    assert condition(body, "Available")["status"] == "True"
    new = [pod for pod in workload.living() if pod.template is workload.template]
    assert new
    assert not any(pod.ready for pod in new)
    assert "Unhealthy" in lived.reasons(new[0].name)
    lived.pass_time(520)
    progressing = condition(lived.get(kinds.DEPLOYMENTS, "team-00", "checkout"), "Progressing")
    assert (progressing["status"], progressing["reason"]) == ("False", "ProgressDeadlineExceeded")
    number = workload.revision.number
    lived.world.incidents.stop("stuck-rollout")
    lived.pass_time(120)
    body = lived.get(kinds.DEPLOYMENTS, "team-00", "checkout")
    assert condition(body, "Progressing")["reason"] == "NewReplicaSetAvailable"
    assert body["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == str(number + 1)


def test_image_pull_failure_backs_off_and_says_which_image() -> None:
    lived = begin("image-pull-failure")
    lived.pass_time(40)
    workload = lived.world.workloads.find("Deployment", "team-00", "cart")
    new = [pod for pod in workload.living() if pod.template is workload.template]
    assert new
    assert {pod.cells(lived.clock.time)[2] for pod in new} <= {"ErrImagePull", "ImagePullBackOff"}
    waiting = new[0].states[0]
    assert "2026.11.21-typo" in waiting.message
    assert {"Failed", "BackOff"} <= lived.reasons(new[0].name)
    assert sum(pod.ready for pod in workload.living()) >= workload.replicas * 3 // 4


def test_metrics_server_down_its_api_has_no_endpoint() -> None:
    lived = begin("metrics-server-down")
    lived.pass_time(15)
    available = condition(lived.get(kinds.API_SERVICES, "", METRICS_API), "Available")
    assert (available["status"], available["reason"]) == ("False", "MissingEndpoints")
    entry = lived.storage.get(kinds.API_SERVICES, "", METRICS_API)
    assert entry is not None
    assert entry.cells(lived.clock.time)[2] == "False (MissingEndpoints)"
    assert set(lived.status_words("kube-system", "metrics-server-")) == {"Running"}
    assert lived.world.tunnel


@pytest.mark.parametrize("with_the_world", [True, False])
def test_pool_upgrade_replaces_every_node_with_higher_instance_numbers(with_the_world: bool) -> None:
    lived = Lived(incidents=("pool-upgrade",)) if with_the_world else begin("pool-upgrade")
    fleet = lived.world.fleet
    before = {node.name: node.instance for node in fleet.of_pool(POOL) if node.ready}
    old_version = OLD_VERSION if with_the_world else VERSION
    assert {fleet.nodes[name].pool.version for name in before} == {old_version}
    lived.pass_time(10)
    assert len(fleet.of_pool(POOL)) == len(before) + 1  # the surge node
    assert len(_unready_nodes(lived)) == 1
    lived.pass_time(30)
    assert sum(node.state.unschedulable for node in fleet.of_pool(POOL)) == 1
    versions = {node.pool.version for node in fleet.of_pool(POOL)}
    assert versions == {old_version, VERSION}
    lived.pass_time(1800, step=5)
    after = {node.name: node.instance for node in fleet.of_pool(POOL)}
    assert len(after) == len(before)
    assert not before.keys() & after.keys()
    assert min(after.values()) > max(before.values())
    images = {node.pool.image_date for node in fleet.of_pool(POOL)}
    assert images == {IMAGE_DATE if with_the_world else NEXT_IMAGE_DATE}
    assert all(pod.ready for pod in _tenant_pods(lived) if pod.template.owner.kind == "DaemonSet")


def test_spot_eviction_announces_itself_then_the_node_is_gone_and_its_pods_move() -> None:
    lived = begin("spot-eviction")
    (node,) = [
        node
        for node in lived.world.fleet.nodes.values()
        if (scheduled := node.state.condition("VMEventScheduled")) and scheduled.status == "True"
    ]
    assert node.pool.spot
    lived.pass_time(17)
    assert "PreemptScheduled" in lived.reasons(node.name)
    assert node.ready
    lived.pass_time(50)
    assert _unready_nodes(lived) == [node.name]
    lived.pass_time(30)
    assert lived.storage.get(kinds.NODES, "", node.name) is None
    assert lived.storage.get(kinds.LEASES, "kube-node-lease", node.name) is None
    assert lived.storage.get(kinds.CSI_NODES, "", node.name) is None
    assert not any(pod.host and pod.host.name == node.name for pod in _tenant_pods(lived))
    count = len(lived.world.fleet.nodes)
    lived.world.incidents.stop("spot-eviction")
    lived.pass_time(30)
    assert len(lived.world.fleet.nodes) == count + 1
    newest = lived.world.fleet.of_pool("spot")[-1]
    assert newest.ready
    assert newest.instance > node.instance


def test_a_drained_node_is_not_used_until_it_is_uncordoned() -> None:
    lived = Lived()
    node = lived.world.fleet.of_pool("general")[0]
    lived.world.node_controller.drain(node)
    lived.pass_time(120)
    left = lived.world.pods.on_node(node.name)
    assert {pod.template.owner.kind for pod in left} == {"DaemonSet"}
    entry = lived.storage.get(kinds.NODES, "", node.name)
    assert entry is not None
    assert entry.cells(lived.clock.time)[1] == "Ready,SchedulingDisabled"
    assert entry.field("spec.unschedulable") == "true"
    taints = lived.get(kinds.NODES, "", node.name)["spec"]["taints"]
    assert [taint["key"] for taint in taints] == ["node.kubernetes.io/unschedulable"]
