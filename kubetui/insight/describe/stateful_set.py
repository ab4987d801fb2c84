"""StatefulSets, as ``describeStatefulSet`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.in_short import in_short
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Heading
from kubetui.insight.describe.pod_template import pod_template
from kubetui.insight.describe.reading import (
    NONE,
    Json,
    get,
    go_text,
    items,
    mapping,
    number,
    pairs,
    selector_text,
    text,
)
from kubetui.insight.describe.volume_claim import storage_class
from kubetui.insight.describe.workload_pods import pods_need, pods_status


def head(facts: Facts) -> Iterator[Entry]:
    """Name, selector, replicas, how it is updated."""
    found = facts.found
    yield from metadata.name(found)
    yield metadata.created(facts)
    yield Field("Selector", selector_text(found, "spec", "selector"))
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    desired, total = number(found, "spec", "replicas"), number(found, "status", "replicas")
    yield Field("Replicas", f"{desired} desired | {total} total")
    yield Field("Update Strategy", text(found, "spec", "updateStrategy", "type"))
    rolling = mapping(found, "spec", "updateStrategy", "rollingUpdate")
    if get(rolling, "partition") is not None:
        yield Field("Partition", text(rolling, "partition"), 1)
        if get(rolling, "maxUnavailable") is not None:
            yield Field("MaxUnavailable", text(rolling, "maxUnavailable"), 1)
    yield pods_status(facts)


def claims(facts: Facts) -> Iterator[Entry]:
    """The claims that each of its pods gets."""
    found = items(facts.found, "spec", "volumeClaimTemplates")
    if not found:
        yield Field("Volume Claims", NONE)
        return
    yield Heading("Volume Claims")
    for one in found:
        yield from _claim(one)


def _claim(one: Json) -> Iterator[Entry]:
    yield Field("Name", text(one, "metadata", "name"), 1)
    yield Field("StorageClass", storage_class(one), 1)
    yield Field("Labels", pairs(one, "metadata", "labels"), 1)
    yield Field("Annotations", pairs(one, "metadata", "annotations"), 1)
    yield Field("Capacity", text(one, "spec", "resources", "requests", "storage", default="<default>"), 1)
    yield Field("Access Modes", go_text(get(one, "spec", "accessModes") or []), 1)


STATEFUL_SET: Final = Description(
    "StatefulSet", "apps", (in_short, head, owners, pod_template, claims, events), pods_need
)
