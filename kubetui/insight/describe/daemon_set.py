"""DaemonSets, as ``describeDaemonSet`` of kubectl has them."""

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
from kubetui.insight.describe.reading import mapping, number, pairs, selector_text
from kubetui.insight.describe.workload_pods import pods_need, pods_status
from kubetui.kinds.kind import Meaning

_COUNTS: Final = (
    ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
    ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
    ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
    ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
    ("Number of Nodes Misscheduled", "numberMisscheduled"),
)


def head(facts: Facts) -> Iterator[Entry]:
    """Name, selectors, and on how many nodes it is."""
    found = facts.found
    yield from metadata.name(found)
    yield Field("Selector", selector_text(found, "spec", "selector"))
    yield Field("Node-Selector", ",".join(pairs(found, "spec", "template", "spec", "nodeSelector")))
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    status = mapping(found, "status")
    desired = number(status, "desiredNumberScheduled")
    for label, field in _COUNTS:
        count = number(status, field)
        wrong = count > 0 if field == "numberMisscheduled" else count < desired
        yield Field(label, str(count), meaning=Meaning.LOOK if wrong else Meaning.PLAIN)
    yield pods_status(facts)


DAEMON_SET: Final = Description("DaemonSet", "apps", (in_short, head, owners, pod_template, events), pods_need)
