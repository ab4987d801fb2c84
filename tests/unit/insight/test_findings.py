"""Findings that no incident of the demo shows: versions, speed, leases, conditions, pauses, and how many lines."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.insight.components import Around, Workloads, component_states
from kubetui.insight.control_plane import Leader
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding
from kubetui.insight.findings import findings
from kubetui.insight.node_book import NodeBook
from kubetui.insight.pod_book import PodBook
from kubetui.insight.restarts import Restarts
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment_row import DeploymentRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import NodeCondition
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow

NOW = 1_795_266_240


def node(name: str, **more: Any) -> NodeRow:
    row = NodeRow(name, 1, status="Ready", ready="True", ready_since=NOW - 90_000, created=NOW - 90_000,
                  kubelet="v1.36.3", runtime="containerd://2.0.4", pool="general")  # fmt: skip
    return msgspec.structs.replace(row, **more)


def pod(name: str, **more: Any) -> PodRow:
    row = PodRow("team-04", name, 1, ready=0, total=1, status="Running", phase="Running", created=NOW - 900,
                 unready_since=NOW - 600, owner_kind="StatefulSet", owner=name.rpartition("-")[0])  # fmt: skip
    return msgspec.structs.replace(row, **more)


def deployment(**more: Any) -> DeploymentRow:
    row = DeploymentRow("team-04", "web", 1, desired=3, ready=3, updated=3, available=3, rollout="complete",
                        meaning=Meaning.FINE, revision="2")  # fmt: skip
    return msgspec.structs.replace(row, **more)


def books(nodes: list[NodeRow] | None = None, pods: list[PodRow] | None = None) -> dict[str, Any]:
    node_book, pod_book = NodeBook(), PodBook()
    for row in nodes or []:
        node_book.fold(None, row)
    for one in pods or []:
        pod_book.fold(None, one)
    return {"nodes": node_book, "pods": pod_book}


def told(evidence: Evidence) -> list[str]:
    return [f"{one.meaning.value}: {one.title}" for one in findings(evidence)]


def only(evidence: Evidence) -> Finding:
    (found,) = findings(evidence)
    return found


# --- versions


def test_a_kubelet_further_behind_than_is_supported_is_to_act_on() -> None:
    found = only(Evidence(NOW, **books([node("a", kubelet="v1.32.1"), node("b", kubelet="v1.32.1")]),
                          server_version="v1.36.3"))  # fmt: skip
    assert (found.meaning, found.title) == (Meaning.ACT, "kubelet 1.32.1 on 2 nodes of pool general")
    assert "4 minor versions behind" in found.detail


def test_a_pool_a_little_behind_is_only_mentioned() -> None:
    found = only(Evidence(NOW, **books([node("a", kubelet="v1.35.1")]), server_version="v1.36.3"))
    assert (found.meaning, found.title) == (Meaning.PLANNED, "pool general is behind: kubelet 1.35.1")


@pytest.mark.parametrize("server", ["", "v1.36.3", "garbage"])
def test_equal_versions_and_unknown_ones_are_no_finding(server: str) -> None:
    assert told(Evidence(NOW, **books([node("a"), node("b")]), server_version=server)) == []


def test_an_upgrade_goes_on_while_nodes_come_and_is_stuck_when_none_came_for_long() -> None:
    old = node("a", kubelet="v1.35.4")
    young = Evidence(NOW, **books([old, node("b", created=NOW - 300)]))
    assert told(young) == ["planned: pool general is mid-upgrade: 1 of 2 nodes old"]
    assert only(young).since == NOW - 300
    assert told(Evidence(NOW, **books([old, node("b")]))) == ["look: pool general stopped half way: 1 of 2 nodes old"]


# --- nodes


def test_conditions_of_ready_nodes_are_told_by_type() -> None:
    pressure = NodeCondition("DiskPressure", "True", "KubeletHasDiskPressure", NOW - 60, "disk is full")
    dead = NodeCondition("KernelDeadlock", "True", "TaskHung", NOW - 30, "task hung")
    found = findings(
        Evidence(NOW, **books([node("a", conditions=(pressure,)), node("b", conditions=(pressure, dead))]))
    )
    assert [(one.meaning, one.title, one.since) for one in found] == [
        (Meaning.ACT, "KernelDeadlock on b", NOW - 30),
        (Meaning.LOOK, "DiskPressure on 2 nodes", NOW - 60),
    ]


def test_nodes_that_join_and_nodes_that_are_cordoned_are_planned() -> None:
    joining = node("new", ready="False", status="NotReady", created=NOW - 40, ready_since=NOW - 40)
    cordoned = node("old", unschedulable=True, status="Ready,SchedulingDisabled")
    assert told(Evidence(NOW, **books([joining, cordoned]))) == ["planned: new is joining", "planned: old cordoned"]


def test_a_node_that_says_why_it_is_not_ready_is_quoted() -> None:
    words = NodeCondition("Ready", "False", "KubeletNotReady", NOW - 60, "container runtime network not ready")
    sick = node("a", ready="False", status="NotReady", ready_since=NOW - 60, conditions=(words,))
    found = only(Evidence(NOW, **books([sick])))
    assert "KubeletNotReady: container runtime network not ready" in found.detail


# --- the control plane


def test_a_slow_api_server_is_told_after_three_slow_answers_in_a_row() -> None:
    assert told(Evidence(NOW, latencies=[0.01, 2.0, 2.1])) == []
    assert told(Evidence(NOW, latencies=[0.01, 2.0, None, 2.1, 2.2])) == []
    assert told(Evidence(NOW, latencies=[0.01, 2.0, 2.1, 2.2])) == ["look: API server is slow: 2.2 s for /readyz"]


def test_no_answer_and_a_silent_leader() -> None:
    leader = Leader("kube-scheduler", "scheduler", "s-1", 90.0, NOW - 90.0, 3, Meaning.ACT)
    found = findings(Evidence(NOW, unreachable="connection refused", failing_since=NOW - 45, leaders=[leader]))
    assert [(one.title, NOW - one.since) for one in found] == [
        ("API server does not answer /readyz", 45),
        ("kube-scheduler does not renew its lease", 90),
    ]


# --- workloads and pods


def test_a_paused_deployment_waits_for_a_person_and_not_for_time() -> None:
    row = deployment(paused=True, rollout="paused, 0 of 3 updated", meaning=Meaning.PLANNED, ready=0, available=0)
    found = only(Evidence(NOW, deployments=[row]))
    assert found.title == "team-04/web is paused, 0 of 3 updated"
    assert "rollout resume" in found.advice


def test_a_daemonset_that_replaces_on_delete_says_so() -> None:
    row = DaemonSetRow(
        "team-04", "agent", 1, desired=3, current=3, ready=3, available=3, updated=1, strategy="OnDelete"
    )
    found = only(Evidence(NOW, daemon_sets=[row]))
    assert "OnDelete" in found.advice
    assert found.title == "team-04/agent 1 of 3 updated, the rest on delete"


def test_a_daemonset_and_its_pods_are_one_finding() -> None:
    row = DaemonSetRow("team-04", "agent", 1, desired=2, current=2, updated=2)
    waits = {"owner_kind": "DaemonSet", "owner": "agent", "status": "Pending", "phase": "Pending",
             "reason": "Unschedulable", "message": "0/2 nodes are available: 1 Insufficient cpu."}  # fmt: skip
    found = only(Evidence(NOW, **books(pods=[pod("agent-a", **waits), pod("agent-b", **waits)]), daemon_sets=[row]))
    assert found.title == "team-04/agent 0/2 nodes ready"
    assert "Insufficient cpu" in found.detail
    assert found.since == NOW - 600


def test_lost_replicas_are_told_when_they_last_and_in_one_line_when_they_are_many() -> None:
    lost = deployment(ready=2, available=2, rollout="2 of 3 updated are available", meaning=Meaning.LOOK)
    just = Evidence(NOW, deployments=[lost], noticed={("team-04", "web"): NOW - 10.0})
    assert told(just) == []
    lasting = Evidence(NOW, deployments=[lost], noticed={("team-04", "web"): NOW - 70.0})
    assert told(lasting) == ["look: team-04/web 2/3 ready"]
    many = [msgspec.structs.replace(lost, name=f"web-{number}") for number in range(30)]
    assert told(Evidence(NOW, deployments=many)) == ["look: 30 Deployments lack replicas"]


def test_a_rollout_that_does_not_begin_is_not_called_a_want_of_replicas() -> None:
    row = deployment(updated=0, rollout="0 of 3 updated", meaning=Meaning.LOOK)
    found = only(Evidence(NOW, **books(), deployments=[row], noticed={("team-04", "web"): NOW - 90.0}))
    assert (found.title, found.detail) == ("team-04/web 0 of 3 updated", "enough serve")
    assert "pods that are not ready" not in found.advice


def test_many_rollouts_and_many_troubles_do_not_fill_the_screen() -> None:
    going = deployment(rollout="1 of 3 updated", meaning=Meaning.PLANNED, progressed=NOW - 5)
    rows = [msgspec.structs.replace(going, name=f"web-{number}") for number in range(40)]
    unready = [pod(f"db{number}-0") for number in range(40)]
    crashing = [pod(f"api{number}-0", status="CrashLoopBackOff", restarts=4) for number in range(40)]
    found = findings(Evidence(NOW, **books(pods=[*unready, *crashing]), deployments=rows))
    assert len(found) <= 20
    titles = [one.title for one in found]
    assert "32 pods of 32 more workloads crash again and again" in titles
    assert "37 pods of 37 more workloads not ready" in titles
    assert "37 more Deployments roll out" in titles


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (pod("db-0", status="CrashLoopBackOff", reason="CrashLoopBackOff", restarts=4, last_reason="OOMKilled",
             last_exit=137), "team-04/db: 1 pod crashes again and again"),
        (pod("db-0", status="CreateContainerConfigError", reason="CreateContainerConfigError"),
         "team-04/db: 1 pod can't be created"),
        (pod("db-0", status="ContainerCreating", phase="Pending"), "team-04/db: 1 pod does not start"),
        (pod("db-0", deleted=NOW - 600), "team-04/db: 1 pod does not end"),
        (pod("db-0", status="Evicted", phase="Failed", reason="Evicted"), "team-04/db: 1 pod was evicted"),
        (pod("db-0"), "team-04/db: 1 pod not ready"),
    ],
)  # fmt: skip
def test_pods_in_trouble_are_told_by_what_keeps_them(row: PodRow, title: str) -> None:
    found = only(Evidence(NOW, **books(pods=[row])))
    assert found.title == title
    assert found.advice
    assert found.target.keys == (("team-04", "db-0"),)


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate", "make room"),
        ("0/3 nodes are available: 1 Too many pods, 2 node(s) had untolerated taint {sku: gpu}", "make room"),
        ("0/14 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found", "a volume"),
        ('0/3 nodes are available: persistentvolumeclaim "data" not found.', "PersistentVolumeClaim that it names"),
        ("0/3 nodes are available: 1 Preemption, 2 node(s) had volume node affinity conflict.", "another zone"),
        ("0/3 nodes are available: 3 node(s) exceed max volume count.", "attach no more disks"),
        ("0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) were unschedulable", "labels and"),
        ("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", "labels and taints"),
        ("0/3 nodes are available: 3 node(s) were unschedulable.", "make room"),
        ("", "make room"),
    ],
)  # fmt: skip
def test_a_pod_without_a_node_is_advised_by_what_the_scheduler_says(message: str, advice: str) -> None:
    row = pod("db-0", status="Pending", phase="Pending", reason="Unschedulable", message=message)
    assert advice in only(Evidence(NOW, **books(pods=[row]))).advice


@pytest.mark.parametrize(
    "row",
    [
        pod("db-0", unready_since=NOW - 20, created=NOW - 30),
        pod("db-0", ready=1, unready_since=0),
        pod("job-0", status="Completed", phase="Succeeded"),
        pod("db-0", deleted=NOW + 20),
    ],
)
def test_what_is_on_its_way_for_good_reasons_is_no_finding(row: PodRow) -> None:
    assert told(Evidence(NOW, **books(pods=[row]))) == []


# --- components


def around(nodes: list[NodeRow], pods: list[PodRow] | None = None) -> Around:
    found = books(nodes, pods)
    return Around(found["nodes"], bool(nodes), found["pods"], True, Restarts(), NOW)


AKS_NODE = node("a", labels=(("kubernetes.azure.com/cluster", "MC_x"),))


def test_what_another_plugin_does_is_not_missed() -> None:
    cilium = DaemonSetRow("kube-system", "cilium", 1, desired=1, current=1, ready=1, updated=1, available=1)
    states = component_states(Workloads({}, {"cilium": cilium}), around([AKS_NODE]))
    by_name = {state.name: state for state in states}
    assert by_name["kube-proxy"].signal == "not installed: cilium does it"
    assert by_name["coredns"].signal == "not installed"
    assert by_name["cilium"].signal == "ok"
    assert told(Evidence(NOW, **books([AKS_NODE]), components=states)) == []


def test_what_is_not_known_is_not_absent() -> None:
    states = component_states(Workloads(None, None), around([AKS_NODE]))
    assert {state.signal for state in states if state.kind != "node"} == {"–"}
    assert {state.ready for state in states if state.kind != "node"} == {None}


def test_what_a_silent_nodes_runtime_does_is_not_known() -> None:
    silent = node(
        "b",
        ready="Unknown",
        status="NotReady",
        conditions=(NodeCondition("Ready", "Unknown", "NodeStatusUnknown", NOW, ""),),
    )
    states = {state.name: state for state in component_states(Workloads({}, {}), around([node("a"), silent]))}
    assert (states["kubelet"].ready, states["containerd"].ready, states["containerd"].desired) == (1, 1, 2)
    assert states["containerd"].signal == "not known on 1"
    assert states["containerd"].meaning is Meaning.UNKNOWN


def test_the_advice_of_an_api_server_that_does_not_answer_is_that_of_its_error() -> None:
    (found,) = findings(Evidence(NOW, unreachable="TLS failed", unreachable_advice="get the kubeconfig anew"))
    assert found.advice == "get the kubeconfig anew"


def test_a_sign_in_that_fails_is_not_laid_to_the_api_server() -> None:
    (found,) = findings(Evidence(NOW, unreachable="sign in as me: it ended with code 1", unasked=True))
    assert (found.title, found.detail) == ("API server can't be asked", "sign in as me: it ended with code 1")


def test_a_daemonset_of_windows_without_windows_nodes_is_not_listed() -> None:
    twin = DaemonSetRow("kube-system", "cloud-node-manager-windows", 1)
    states = component_states(Workloads({}, {twin.name: twin}), around([AKS_NODE]))
    assert twin.name not in {state.name for state in states}


def test_a_component_that_nobody_knows_is_diagnosed_as_one() -> None:
    row = deployment(namespace="kube-system", name="operator", ready=0, available=0, unavailable_since=NOW - 300,
                     meaning=Meaning.ACT, rollout="0 of 3 updated are available")  # fmt: skip
    states = component_states(Workloads({"operator": row}, {}), around([node("a")]))
    found = only(Evidence(NOW, **books([node("a")]), components=states))
    assert (found.title, found.since) == ("operator 0/3 ready", NOW - 300)
    assert "its pods" in found.advice
