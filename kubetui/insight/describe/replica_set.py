"""ReplicaSets, as ``describeReplicaSet`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.in_short import in_short
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.pod_template import pod_template
from kubetui.insight.describe.reading import number, selector_text
from kubetui.insight.describe.workload_conditions import conditions
from kubetui.insight.describe.workload_pods import pods_need, pods_status


def head(facts: Facts) -> Iterator[Entry]:
    """Name, selector, who controls it, replicas."""
    found = facts.found
    yield from metadata.name(found)
    yield Field("Selector", selector_text(found, "spec", "selector"))
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield from metadata.controlled_by(found)
    current, desired = number(found, "status", "replicas"), number(found, "spec", "replicas")
    yield Field("Replicas", f"{current} current / {desired} desired")
    yield pods_status(facts)


REPLICA_SET: Final = Description(
    "ReplicaSet", "apps", (in_short, head, owners, pod_template, conditions, events), pods_need
)
