"""PodMetrics of metrics.k8s.io: what each container of a pod uses. No watch, no resourceVersion."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.common_columns import name_column, namespace_column
from kubetui.kinds.kind import Kind, Reading
from kubetui.kinds.usage import SampledWire, Usage, sampled_at, usage_of
from kubetui.kinds.wire import AmountsWire, Wire, word, words


class ContainerMetricsWire(Wire):
    """``containers[]``."""

    name: str = ""
    usage: AmountsWire = msgspec.field(default_factory=AmountsWire)


class PodMetricsWire(Wire):
    """One PodMetrics."""

    metadata: SampledWire
    timestamp: str | None = None
    containers: list[ContainerMetricsWire] | None = None


class PodMetricsRow(msgspec.Struct, frozen=True, gc=False):
    """One sample of one pod."""

    namespace: str
    name: str
    version: int
    """The sample's time: there is no resourceVersion."""
    provisional: bool = False
    at: int = 0
    """When it was sampled; Unix seconds."""
    containers: tuple[str, ...] = ()
    """Names, in the server's order; init containers that ended are not among them."""
    used: tuple[Usage, ...] = ()
    """One for each of ``containers``."""

    @property
    def usage(self) -> Usage:
        """All containers together."""
        used = self.used
        if len(used) == 1:
            return used[0]
        return Usage(sum([one.cpu for one in used]), sum([one.memory for one in used]))

    def of(self, container: str) -> Usage | None:
        """One container's; None where it was not sampled."""
        return self.used[self.containers.index(container)] if container in self.containers else None


def pod_metrics_row(wire: PodMetricsWire) -> PodMetricsRow:
    """The flat row. Raises msgspec.ValidationError where a time or a quantity is none."""
    at, meta, containers = sampled_at(wire.timestamp), wire.metadata, wire.containers or ()
    if len(containers) == 1:  # most have one: 150,000 pods come through here
        names: tuple[str, ...] = (containers[0].name,)
        used: tuple[Usage, ...] = (usage_of(containers[0].usage),)
    else:
        names = tuple([container.name for container in containers])
        used = tuple([usage_of(container.usage) for container in containers])
    return PodMetricsRow(word(meta.namespace), meta.name, at, False, at, words(names), used)


POD_METRICS: Final[Kind[PodMetricsRow]] = Kind(
    name="PodMetrics",
    plural="pods",
    group="metrics.k8s.io",
    api_version="v1beta1",
    namespaced=True,
    wire=PodMetricsWire,
    row=pod_metrics_row,
    columns=(namespace_column(PodMetricsRow), name_column(PodMetricsRow)),
    reading=Reading.OBJECTS_POLLED,
)
