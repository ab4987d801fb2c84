"""A pod's conditions, in the order in which the kubelet writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubetui.demo.entries.pod_status import INIT_SECONDS, Condition

if TYPE_CHECKING:
    from kubetui.demo.entries.pod import PodEntry


def conditions(pod: PodEntry) -> tuple[Condition, ...]:
    """What the scheduler, the kubelet and whoever disrupts it say of the pod."""
    if pod.host is None:
        return (Condition("PodScheduled", "False", pod.created, "Unschedulable", pod.rare.unschedulable),)
    scheduled = Condition("PodScheduled", "True", pod.created)
    if not pod.states:
        return (scheduled,)
    sandbox = Condition("PodReadyToStartContainers", "True" if pod.ip else "False", pod.created + 2)
    if pod.phase == "Succeeded":
        said: tuple[Condition, ...] = (
            sandbox._replace(status="False", since=pod.ready_at),
            *_completed(pod),
            scheduled,
        )
    else:
        said = (sandbox, _initialized(pod), *_readiness(pod), scheduled)
    return (*_disruption(pod), *said)


def _disruption(pod: PodEntry) -> tuple[Condition, ...]:
    if not pod.rare.disrupted:
        return ()
    reason, _, words = pod.rare.disrupted.partition(": ")
    since = pod.rare.deleted - pod.rare.grace if pod.rare.deleted else pod.ready_at
    return (Condition("DisruptionTarget", "True", since, reason, words),)


def _completed(pod: PodEntry) -> tuple[Condition, ...]:
    return (
        Condition("Initialized", "True", pod.created, "PodCompleted"),
        Condition("Ready", "False", pod.ready_at, "PodCompleted"),
        Condition("ContainersReady", "False", pod.ready_at, "PodCompleted"),
    )


def _initialized(pod: PodEntry) -> Condition:
    if pod.rare.initialized:
        took = INIT_SECONDS if pod.template.init_containers else 0
        return Condition("Initialized", "True", pod.created + took)
    waiting = " ".join(shape.name for shape in pod.template.init_containers)
    words = f"containers with incomplete status: [{waiting}]"
    return Condition("Initialized", "False", pod.created, "ContainersNotInitialized", words)


def _readiness(pod: PodEntry) -> tuple[Condition, Condition]:
    since = pod.ready_at or pod.created
    pairs = zip(pod.template.containers, pod.states, strict=True)
    unready = [shape.name for shape, state in pairs if not state.ready]
    if not unready:
        ready = Condition("Ready", "False" if pod.rare.node_lost else "True", since)
        return ready, Condition("ContainersReady", "True", since)
    words = f"containers with unready status: [{' '.join(unready)}]"
    return (
        Condition("Ready", "False", since, "ContainersNotReady", words),
        Condition("ContainersReady", "False", since, "ContainersNotReady", words),
    )
