"""A pod's description: what is wrong first and in words, then what kubectl prints."""

from __future__ import annotations

from typing import Any

import pytest

from kubetui.insight.describe.ended import exit_meaning, reason_meaning
from kubetui.insight.describe.facts import Link, Part
from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Meaning
from tests.unit.insight.describe.facts import NOW, at, lines, pod


def ended(code: int, reason: str = "Error", **more: Any) -> Any:
    times = {"startedAt": at(3), "finishedAt": at(2)}
    return {"terminated": {"exitCode": code, "reason": reason, **times, **more}}


def test_a_crash_loop_says_why_and_what_137_means_before_all_else() -> None:
    app = {
        "name": "app",
        "restartCount": 41,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}},
        "lastState": ended(137, "OOMKilled", message="killed\nby want"),
    }

    assert lines(pod(app))[:8] == [
        "✖ app: CrashLoopBackOff, restarted 41 times",
        "  it ends again and again; the kubelet waits up to 5 minutes before each start",
        "  back-off 5m0s",
        "▲ app ended 2m ago: OOMKilled, exit 137",
        "  SIGKILL: out of memory, it used more than its limit",
        "  killed",
        "  by want",
        "",
    ]


def test_states_have_their_codes_and_times_in_words() -> None:
    text = lines(pod({"name": "app", "state": ended(143), "restartCount": 0}))

    assert "    State:          Terminated" in text
    assert "      Exit Code:  143  ▲ SIGTERM: asked to stop" in text
    assert "      Finished:   Sat, 21 Nov 2026 13:02:00 +0000  – 2m ago, after 60s" in text


def test_a_pod_that_runs_well_has_nothing_before_its_name() -> None:
    running = {"name": "app", "ready": True, "state": {"running": {"startedAt": at(5)}}}

    assert lines(pod(running))[0].split() == ["Name:", "web-0"]


def test_a_pod_that_no_node_takes_says_the_schedulers_words() -> None:
    condition = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": "0/5 nodes are available: 5 Insufficient cpu.",
        "lastTransitionTime": at(10),
    }
    text = lines(pod(spec={"nodeName": ""}, status={"phase": "Pending", "conditions": [condition]}))

    assert text[:2] == ["▲ not on a node yet: Unschedulable", "  0/5 nodes are available: 5 Insufficient cpu."]
    assert "  PodScheduled  False  ▲ Unschedulable: 0/5 nodes are available: 5 Insufficient cpu., for 10m" in text
    assert ["Node:", "<none>"] in [line.split() for line in text]


def test_a_pod_that_goes_says_until_when_and_what_holds_it() -> None:
    leaving = {"deletionTimestamp": at(-0.4), "deletionGracePeriodSeconds": 30, "finalizers": ["example.com/hold"]}
    assert lines(pod(metadata=leaving))[:2] == [
        "◐ being deleted, its grace ends in 24s",
        "  held by finalizers: example.com/hold",
    ]

    stuck = {"deletionTimestamp": at(5), "deletionGracePeriodSeconds": 30}
    assert lines(pod(metadata=stuck))[:2] == [
        "◐ being deleted, its grace ended 5m ago",
        "  ▲ still there although its grace is over: nobody has confirmed its end",
    ]


def test_owners_stand_up_to_the_root_with_their_states() -> None:
    owned = {"ownerReferences": [{"kind": "ReplicaSet", "name": "web", "controller": True}]}
    chain = [
        Link("ReplicaSet", "web", "1/2 ready", Meaning.LOOK),
        Link("Deployment", "web", trouble="forbidden: get x"),
    ]
    text = lines(pod(metadata=owned), owners=chain)

    first = text.index("Owners:")
    assert text[first : first + 3] == [
        "Owners:",
        "  ReplicaSet/web      ▲ 1/2 ready",
        "    └ Deployment/web  ▲ forbidden: get x",
    ]
    assert "Owners:  loading …" in lines(pod(metadata=owned), owners_loading=True)
    assert not [line for line in lines(pod()) if line.startswith("Owners")]


def event(name: str, **more: Any) -> EventRow:
    return EventRow(namespace="team-04", name=name, version=1, type="Normal", source="kubelet, n1", **more)


def test_events_are_oldest_first_folded_and_of_live_age() -> None:
    rows = (
        event("b", reason="Pulled", message="image is there", first=int(NOW) - 60, last=int(NOW) - 60),
        event(
            "a",
            reason="BackOff",
            part="spec.containers{app}",
            message="again",
            count=7,
            first=int(NOW) - 300,
            last=int(NOW) - 20,
        ),
    )
    text = lines(pod(), events=Part(rows))

    assert text[text.index("Events:") + 1 :] == [
        "  Type    Reason   Age               From     Message",
        "  ----    ------   ---               ----     -------",
        "  Normal  Pulled   60s               kubelet  image is there",
        "  Normal  BackOff  20s (x7 over 5m)  kubelet  spec.containers{app}: again",
    ]
    assert lines(pod())[-1] == "Events:  <none>"
    assert lines(pod(), events=Part(loading=True))[-1] == "Events:  loading …"


def test_events_that_may_not_be_read_say_which_right_is_missing() -> None:
    assert lines(pod(), events=Part(trouble="forbidden: list events"))[-2:] == ["Events:", "  ▲ forbidden: list events"]


@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [
        (0, "Completed", "it ended by itself, without an error"),
        (1, "Error", "an error of the program itself"),
        (127, "Error", "command not found"),
        (137, "OOMKilled", "SIGKILL: out of memory, it used more than its limit"),
        (137, "Error", "SIGKILL: killed from outside, by want of memory on the node or after the grace period"),
        (139, "Error", "SIGSEGV: memory access that is not allowed"),
        (143, "Error", "SIGTERM: asked to stop"),
        (150, "Error", "ended by signal 22"),
        (3, "Error", "an error of the program itself"),
        (-1073741510, "Error", "an error of the program itself"),
    ],
)
def test_exit_codes_mean_something(code: int, reason: str, words: str) -> None:
    assert exit_meaning(code, reason) == words


def test_waiting_reasons_mean_something() -> None:
    assert reason_meaning("CreateContainerConfigError") == "a ConfigMap, Secret or key it needs is missing"
    assert reason_meaning("SomethingNew") == ""
