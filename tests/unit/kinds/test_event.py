"""Events: times and counts as kubectl prints them, whichever of the two APIs wrote them."""

from __future__ import annotations

import json
from typing import Any

from kubetui.kinds.event import EVENT, EventRow
from kubetui.kinds.kind import Meaning
from kubetui.kinds.wire import decode_row
from tests.unit.kinds.fixture_files import raw, texts


def event(**fields: Any) -> EventRow:
    wire = {"metadata": {"name": "e", "namespace": "team-04"}, **fields}
    return decode_row(EVENT, json.dumps(wire).encode())


def test_an_event_of_the_new_api_with_a_series() -> None:
    shown = texts(EVENT.columns, decode_row(EVENT, raw("event-failed-scheduling")))

    assert shown["LAST"] == "2m"
    assert shown["FIRST"] == "40m"
    assert shown["COUNT"] == "7"
    assert shown["TYPE"] == "Warning"
    assert shown["OBJECT"] == "pod/checkout-7d9f6c5b8-2lfdt"
    assert shown["SOURCE"] == "default-scheduler, default-scheduler-vm"


def test_an_event_of_the_old_api() -> None:
    row = event(
        count=3,
        firstTimestamp="2026-11-21T11:00:00Z",
        lastTimestamp="2026-11-21T11:59:50Z",
        type="Normal",
        source={"component": "kubelet", "host": "n1"},
        involvedObject={"kind": "Node", "name": "n1", "fieldPath": "spec.containers{app}"},
        message="  Started.\n",
    )
    shown = texts(EVENT.columns, row)

    assert (shown["LAST"], shown["FIRST"], shown["COUNT"]) == ("10s", "60m", "3")
    assert (shown["SOURCE"], shown["SUBOBJECT"]) == ("kubelet, n1", "spec.containers{app}")
    assert shown["MESSAGE"] == "Started."


def test_a_lone_event_without_count_or_times() -> None:
    shown = texts(EVENT.columns, event(involvedObject={"kind": "Gizmo"}))

    assert (shown["LAST"], shown["COUNT"], shown["OBJECT"]) == ("–", "1", "gizmo")


def test_a_warning_is_a_problem_and_marked() -> None:
    reason = next(column for column in EVENT.columns if column.title == "REASON")
    assert EVENT.problem is not None
    assert reason.meaning is not None
    assert reason.marked
    warning, normal = event(type="Warning"), event(type="Normal")

    assert (EVENT.problem(warning), reason.meaning(warning)) == (True, Meaning.LOOK)
    assert (EVENT.problem(normal), reason.meaning(normal)) == (False, Meaning.PLAIN)


def test_a_message_is_kept_to_its_limit() -> None:
    assert len(event(message="x" * 100_000).message) == 1024
