"""A subject read from the whole object, as the API serves it. Whatever else the object is, this never fails."""

from __future__ import annotations

from typing import Any

import msgspec

from kubetui.commands.subject import Container, Resource, Subject
from kubetui.kinds.container import ContainerKind
from kubetui.kinds.node_place import place_of
from kubetui.kinds.provider_id import Machine, machine_of
from kubetui.kinds.wire import OwnerWire, Wire, controller_of
from kubetui.kinds.workload_wire import SelectorWire, selector_text


class _PortWire(Wire):
    container_port: int | None = None
    port: int | None = None
    protocol: str | None = None


class _ContainerWire(Wire):
    name: str = ""
    image: str | None = None
    ports: list[_PortWire] | None = None
    restart_policy: str | None = None


class _StatusOfContainerWire(Wire):
    name: str = ""
    container_id: str | None = msgspec.field(default=None, name="containerID")


class _OsWire(Wire):
    name: str | None = None


class _PodSpecWire(Wire):
    containers: list[_ContainerWire] | None = None
    init_containers: list[_ContainerWire] | None = None
    ephemeral_containers: list[_ContainerWire] | None = None
    node_name: str | None = None
    node_selector: dict[str, str] | None = None
    os: _OsWire | None = None


class _TemplateWire(Wire):
    spec: _PodSpecWire = msgspec.field(default_factory=_PodSpecWire)


class _SpecWire(_PodSpecWire):
    template: _TemplateWire | None = None
    replicas: int | None = None
    selector: dict[str, Any] | None = None
    ports: list[_PortWire] | None = None
    provider_id: str | None = msgspec.field(default=None, name="providerID")


class _NodeInfoWire(Wire):
    operating_system: str | None = None


class _StatusWire(Wire):
    container_statuses: list[_StatusOfContainerWire] | None = None
    init_container_statuses: list[_StatusOfContainerWire] | None = None
    ephemeral_container_statuses: list[_StatusOfContainerWire] | None = None
    node_info: _NodeInfoWire | None = None


class _MetaWire(Wire):
    labels: dict[str, str] | None = None
    owner_references: list[OwnerWire] | None = None


class _LabelledWire(Wire):
    metadata: _MetaWire = msgspec.field(default_factory=_MetaWire)


class _ObjectWire(_LabelledWire):
    spec: _SpecWire | None = None
    status: _StatusWire | None = None


def read_subject(resource: Resource, namespace: str, name: str, body: bytes) -> Subject:
    """What the object's JSON tells. Of one with a shape of its own (a custom resource), only what all objects have.

    Decoded straight into the few fields that are read: the values of a Secret are never built.
    """
    try:
        return _read(resource, namespace, name, msgspec.json.decode(body, type=_ObjectWire))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        labels = msgspec.json.decode(body, type=_LabelledWire).metadata.labels
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        labels = None
    return Subject(resource, name, namespace, labels or {})


def _read(resource: Resource, namespace: str, name: str, wire: _ObjectWire) -> Subject:
    spec, status = wire.spec or _SpecWire(), wire.status or _StatusWire()
    labels = wire.metadata.labels or {}
    pod_spec = spec.template.spec if spec.template is not None else spec
    pool = place_of(labels).pool if resource.kind == "Node" else ""
    return Subject(
        resource,
        name,
        namespace,
        labels,
        containers=_containers(pod_spec, status),
        replicas=spec.replicas,
        selector=_selector(spec.selector),
        ports=_tcp(spec.ports),
        owner=controller_of(wire.metadata.owner_references)[0],
        node=spec.node_name or "",
        os=_os(pod_spec, status),
        machine=machine_of(spec.provider_id or "", name, pool) if resource.kind == "Node" else Machine(),
        pool=pool,
        complete=True,
    )


def _containers(spec: _PodSpecWire, status: _StatusWire) -> tuple[Container, ...]:
    told = [
        *(status.container_statuses or ()),
        *(status.init_container_statuses or ()),
        *(status.ephemeral_container_statuses or ()),
    ]
    ids = {one.name: (one.container_id or "").rpartition("://")[2] for one in told}
    found = [Container(one.name, one.image or "", "container", _tcp(one.ports), ids.get(one.name, ""))
             for one in spec.containers or ()]  # fmt: skip
    for one in spec.init_containers or ():
        kind: ContainerKind = "sidecar" if one.restart_policy == "Always" else "init"
        found.append(Container(one.name, one.image or "", kind, _tcp(one.ports), ids.get(one.name, "")))
    found += [Container(one.name, one.image or "", "ephemeral", (), ids.get(one.name, ""))
              for one in spec.ephemeral_containers or ()]  # fmt: skip
    return tuple(found)


def _tcp(ports: list[_PortWire] | None) -> tuple[int, ...]:
    return tuple(
        number
        for port in ports or ()
        if (port.protocol or "TCP") == "TCP" and (number := port.container_port or port.port or 0) > 0
    )


def _os(spec: _PodSpecWire, status: _StatusWire) -> str:
    if status.node_info is not None:
        return status.node_info.operating_system or ""
    said = spec.os.name if spec.os is not None else None
    return said or (spec.node_selector or {}).get("kubernetes.io/os", "")


def _selector(selector: dict[str, Any] | None) -> str:
    """A workload's is a label selector, a Service's a plain mapping."""
    if not selector:
        return ""
    if set(selector) <= {"matchLabels", "matchExpressions"}:
        return selector_text(msgspec.convert(selector, SelectorWire))
    return ",".join(f"{key}={value}" for key, value in sorted(selector.items()))
