"""PodMetrics of metrics.k8s.io: what each container of a pod uses. No watch, no resourceVersion."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.common_columns import name_column, namespace_column
from kubetui.kinds.kind import Kind, Reading
from kubetui.kinds.usage import Usage, usage_of
from kubetui.kinds.wire import AmountsWire, PlainMetaWire, Wire, seconds, word, words


class ContainerMetricsWire(Wire):
    """``containers[]``."""

    name: str = ""
    usage: AmountsWire = msgspec.field(default_factory=AmountsWire)


class PodMetricsWire(Wire):
    """One PodMetrics."""

    metadata: PlainMetaWire
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
    cpu: tuple[int, ...] = ()
    """Nanocores, one for each of ``containers``."""
    memory: tuple[int, ...] = ()
    """Working set in bytes, one for each of ``containers``."""

    @property
    def usage(self) -> Usage:
        """All containers together."""
        if len(self.cpu) == 1:
            return Usage(self.cpu[0], self.memory[0])
        return Usage(sum(self.cpu), sum(self.memory))

    def of(self, container: str) -> Usage | None:
        """One container's; None where it was not sampled."""
        if container not in self.containers:
            return None
        index = self.containers.index(container)
        return Usage(self.cpu[index], self.memory[index])


def pod_metrics_row(wire: PodMetricsWire) -> PodMetricsRow:
    """The flat row. Raises msgspec.ValidationError where a time or a quantity is none."""
    at, containers = seconds(wire.timestamp), wire.containers or ()
    samples = [usage_of(container.usage) for container in containers]
    return PodMetricsRow(
        word(wire.metadata.namespace),
        wire.metadata.name,
        at,
        False,
        at,
        words(tuple([container.name for container in containers])),
        tuple([cpu for cpu, _ in samples]),
        tuple([memory for _, memory in samples]),
    )


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
