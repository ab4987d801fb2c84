"""From rows to changes: what is told, once, and what of the time before the first look."""

from __future__ import annotations

from typing import Any

import msgspec

from kubetui.insight.changes import ChangeNotes
from kubetui.insight.timeline import Timeline
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment_row import DeploymentRow
from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow

NOW = 1_795_266_240


def node(**more: Any) -> NodeRow:
    row = NodeRow("n1", 1, ready="True", ready_since=NOW - 90_000, created=NOW - 90_000, kubelet="v1.35.4", pool="a")
    return msgspec.structs.replace(row, **more)


def deployment(**more: Any) -> DeploymentRow:
    row = DeploymentRow(
        "kube-system", "coredns", 1, desired=3, ready=3, rollout="complete", meaning=Meaning.FINE, revision="4",
        created=NOW - 90_000, images=("x/coredns:v1.13.1",), containers=("coredns",),
    )  # fmt: skip
    return msgspec.structs.replace(row, **more)


class Notes:
    def __init__(self) -> None:
        self.timeline = Timeline()
        self.notes = ChangeNotes(self.timeline)

    @property
    def told(self) -> list[str]:
        return [f"{one.at - NOW} {one.subject} {one.words}" for one in self.timeline.newest(50)]


def test_a_node_that_turns_is_told_with_the_time_of_its_condition() -> None:
    seen = Notes()
    seen.notes.node(node(), NOW)
    seen.notes.node(node(heartbeat=NOW), NOW + 20)
    seen.notes.node(node(ready="Unknown", ready_since=NOW + 40), NOW + 41)
    seen.notes.node(node(ready="True", ready_since=NOW + 300), NOW + 301)
    assert seen.told == ["300 n1 NotReady → Ready", "40 n1 Ready → NotReady"]


def test_cordons_versions_and_deletions_are_told_when_they_are_seen() -> None:
    seen = Notes()
    seen.notes.node(node(), NOW)
    seen.notes.node(node(unschedulable=True), NOW + 1)
    seen.notes.node(node(unschedulable=True, kubelet="v1.36.3"), NOW + 2)
    seen.notes.node(node(kubelet="v1.36.3"), NOW + 3)
    seen.notes.node_gone("n1", NOW + 4)
    seen.notes.node_gone("n1", NOW + 5)
    assert seen.told == ["4 n1 deleted", "3 n1 uncordoned", "2 n1 kubelet 1.35.4 → 1.36.3", "1 n1 cordoned"]


def test_at_the_first_look_conditions_tell_of_the_last_hour_and_not_of_the_time_before() -> None:
    seen = Notes()
    seen.notes.node(node(name="old"), NOW)
    seen.notes.node(node(name="new", created=NOW - 600, ready_since=NOW - 580), NOW)
    seen.notes.node(node(name="lost", ready="Unknown", ready_since=NOW - 300), NOW)
    seen.notes.workload(deployment(progressed=NOW - 1200), NOW)
    seen.notes.workload(deployment(name="dead", ready=0, unavailable_since=NOW - 240), NOW)
    seen.notes.workload(deployment(name="ancient", progressed=NOW - 90_000), NOW)
    assert seen.told == [
        "-240 dead not available",
        "-300 lost Ready → NotReady",
        "-600 new joined",
        "-1200 coredns rolled out, revision 4",
    ]


def test_replicas_lost_after_a_rollout_are_not_told_as_one_that_goes_on() -> None:
    seen = Notes()
    lost = {"ready": 2, "rollout": "2 of 3 updated are available", "meaning": Meaning.LOOK}
    seen.notes.workload(deployment(namespace="team-04", progressed=NOW - 600, **lost), NOW)
    stuck = {"ready": 2, "rollout": "stuck, 1 of 3 updated", "meaning": Meaning.ACT, "reason": "ProgressDeadline"}
    seen.notes.workload(deployment(namespace="team-05", progressed=NOW - 900, **stuck), NOW)
    assert seen.told == ["-600 team-04/coredns rolled out, revision 4", "-900 team-05/coredns rolls out, revision 4"]


def test_a_component_that_loses_its_replicas_is_one_line_and_a_tenants_is_none() -> None:
    seen = Notes()
    for ready in (3, 2, 0):
        seen.notes.workload(deployment(ready=ready, rollout=f"{ready} of 3 updated are available"), NOW + 3 - ready)
        seen.notes.workload(deployment(namespace="team-04", ready=ready), NOW)
    assert seen.told == ["3 coredns 3/3 → 0/3"]


def test_a_rollout_is_told_when_it_begins_with_its_version_and_when_it_is_complete() -> None:
    seen = Notes()
    new = {"revision": "5", "images": ("x/coredns:v1.14.3",)}
    seen.notes.workload(deployment(), NOW)
    seen.notes.workload(deployment(**new, rollout="1 of 3 updated"), NOW + 1)
    seen.notes.workload(deployment(**new), NOW + 30)
    seen.notes.workload(deployment(**new, version=9), NOW + 60)
    assert seen.told == ["30 coredns rolled out, revision 5", "1 coredns rolls out, revision 5: 1.13.1 → 1.14.3"]


def test_a_daemonset_that_gets_a_node_more_has_no_rollout() -> None:
    seen = Notes()
    row = DaemonSetRow("team-04", "shipper", 1, desired=3, ready=3, updated=3, available=3, revision="2")
    seen.notes.workload(row, NOW)
    seen.notes.workload(msgspec.structs.replace(row, desired=4), NOW + 1)
    seen.notes.workload(msgspec.structs.replace(row, desired=4, ready=4, updated=4, available=4), NOW + 9)
    assert seen.told == []


def test_what_went_while_nobody_looked_is_told_at_the_next_look() -> None:
    seen = Notes()
    seen.notes.node(node(), NOW)
    seen.notes.node(node(name="n2"), NOW)
    seen.notes.workload(deployment(), NOW)
    seen.notes.keep_nodes({"n2"}, NOW + 900)
    seen.notes.keep_workloads("deployments", set(), NOW + 900)
    seen.notes.keep_workloads("daemonsets", set(), NOW + 901)
    assert seen.told == ["900 coredns deleted", "900 n1 deleted"]


def test_restarts_of_components_are_told_with_how_they_ended() -> None:
    seen = Notes()
    pod = PodRow("kube-system", "konnectivity-agent-1", 1, restarts=2, restarted=NOW - 60, last_reason="OOMKilled",
                 owner_kind="DaemonSet", owner="konnectivity-agent")  # fmt: skip
    seen.notes.restart(None, pod, NOW)
    seen.notes.restart(pod, msgspec.structs.replace(pod, version=2), NOW + 1)
    seen.notes.restart(None, msgspec.structs.replace(pod, namespace="team-04"), NOW)
    seen.notes.restart(None, msgspec.structs.replace(pod, restarted=NOW - 90_000), NOW)
    assert seen.told == ["-60 konnectivity-agent restarted: OOMKilled"]


def test_events_about_nodes_are_told_in_words_others_not() -> None:
    seen = Notes()
    event = EventRow("default", "e1", 1, reason="RebootScheduled", object_kind="Node", object_name="n1", last=NOW - 5)
    seen.notes.event(event, NOW)
    seen.notes.event(msgspec.structs.replace(event, reason="Pulled"), NOW)
    seen.notes.event(msgspec.structs.replace(event, object_kind="Pod"), NOW)
    seen.notes.event(msgspec.structs.replace(event, object_name="n2", last=NOW - 4000), NOW)
    assert seen.told == ["-5 n1 reboot scheduled"]


def test_a_controller_manager_that_begins_lets_no_old_node_join() -> None:
    # it tells RegisteredNode of every node there is, as if all had come
    seen = Notes()
    event = EventRow("default", "e1", 1, reason="RegisteredNode", object_kind="Node", object_name="n1", last=NOW - 5)
    seen.notes.event(event, NOW)
    seen.notes.node(node(), NOW)
    seen.notes.event(msgspec.structs.replace(event, last=NOW + 5), NOW + 6)
    seen.notes.node(node(name="n2", created=NOW + 20), NOW + 21)
    assert seen.told == ["20 n2 joined"]
