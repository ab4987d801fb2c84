"""Endpoints, which EndpointSlices replace, as ``describeEndpoints`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row
from kubetui.insight.describe.reading import NONE, UNSET, Json, items, number, text
from kubetui.kinds.kind import Meaning


def head(facts: Facts) -> Iterator[Entry]:
    """Name, labels, annotations."""
    yield from metadata.name(facts.found)
    yield metadata.labels_field(facts.found)
    yield metadata.annotations_field(facts.found)


def subsets(facts: Facts) -> Iterator[Entry]:
    """Addresses that are ready and those that are not, with their ports."""
    yield Heading("Subsets")
    for subset in items(facts.found, "subsets"):
        unready = _addresses(subset, "notReadyAddresses")
        yield Field("Addresses", _addresses(subset, "addresses"), 1)
        yield Field("NotReadyAddresses", unready, 1, meaning=Meaning.PLAIN if unready == NONE else Meaning.LOOK)
        ports = items(subset, "ports")
        if ports:
            yield Heading("Ports", 1)
            rows = [Row((text(one, "name") or UNSET, str(number(one, "port")), text(one, "protocol"))) for one in ports]
            yield Grid(("Name", "Port", "Protocol"), rows, 2)


def _addresses(subset: Json, field: str) -> str:
    return ",".join(text(one, "ip") for one in items(subset, field)) or NONE


ENDPOINTS: Final = Description("Endpoints", "", (head, subsets, owners, events))
