"""What a pod asks for, as the scheduler and ``kubectl describe node`` count it.

The rules are those of ``PodRequests`` and ``PodLimits`` in ``k8s.io/component-helpers/resource`` (v0.36): the
containers and sidecars together, or the largest need of one init container beside the sidecars started before it,
whichever is more; overridden by the pod's own ``resources``; plus the runtime class's overhead. While a resize is
under way the larger of the old and the new amount counts.
"""

from __future__ import annotations

from typing import NamedTuple

from kubetui.kinds.pod_wire import ContainerStatusWire, ContainerWire, PodWire, ResourcesWire
from kubetui.kinds.quantity import millicores, whole
from kubetui.kinds.wire import AmountsWire, amount


class Amounts(NamedTuple):
    """CPU in millicores and memory in bytes; 0 where nothing is named."""

    cpu: int
    memory: int

    def plus(self, other: Amounts) -> Amounts:
        """Both together."""
        return Amounts(self.cpu + other.cpu, self.memory + other.memory)

    def most(self, other: Amounts) -> Amounts:
        """Of each the larger."""
        return Amounts(max(self.cpu, other.cpu), max(self.memory, other.memory))


class PodResources(NamedTuple):
    """Requests and limits of a whole pod."""

    requests: Amounts
    limits: Amounts


NOTHING = Amounts(0, 0)
_NONE = PodResources(NOTHING, NOTHING)


def amounts(wire: AmountsWire | None) -> Amounts:
    """A resource list's CPU and memory. Raises msgspec.ValidationError where one is no quantity."""
    if wire is None:
        return NOTHING
    return Amounts(amount(millicores, wire.cpu), amount(whole, wire.memory))


def pod_resources(pod: PodWire) -> PodResources:
    """Requests and limits as the scheduler counts them. Raises msgspec.ValidationError on a bad quantity."""
    spec = pod.spec
    found = _containers(pod)
    if spec.init_containers:
        found = _with_init(pod, spec.init_containers, found)
    if spec.resources is not None:
        found = PodResources(
            _overridden(found.requests, spec.resources.requests), _overridden(found.limits, spec.resources.limits)
        )
    if spec.overhead is not None:
        more = amounts(spec.overhead)
        limits = found.limits
        # a pod without a limit gets none from the overhead
        more_limit = Amounts(more.cpu if limits.cpu else 0, more.memory if limits.memory else 0)
        found = PodResources(found.requests.plus(more), limits.plus(more_limit))
    return found


def _containers(pod: PodWire) -> PodResources:
    containers, statuses = pod.spec.containers or (), pod.status.container_statuses
    if len(containers) == 1:
        return _one(containers[0], statuses, pod)
    requests, limits = NOTHING, NOTHING
    for container in containers:
        one = _one(container, statuses, pod)
        requests, limits = requests.plus(one.requests), limits.plus(one.limits)
    return PodResources(requests, limits)


def _with_init(pod: PodWire, containers: list[ContainerWire], running: PodResources) -> PodResources:
    """The larger of what runs for good (with the sidecars) and what the start needs at its highest."""
    sidecars, start = _NONE, _NONE
    for container in containers:
        one = _one(container, pod.status.init_container_statuses if container.sidecar else None, pod)
        with_this = PodResources(sidecars.requests.plus(one.requests), sidecars.limits.plus(one.limits))
        if container.sidecar:
            sidecars = with_this
        start = PodResources(start.requests.most(with_this.requests), start.limits.most(with_this.limits))
    return PodResources(
        running.requests.plus(sidecars.requests).most(start.requests),
        running.limits.plus(sidecars.limits).most(start.limits),
    )


def _one(container: ContainerWire, statuses: list[ContainerStatusWire] | None, pod: PodWire) -> PodResources:
    spec = container.resources
    for status in statuses or ():
        if status.name == container.name and status.resources is not None:
            return _effective(spec, status, status.resources, pod)
    if spec is None:
        return _NONE
    return PodResources(amounts(spec.requests), amounts(spec.limits))


def _effective(
    spec: ResourcesWire | None, status: ContainerStatusWire, actuated: ResourcesWire, pod: PodWire
) -> PodResources:
    """Of what is wanted, given and set aside the most; what can never be given does not count."""
    requests = amounts(actuated.requests).most(amounts(status.allocated_resources))
    limits = amounts(actuated.limits)
    if spec is None or _infeasible(pod):
        return PodResources(requests, limits)
    return PodResources(requests.most(amounts(spec.requests)), limits.most(amounts(spec.limits)))


def _infeasible(pod: PodWire) -> bool:
    pending = (c for c in pod.status.conditions or () if c.type == "PodResizePending")
    return any(c.reason == "Infeasible" for c in pending)


def _overridden(found: Amounts, own: AmountsWire | None) -> Amounts:
    if own is None:
        return found
    named = amounts(own)
    return Amounts(found.cpu if own.cpu is None else named.cpu, found.memory if own.memory is None else named.memory)
