"""The containers of one pod, from its JSON: what opens when a person enters a pod."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec

from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.pod_resources import amounts
from kubetui.kinds.pod_status import ended_word
from kubetui.kinds.pod_wire import ContainerStatusWire, ContainerWire, ResourcesWire, TerminatedWire
from kubetui.kinds.quantity import cpu_text, memory_text, request_limit
from kubetui.kinds.wire import PlainMetaWire, Wire, decode, seconds, version_of, word

ContainerKind = Literal["init", "sidecar", "container", "ephemeral"]

_LONGEST: Final = 400


class PortWire(Wire):
    """``ports[]``."""

    container_port: int = 0
    name: str | None = None
    protocol: str | None = None


class FullContainerWire(ContainerWire):
    """A container with what the drill-down shows on top."""

    ports: list[PortWire] | None = None
    liveness_probe: dict[str, Any] | None = None
    readiness_probe: dict[str, Any] | None = None
    startup_probe: dict[str, Any] | None = None


class FullSpecWire(Wire):
    """``spec``."""

    containers: list[FullContainerWire] | None = None
    init_containers: list[FullContainerWire] | None = None
    ephemeral_containers: list[FullContainerWire] | None = None


class FullStatusWire(Wire):
    """``status``."""

    container_statuses: list[ContainerStatusWire] | None = None
    init_container_statuses: list[ContainerStatusWire] | None = None
    ephemeral_container_statuses: list[ContainerStatusWire] | None = None


class FullPodWire(Wire):
    """One Pod, as far as its containers go."""

    metadata: PlainMetaWire
    spec: FullSpecWire = msgspec.field(default_factory=FullSpecWire)
    status: FullStatusWire = msgspec.field(default_factory=FullStatusWire)


class Ended(NamedTuple):
    """How a run ended."""

    reason: str
    """Its reason, else ``Signal:9`` or ``ExitCode:1``."""
    exit_code: int
    at: int
    """Unix seconds, 0 where that is not told."""
    message: str


class ContainerRow(msgspec.Struct, frozen=True, gc=False):
    """One container of a pod. Times are Unix seconds, CPU millicores, memory bytes; 0: none."""

    namespace: str
    pod: str
    name: str
    version: int
    kind: ContainerKind
    provisional: bool = False
    image: str = ""
    ready: bool = False
    state: str = ""
    """``Running``, or why it waits or how it ended, in kubectl's words; ``""`` before the kubelet has said."""
    message: str = ""
    """The cluster's own words for that, at most 400 characters; not sanitised."""
    exit_code: int | None = None
    """Of the run that ended, while none runs."""
    restarts: int = 0
    started: int = 0
    """When the run began that goes on, or went last."""
    last: Ended | None = None
    """The end of the run before."""
    cpu_request: int = 0
    cpu_limit: int = 0
    memory_request: int = 0
    memory_limit: int = 0
    ports: tuple[str, ...] = ()
    """``8080/TCP``, ``http:8080/TCP``."""
    probes: str = ""
    """Which are set: ``L`` liveness, ``R`` readiness, ``S`` startup."""


_decoder = msgspec.json.Decoder(FullPodWire)


def containers(pod: bytes | msgspec.Raw | Mapping[str, Any]) -> list[ContainerRow]:
    """The containers of one pod's JSON (or of the same as a mapping): init containers and sidecars in their order,
    then the containers, then ephemeral ones. Raises msgspec.ValidationError where it is no such pod.
    """
    wire = msgspec.convert(pod, FullPodWire) if isinstance(pod, Mapping) else decode(_decoder, pod)
    spec, status = wire.spec, wire.status
    return [
        *_rows(wire, spec.init_containers, status.init_container_statuses, "init"),
        *_rows(wire, spec.containers, status.container_statuses, "container"),
        *_rows(wire, spec.ephemeral_containers, status.ephemeral_container_statuses, "ephemeral"),
    ]


def _rows(
    pod: FullPodWire,
    specs: list[FullContainerWire] | None,
    statuses: list[ContainerStatusWire] | None,
    kind: ContainerKind,
) -> list[ContainerRow]:
    told = {status.name: status for status in statuses or ()}
    return [
        _row(pod.metadata, spec, told.get(spec.name), "sidecar" if kind == "init" and spec.sidecar else kind)
        for spec in specs or ()
    ]


def _row(
    meta: PlainMetaWire, spec: FullContainerWire, status: ContainerStatusWire | None, kind: ContainerKind
) -> ContainerRow:
    status = status or ContainerStatusWire()
    resources = spec.resources or ResourcesWire()
    requests, limits = amounts(resources.requests), amounts(resources.limits)
    state, message, started = _state(status)
    return ContainerRow(
        namespace=meta.namespace or "",
        pod=meta.name,
        name=spec.name,
        version=version_of(meta.resource_version),
        kind=kind,
        image=word(spec.image),
        ready=bool(status.ready),
        state=word(state),
        message=message[:_LONGEST],
        exit_code=status.terminated.exit_code or 0 if status.terminated else None,
        restarts=status.restart_count or 0,
        started=started,
        last=_ended(status.last),
        cpu_request=requests.cpu,
        cpu_limit=limits.cpu,
        memory_request=requests.memory,
        memory_limit=limits.memory,
        ports=tuple(_port(port) for port in spec.ports or ()),
        probes=_probes(spec),
    )


def _state(status: ContainerStatusWire) -> tuple[str, str, int]:
    """(word, message, when the run began)."""
    state = status.state
    if state is None:
        return "", "", 0
    if state.running is not None:
        return "Running", "", seconds(state.running.started_at)
    if state.terminated is not None:
        ended = state.terminated
        return ended_word(ended), ended.message or "", seconds(ended.started_at)
    if state.waiting is not None:
        return state.waiting.reason or "Waiting", state.waiting.message or "", 0
    return "Waiting", "", 0


def _ended(ended: TerminatedWire | None) -> Ended | None:
    if ended is None:
        return None
    message = (ended.message or "")[:_LONGEST]
    return Ended(word(ended_word(ended)), ended.exit_code or 0, seconds(ended.finished_at), message)


def _port(port: PortWire) -> str:
    text = f"{port.container_port}/{port.protocol or 'TCP'}"
    return f"{port.name}:{text}" if port.name else text


def _probes(spec: FullContainerWire) -> str:
    probes = (("L", spec.liveness_probe), ("R", spec.readiness_probe), ("S", spec.startup_probe))
    return "".join(letter for letter, probe in probes if probe is not None)


_STARTING: Final = frozenset({"Waiting", "ContainerCreating", "PodInitializing"})


def state_meaning(row: ContainerRow) -> Meaning:
    """Act where it waits after a failure, look where it failed or runs without being ready."""
    if not row.state:
        return Meaning.UNKNOWN
    if row.exit_code is not None:
        return Meaning.LOOK if row.exit_code else Meaning.FINE
    if row.state == "Running":
        return Meaning.FINE if row.ready or row.kind in ("init", "ephemeral") else Meaning.LOOK
    return Meaning.PLANNED if row.state in _STARTING else Meaning.ACT


def _last_text(row: ContainerRow, now: float) -> str:
    if row.last is None:
        return ""
    when = f", {age(row.last.at, now)} ago" if row.last.at else ""
    return f"{row.last.reason} {row.last.exit_code}{when}"


def _restarts_text(row: ContainerRow, now: float) -> str:
    return str(row.restarts)


def _cpu_text(row: ContainerRow, now: float) -> str:
    return request_limit(cpu_text, row.cpu_request, row.cpu_limit)


def _memory_text(row: ContainerRow, now: float) -> str:
    return request_limit(memory_text, row.memory_request, row.memory_limit)


def _exit_text(row: ContainerRow, now: float) -> str:
    return "" if row.exit_code is None else str(row.exit_code)


CONTAINER_COLUMNS: Final[tuple[Column[ContainerRow], ...]] = (
    Column("NAME", lambda row, now: row.name, lambda row: row.name, width=8, max_width=40, priority=0),
    Column("KIND", lambda row, now: row.kind, lambda row: row.kind, width=9, priority=3),
    Column("READY", lambda row, now: "yes" if row.ready else "no", lambda row: row.ready, width=5, priority=1),
    Column("STATE", lambda row, now: row.state or "–", lambda row: row.state, width=8, max_width=32, priority=1,
           meaning=state_meaning, marked=True),
    Column("EXIT", _exit_text, lambda row: -1 if row.exit_code is None else row.exit_code, width=4, right=True,
           priority=4),
    Column("RESTARTS", _restarts_text, lambda row: row.restarts, width=8, right=True, priority=2),
    Column("STARTED", lambda row, now: age(row.started, now) if row.started else "", lambda row: -row.started,
           width=7, right=True, priority=3, timed=True),
    Column("LAST END", _last_text, lambda row: row.last.at if row.last else 0, width=8, max_width=40, priority=2,
           timed=True, searched=lambda row: f"{row.last.reason} {row.last.exit_code}" if row.last else ""),
    Column("IMAGE", lambda row, now: row.image, lambda row: row.image, width=12, max_width=60, priority=4),
    Column("CPU REQ/LIM", _cpu_text, lambda row: (row.cpu_request, row.cpu_limit), width=11, right=True,
           priority=5),
    Column("MEM REQ/LIM", _memory_text, lambda row: (row.memory_request, row.memory_limit), width=11, right=True,
           priority=5),
    Column("PORTS", lambda row, now: ", ".join(row.ports), lambda row: row.ports, width=5, max_width=32,
           priority=6),
    Column("PROBES", lambda row, now: row.probes, lambda row: row.probes, width=6, priority=6),
    Column("MESSAGE", lambda row, now: row.message, lambda row: row.message, width=8, max_width=60, priority=7,
           wide=True),
)  # fmt: skip
