"""ResourceQuotas, as ``describeQuota`` of kubectl has them; a Namespace shows all of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.amounts import parse
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.page import Entry, Field, Grid, Row, Words
from kubetui.insight.describe.reading import Json, mapping, strings, text
from kubetui.kinds.kind import Meaning

_SCOPES: Final = {
    "Terminating": "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before "
    "being actively terminated by the system.",
    "NotTerminating": "Matches all pods that do not have an active deadline. These pods usually include long running "
    "pods whose container command is not expected to terminate.",
    "BestEffort": "Matches all pods that do not have resource requirements set. These pods have a best effort quality "
    "of service.",
    "NotBestEffort": "Matches all pods that have at least one resource requirement set. These pods have a burstable or "
    "guaranteed quality of service.",
}


def head(facts: Facts) -> Iterator[Entry]:
    """Its name, and what is used of it."""
    yield from metadata.name(facts.found)
    yield from quota(facts.found, 0)


def quota(found: Json, level: int) -> Iterator[Entry]:
    """Scopes, and a line for each resource; a resource that is used up is marked."""
    scopes = sorted(strings(found, "spec", "scopes"))
    if scopes:
        yield Field("Scopes", ", ".join(scopes), level)
        yield from (Words(f"* {_SCOPES[scope]}", level) for scope in scopes if scope in _SCOPES)
    hard, used = mapping(found, "status", "hard"), mapping(found, "status", "used")
    yield Grid(("Resource", "Used", "Hard"), [_row(key, used, hard) for key in sorted(hard)], level)


def _row(key: str, used: Json, hard: Json) -> Row:
    amount, most = text(used, key, default="0"), text(hard, key)
    full = parse(amount).value >= parse(most).value > 0
    return Row((key, amount, most), "used up" if full else "", Meaning.LOOK if full else Meaning.PLAIN)


RESOURCE_QUOTA: Final = Description("ResourceQuota", "", (head,), has_events=False)
