"""The conditions of Deployments and ReplicaSets: type, status and reason, and kubetui's own: what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.page import Entry, Grid, Heading, Row
from kubetui.insight.describe.reading import Json, ago, get, items, text
from kubetui.kinds.kind import Meaning

_BAD_WHEN_TRUE: Final = ("ReplicaFailure",)


def conditions(facts: Facts) -> Iterator[Entry]:
    """Nothing where there are none."""
    found = items(facts.found, "status", "conditions")
    if found:
        yield Heading("Conditions")
        yield Grid(("Type", "Status", "Reason"), [_row(one, facts.now) for one in found])


def _row(one: Json, now: float) -> Row:
    kind, status = text(one, "type"), text(one, "status")
    bad = (status == "True") == (kind in _BAD_WHEN_TRUE)
    said = text(one, "message") if bad else ""
    note = ", ".join(part for part in (said, ago(get(one, "lastTransitionTime"), now)) if part)
    return Row((kind, status, text(one, "reason")), note=note, meaning=Meaning.LOOK if bad else Meaning.PLAIN)
