"""PriorityClasses, as ``describePriorityClass`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.reading import go_text, pairs, text


def head(facts: Facts) -> Iterator[Entry]:
    """Name, value, whether it preempts."""
    found = facts.found
    yield Field("Name", text(found, "metadata", "name"))
    yield Field("Value", text(found, "value", default="0"))
    yield Field("GlobalDefault", go_text(found.get("globalDefault") is True))
    yield Field("PreemptionPolicy", text(found, "preemptionPolicy"))
    yield Field("Description", text(found, "description"))
    yield Field("Annotations", ",".join(pairs(found, "metadata", "annotations")))


PRIORITY_CLASS: Final = Description("PriorityClass", "scheduling.k8s.io", (head, events))
