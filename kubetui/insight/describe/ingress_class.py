"""IngressClasses, as ``describeIngressClassV1`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.page import Entry, Field, Heading
from kubetui.insight.describe.reading import get, mapping, text


def head(facts: Facts) -> Iterator[Entry]:
    """Name, controller, parameters."""
    found = facts.found
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("Controller", text(found, "spec", "controller"))
    parameters = mapping(found, "spec", "parameters")
    if parameters:
        yield Heading("Parameters")
        for label, field in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
            if get(parameters, field) is not None:
                yield Field(label, text(parameters, field), 1)


INGRESS_CLASS: Final = Description("IngressClass", "networking.k8s.io", (head, events))
