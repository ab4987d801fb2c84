"""Which nodes miss a DaemonSet, and why; judged node by node, and followed by changes alike."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.insight.daemon_node import DaemonNodeRow, by_need, daemon_node_row
from kubetui.insight.daemon_set_nodes import Standing, Verdict, belongs, place_of, verdict
from kubetui.insight.daemon_set_survey import Survey
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.kind import Key, Meaning
from kubetui.kinds.node_row import NodeRow, Taint
from kubetui.kinds.placement import Placement, Toleration
from kubetui.kinds.pod_row import PodRow

DAEMON_SET = DaemonSetRow(
    "kube-system", "agent", 1, revision="2", placement=Placement(node_selector=(("os", "linux"),))
)


def node(name: str = "n1", *taints: str, ready: str = "True", **more: Any) -> NodeRow:
    """A node; a taint is ``key:Effect``."""
    found = tuple(Taint(key, "", effect) for key, _, effect in (taint.rpartition(":") for taint in taints))
    status = "Ready" if ready == "True" else "NotReady"
    labels = more.pop("labels", (("os", "linux"),))
    return NodeRow(name, 1, ready=ready, status=status, taints=found, labels=labels, **more)


def pod(name: str = "agent-1", on: str = "n1", **more: Any) -> PodRow:
    """A pod of the DaemonSet, ready unless told otherwise."""
    made = {"ready": 1, "total": 1, "status": "Running", "phase": "Running", "node": on, "created": 100}
    labels = (("pod-template-generation", more.pop("generation", "2")),)
    owner = {"owner_kind": "DaemonSet", "owner": "agent", "labels": labels}
    return PodRow("kube-system", name, 1, **{**made, **owner, **more})


def unschedulable(message: str) -> PodRow:
    """A pod made for ``n1`` that the scheduler has no room for."""
    return pod(on="", target="n1", ready=0, status="Pending", phase="Pending", reason="Unschedulable", message=message)


def judged(node_row: NodeRow, *pods: PodRow, **changed: Any) -> Verdict:
    return verdict(msgspec.structs.replace(DAEMON_SET, **changed), node_row, pods)


def test_a_ready_pod_of_the_present_revision_is_fine() -> None:
    found = judged(node(), pod())

    assert (found.standing, found.word, found.why, found.counted) == (Standing.RUNS, "runs", "", True)


@pytest.mark.parametrize(
    ("node_row", "why"),
    [
        (node(labels=(("os", "windows"),)), "node selector os=linux, it has windows"),
        (node("n1", "sku:NoSchedule"), "taint sku:NoSchedule not tolerated"),
        (node("n1", "sku:NoExecute"), "taint sku:NoExecute not tolerated"),
    ],
)
def test_a_node_that_is_not_meant_to_is_no_fault(node_row: NodeRow, why: str) -> None:
    found = judged(node_row)
    assert (found.standing, found.why, found.meaning) == (Standing.NOT_MEANT, why, Meaning.PLAIN)
    assert not found.counted

    stray = judged(node_row, pod())
    assert (stray.standing, stray.why, stray.meaning) == (Standing.STRAY, why, Meaning.LOOK)
    leaving = judged(node_row, pod(deleted=200))
    assert (leaving.word, leaving.meaning) == ("terminating", Meaning.PLANNED)


@pytest.mark.parametrize(
    "taint",
    [
        "node.kubernetes.io/not-ready:NoExecute",
        "node.kubernetes.io/unreachable:NoExecute",
        "node.kubernetes.io/disk-pressure:NoSchedule",
        "node.kubernetes.io/memory-pressure:NoSchedule",
        "node.kubernetes.io/pid-pressure:NoSchedule",
        "node.kubernetes.io/unschedulable:NoSchedule",
        "anything:PreferNoSchedule",
    ],
)
def test_what_every_daemon_set_tolerates(taint: str) -> None:
    found = judged(node("n1", taint, unschedulable=True))
    assert (found.standing, found.counted) == (Standing.MISSING, True)


def test_the_networks_taint_is_tolerated_on_the_host_network_only() -> None:
    down = node("n1", "node.kubernetes.io/network-unavailable:NoSchedule")
    host = Placement(host_network=True)

    assert judged(down, placement=host).counted
    assert not judged(down, placement=Placement()).counted


def test_its_own_tolerations_count() -> None:
    everything = Placement(tolerations=(Toleration(operator="Exists"),))
    assert judged(node("n1", "sku:NoExecute"), pod(), placement=everything).standing is Standing.RUNS


def test_a_node_that_is_down_is_still_meant_to_run_it() -> None:
    """Its NoSchedule taint takes it out of the controller's count, and it misses the pod all the same."""
    down = node("n1", "node.kubernetes.io/not-ready:NoSchedule", ready="False")

    without = judged(down)
    assert (without.standing, without.counted, without.why) == (Standing.MISSING, False, "node NotReady")
    lost = judged(down, pod(ready=0, unready_since=50))
    assert (lost.word, lost.meaning) == ("node down", Meaning.ACT)


def test_a_node_that_is_being_deleted_is_planned() -> None:
    found = judged(node(ready="Unknown", deleted=5), pod(ready=0, unready_since=50))
    assert (found.why, found.meaning) == ("node NotReady, being deleted", Meaning.PLANNED)


_OTHERS = "node(s) didn't satisfy plugin(s) [NodeAffinity]"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (
            f"0/101 nodes are available: 1 Insufficient cpu, 100 {_OTHERS}. preemption: 0/101 nodes are available",
            "Insufficient cpu",
        ),
        (
            "0/3 nodes are available: 1 Insufficient cpu, 1 Too many pods, 2 node(s) didn't match Pod's node affinity",
            "Insufficient cpu, Too many pods",
        ),
        ("0/3 nodes are available: 1 Too many pods. no new claims to deallocate, preemption: 0/3", "Too many pods"),
        ("0/3 nodes are available: 1 Too many pods, 9 node(s) didn't satisfy plugin(s) [NodeA", "Too many pods"),
        (f"0/3 nodes are available: 3 {_OTHERS}.", f"0/3 nodes are available: 3 {_OTHERS}."),
        ("something else", "something else"),
        ("", "Unschedulable"),
    ],
)  # fmt: skip
def test_a_pod_without_room_says_what_lacks(message: str, why: str) -> None:
    found = judged(node(), unschedulable(message))
    assert (found.word, found.why, found.meaning) == ("pending", why, Meaning.ACT)


@pytest.mark.parametrize(
    ("found", "word", "why", "meaning"),
    [
        (pod(ready=0, status="ContainerCreating"), "starting", "ContainerCreating", Meaning.PLANNED),
        (pod(ready=0, status="CrashLoopBackOff", reason="CrashLoopBackOff", message="back-off 5m", restarts=9,
             last_reason="Error", last_exit=1),
         "not ready", "CrashLoopBackOff: back-off 5m · last ended Error 1", Meaning.ACT),
        (pod(ready=0), "not ready", "Running", Meaning.ACT),
        (pod(unready_since=7), "not ready", "Running", Meaning.ACT),
        (pod(ready=0, deleted=9, status="Terminating"), "terminating", "the next one follows it", Meaning.PLANNED),
        (pod(on="", target="n1", ready=0, status="Pending", phase="Pending"), "pending", "waits for the scheduler",
         Meaning.PLANNED),
    ],
)  # fmt: skip
def test_a_pod_that_is_not_ready_says_why(found: PodRow, word: str, why: str, meaning: Meaning) -> None:
    said = judged(node(), found)
    assert (said.standing, said.word, said.why, said.meaning) == (Standing.MISSING, word, why, meaning)


def test_no_pod_where_one_is_due() -> None:
    assert judged(node()).why == "its controller has not made one; the DaemonSet's events say why"
    assert judged(node(), observed=False).why == "the controller has not seen the latest change yet"


def test_an_old_revision_is_told_from_the_present_one() -> None:
    found = judged(node(), pod(generation="1"))
    assert (found.standing, found.why) == (Standing.OLD, "revision 1, the DaemonSet is at 2")


def test_of_several_pods_the_one_that_stays_counts() -> None:
    going, failed, new = pod("a", deleted=9), pod("b", ready=0, phase="Failed", status="Evicted"), pod("c", created=300)

    assert judged(node(), going, failed, new).pod is new
    assert judged(node(), failed).word == "no pod"


def test_a_pod_of_another_owner_is_none_of_its() -> None:
    assert belongs(DAEMON_SET, pod())
    assert not belongs(DAEMON_SET, pod(owner="other"))
    assert not belongs(DAEMON_SET, pod(owner_kind="ReplicaSet"))


# --- followed by changes

_nodes = st.builds(
    lambda name, taints, ready: node(name, *taints, ready=ready),
    st.sampled_from(["n1", "n2", "n3"]),
    st.lists(st.sampled_from(["sku:NoSchedule", "node.kubernetes.io/not-ready:NoSchedule"]), max_size=1),
    st.sampled_from(["True", "False"]),
)
_pods = st.builds(
    lambda name, on, made_for, ready, owner: pod(name, on, target=made_for, ready=ready, owner=owner),
    st.sampled_from(["agent-1", "agent-2", "agent-3"]),
    st.sampled_from(["", "n1", "n2", "n3"]),
    st.sampled_from(["", "n1"]),
    st.integers(0, 1),
    st.sampled_from(["agent", "other"]),
)
_sets = st.builds(
    lambda revision, os: msgspec.structs.replace(
        DAEMON_SET, revision=revision, placement=Placement(node_selector=(("os", os),))
    ),
    st.sampled_from(["1", "2"]),
    st.sampled_from(["linux", "windows"]),
)
_steps = st.lists(st.tuples(st.sampled_from(["put", "drop", "take"]), st.one_of(_nodes, _pods, _sets)), max_size=30)


class _Followed:
    """A cluster that changes, and what the survey of it shows."""

    def __init__(self) -> None:
        self.survey = Survey()
        self.shown: dict[Key, DaemonNodeRow] = {}
        self.nodes: dict[str, NodeRow] = {}
        self.pods: dict[str, PodRow] = {}
        self.put(DAEMON_SET)

    def put(self, row: NodeRow | PodRow | DaemonSetRow, *, there: bool = True) -> None:
        if isinstance(row, DaemonSetRow):
            self.daemon_set = row
            self.survey.set_daemon_set(row)
            return
        if isinstance(row, NodeRow):
            self.survey.fold_node(self.nodes.pop(row.name, None), row if there else None)
            self.nodes |= {row.name: row} if there else {}
            return
        self.survey.fold_pod(self.pods.pop(row.name, None), row if there else None)
        self.pods |= {row.name: row} if there else {}

    def take(self) -> None:
        while rows := self.survey.take(2):
            for key, row in rows:
                self.shown.pop(key, None)
                self.shown |= {key: row} if row is not None else {}

    def judged(self, name: str) -> Verdict:
        there = [found for found in self.pods.values() if place_of(found) == name and belongs(self.daemon_set, found)]
        return verdict(self.daemon_set, self.nodes[name], there)


@given(_steps)
def test_following_changes_comes_to_the_same_as_judging_all_nodes(
    steps: list[tuple[str, NodeRow | PodRow | DaemonSetRow]],
) -> None:
    cluster = _Followed()
    for what, row in steps:
        if what == "take":
            cluster.take()
        else:
            cluster.put(row, there=what == "put")
    cluster.take()

    assert {key[1] for key in cluster.shown} == set(cluster.nodes)
    for (_, name), shown in cluster.shown.items():
        assert shown == daemon_node_row(cluster.nodes[name], cluster.judged(name), shown.version)


def test_what_needs_a_look_comes_first() -> None:
    rows = [
        daemon_node_row(one, verdict(DAEMON_SET, one, found), 1)
        for one, found in (
            (node("a", "sku:NoSchedule"), []),
            (node("b"), [pod(on="b")]),
            (node("d"), []),
            (node("c"), []),
        )
    ]
    assert [row.name for row in sorted(rows, key=by_need)] == ["c", "d", "b", "a"]
