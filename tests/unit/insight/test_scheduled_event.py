"""Azure's announcements in node conditions, and words that are none."""

from __future__ import annotations

import pytest

from kubetui.insight.scheduled_event import ScheduledEvent, condition_kind, condition_words, scheduled_event
from kubetui.kinds.node_condition import NodeCondition

PREEMPT = "Preempt Scheduled: Fri, 06 Dec 2024 18:09:55 GMT. DurationInSeconds: -1. The machine is evicted."


def condition(message: str, kind: str = "VMEventScheduled", status: str = "True") -> NodeCondition:
    return NodeCondition(kind, status, kind, 0, message)


def test_an_announced_eviction_is_named_with_its_time() -> None:
    assert scheduled_event(condition(PREEMPT)) == ScheduledEvent("Preempt", 1_733_508_595)
    assert condition_words(condition(PREEMPT)) == "Preempt at 18:09Z"
    assert condition_kind(condition(PREEMPT)) == "Preempt announced"


@pytest.mark.parametrize("kind", ["Freeze", "Reboot", "Redeploy", "Terminate"])
def test_every_kind_of_event_is_known(kind: str) -> None:
    assert condition_kind(condition(PREEMPT.replace("Preempt", kind))) == f"{kind} announced"


@pytest.mark.parametrize(
    "message",
    ["", "VM has no scheduled event", "Preempt Scheduled: soon", PREEMPT.replace("18:09", "99:99"), "Preempt " * 9_000,
     PREEMPT.replace("06 Dec", "42 Dec")],
)  # fmt: skip
def test_other_words_leave_the_condition_as_it_is(message: str) -> None:
    assert condition_words(condition(message)) == "VMEventScheduled"


def test_only_announcements_are_read_so() -> None:
    assert condition_words(condition(PREEMPT, "DiskPressure")) == "DiskPressure"
    assert condition_words(condition(PREEMPT, status="Unknown")) == "VMEventScheduled=Unknown"
