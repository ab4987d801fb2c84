"""The fields of a Node's JSON that its row is made from."""

from __future__ import annotations

import msgspec

from kubetui.kinds.quantity import Quantity
from kubetui.kinds.wire import ConditionWire, MetaWire, Wire


class TaintWire(Wire):
    """``spec.taints[]``."""

    key: str = ""
    value: str | None = None
    effect: str | None = None


class NodeConditionWire(ConditionWire):
    """``status.conditions[]``."""

    last_heartbeat_time: str | None = None


class AddressWire(Wire):
    """``status.addresses[]``."""

    type: str = ""
    address: str = ""


class CapacityWire(Wire):
    """``status.capacity`` and ``status.allocatable``."""

    cpu: Quantity | None = None
    memory: Quantity | None = None
    pods: Quantity | None = None
    ephemeral_storage: Quantity | None = msgspec.field(default=None, name="ephemeral-storage")


class NodeInfoWire(Wire):
    """``status.nodeInfo``."""

    kubelet_version: str | None = None
    container_runtime_version: str | None = None
    os_image: str | None = None
    operating_system: str | None = None
    kernel_version: str | None = None
    architecture: str | None = None


class NodeSpecWire(Wire):
    """``spec``."""

    provider_id: str | None = msgspec.field(default=None, name="providerID")
    unschedulable: bool | None = None
    taints: list[TaintWire] | None = None


class NodeStatusWire(Wire):
    """``status``."""

    capacity: CapacityWire | None = None
    allocatable: CapacityWire | None = None
    conditions: list[NodeConditionWire] | None = None
    addresses: list[AddressWire] | None = None
    node_info: NodeInfoWire | None = None


class NodeWire(Wire):
    """One Node."""

    metadata: MetaWire
    spec: NodeSpecWire = msgspec.field(default_factory=NodeSpecWire)
    status: NodeStatusWire = msgspec.field(default_factory=NodeStatusWire)
