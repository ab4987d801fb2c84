"""What a pod asks for of every resource, GPUs and huge pages included, as ``kubectl describe node`` counts it.

The rules are those of ``PodRequests`` and ``PodLimits`` in k8s.io/component-helpers/resource (v0.36).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from kubetui.insight.describe.amounts import Amounts, amounts, most, total
from kubetui.kinds.wire import PlainMetaWire, Wire


class ResourcesWire(Wire):
    """``resources``."""

    requests: dict[str, Any] | None = None
    limits: dict[str, Any] | None = None


class ContainerWire(Wire):
    """A container's name, resources, and whether it is a sidecar."""

    name: str = ""
    restart_policy: str | None = None
    resources: ResourcesWire | None = None


class StatusWire(Wire):
    """What a container was given."""

    name: str = ""
    resources: ResourcesWire | None = None
    allocated_resources: dict[str, Any] | None = None


class ConditionWire(Wire):
    """Type and reason."""

    type: str = ""
    reason: str | None = None


class PodSpecWire(Wire):
    """``spec``."""

    containers: list[ContainerWire] | None = None
    init_containers: list[ContainerWire] | None = None
    resources: ResourcesWire | None = None
    overhead: dict[str, Any] | None = None


class PodStatusWire(Wire):
    """``status``."""

    container_statuses: list[StatusWire] | None = None
    init_container_statuses: list[StatusWire] | None = None
    conditions: list[ConditionWire] | None = None


class AskingPodWire(Wire):
    """A pod as far as its resources go."""

    metadata: PlainMetaWire
    spec: PodSpecWire = msgspec.field(default_factory=PodSpecWire)
    status: PodStatusWire = msgspec.field(default_factory=PodStatusWire)


def requests(pod: AskingPodWire, *, use_status: bool) -> Amounts:
    """``use_status``: while a resize is under way, the larger of what is wanted and given counts."""
    found = _sum(pod, lambda container, status: _requests(pod, container, status), use_status=use_status)
    found |= _own(pod.spec.resources.requests if pod.spec.resources else None)
    return total((found, amounts(pod.spec.overhead)))


def limits(pod: AskingPodWire, *, use_status: bool) -> Amounts:
    """A resource without a limit gets none from the overhead."""
    found = _sum(pod, lambda container, status: _limits(pod, container, status), use_status=use_status)
    found |= _own(pod.spec.resources.limits if pod.spec.resources else None)
    overhead = amounts(pod.spec.overhead)
    limited = {name for name, amount in found.items() if amount.value}
    return total((found, {name: amount for name, amount in overhead.items() if name in limited}))


_Effective = Callable[[ContainerWire, StatusWire | None], Amounts]


def _sum(pod: AskingPodWire, of: _Effective, *, use_status: bool) -> Amounts:
    """Containers and sidecars together, or the largest need of the start, whichever is more."""
    every = [*(pod.status.container_statuses or ()), *(pod.status.init_container_statuses or ())]
    told = {status.name: status for status in every} if use_status else {}
    running = total(of(container, told.get(container.name)) for container in pod.spec.containers or ())
    sidecars: Amounts = {}
    start: Amounts = {}
    for container in pod.spec.init_containers or ():
        sidecar = container.restart_policy == "Always"
        one = of(container, told.get(container.name) if sidecar else None)
        with_this = total((one, sidecars))
        if sidecar:
            running, sidecars = total((running, one)), with_this
        start = most(start, with_this)
    return most(running, start)


def _requests(pod: AskingPodWire, container: ContainerWire, status: StatusWire | None) -> Amounts:
    wanted = amounts(container.resources.requests if container.resources else None)
    if status is None or status.resources is None:
        return wanted
    given = most(amounts(status.resources.requests), amounts(status.allocated_resources))
    return given if _infeasible(pod) else most(wanted, given)


def _limits(pod: AskingPodWire, container: ContainerWire, status: StatusWire | None) -> Amounts:
    wanted = amounts(container.resources.limits if container.resources else None)
    if status is None or status.resources is None:
        return wanted
    given = amounts(status.resources.limits)
    return given if _infeasible(pod) else most(wanted, given)


def _infeasible(pod: AskingPodWire) -> bool:
    pending = next((one for one in pod.status.conditions or () if one.type == "PodResizePending"), None)
    return pending is not None and pending.reason == "Infeasible"


def _own(found: Mapping[str, Any] | None) -> Amounts:
    """The pod's own resources override its containers', where a pod can have them."""
    level = {name: value for name, value in (found or {}).items() if name in ("cpu", "memory") or "hugepages-" in name}
    return amounts(level)
