"""Services: how they are reached, and what they select."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.common_columns import age_column, name_column, namespace_column
from kubetui.kinds.kind import Column, Kind
from kubetui.kinds.wire import Labels, PlainMetaWire, Wire, labels_of, seconds, version_of, word

HEADLESS: Final = "None"
"""The clusterIP of a Service whose DNS name answers with its endpoints' addresses."""


class ServicePortWire(Wire):
    """``spec.ports[]``."""

    name: str | None = None
    protocol: str | None = None
    port: int | None = None
    target_port: int | str | None = None
    node_port: int | None = None


class ServiceSpecWire(Wire):
    """``spec``."""

    type: str | None = None
    cluster_ip: str | None = msgspec.field(default=None, name="clusterIP")
    external_name: str | None = None
    selector: dict[str, str] | None = None
    ports: list[ServicePortWire] | None = None
    publish_not_ready_addresses: bool | None = None
    internal_traffic_policy: str | None = None
    external_traffic_policy: str | None = None


class IngressPointWire(Wire):
    """``status.loadBalancer.ingress[]``."""

    ip: str | None = None
    hostname: str | None = None


class LoadBalancerWire(Wire):
    """``status.loadBalancer``."""

    ingress: list[IngressPointWire] | None = None


class ServiceStatusWire(Wire):
    """``status``."""

    load_balancer: LoadBalancerWire = msgspec.field(default_factory=LoadBalancerWire)


class ServiceWire(Wire):
    """One Service."""

    metadata: PlainMetaWire
    spec: ServiceSpecWire = msgspec.field(default_factory=ServiceSpecWire)
    status: ServiceStatusWire = msgspec.field(default_factory=ServiceStatusWire)


class ServiceRow(msgspec.Struct, frozen=True, gc=False):
    """One Service. Times are Unix seconds."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    type: str = ""
    address: str = ""
    """clusterIP; ``None`` for a headless Service, ``""`` for an ExternalName."""
    external_name: str = ""
    selector: Labels = ()
    ports: tuple[str, ...] = ()
    """``443:31007/TCP`` where there is a node port, ``53/UDP`` where not."""
    public: tuple[str, ...] = ()
    """What a load balancer gave: addresses or names."""
    not_ready_too: bool = False
    """``publishNotReadyAddresses``: DNS and proxies use addresses that are not ready."""
    local: bool = False
    """A traffic policy keeps traffic on the node it arrives at."""
    created: int = 0
    labels: Labels = ()

    @property
    def headless(self) -> bool:
        """No address of its own."""
        return self.address == HEADLESS


def service_row(wire: ServiceWire) -> ServiceRow:
    """The flat row of one Service. Raises msgspec.ValidationError where a time is none."""
    meta, spec = wire.metadata, wire.spec
    points = wire.status.load_balancer.ingress or ()
    return ServiceRow(
        namespace=word(meta.namespace),
        name=meta.name,
        version=version_of(meta.resource_version),
        type=word(spec.type) or "ClusterIP",
        address=spec.cluster_ip or "",
        external_name=spec.external_name or "",
        selector=labels_of(spec.selector),
        ports=tuple(_port(port) for port in spec.ports or ()),
        public=tuple(point.ip or point.hostname or "" for point in points),
        not_ready_too=bool(spec.publish_not_ready_addresses),
        local="Local" in (spec.internal_traffic_policy, spec.external_traffic_policy),
        created=seconds(meta.creation_timestamp),
        labels=labels_of(meta.labels),
    )


def _port(port: ServicePortWire) -> str:
    """As ``makePortString`` of Kubernetes' printers writes it."""
    number = f"{port.port}:{port.node_port}" if port.node_port else f"{port.port}"
    return f"{number}/{port.protocol or 'TCP'}"


def selector_words(row: ServiceRow) -> str:
    """``app=web,tier=front``; ``""`` where there is none."""
    return ",".join(f"{key}={value}" for key, value in row.selector)


SERVICE: Final[Kind[ServiceRow]] = Kind(
    name="Service",
    plural="services",
    group="",
    api_version="v1",
    namespaced=True,
    wire=ServiceWire,
    row=service_row,
    columns=(
        namespace_column(ServiceRow),
        name_column(ServiceRow),
        Column("TYPE", lambda row, now: row.type, lambda row: row.type, width=9, priority=3, from_table="exact"),
        Column("CLUSTER-IP", lambda row, now: row.address, lambda row: row.address, width=10, priority=2),
        Column("PORT(S)", lambda row, now: ",".join(row.ports), lambda row: row.ports, width=7, priority=3,
               from_table="exact"),
        age_column(ServiceRow),
        Column("SELECTOR", lambda row, now: selector_words(row), lambda row: row.selector, width=8, max_width=60,
               priority=8, wide=True, from_table="exact"),
    ),
    aliases=("svc",),
    labels=lambda row: row.labels,
)  # fmt: skip
