"""Namespaces, as ``describeNamespace`` of kubectl has them: quotas and limits included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.facts import Description, Facts, Need, Part
from kubetui.insight.describe.in_short import leaving
from kubetui.insight.describe.limit_range import limits_table
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row, Words
from kubetui.insight.describe.reading import Json, get, items, text, time_text
from kubetui.insight.describe.resource_quota import quota
from kubetui.kinds.kind import Meaning


def head(facts: Facts) -> Iterator[Entry]:
    """Name, status, and what keeps it from going."""
    found = facts.found
    phase = text(found, "status", "phase")
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("Status", phase, meaning=Meaning.PLAIN if phase == "Active" else Meaning.PLANNED)
    conditions = items(found, "status", "conditions")
    if conditions:
        yield Heading("Conditions")
        yield Grid(
            ("Type", "Status", "LastTransitionTime", "Reason", "Message"), [_condition(one) for one in conditions]
        )


def _condition(one: Json) -> Row:
    when = time_text(get(one, "lastTransitionTime"))
    meaning = Meaning.LOOK if text(one, "status") == "True" else Meaning.PLAIN
    return Row(
        (text(one, "type"), text(one, "status"), when, text(one, "reason"), text(one, "message")), meaning=meaning
    )


def quotas(facts: Facts) -> Iterator[Entry]:
    """Each quota with what is used of it."""
    part = facts.part("resourcequotas")
    if not part.known or not part.items:
        yield _nothing("Resource Quotas", "No resource quota.", part)
        return
    yield Words("Resource Quotas", style="bold")
    for one in sorted(part.items, key=lambda one: text(one, "metadata", "name")):
        yield Field("Name", text(one, "metadata", "name"), 1)
        yield from quota(one, 1)


def _nothing(title: str, none: str, part: Part) -> Entry:
    if part.loading:
        return Field(title, "loading …")
    if part.trouble:
        return Field(title, "not known", note=part.trouble, meaning=Meaning.LOOK)
    return Words(none)


def limits(facts: Facts) -> Iterator[Entry]:
    """All LimitRanges as one table."""
    part = facts.part("limitranges")
    if not part.known or not part.items:
        yield _nothing("Resource Limits", "No LimitRange resource.", part)
        return
    yield Words("Resource Limits", style="bold")
    yield limits_table(part.items, 1)


def needs(found: Json) -> Sequence[Need]:
    """Its quotas and limits."""
    name = text(found, "metadata", "name")
    path = f"/api/v1/namespaces/{name}"
    return (
        Need("resourcequotas", f"{path}/resourcequotas", f"list resourcequotas in {name}"),
        Need("limitranges", f"{path}/limitranges", f"list limitranges in {name}"),
    )


NAMESPACE: Final = Description("Namespace", "", (leaving, head, quotas, limits), needs, has_events=False)
