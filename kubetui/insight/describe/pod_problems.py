"""What is wrong with a pod, container by container, before anything else."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kubetui.insight.describe.ended import exit_meaning, reason_meaning
from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.in_short import leaving
from kubetui.insight.describe.page import Entry, Words
from kubetui.insight.describe.reading import items, since, text
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
            why = text(condition, "message") or text(condition, "reason")
            yield Words(f"not on a node yet: {why}", meaning=Meaning.LOOK)
    for row in _rows(facts):
        yield from _container(row, facts.now)
    yield from leaving(facts)


def _rows(facts: Facts) -> list[ContainerRow]:
    try:
        return containers(facts.found)
    except msgspec.ValidationError:
        return []  # the sections below show what can be read of it


def _container(row: ContainerRow, now: float) -> Iterator[Entry]:
    meaning = state_meaning(row)
    restarts = f", restarted {row.restarts} times" if row.restarts > 1 else ", restarted once" if row.restarts else ""
    if row.exit_code:
        code = exit_meaning(row.exit_code, row.state)
        yield Words(f"{row.name} ended with exit {row.exit_code} ({code}){restarts}", meaning=Meaning.ACT)
    elif meaning in (Meaning.ACT, Meaning.PLANNED):
        why = row.message or reason_meaning(row.state)
        yield Words(f"{row.name}: {row.state}{restarts}" + (f" – {why}" if why else ""), meaning=meaning)
    elif meaning is Meaning.LOOK:
        yield Words(f"{row.name} runs, but is not ready{restarts}", meaning=meaning)
    if row.last is not None and (row.last.exit_code or meaning is not Meaning.FINE):
        when = f" {since(row.last.at, now)} ago" if row.last.at else ""
        code = exit_meaning(row.last.exit_code, row.last.reason)
        said = f" – {row.last.message.strip()}" if row.last.message else ""
        yield Words(
            f"{row.name} ended before{when}: {row.last.reason}, exit {row.last.exit_code} ({code}){said}",
            meaning=Meaning.LOOK,
        )
