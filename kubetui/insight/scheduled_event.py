"""What Azure announced of a node's VM: the scheduled event that AKS's node problem detector writes into a condition.

``Preempt Scheduled: Fri, 06 Dec 2024 18:09:55 GMT. DurationInSeconds: -1. …`` (conditions ``VMEventScheduled``,
``PreemptionScheduled``). Kinds of events: Freeze, Reboot, Redeploy, Preempt, Terminate.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import NodeCondition

_EVENT: Final = re.compile(
    r"\s{0,4}(?P<kind>Freeze|Reboot|Redeploy|Preempt|Terminate) (?:Scheduled|Started): "
    r"(?P<when>[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT)",
    re.ASCII,
)


class ScheduledEvent(NamedTuple):
    """One announcement."""

    kind: str
    """``Preempt``."""
    at: int
    """Not before this, Unix seconds."""


def scheduled_event(condition: NodeCondition) -> ScheduledEvent | None:
    """The announcement in a condition; None for other conditions, and for words that are none."""
    found = _EVENT.match(condition.message) if condition.meaning is Meaning.PLANNED else None
    if found is None:
        return None
    try:
        return ScheduledEvent(found["kind"], int(parsedate_to_datetime(found["when"]).timestamp()))
    except (ValueError, OverflowError):
        return None


def condition_words(condition: NodeCondition) -> str:
    """In a row: ``DiskPressure``; of an announcement what it is and when: ``Preempt at 18:09Z``."""
    event = scheduled_event(condition)
    if event is None:
        return condition.text
    return f"{event.kind} at {datetime.fromtimestamp(event.at, UTC):%H:%MZ}"


def condition_kind(condition: NodeCondition) -> str:
    """What several nodes are counted by: ``DiskPressure``, ``Preempt announced``."""
    event = scheduled_event(condition)
    return f"{event.kind} announced" if event is not None else condition.text
