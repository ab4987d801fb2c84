"""CSINodes, as ``describeCSINode`` of kubectl has them: which storage drivers a node has, how many volumes it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Heading
from kubetui.insight.describe.reading import get, go_text, items, text


def head(facts: Facts) -> Iterator[Entry]:
    """Name and when it was made."""
    yield from metadata.name(facts.found)
    yield metadata.labels_field(facts.found)
    yield metadata.annotations_field(facts.found)
    yield metadata.created(facts)


def drivers(facts: Facts) -> Iterator[Entry]:
    """Each driver, with the most volumes that can be attached."""
    yield Heading("Spec")
    yield Heading("Drivers", 1)
    for one in items(facts.found, "spec", "drivers"):
        yield Heading(text(one, "name"), 2)
        yield Field("Node ID", text(one, "nodeID"), 3)
        if get(one, "allocatable", "count") is not None:
            yield Heading("Allocatables", 3)
            yield Field("Count", text(one, "allocatable", "count"), 4)
        if get(one, "topologyKeys") is not None:
            yield Field("Topology Keys", go_text(get(one, "topologyKeys")), 3)


CSI_NODE: Final = Description("CSINode", "storage.k8s.io", (head, drivers, owners, events))
