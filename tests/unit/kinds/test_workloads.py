"""Deployments, ReplicaSets and DaemonSets: kubectl's columns, rollouts as ``kubectl rollout status`` judges them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubetui.kinds.daemon_set import DAEMON_SET, DaemonSetRow
from kubetui.kinds.deployment import DEPLOYMENT, DeploymentRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.placement import Requirement, Term, Toleration
from kubetui.kinds.replica_set import REPLICA_SET
from kubetui.kinds.wire import decode_row
from kubetui.kinds.workload_wire import short_image
from tests.unit.kinds.fixture_files import data, raw, texts

Json = dict[str, Any]
DONE = {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable", "message": "progressed"}
GOING = {"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated", "message": "progressing"}
STUCK = {
    "type": "Progressing",
    "status": "False",
    "reason": "ProgressDeadlineExceeded",
    "message": 'ReplicaSet "checkout-1" has timed out progressing.',
}
QUOTA = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota: compute"}


def deployment(
    *conditions: Json, replicas: int = 5, updated: int = 5, available: int = 5, desired: int = 5, **spec: Any
) -> DeploymentRow:
    """A Deployment; ``seen=False``: its controller has not seen the latest change."""
    generation = 3 if spec.pop("seen", True) else 4
    status = {"replicas": replicas, "updatedReplicas": updated, "readyReplicas": available}
    wire = {
        "metadata": {"name": "checkout", "namespace": "team-04", "generation": generation},
        "spec": {"replicas": desired, **spec},
        "status": {**status, "availableReplicas": available, "observedGeneration": 3, "conditions": list(conditions)},
    }
    return decode_row(DEPLOYMENT, json.dumps(wire).encode())


@pytest.mark.parametrize(
    ("row", "words", "meaning"),
    [
        (deployment(DONE), "complete", Meaning.FINE),
        (deployment(GOING, updated=3), "3 of 5 updated", Meaning.PLANNED),
        (deployment(GOING, replicas=6), "1 old replica terminating", Meaning.PLANNED),
        (deployment(GOING, replicas=7), "2 old replicas terminating", Meaning.PLANNED),
        (deployment(GOING, available=4), "4 of 5 updated are available", Meaning.PLANNED),
        (deployment(DONE, available=4), "4 of 5 updated are available", Meaning.LOOK),
        (deployment(DONE, available=0), "0 of 5 updated are available", Meaning.ACT),
        (deployment(GOING, replicas=0, updated=0, available=0), "0 of 5 updated", Meaning.PLANNED),
        (deployment(STUCK, updated=3), "stuck, 3 of 5 updated", Meaning.ACT),
        (deployment(GOING, QUOTA, updated=3, replicas=3), "3 of 5 updated", Meaning.LOOK),
        (deployment(DONE, paused=True), "paused", Meaning.PLANNED),
        (deployment(GOING, updated=2, paused=True), "paused, 2 of 5 updated", Meaning.PLANNED),
        (deployment(DONE, seen=False), "change not seen by the controller yet", Meaning.PLANNED),
        (deployment(DONE, desired=0, replicas=0, updated=0, available=0), "scaled to 0", Meaning.PLAIN),
    ],
)
def test_a_rollout_in_words(row: DeploymentRow, words: str, meaning: Meaning) -> None:
    assert (row.rollout, row.meaning) == (words, meaning)


def test_what_holds_a_rollout_up_is_said_with_the_clusters_words() -> None:
    stuck, quota = deployment(STUCK, updated=3), deployment(STUCK, QUOTA, updated=3)

    assert stuck.reason == 'ProgressDeadlineExceeded: ReplicaSet "checkout-1" has timed out progressing.'
    assert quota.reason == "FailedCreate: exceeded quota: compute"
    assert deployment(DONE).reason == ""


def test_a_deployments_row() -> None:
    row = decode_row(DEPLOYMENT, raw("deployment-metrics-server"))
    shown = texts(DEPLOYMENT.columns, row)

    assert shown["READY"] == "2/2"
    assert shown["STRATEGY"] == "RollingUpdate 25%/25%"
    assert shown["REVISION"] == "1"
    assert shown["SELECTOR"] == "k8s-app=metrics-server"
    assert shown["CONTAINERS"] == "metrics-server-vpa,metrics-server"
    assert shown["IMAGE"] == "addon-resizer:v1.8.23-30, metrics-server:v0.8.0-21"
    assert DEPLOYMENT.problem is not None
    assert not DEPLOYMENT.problem(row)


def test_a_replica_sets_row_knows_its_revision_and_owner() -> None:
    row = decode_row(REPLICA_SET, raw("replicaset-metrics-server"))

    assert (row.revision, row.owner_kind, row.owner) == (1, "Deployment", "metrics-server")
    assert (row.desired, row.ready, row.meaning) == (2, 2, Meaning.FINE)


def test_equal_rows_share_their_parts() -> None:
    one, other = (decode_row(DAEMON_SET, raw("daemonset-ama-logs")) for _ in range(2))

    assert one.images is other.images
    assert one.labels is other.labels
    assert one.selector is other.selector


def daemon_set(seen: bool = True, strategy: str = "RollingUpdate", **status: int) -> DaemonSetRow:
    wire = data("daemonset-ama-logs")
    counts = {
        "desiredNumberScheduled": 5,
        "currentNumberScheduled": 5,
        "numberReady": 5,
        "updatedNumberScheduled": 5,
        "numberAvailable": 5,
    }
    wire["status"] = counts | status | {"observedGeneration": 1}
    wire["metadata"]["generation"] = 1 if seen else 2
    wire["spec"]["updateStrategy"]["type"] = strategy
    return decode_row(DAEMON_SET, json.dumps(wire).encode())


@pytest.mark.parametrize(
    ("row", "words", "meaning"),
    [
        (daemon_set(), "complete", Meaning.FINE),
        (daemon_set(updatedNumberScheduled=3), "3 of 5 updated", Meaning.PLANNED),
        (daemon_set(updatedNumberScheduled=3, numberAvailable=4), "3 of 5 updated", Meaning.PLANNED),
        (daemon_set(updatedNumberScheduled=3, numberAvailable=3), "3 of 5 updated", Meaning.LOOK),
        (daemon_set(updatedNumberScheduled=3, currentNumberScheduled=4), "3 of 5 updated", Meaning.LOOK),
        (
            daemon_set(strategy="OnDelete", updatedNumberScheduled=3),
            "3 of 5 updated, the rest on delete",
            Meaning.PLANNED,
        ),
        (daemon_set(numberAvailable=4, numberReady=4), "4 of 5 available", Meaning.LOOK),
        (daemon_set(numberAvailable=0, numberReady=0), "0 of 5 available", Meaning.ACT),
        (daemon_set(numberMisscheduled=1), "complete", Meaning.LOOK),
        (daemon_set(seen=False), "change not seen by the controller yet", Meaning.PLANNED),
    ],
)
def test_a_daemon_sets_rollout_in_words(row: DaemonSetRow, words: str, meaning: Meaning) -> None:
    assert (row.rollout, row.meaning) == (words, meaning)


def test_a_daemon_sets_row_says_what_it_asks_of_a_node() -> None:
    row = decode_row(DAEMON_SET, raw("daemonset-ama-logs"))

    assert row.placement.node_selector == (("kubernetes.io/os", "linux"),)
    assert row.placement.terms == (
        Term(
            (
                Requirement("kubernetes.azure.com/cluster", "Exists"),
                Requirement("type", "NotIn", ("virtual-kubelet",)),
            )
        ),
    )
    assert Toleration("", "Exists", "", "NoSchedule") in row.placement.tolerations
    assert row.revision == "1"
    assert row.strategy == "RollingUpdate 1/0"


@pytest.mark.parametrize(
    ("image", "short"),
    [
        ("coredns", "coredns"),
        ("mcr.microsoft.com/oss/v2/kubernetes/coredns:v1.14.3", "coredns:v1.14.3"),
        ("localhost:5000/app", "app"),
        ("registry.example/app:1.2@sha256:0123456789abcdef", "app:1.2"),
        ("registry.example/app@sha256:0123456789abcdef", "app@0123456"),
        ("", ""),
    ],
)
def test_an_image_in_short(image: str, short: str) -> None:
    assert short_image(image) == short


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ({"matchLabels": {"b": "2", "a": "1"}}, "a=1,b=2"),
        (
            {"matchLabels": {"b": "2"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["y", "x"]}]},
            "a in (x,y),b=2",
        ),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["x"]}]}, "a notin (x)"),
        (
            {"matchExpressions": [{"key": "a", "operator": "Exists"}, {"key": "b", "operator": "DoesNotExist"}]},
            "a,!b",
        ),
        (None, ""),
    ],
)
def test_a_selector_as_the_api_takes_it(selector: Json | None, text: str) -> None:
    wire = {"metadata": {"name": "a"}, "spec": {"selector": selector}}
    assert decode_row(DEPLOYMENT, json.dumps(wire).encode()).selector == text
