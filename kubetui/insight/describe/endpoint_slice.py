"""EndpointSlices, as ``describeEndpointSliceV1`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row
from kubetui.insight.describe.reading import NONE, UNSET, Json, get, items, mapping, strings, text
from kubetui.kinds.kind import Meaning


def head(facts: Facts) -> Iterator[Entry]:
    """Name, type of addresses, ports."""
    found = facts.found
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("AddressType", text(found, "addressType"))
    ports = items(found, "ports")
    if not ports:
        yield Field("Ports", UNSET)
        return
    yield Heading("Ports")
    rows = [Row((text(one, "name") or UNSET, text(one, "port", default=UNSET), text(one, "protocol"))) for one in ports]
    yield Grid(("Name", "Port", "Protocol"), rows)


def endpoints(facts: Facts) -> Iterator[Entry]:
    """Each endpoint, and whether it is ready."""
    found = items(facts.found, "endpoints")
    if not found:
        yield Field("Endpoints", NONE)
        return
    yield Heading("Endpoints")
    for one in found:
        yield from _endpoint(one)


def _endpoint(one: Json) -> Iterator[Entry]:
    ready = get(one, "conditions", "ready")
    yield Field("- Addresses", ", ".join(strings(one, "addresses")) or NONE, 1)
    yield Heading("Conditions", 2)
    words = text(one, "conditions", "ready", default=UNSET)
    yield Field("Ready", words, 3, meaning=Meaning.LOOK if ready is False else Meaning.PLAIN)
    yield Field("Hostname", text(one, "hostname", default=UNSET), 2)
    target = mapping(one, "targetRef")
    if target:
        yield Field("TargetRef", f"{text(target, 'kind')}/{text(target, 'name')}", 2)
    yield Field("NodeName", text(one, "nodeName", default=UNSET), 2)
    yield Field("Zone", text(one, "zone", default=UNSET), 2)


ENDPOINT_SLICE: Final = Description("EndpointSlice", "discovery.k8s.io", (head, endpoints, owners, events))
