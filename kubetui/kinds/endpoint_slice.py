"""EndpointSlices: which addresses stand behind a Service, and whether they are ready."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from kubetui.kinds.common_columns import age_column, name_column, namespace_column
from kubetui.kinds.kind import Column, Kind, Meaning
from kubetui.kinds.wire import Labels, PlainMetaWire, Wire, labels_of, seconds, version_of, word

SERVICE_NAME: Final = "kubernetes.io/service-name"
"""The label that names the Service."""
MANAGED_BY: Final = "endpointslice.kubernetes.io/managed-by"
"""The label that names who keeps the slice: the endpointslice controller, its mirroring sister, somebody else."""
_SHOWN: Final = 3


class EndpointConditionsWire(Wire):
    """``endpoints[].conditions``; absent means: ready, serving as ready, not terminating."""

    ready: bool | None = None
    serving: bool | None = None
    terminating: bool | None = None


class TargetWire(Wire):
    """``endpoints[].targetRef``."""

    kind: str | None = None
    name: str | None = None
    namespace: str | None = None


class EndpointWire(Wire):
    """``endpoints[]``."""

    addresses: list[str] | None = None
    conditions: EndpointConditionsWire = msgspec.field(default_factory=EndpointConditionsWire)
    hostname: str | None = None
    node_name: str | None = None
    zone: str | None = None
    target_ref: TargetWire | None = None


class EndpointPortWire(Wire):
    """``ports[]``."""

    name: str | None = None
    protocol: str | None = None
    port: int | None = None


class EndpointSliceWire(Wire):
    """One EndpointSlice."""

    metadata: PlainMetaWire
    address_type: str | None = None
    endpoints: list[EndpointWire] | None = None
    ports: list[EndpointPortWire] | None = None


class Port(NamedTuple):
    """A port of all endpoints of a slice; number 0: every port."""

    name: str
    number: int
    protocol: str

    @property
    def text(self) -> str:
        """``53/UDP``, ``*/TCP``."""
        return f"{self.number or '*'}/{self.protocol}"


class Endpoint(NamedTuple):
    """Where a Service's traffic goes."""

    addresses: tuple[str, ...]
    """Several are the same one; kube-proxy uses the first."""
    ready: bool
    serving: bool
    terminating: bool
    node: str = ""
    zone: str = ""
    target_kind: str = ""
    target_namespace: str = ""
    target: str = ""
    hostname: str = ""


class EndpointSliceRow(msgspec.Struct, frozen=True, gc=False):
    """One EndpointSlice. Times are Unix seconds."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    address_type: str = ""
    ports: tuple[Port, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    service: str = ""
    managed_by: str = ""
    created: int = 0
    labels: Labels = ()


def endpoint_slice_row(wire: EndpointSliceWire) -> EndpointSliceRow:
    """The flat row of one EndpointSlice. Raises msgspec.ValidationError where a time is none."""
    meta = wire.metadata
    labels = meta.labels or {}
    return EndpointSliceRow(
        namespace=word(meta.namespace),
        name=meta.name,
        version=version_of(meta.resource_version),
        address_type=word(wire.address_type),
        ports=tuple(_port(port) for port in wire.ports or ()),
        endpoints=tuple(_endpoint(one) for one in wire.endpoints or ()),
        service=word(labels.get(SERVICE_NAME)),
        managed_by=word(labels.get(MANAGED_BY)),
        created=seconds(meta.creation_timestamp),
        labels=labels_of(meta.labels),
    )


def _port(wire: EndpointPortWire) -> Port:
    return Port(word(wire.name), wire.port or 0, word(wire.protocol) or "TCP")


def _endpoint(wire: EndpointWire) -> Endpoint:
    said, target = wire.conditions, wire.target_ref or TargetWire()
    ready = said.ready is not False
    return Endpoint(
        tuple(wire.addresses or ()),
        ready=ready,
        serving=ready if said.serving is None else said.serving,
        terminating=bool(said.terminating),
        node=word(wire.node_name),
        zone=word(wire.zone),
        target_kind=word(target.kind),
        target_namespace=word(target.namespace),
        target=target.name or "",
        hostname=wire.hostname or "",
    )


def _few(texts: list[str]) -> str:
    """As ``formatDiscoveryPorts`` and ``formatDiscoveryEndpoints`` of Kubernetes' printers write lists."""
    if len(texts) > _SHOWN:
        return f"{','.join(texts[:_SHOWN])} + {len(texts) - _SHOWN} more..."
    return ",".join(texts) or "<unset>"


def _ports_text(row: EndpointSliceRow) -> str:
    return _few([str(port.number) if port.number else port.name or "*" for port in row.ports])


def _endpoints_text(row: EndpointSliceRow) -> str:
    return _few([address for one in row.endpoints for address in one.addresses])


def _meaning(row: EndpointSliceRow) -> Meaning:
    ready = sum(one.ready for one in row.endpoints)
    return Meaning.LOOK if row.endpoints and not ready else Meaning.PLAIN


ENDPOINT_SLICE: Final[Kind[EndpointSliceRow]] = Kind(
    name="EndpointSlice",
    plural="endpointslices",
    group="discovery.k8s.io",
    api_version="v1",
    namespaced=True,
    wire=EndpointSliceWire,
    row=endpoint_slice_row,
    columns=(
        namespace_column(EndpointSliceRow),
        name_column(EndpointSliceRow),
        Column("ADDRESSTYPE", lambda row, now: row.address_type, lambda row: row.address_type, width=11, priority=4,
               from_table="exact"),
        Column("PORTS", lambda row, now: _ports_text(row), lambda row: row.ports, width=5, priority=3,
               from_table="exact"),
        Column("ENDPOINTS", lambda row, now: _endpoints_text(row), lambda row: len(row.endpoints), width=16,
               priority=1, from_table="exact", meaning=_meaning),
        age_column(EndpointSliceRow),
    ),
    problem=lambda row: _meaning(row) is not Meaning.PLAIN,
    labels=lambda row: row.labels,
)  # fmt: skip
