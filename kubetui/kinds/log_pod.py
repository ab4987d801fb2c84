"""Pods as a log tail needs them: which containers there are, which run of each is the latest, how the last one ended.

A kind of its own, beside ``POD``: a pod's row holds what tables show and is held by the hundred thousand.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from kubetui.kinds.kind import Kind
from kubetui.kinds.pod_status import ended_word
from kubetui.kinds.pod_wire import ContainerStatusWire, ContainerWire, TerminatedWire
from kubetui.kinds.wire import Labels, PlainMetaWire, Wire, controller_of, labels_of, seconds, version_of, word

LogContainerKind = Literal["init", "sidecar", "container", "ephemeral"]
RunState = Literal["", "waiting", "running", "terminated"]


class LogMetaWire(PlainMetaWire):
    """``metadata`` with the identity that a pod made anew under its old name does not share."""

    uid: str | None = None


class LogPodSpecWire(Wire):
    """``spec``."""

    node_name: str | None = None
    containers: list[ContainerWire] | None = None
    init_containers: list[ContainerWire] | None = None
    ephemeral_containers: list[ContainerWire] | None = None


class LogPodStatusWire(Wire):
    """``status``."""

    phase: str | None = None
    container_statuses: list[ContainerStatusWire] | None = None
    init_container_statuses: list[ContainerStatusWire] | None = None
    ephemeral_container_statuses: list[ContainerStatusWire] | None = None


class LogPodWire(Wire):
    """One Pod."""

    metadata: LogMetaWire
    spec: LogPodSpecWire = msgspec.field(default_factory=LogPodSpecWire)
    status: LogPodStatusWire = msgspec.field(default_factory=LogPodStatusWire)


class LogContainer(msgspec.Struct, frozen=True, gc=False):
    """One container of a pod. Times are Unix seconds, 0 where not told."""

    name: str
    kind: LogContainerKind
    state: RunState = ""
    """``""`` before the kubelet has said anything."""
    reason: str = ""
    """Why it waits: ``CrashLoopBackOff``."""
    message: str = ""
    """The cluster's own words for that, at most 200 characters; not sanitised."""
    run: int = 0
    """The number of its latest run: ``restartCount``."""
    exists: bool = False
    """The latest run has begun, so that it may have a log."""
    started: int = 0
    """When the run began that goes on, or ended last."""
    ended: int = 0
    """When the run ended that ended last."""
    ended_run: int = -1
    """Its number; -1 where none has ended."""
    ended_reason: str = ""
    """``OOMKilled``, ``Error``, ``Completed``."""
    exit_code: int | None = None
    """Of that run."""


class LogPodRow(msgspec.Struct, frozen=True, gc=False):
    """One pod."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    uid: str = ""
    node: str = ""
    phase: str = ""
    owner_kind: str = ""
    owner: str = ""
    created: int = 0
    deleted: int = 0
    """When its grace ends, where it is being deleted."""
    labels: Labels = ()
    containers: tuple[LogContainer, ...] = ()
    """Init containers and sidecars in their order, then the containers, then ephemeral ones."""


def log_pod_row(pod: LogPodWire) -> LogPodRow:
    """The row of one Pod. Raises msgspec.ValidationError where a time is none."""
    meta, spec, status = pod.metadata, pod.spec, pod.status
    owner_kind, owner = controller_of(meta.owner_references)
    return LogPodRow(
        namespace=word(meta.namespace),
        name=meta.name,
        version=version_of(meta.resource_version),
        uid=meta.uid or "",
        node=word(spec.node_name),
        phase=word(status.phase),
        owner_kind=owner_kind,
        owner=owner,
        created=seconds(meta.creation_timestamp),
        deleted=seconds(meta.deletion_timestamp),
        labels=labels_of(meta.labels),
        containers=(
            *_containers(spec.init_containers, status.init_container_statuses, "init"),
            *_containers(spec.containers, status.container_statuses, "container"),
            *_containers(spec.ephemeral_containers, status.ephemeral_container_statuses, "ephemeral"),
        ),
    )


def _containers(
    specs: list[ContainerWire] | None, statuses: list[ContainerStatusWire] | None, kind: LogContainerKind
) -> list[LogContainer]:
    told = {status.name: status for status in statuses or ()}
    return [
        _container(one.name, "sidecar" if kind == "init" and one.sidecar else kind, told.get(one.name))
        for one in specs or ()
    ]


_NONE: Final = TerminatedWire()
_LONGEST: Final = 200


def _container(name: str, kind: LogContainerKind, status: ContainerStatusWire | None) -> LogContainer:
    if status is None or status.state is None:
        return LogContainer(word(name), kind)
    run, state = status.restart_count or 0, status.state
    waiting, ended = state.waiting, state.terminated or status.last
    if state.running is not None:
        # restartCount counts runs that were begun anew, so the one that ended before is one less.
        return _told(name, kind, "running", run, ended, run - 1, started=seconds(state.running.started_at))
    if state.terminated is not None:
        return _told(name, kind, "terminated", run, ended, run)
    reason = (waiting.reason if waiting else None) or "Waiting"
    message = (waiting.message if waiting else None) or ""
    return _told(name, kind, "waiting", run, ended, run, reason=reason, message=message)


def _told(
    name: str,
    kind: LogContainerKind,
    state: RunState,
    run: int,
    ended: TerminatedWire | None,
    ended_run: int,
    *,
    started: int = 0,
    reason: str = "",
    message: str = "",
) -> LogContainer:
    over = ended or _NONE
    return LogContainer(
        name=word(name),
        kind=kind,
        state=state,
        reason=word(reason),
        message=message[:_LONGEST],
        run=run,
        exists=state == "running" or ended is not None,
        started=started or seconds(over.started_at),
        ended=seconds(over.finished_at),
        ended_run=-1 if ended is None else ended_run,
        ended_reason=word(ended_word(over)) if ended is not None else "",
        exit_code=None if ended is None else over.exit_code or 0,
    )


LOG_POD: Final[Kind[LogPodRow]] = Kind(
    name="Pod",
    plural="pods",
    group="",
    api_version="v1",
    namespaced=True,
    wire=LogPodWire,
    row=log_pod_row,
    columns=(),
    labels=lambda row: row.labels,
)
"""Not in the registry: nobody opens it by name."""
