"""The fields of a Pod's JSON that its row is made from."""

from __future__ import annotations

import msgspec

from kubetui.kinds.placement import AffinityWire
from kubetui.kinds.wire import AmountsWire, ConditionWire, PlainMetaWire, Wire


class ResourcesWire(Wire):
    """``resources`` of a container, of a pod, or of a container's status."""

    requests: AmountsWire | None = None
    limits: AmountsWire | None = None


class ContainerWire(Wire):
    """``spec.containers[]`` and ``spec.initContainers[]``."""

    name: str = ""
    image: str | None = None
    restart_policy: str | None = None
    resources: ResourcesWire | None = None

    @property
    def sidecar(self) -> bool:
        """A restartable init container: it starts before the others and runs along with them."""
        return self.restart_policy == "Always"


class WaitingWire(Wire):
    """``state.waiting``."""

    reason: str | None = None
    message: str | None = None


class RunningWire(Wire):
    """``state.running``."""

    started_at: str | None = None


class TerminatedWire(Wire):
    """``state.terminated`` and ``lastState.terminated``."""

    exit_code: int | None = None
    signal: int | None = None
    reason: str | None = None
    message: str | None = None
    started_at: str | None = None
    finished_at: str | None = None


class StateWire(Wire):
    """``state`` and ``lastState``: at most one of the three is set."""

    waiting: WaitingWire | None = None
    running: RunningWire | None = None
    terminated: TerminatedWire | None = None


class ContainerStatusWire(Wire):
    """``status.containerStatuses[]`` and ``status.initContainerStatuses[]``."""

    name: str = ""
    ready: bool | None = None
    started: bool | None = None
    restart_count: int | None = None
    state: StateWire | None = None
    last_state: StateWire | None = None
    allocated_resources: AmountsWire | None = None
    resources: ResourcesWire | None = None

    @property
    def waiting(self) -> WaitingWire | None:
        """What it waits for now."""
        return self.state.waiting if self.state else None

    @property
    def terminated(self) -> TerminatedWire | None:
        """How it ended, where it is not running now."""
        return self.state.terminated if self.state else None

    @property
    def last(self) -> TerminatedWire | None:
        """How the run before this one ended."""
        return self.last_state.terminated if self.last_state else None


class GateWire(Wire):
    """``spec.readinessGates[]``."""

    condition_type: str | None = None


class IPWire(Wire):
    """``status.podIPs[]``."""

    ip: str | None = None


class PodSpecWire(Wire):
    """``spec``."""

    node_name: str | None = None
    containers: list[ContainerWire] | None = None
    init_containers: list[ContainerWire] | None = None
    readiness_gates: list[GateWire] | None = None
    affinity: AffinityWire | None = None
    overhead: AmountsWire | None = None
    resources: ResourcesWire | None = None


class PodStatusWire(Wire):
    """``status``."""

    phase: str | None = None
    reason: str | None = None
    message: str | None = None
    nominated_node_name: str | None = None
    qos_class: str | None = None
    pod_ips: list[IPWire] | None = msgspec.field(default=None, name="podIPs")
    pod_ip: str | None = msgspec.field(default=None, name="podIP")
    conditions: list[ConditionWire] | None = None
    container_statuses: list[ContainerStatusWire] | None = None
    init_container_statuses: list[ContainerStatusWire] | None = None


class PodWire(Wire):
    """One Pod."""

    metadata: PlainMetaWire
    spec: PodSpecWire = msgspec.field(default_factory=PodSpecWire)
    status: PodStatusWire = msgspec.field(default_factory=PodStatusWire)
