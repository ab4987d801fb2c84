"""Descriptions of workloads, Services, Secrets and whatever else there is."""

from __future__ import annotations

from typing import Any

from kubetui.insight.describe.facts import Part
from kubetui.insight.describe.generic import label_of
from kubetui.insight.describe.page import Field, Grid, Heading, Row, Words, lay_out, plain_text
from kubetui.insight.describe.reading import ago, go_text, selector_text, time_text
from kubetui.kinds.kind import Meaning
from tests.unit.insight.describe.facts import NOW, at, lines, mark


def workload(kind: str, **spec: Any) -> Any:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "web", "namespace": "team-04", "uid": "u1", "generation": 1},
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": {"spec": {}}, **spec},
        "status": {"observedGeneration": 1, "replicas": 3, "readyReplicas": 1, "updatedReplicas": 1},
    }


def test_a_stuck_rollout_is_told_first_and_its_replica_sets_last() -> None:
    stuck = workload("Deployment")
    why = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "timed out"}
    stuck["status"]["conditions"] = [why | {"lastTransitionTime": at(7)}]
    old = {"name": "web-1", "uid": "r1", "ownerReferences": [{"uid": "u1", "controller": True}]}
    new = old | {"name": "web-2", "creationTimestamp": at(1)}
    template = {"metadata": {"labels": {"pod-template-hash": "2"}}, "spec": {}}
    sets = Part(
        [
            {"metadata": old, "spec": {"replicas": 2, "template": {"spec": {"x": 1}}}, "status": {"replicas": 2}},
            {"metadata": new, "spec": {"replicas": 1, "template": template}, "status": {"replicas": 1}},
            {"metadata": {"name": "other"}, "spec": {"template": {"spec": {}}}},
        ]
    )
    stuck["spec"]["template"] = {"metadata": {"labels": {}}, "spec": {}}
    text = lines(stuck, parts={"replicasets": sets})

    assert text[:2] == ["✖ stuck, 1 of 3 updated, 1/3 ready", "  ProgressDeadlineExceeded: timed out"]
    assert "OldReplicaSets:  web-1 (2/2 replicas created)" in text
    assert "NewReplicaSet:   web-2 (1/1 replicas created)" in text
    assert "  Progressing  False   ProgressDeadlineExceeded  ▲ timed out, 7m ago" in text


def test_a_secret_shows_sizes_alone() -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "Opaque", "data": {"token": 6}}
    text = lines(secret)

    assert text[-3:] == ["Data", "====", "  token:  6 bytes"]
    assert not [line for line in text if "Events" in line]


def test_a_service_without_a_ready_pod_says_so() -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "team-04"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]},
    }
    unready = {"endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": False}}], "ports": [{"port": 80}]}
    text = lines(service, parts={"endpointslices": Part([unready])})

    assert "Endpoints:     ▲ no pod is ready behind this Service" in text


def test_a_custom_resource_that_is_not_ready_says_why() -> None:
    condition = {"type": "Ready", "status": "False", "reason": "Broken", "message": "no certificate"}
    found = {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": "blue", "managedFields": [{}], "resourceVersion": "7"},
        "spec": {"podCIDRs": ["10.0.0.0/8"], "on": True, "nothing": None},
        "status": {"conditions": [condition]},
    }
    text = lines(found)

    assert text[:2] == ["▲ Ready=False", "  Broken: no certificate"]
    assert "  Pod CIDRs:" in text
    assert "    10.0.0.0/8" in text
    assert ["Nothing:", "<nil>"] in [line.split() for line in text]
    assert not [line for line in text if "managed" in line.lower()]


def test_a_deep_object_ends_somewhere() -> None:
    found: Any = "bottom"
    for _ in range(200):
        found = {"a": found}
    text = lines({"apiVersion": "x/v1", "kind": "Deep", "metadata": {"name": "d"}, "spec": found})

    assert len(text) < 60
    assert "map[a:" in "\n".join(text)


def test_labels_are_spelled_as_kubectl_spells_them() -> None:
    spelled = {
        "creationTimestamp": "Creation Timestamp",
        "podCIDRs": "Pod CIDRs",
        "uid": "UID",
        "apiVersion": "API Version",
        "snake_case": "snake_case",
        "foo-bar": "Foo - Bar",
        "URL": "URL",
    }
    assert {name: label_of(name) for name in spelled} == spelled


def test_values_are_written_as_go_writes_them() -> None:
    assert [go_text(value) for value in (True, None, 3.0, 0.25, 1e21, [1, "a"], {"b": 1, "a": [2]})] == [
        "true", "<nil>", "3", "0.25", "1e+21", "[1 a]", "map[a:[2] b:1]",
    ]  # fmt: skip


def test_selectors_are_written_as_kubectl_writes_them() -> None:
    selector = {
        "matchLabels": {"b": "1"},
        "matchExpressions": [
            {"key": "a", "operator": "In", "values": ["y", "x"]},
            {"key": "c", "operator": "NotIn", "values": ["z"]},
            {"key": "d", "operator": "Exists"},
            {"key": "e", "operator": "DoesNotExist"},
        ],
    }
    assert selector_text(selector) == "a in (x,y),b=1,c notin (z),d,!e"
    assert selector_text({}) == "<none>"


def test_times_to_come_and_times_that_are_none() -> None:
    assert (ago(at(-0.5), NOW), ago(at(2), NOW), ago("", NOW), ago("soon", NOW)) == ("in 30s", "2m ago", "", "")
    assert time_text("soon") == "soon"
    assert time_text(None) == "Mon, 01 Jan 0001 00:00:00 +0000"


def test_a_page_is_aligned_by_section_and_level() -> None:
    section = (
        Field("A", "1"),
        Field("Longer", ("2", "3"), note="why", meaning=Meaning.ACT),
        Heading("Below", note="said"),
        Field("B", "4", 1),
        Words("plain", 1, Meaning.LOOK),
        Grid(("X", "Y"), [Row(("1",)), Row(("22", "z"), "n")]),
        Field("L" * 40, "5"),
    )

    assert plain_text(lay_out([(), section, (Field("C", "6"),)], mark)).splitlines() == [
        "A:       1",
        "Longer:  2  ✖ why",
        "         3",
        "Below:  – said",
        "  B:  4",
        "  ▲ plain",
        "  X   Y",
        "  -   -",
        "  1",
        "  22  z  – n",
        f"{'L' * 40}:  5",
        "",
        "C:  6",
    ]
