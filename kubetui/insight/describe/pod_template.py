"""The pod template of a workload, as ``DescribePodTemplate`` of kubectl has it."""

from __future__ import annotations

from collections.abc import Iterator

from kubetui.insight.describe import metadata, scheduling
from kubetui.insight.describe.containers import containers
from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.page import Entry, Field, Heading, Words
from kubetui.insight.describe.reading import Json, get, items, mapping, text
from kubetui.insight.describe.volumes import volumes


def pod_template(facts: Facts) -> Iterator[Entry]:
    """The template at ``spec.template``."""
    yield from template(get(facts.found, "spec", "template"))


def template(found: Json | None) -> Iterator[Entry]:
    """Any pod template."""
    yield Heading("Pod Template")
    if not found:
        yield Words("<unset>", 1)
        return
    spec = mapping(found, "spec")
    yield metadata.labels_field(found, 1)
    if mapping(found, "metadata", "annotations"):
        yield metadata.annotations_field(found, 1)
    if text(spec, "serviceAccountName"):
        yield Field("Service Account", text(spec, "serviceAccountName"), 1)
    if items(spec, "initContainers"):
        yield from containers("Init Containers", items(spec, "initContainers"), 1)
    yield from containers("Containers", items(spec, "containers"), 1)
    yield from volumes(spec, 1)
    yield from scheduling.spread(spec, 1)
    if text(spec, "priorityClassName"):
        yield Field("Priority Class Name", text(spec, "priorityClassName"), 1)
    yield scheduling.node_selectors(spec, 1)
    yield scheduling.tolerations(spec, 1)
    yield from scheduling.scheduling_group(spec, 1)
