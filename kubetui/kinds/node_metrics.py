"""NodeMetrics of metrics.k8s.io: what a node uses, as metrics-server sampled it. No watch, no resourceVersion."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.common_columns import name_column
from kubetui.kinds.kind import Kind, Reading
from kubetui.kinds.usage import NO_USAGE, SampledWire, Usage, sampled_at, usage_of
from kubetui.kinds.wire import AmountsWire, Wire, word


class NodeMetricsWire(Wire):
    """One NodeMetrics."""

    metadata: SampledWire
    timestamp: str | None = None
    usage: AmountsWire = msgspec.field(default_factory=AmountsWire)


class NodeMetricsRow(msgspec.Struct, frozen=True, gc=False):
    """One sample of one node."""

    name: str
    version: int
    """The sample's time: there is no resourceVersion."""
    namespace: str = ""
    provisional: bool = False
    at: int = 0
    """When it was sampled; Unix seconds."""
    usage: Usage = NO_USAGE


def node_metrics_row(wire: NodeMetricsWire) -> NodeMetricsRow:
    """The flat row. Raises msgspec.ValidationError where a time or a quantity is none."""
    at = sampled_at(wire.timestamp)
    return NodeMetricsRow(name=word(wire.metadata.name), version=at, at=at, usage=usage_of(wire.usage))


NODE_METRICS: Final[Kind[NodeMetricsRow]] = Kind(
    name="NodeMetrics",
    plural="nodes",
    group="metrics.k8s.io",
    api_version="v1beta1",
    namespaced=False,
    wire=NodeMetricsWire,
    row=node_metrics_row,
    columns=(name_column(NodeMetricsRow),),
    reading=Reading.OBJECTS_POLLED,
)
