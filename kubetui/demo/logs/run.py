"""One run of a container, from a start to an end, read off the pod's state: nothing about runs is kept."""

from __future__ import annotations

from typing import NamedTuple

from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.entries.pod_status import INIT, INIT_SECONDS, ContainerState, Ended
from kubetui.demo.logs.line import SECOND


class Run(NamedTuple):
    """A run's log is one file, but for rotation. Times in nanoseconds.

    The status has whole seconds. A run therefore begins after the second in which it started, and lasts to the end of
    the one in which it ended: whoever follows has never read more than what a later reader finds.
    """

    pod: PodEntry
    place: int
    """Of the container in the spec; init containers count from ``INIT``."""
    restarts: int
    begin: int
    end: int | None
    """None: it runs."""
    ended: Ended | None
    stop: int | None
    """When it was asked to stop; None: it was not."""

    @property
    def same(self) -> tuple[int, int, int]:
        """What makes it this run and no other."""
        return self.pod.uid, self.place, self.restarts


class NoRun(Exception):
    """There is nothing to read; the kubelet's words."""


def place_of(pod: PodEntry, container: str) -> int | None:
    """Where the container stands in the spec; None if there is no such container."""
    for first, shapes in ((0, pod.template.containers), (INIT, pod.template.init_containers)):
        for place, shape in enumerate(shapes, first):
            if shape.name == container:
                return place
    return None


def state_of(pod: PodEntry, place: int) -> ContainerState | None:
    """The container's state; None before the kubelet reports one."""
    if pod.host is None or not pod.states:
        return None
    if place < INIT:
        return pod.states[place]
    return pod.rare.init[place - INIT] if pod.rare.init else _initialized(pod)


def _initialized(pod: PodEntry) -> ContainerState:
    from_, to = pod.created + 1, pod.created + 1 + INIT_SECONDS
    return ContainerState("terminated", ended=Ended(0, "Completed", from_, to))


def readable_run(pod: PodEntry, place: int, container: str, *, previous: bool) -> Run:
    """The run whose log the kubelet shows. Raises ``NoRun`` in the kubelet's words.

    Source: ``validateContainerLogStatus`` in pkg/kubelet/kubelet_pods.go of Kubernetes 1.36.
    """
    state = state_of(pod, place)
    if state is None:
        raise NoRun(f'container "{container}" in pod "{pod.name}" is not available')
    if previous:
        if state.last is None:
            raise NoRun(f'previous terminated container "{container}" in pod "{pod.name}" not found')
        return _over(pod, place, max(state.restarts - (state.state == "running"), 0), state.last)
    if state.state == "running":
        return _running(pod, place, state)
    if state.ended is not None:
        return _over(pod, place, state.restarts, state.ended)
    if state.last is not None:
        return _over(pod, place, state.restarts, state.last)
    why = {
        "ErrImagePull": "image can't be pulled",
        "ImagePullBackOff": "trying and failing to pull image",
    }.get(state.reason, state.reason)
    raise NoRun(f'container "{container}" in pod "{pod.name}" is waiting to start: {why}')


def _running(pod: PodEntry, place: int, state: ContainerState) -> Run:
    begin = ((state.since or pod.started) + 1) * SECOND
    deleted = pod.rare.deleted
    stop = (deleted - pod.rare.grace + 1) * SECOND if deleted else None
    return Run(pod, place, state.restarts, begin, None, None, stop)


def _over(pod: PodEntry, place: int, restarts: int, ended: Ended) -> Run:
    end = (max(ended.finished, ended.started) + 1) * SECOND
    return Run(pod, place, restarts, (ended.started + 1) * SECOND, end, ended, None)
