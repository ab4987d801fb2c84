"""The parts of a pod's status: container states and conditions, as the kubelet writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, NamedTuple

from kubetui.demo.entries.identity import container_id, suffix
from kubetui.demo.entries.pod_template import ContainerShape
from kubetui.demo.moment import rfc3339

INIT_SECONDS = 3
"""How long the init containers of a pod took."""


class Ended(NamedTuple):
    """A container's run that is over."""

    exit_code: int
    reason: str
    """``Completed``, ``Error``, ``OOMKilled``, ``ContainerStatusUnknown``."""
    started: int
    finished: int
    """Unix seconds, both."""
    message: str = ""


class ContainerState(NamedTuple):
    """One container: ``running`` since ``since``, ``waiting`` for ``reason``, ``terminated`` as ``ended`` says."""

    state: Literal["running", "waiting", "terminated"]
    since: int = 0
    ready: bool = False
    restarts: int = 0
    reason: str = ""
    message: str = ""
    ended: Ended | None = None
    last: Ended | None = None


def creating(reason: str = "ContainerCreating") -> ContainerState:
    """A container that has never run; init containers before it: ``PodInitializing``."""
    return ContainerState("waiting", reason=reason)


class Condition(NamedTuple):
    """A pod condition."""

    type: str
    status: Literal["True", "False", "Unknown"]
    since: int
    reason: str = ""
    message: str = ""

    def json(self) -> str:
        """As the API server writes it."""
        why = f'"reason":{json.dumps(self.reason)},' if self.reason else ""
        if self.message:
            why += f'"message":{json.dumps(self.message)},'
        return (
            f'{{"type":"{self.type}","observedGeneration":1,"status":"{self.status}","lastProbeTime":null,'
            f'"lastTransitionTime":"{rfc3339(self.since)}"{"," + why[:-1] if why else ""}}}'
        )


def _ended(ended: Ended, run: str) -> str:
    message = f',"message":{json.dumps(ended.message)}' if ended.message else ""
    return (
        f'{{"terminated":{{"exitCode":{ended.exit_code},"reason":"{ended.reason}"{message},'
        f'"startedAt":"{rfc3339(ended.started)}","finishedAt":"{rfc3339(ended.finished)}","containerID":"{run}"}}}}'
    )


def _state(now: ContainerState, run: str) -> str:
    if now.state == "running":
        return f'{{"running":{{"startedAt":"{rfc3339(now.since)}"}}}}'
    if now.ended is not None:
        return _ended(now.ended, run)
    message = f',"message":{json.dumps(now.message)}' if now.message else ""
    return f'{{"waiting":{{"reason":"{now.reason}"{message}}}}}'


INIT = 64
"""Where init containers count from, so that their ids differ."""


def container_statuses(
    shapes: Sequence[ContainerShape], states: Sequence[ContainerState], uid: int, first: int = 0
) -> bytes:
    """``containerStatuses`` without its brackets; of init containers with ``first`` ``INIT``."""
    return b",".join(
        _container_status(shape, now, uid, position)
        for position, (shape, now) in enumerate(zip(shapes, states, strict=True), first)
    )


def _container_status(shape: ContainerShape, now: ContainerState, uid: int, position: int) -> bytes:
    run = container_id(uid, position, now.restarts)
    last = now.last
    before = _ended(last, container_id(uid, position, max(now.restarts - 1, 0))) if last else "{}"
    if now.state == "waiting":  # what is shown is the run before, if there was one
        identity = f'"imageID":"{shape.image_id}","containerID":"{run}",' if last else '"imageID":"",'
    else:
        identity = f'"imageID":"{shape.image_id}","containerID":"{run}",'
    return shape.status.render(
        (
            _state(now, run).encode(),
            before.encode(),
            b"true" if now.ready else b"false",
            b"%d" % now.restarts,
            identity.encode(),
            b"true" if now.state == "running" else b"false",
            suffix(uid).encode(),
        )
    )
