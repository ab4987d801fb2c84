"""kubectl's READY, STATUS and RESTARTS of a pod, word for word.

The rules are those of ``printPod`` in Kubernetes' ``pkg/printers/internalversion`` (v1.36), which the API server
runs for its Tables. They look odd in places (a container that waits without a reason changes nothing, the last
container listed is asked first); people compare with kubectl, so the oddities are kept.
"""

from __future__ import annotations

from typing import NamedTuple

from kubetui.kinds.pod_wire import ContainerStatusWire, PodWire, TerminatedWire
from kubetui.kinds.wire import seconds


class PodStatus(NamedTuple):
    """What kubectl shows of a pod's state."""

    ready: int
    total: int
    status: str
    restarts: int
    restarted: int
    """When the last restart was, as the end of the run before it; Unix seconds, 0 where there was none."""


class _Restarts:
    """Restarts counted, and the end of the last run that was followed by one."""

    __slots__ = ("count", "last")

    def __init__(self) -> None:
        self.count = 0
        self.last = 0

    def add(self, container: ContainerStatusWire) -> None:
        self.count += container.restart_count or 0
        if container.last_state is not None and container.last_state.terminated is not None:
            self.last = max(self.last, seconds(container.last_state.terminated.finished_at))


class _Initializing(NamedTuple):
    word: str | None
    """STATUS while an init container holds the pod up; None once all are through."""
    ready: int
    """Sidecars that are ready."""
    all: _Restarts
    sidecars: _Restarts


def pod_status(pod: PodWire) -> PodStatus:
    """READY, STATUS and RESTARTS as kubectl prints them. Raises msgspec.ValidationError on a bad time."""
    status, conditions = pod.status, pod.status.conditions or ()
    word = status.reason or status.phase or ""
    if any(c.type == "PodScheduled" and c.reason == "SchedulingGated" for c in conditions):
        word = "SchedulingGated"
    init = _initializing(pod)
    ready, restarts = init.ready, init.all
    word = init.word or word
    if init.word is None or any(c.type == "Initialized" and c.status == "True" for c in conditions):
        restarts = init.sidecars
        now_ready, word = _containers(pod, word, restarts)
        ready += now_ready
    return PodStatus(ready, _total(pod), _deleted(pod) or word, restarts.count, restarts.last)


def _total(pod: PodWire) -> int:
    init = pod.spec.init_containers
    return len(pod.spec.containers or ()) + (sum(c.sidecar for c in init) if init else 0)


def _deleted(pod: PodWire) -> str:
    if not pod.metadata.deletion_timestamp:
        return ""
    if pod.status.reason == "NodeLost":
        return "Unknown"
    return "" if pod.status.phase in ("Succeeded", "Failed") else "Terminating"


def _initializing(pod: PodWire) -> _Initializing:
    """Go through the init containers up to the first one that holds the pod up."""
    every, sidecars, ready = _Restarts(), _Restarts(), 0
    statuses = pod.status.init_container_statuses
    if not statuses:
        return _Initializing(None, 0, every, sidecars)
    specs = {container.name: container.sidecar for container in pod.spec.init_containers or ()}
    for index, container in enumerate(statuses):
        sidecar = specs.get(container.name, False)
        every.add(container)
        if sidecar:
            sidecars.add(container)
        terminated = container.terminated
        if terminated is not None and not terminated.exit_code:
            continue
        if sidecar and container.started:
            ready += bool(container.ready)
            continue
        word = _init_word(container, f"Init:{index}/{len(pod.spec.init_containers or ())}")
        return _Initializing(word, ready, every, sidecars)
    return _Initializing(None, ready, every, sidecars)


def _init_word(container: ContainerStatusWire, progress: str) -> str:
    if container.terminated is not None:
        return "Init:" + ended_word(container.terminated)
    waiting = container.waiting
    if waiting is not None and waiting.reason and waiting.reason != "PodInitializing":
        return "Init:" + waiting.reason
    return progress


def _containers(pod: PodWire, word: str, restarts: _Restarts) -> tuple[int, str]:
    """Ready containers, and STATUS: of several containers with something to say the first listed wins."""
    ready, error = 0, ""
    for container in reversed(pod.status.container_statuses or ()):
        restarts.add(container)
        state = container.state
        if state is None:
            continue
        if state.waiting is not None and state.waiting.reason:
            word = state.waiting.reason
        elif state.terminated is not None:
            word = ended_word(state.terminated)
            error = word if state.terminated.exit_code else error
        elif container.ready and state.running is not None:
            ready += 1
    return ready, _completed(pod, ready, error) if word == "Completed" else word


def _completed(pod: PodWire, ready: int, error: str) -> str:
    """A container that is through does not make the pod so while another runs."""
    if ready and any(c.type == "Ready" and c.status == "True" for c in pod.status.conditions or ()):
        return "Running"
    if error:
        return error
    return "NotReady" if ready else "Completed"


def ended_word(ended: TerminatedWire) -> str:
    """How a container ended, in kubectl's words: its reason, else ``Signal:9``, else ``ExitCode:1``."""
    if ended.reason:
        return ended.reason
    return f"Signal:{ended.signal}" if ended.signal else f"ExitCode:{ended.exit_code or 0}"
