"""A Node's row: flat, made from the few fields that are read."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from kubetui.kinds.node_condition import NodeCondition, bad_conditions
from kubetui.kinds.node_place import place_of, roles_of
from kubetui.kinds.node_wire import CapacityWire, NodeConditionWire, NodeInfoWire, NodeWire
from kubetui.kinds.provider_id import Machine, machine_of
from kubetui.kinds.quantity import millicores, whole
from kubetui.kinds.wire import Labels, amount, decode, labels_of, seconds, version_of, word

_NOTED: Final = frozenset(
    {
        "cluster-autoscaler.kubernetes.io/scale-down-disabled",
        "karpenter.sh/do-not-disrupt",
        "karpenter.azure.com/image-version",
    }
)


class Taint(NamedTuple):
    """One taint."""

    key: str
    value: str
    effect: str

    @property
    def text(self) -> str:
        """As kubectl prints it: ``key=value:Effect``, or ``key:Effect``."""
        return f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"


class Capacity(NamedTuple):
    """What a node has, or has to give: millicores, bytes, pods, bytes of ephemeral storage. 0: not reported."""

    cpu: int = 0
    memory: int = 0
    pods: int = 0
    storage: int = 0


class NodeRow(msgspec.Struct, frozen=True, gc=False):
    """One node. Times are Unix seconds, 0 where there is none."""

    name: str
    version: int
    namespace: str = ""
    provisional: bool = False
    status: str = "Unknown"
    """kubectl's STATUS: ``Ready``, ``NotReady``, ``Unknown``, each with ``,SchedulingDisabled`` while cordoned."""
    ready: str = ""
    """The Ready condition: ``True``, ``False``, ``Unknown``, ``""`` where there is none yet."""
    ready_since: int = 0
    """Since when Ready is what it is."""
    heartbeat: int = 0
    """When the kubelet last confirmed it; every 5 minutes if nothing changes, leases are what is fresh."""
    conditions: tuple[NodeCondition, ...] = ()
    """All that are bad now; empty on a healthy node."""
    roles: str = ""
    taints: tuple[Taint, ...] = ()
    unschedulable: bool = False
    created: int = 0
    deleted: int = 0
    kubelet: str = ""
    """``v1.36.3``."""
    runtime: str = ""
    """``containerd://2.0.4``."""
    os: str = ""
    """``linux`` or ``windows``."""
    os_image: str = ""
    kernel: str = ""
    arch: str = ""
    internal_ip: str = ""
    external_ip: str = ""
    hostname: str = ""
    capacity: Capacity = Capacity()
    allocatable: Capacity = Capacity()
    pool: str = ""
    mode: str = ""
    size: str = ""
    os_sku: str = ""
    image: str = ""
    region: str = ""
    zone: str = ""
    spot: bool = False
    provider_id: str = ""
    machine: Machine = Machine()
    labels: Labels = ()
    annotations: Labels = ()
    """The few that change what happens to the node."""


_decoder = msgspec.json.Decoder(NodeWire)


def decode_item(raw: bytes | msgspec.Raw) -> NodeWire:
    """One Node's JSON. Raises msgspec.ValidationError whatever is wrong with it."""
    return decode(_decoder, raw)


def node_row(node: NodeWire) -> NodeRow:
    """The flat row of one Node. Raises msgspec.ValidationError where a time or a quantity is none."""
    meta, spec, status = node.metadata, node.spec, node.status
    labels, conditions = meta.labels or {}, status.conditions or ()
    ready = _last(conditions, "Ready")
    place = place_of(labels)
    info = status.node_info or NodeInfoWire()
    address = _addresses(node)
    return NodeRow(
        name=meta.name,
        version=version_of(meta.resource_version),
        status=word(_status(ready, bool(spec.unschedulable))),
        ready=word(ready.status) if ready else "",
        ready_since=seconds(ready.last_transition_time) if ready else 0,
        heartbeat=seconds(ready.last_heartbeat_time) if ready else 0,
        conditions=bad_conditions(conditions),
        roles=roles_of(labels),
        taints=tuple(Taint(word(t.key), word(t.value), word(t.effect)) for t in spec.taints or ()),
        unschedulable=bool(spec.unschedulable),
        created=seconds(meta.creation_timestamp),
        deleted=seconds(meta.deletion_timestamp),
        kubelet=word(info.kubelet_version),
        runtime=word(info.container_runtime_version),
        os=word(info.operating_system),
        os_image=word(info.os_image),
        kernel=word(info.kernel_version),
        arch=word(info.architecture),
        internal_ip=address.get("InternalIP", ""),
        external_ip=address.get("ExternalIP", ""),
        hostname=address.get("Hostname", ""),
        capacity=_capacity(status.capacity),
        allocatable=_capacity(status.allocatable),
        **place._asdict(),
        provider_id=spec.provider_id or "",
        machine=machine_of(spec.provider_id or "", meta.name, place.pool),
        labels=labels_of(meta.labels),
        annotations=labels_of({k: v for k, v in (meta.annotations or {}).items() if k in _NOTED}),
    )


def _last(conditions: list[NodeConditionWire] | tuple[()], condition_type: str) -> NodeConditionWire | None:
    """The condition of a type; of several the last, which kubectl takes."""
    return next((c for c in reversed(conditions) if c.type == condition_type), None)


def _status(ready: NodeConditionWire | None, cordoned: bool) -> str:
    """STATUS as kubectl prints it."""
    status = "Unknown" if ready is None else "Ready" if ready.status == "True" else "NotReady"
    return f"{status},SchedulingDisabled" if cordoned else status


def _addresses(node: NodeWire) -> dict[str, str]:
    """The first address of each type."""
    found: dict[str, str] = {}
    for address in node.status.addresses or ():
        found.setdefault(address.type, address.address)
    return found


def _capacity(wire: CapacityWire | None) -> Capacity:
    if wire is None:
        return Capacity()
    return Capacity(
        amount(millicores, wire.cpu),
        amount(whole, wire.memory),
        amount(whole, wire.pods),
        amount(whole, wire.ephemeral_storage),
    )
