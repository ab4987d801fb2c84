"""The containers of a pod or of a pod template, as ``describeContainers`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubetui.insight.describe.ended import exit_meaning, reason_meaning
from kubetui.insight.describe.environment import environment, environment_from
from kubetui.insight.describe.page import Entry, Field, Heading, Words
from kubetui.insight.describe.probe import probes
from kubetui.insight.describe.reading import (
    NONE,
    Json,
    ago,
    get,
    items,
    mapping,
    number,
    seconds_of,
    since,
    strings,
    text,
    time_text,
    yes_no,
)
from kubetui.kinds.kind import Meaning


def containers(title: str, specs: Sequence[Json], level: int) -> Iterator[Entry]:
    """Containers of a template, which have no state."""
    yield from _block(title, specs, {}, None, 0.0, level)


def pod_containers(title: str, pod: Json, field: str, statuses: str, now: float) -> Iterator[Entry]:
    """Containers of a pod with their states; ``field`` of its spec, ``statuses`` of its status."""
    told = {text(one, "name"): one for one in items(pod, "status", statuses)}
    yield from _block(title, items(pod, "spec", field), told, pod, now, 0)


def _block(
    title: str, specs: Sequence[Json], told: dict[str, Json], pod: Json | None, now: float, level: int
) -> Iterator[Entry]:
    if not specs:
        yield Field(title, NONE, level)
        return
    yield Heading(title, level)
    for spec in specs:
        status = told.get(text(spec, "name"))
        yield Heading(text(spec, "name"), level + 1)
        yield from _basics(spec, status, level + 2)
        yield from _command(spec, level + 2)
        if status is not None:
            yield from state(status, now, level + 2)
        yield from resources(mapping(spec, "resources"), level + 2)
        yield from probes(spec, level + 2)
        yield from environment_from(spec, level + 2)
        yield from environment(spec, pod, level + 2)
        yield from _mounts(spec, level + 2)


def _basics(spec: Json, status: Json | None, level: int) -> Iterator[Entry]:
    if status is not None:
        yield Field("Container ID", text(status, "containerID"), level)
    yield Field("Image", text(spec, "image"), level)
    if status is not None:
        yield Field("Image ID", text(status, "imageID"), level)
    for word, field in (("Port", "containerPort"), ("Host Port", "hostPort")):
        ports = [_port(one, field) for one in items(spec, "ports")]
        yield Field(f"{word}s" if len(ports) > 1 else word, ", ".join(ports) or NONE, level)
    profile = mapping(spec, "securityContext", "seccompProfile")
    if profile:
        yield Field("SeccompProfile", text(profile, "type"), level)
        if text(profile, "type") == "Localhost":
            yield Field("LocalhostProfile", text(profile, "localhostProfile"), level + 1)


def _port(one: Json, field: str) -> str:
    name = text(one, "name")
    return f"{number(one, field)}/{text(one, 'protocol')}" + (f" ({name})" if name else "")


def _command(spec: Json, level: int) -> Iterator[Entry]:
    for label, field in (("Command", "command"), ("Args", "args")):
        if get(spec, field):
            yield Heading(label, level)
            for argument in strings(spec, field):
                yield from (Words(line, level + 1) for line in argument.split("\n"))


def state(status: Json, now: float, level: int) -> Iterator[Entry]:
    """What it does now, how it ended before, whether it is ready, how often it was restarted."""
    yield from _state("State", mapping(status, "state"), now, level)
    if get(status, "lastState", "terminated") is not None:
        yield from _state("Last State", mapping(status, "lastState"), now, level)
    ready = status.get("ready") is True
    ended = get(status, "state", "terminated", "exitCode") == 0
    yield Field("Ready", yes_no(ready), level, meaning=Meaning.PLAIN if ready or ended else Meaning.LOOK)
    yield Field("Restart Count", str(number(status, "restartCount")), level)


def _state(label: str, found: Json, now: float, level: int) -> Iterator[Entry]:
    if get(found, "running") is not None:
        started = get(found, "running", "startedAt")
        yield Field(label, "Running", level)
        yield Field("Started", time_text(started), level + 1, note=ago(started, now))
    elif get(found, "terminated") is not None:
        yield from _terminated(label, mapping(found, "terminated"), now, level)
    else:
        yield from _waiting(label, mapping(found, "waiting"), level)


def _waiting(label: str, found: Json, level: int) -> Iterator[Entry]:
    yield Field(label, "Waiting", level)
    reason = text(found, "reason")
    calm = reason in ("", "ContainerCreating", "PodInitializing")
    meaning = Meaning.PLANNED if calm else Meaning.ACT
    if reason:
        yield Field("Reason", reason, level + 1, note=reason_meaning(reason), meaning=meaning)
    if text(found, "message"):
        yield Field("Message", text(found, "message").split("\n"), level + 1)


def _terminated(label: str, found: Json, now: float, level: int) -> Iterator[Entry]:
    code, reason = number(found, "exitCode"), text(found, "reason")
    meaning = Meaning.LOOK if code else Meaning.PLAIN
    yield Field(label, "Terminated", level)
    if reason:
        yield Field("Reason", reason, level + 1, note=reason_meaning(reason), meaning=meaning)
    if text(found, "message"):
        yield Field("Message", text(found, "message").split("\n"), level + 1)
    yield Field("Exit Code", str(code), level + 1, note=exit_meaning(code, reason), meaning=meaning)
    if number(found, "signal") > 0:
        yield Field("Signal", str(number(found, "signal")), level + 1)
    started, finished = get(found, "startedAt"), get(found, "finishedAt")
    yield Field("Started", time_text(started), level + 1, note=ago(started, now))
    yield Field("Finished", time_text(finished), level + 1, note=_finished(started, finished, now))


def _finished(started: object, finished: object, now: float) -> str:
    """``5m ago, after 12s``."""
    when = ago(finished, now)
    ran = since(started, seconds_of(finished)) if when and ago(started, now) else ""
    return f"{when}, after {ran}" if ran else when


def resources(found: Json, level: int) -> Iterator[Entry]:
    """Limits, then requests."""
    for label, field in (("Limits", "limits"), ("Requests", "requests")):
        amounts = mapping(found, field)
        if amounts:
            yield Heading(label, level)
            yield from (Field(key, text(amounts, key), level + 1) for key in sorted(amounts))


def _mounts(spec: Json, level: int) -> Iterator[Entry]:
    mounts = sorted(items(spec, "volumeMounts"), key=lambda one: text(one, "mountPath"))
    yield Heading("Mounts", level) if mounts else Field("Mounts", NONE, level)
    for one in mounts:
        flags = ["ro" if one.get("readOnly") is True else "rw"]
        if text(one, "subPath"):
            flags.append(f'path="{text(one, "subPath")}"')
        yield Words(f"{text(one, 'mountPath')} from {text(one, 'name')} ({','.join(flags)})", level + 1)
    devices = sorted(items(spec, "volumeDevices"), key=lambda one: text(one, "devicePath"))
    if devices:
        yield Heading("Devices", level)
        yield from (Words(f"{text(one, 'devicePath')} from {text(one, 'name')}", level + 1) for one in devices)
