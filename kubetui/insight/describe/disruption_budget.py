"""PodDisruptionBudgets, as ``describePodDisruptionBudgetV1`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Heading
from kubetui.insight.describe.reading import UNSET, get, mapping, number, selector_text, text
from kubetui.kinds.kind import Meaning


def head(facts: Facts) -> Iterator[Entry]:
    """Name, how many must stay, and whether one may go now."""
    spec, status = mapping(facts.found, "spec"), mapping(facts.found, "status")
    yield from metadata.name(facts.found)
    for label, field in (("Min available", "minAvailable"), ("Max unavailable", "maxUnavailable")):
        if get(spec, field) is not None:
            yield Field(label, text(spec, field))
            break
    yield Field("Selector", UNSET if get(spec, "selector") is None else selector_text(spec, "selector"))
    yield Heading("Status")
    allowed = number(status, "disruptionsAllowed")
    stuck = not allowed and number(status, "expectedPods") > 0
    note = "no pod may be evicted now: drains and node upgrades wait" if stuck else ""
    yield Field("Allowed disruptions", str(allowed), 2, note, Meaning.LOOK if stuck else Meaning.PLAIN)
    for label, field in (("Current", "currentHealthy"), ("Desired", "desiredHealthy"), ("Total", "expectedPods")):
        yield Field(label, str(number(status, field)), 2)


DISRUPTION_BUDGET: Final = Description("PodDisruptionBudget", "policy", (head, owners, events))
