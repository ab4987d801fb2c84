"""What is wrong with a pod, container by container, before anything else."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kubetui.insight.describe.ended import exit_meaning, reason_meaning
from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.in_short import details, leaving
from kubetui.insight.describe.page import Entry, Words
from kubetui.insight.describe.reading import ago, items, text
from kubetui.kinds.container import ContainerRow, containers, state_meaning
from kubetui.kinds.kind import Meaning


def pod_problems(facts: Facts) -> Iterator[Entry]:
    """Nothing for a pod that runs well or is done."""
    pod = facts.found
    if text(pod, "status", "reason"):
        words = ": ".join(part for part in (text(pod, "status", "reason"), text(pod, "status", "message")) if part)
        yield Words(words, meaning=Meaning.LOOK)
    for condition in items(pod, "status", "conditions"):
        if text(condition, "type") == "PodScheduled" and text(condition, "status") == "False":
            yield Words(f"not on a node yet: {text(condition, 'reason')}", meaning=Meaning.LOOK)
            yield from details(text(condition, "message"))
    for row in _rows(facts):
        yield from _container(row, facts.now)
    yield from leaving(facts)


def _rows(facts: Facts) -> list[ContainerRow]:
    try:
        return containers(facts.found)
    except msgspec.ValidationError:
        return []  # the sections below show what can be read of it


def _container(row: ContainerRow, now: float) -> Iterator[Entry]:
    """What it does now, then how it ended before; what is behind stands below."""
    meaning = state_meaning(row)
    restarts = f", restarted {row.restarts} times" if row.restarts > 1 else ", restarted once" if row.restarts else ""
    if row.exit_code:
        yield Words(f"{row.name} ended with exit {row.exit_code}{restarts}", meaning=Meaning.ACT)
        yield from details(exit_meaning(row.exit_code, row.state), row.message)
    elif meaning in (Meaning.ACT, Meaning.PLANNED):
        yield Words(f"{row.name}: {row.state}{restarts}", meaning=meaning)
        yield from details(reason_meaning(row.state), row.message)
    elif meaning is Meaning.LOOK:
        yield Words(f"{row.name} runs, but is not ready{restarts}", meaning=meaning)
    if row.last is not None and (row.last.exit_code or meaning is not Meaning.FINE):
        when = f" {ago(row.last.at, now)}" if row.last.at else ""
        yield Words(f"{row.name} ended{when}: {row.last.reason}, exit {row.last.exit_code}", meaning=Meaning.LOOK)
        yield from details(exit_meaning(row.last.exit_code, row.last.reason), row.last.message)
