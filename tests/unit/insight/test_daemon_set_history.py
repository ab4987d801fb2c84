"""A DaemonSet's revisions by hash and what its controller was refused."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from kubetui.insight.daemon_set_history import NO_HISTORY, history
from kubetui.insight.daemon_set_nodes import Standing, verdict
from kubetui.kinds.controller_revision import CONTROLLER_REVISION, ControllerRevisionRow
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.event import EventRow
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.wire import decode_row
from tests.unit.kinds.fixture_files import texts

NODE = NodeRow("n1", 1, ready="True", status="Ready")
ROW = DaemonSetRow("kube-system", "proxy", 1, desired=1, revision="3")


def revision(number: int, hash_: str, owner: str = "proxy") -> ControllerRevisionRow:
    return ControllerRevisionRow("kube-system", f"{owner}-{hash_}", 1, revision=number, hash=hash_,
                                 owner_kind="DaemonSet", owner=owner)  # fmt: skip


def pod(generation: str, hash_: str) -> PodRow:
    labels = tuple((key, value) for key, value in
                   (("pod-template-generation", generation), ("controller-revision-hash", hash_)) if value)  # fmt: skip
    return PodRow("kube-system", "proxy-1", 1, ready=1, total=1, status="Running", phase="Running", node="n1",
                  labels=labels, owner_kind="DaemonSet", owner="proxy")  # fmt: skip


def refusal(last: int, message: str, **more: Any) -> EventRow:
    row = EventRow("kube-system", f"e{last}", 1, reason="FailedCreate", object_kind="DaemonSet",
                   object_namespace="kube-system", object_name="proxy", message=message, last=last)  # fmt: skip
    return msgspec.structs.replace(row, **more)


def test_pods_of_a_template_that_was_taken_up_again_are_not_old() -> None:
    """``rollout undo``: hash a is revision 3 now; its pods carry the count of before."""
    known = history(ROW, [revision(3, "a"), revision(2, "b")], [])
    assert verdict(ROW, NODE, [pod("1", "a")], known).standing is Standing.RUNS
    old = verdict(ROW, NODE, [pod("2", "b")], known)
    assert (old.standing, old.why) == (Standing.OLD, "revision 2, the DaemonSet is at 3")
    assert known.revision_of_pod(pod("1", "a")) == "3"


@pytest.mark.parametrize(("generation", "old"), [("3", False), ("2", True), ("", False)])
def test_without_revisions_the_templates_count_decides(generation: str, old: bool) -> None:
    assert NO_HISTORY.is_old(ROW, pod(generation, "x")) is old


def test_a_pod_with_the_newest_count_is_up_to_date_whatever_its_hash() -> None:
    known = history(ROW, [revision(3, "a")], [])
    assert not known.is_old(ROW, pod("3", "unheard-of"))


def test_others_revisions_do_not_count() -> None:
    known = history(ROW, [revision(9, "z", owner="another"), revision(2, "b")], [])
    assert (known.current, dict(known.numbers)) == ("b", {"b": 2})
    assert known.revision_of(ROW) == "2"
    assert NO_HISTORY.revision_of(ROW) == "3"


def test_the_newest_refusal_is_quoted_where_a_node_has_no_pod() -> None:
    events = [
        refusal(10, "older"),
        refusal(20, 'pods "proxy-" is forbidden: exceeded quota: none'),
        refusal(30, "another's", object_name="other"),
        refusal(40, "another reason", reason="SuccessfulCreate"),
    ]
    said = verdict(ROW, NODE, [], history(ROW, [], events))
    assert (said.word, said.why) == ("no pod", 'FailedCreate: pods "proxy-" is forbidden: exceeded quota: none')
    down = msgspec.structs.replace(NODE, ready="False", status="NotReady")
    assert verdict(ROW, down, [], history(ROW, [], events)).why == "node NotReady"


def test_a_revision_as_the_api_serves_it() -> None:
    wire = {
        "metadata": {
            "name": "proxy-6d5f8d7b9",
            "namespace": "kube-system",
            "resourceVersion": "7",
            "creationTimestamp": "2026-11-21T11:00:00Z",
            "labels": {"controller-revision-hash": "6d5f8d7b9", "app": "proxy"},
            "ownerReferences": [{"kind": "DaemonSet", "name": "proxy", "controller": True}],
        },
        "data": {"spec": {"template": {"$patch": "replace"}}},
        "revision": 4,
    }
    row = decode_row(CONTROLLER_REVISION, json.dumps(wire).encode())
    assert (row.hash, row.revision) == ("6d5f8d7b9", 4)
    shown = texts(CONTROLLER_REVISION.columns, row)
    assert (shown["CONTROLLER"], shown["REVISION"], shown["AGE"]) == ("DaemonSet/proxy", "4", "60m")
