"""Pods, as ``describePod`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata, scheduling
from kubetui.insight.describe.containers import pod_containers, resources
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row
from kubetui.insight.describe.pod_problems import pod_problems
from kubetui.insight.describe.qos import qos_class
from kubetui.insight.describe.reading import (
    NONE,
    Json,
    ago,
    get,
    items,
    mapping,
    number,
    since,
    text,
    time_text,
)
from kubetui.insight.describe.volumes import volumes
from kubetui.kinds.kind import Meaning

_OVER: Final = ("Failed", "Succeeded")


def head(facts: Facts) -> Iterator[Entry]:
    """Who and where it is, and its phase."""
    pod = facts.found
    spec = mapping(pod, "spec")
    yield from metadata.name(pod)
    for label, field in (
        ("Priority", "priority"),
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ):
        if text(spec, field):
            yield Field(label, text(spec, field))
    node = text(spec, "nodeName")
    yield Field("Node", f"{node}/{text(pod, 'status', 'hostIP')}" if node else NONE)
    started = get(pod, "status", "startTime")
    if started:
        yield Field("Start Time", time_text(started), note=ago(started, facts.now))
    yield metadata.labels_field(pod)
    yield metadata.annotations_field(pod)
    yield from _status(facts)
    yield from _addresses(pod)
    yield from metadata.controlled_by(pod)
    if text(pod, "status", "nominatedNodeName"):
        yield Field("NominatedNodeName", text(pod, "status", "nominatedNodeName"))
    if mapping(spec, "resources"):
        yield Heading("Resources")
        yield from resources(mapping(spec, "resources"), 1)


def _status(facts: Facts) -> Iterator[Entry]:
    pod = facts.found
    phase, deleted = text(pod, "status", "phase"), get(pod, "metadata", "deletionTimestamp")
    if deleted and phase not in _OVER:
        yield Field("Status", f"Terminating (lasts {since(deleted, facts.now)})", meaning=Meaning.PLANNED)
        yield Field("Termination Grace Period", f"{number(pod, 'metadata', 'deletionGracePeriodSeconds')}s")
    else:
        meaning = Meaning.LOOK if phase in ("Failed", "Unknown") else Meaning.PLAIN
        yield Field("Status", phase, meaning=Meaning.PLANNED if phase == "Pending" else meaning)
    for label, field in (("Reason", "reason"), ("Message", "message")):
        if text(pod, "status", field):
            yield Field(label, text(pod, "status", field).split("\n"))
    profile = mapping(pod, "spec", "securityContext", "seccompProfile")
    if profile:
        yield Field("SeccompProfile", text(profile, "type"))
        if text(profile, "type") == "Localhost":
            yield Field("LocalhostProfile", text(profile, "localhostProfile"))


def _addresses(pod: Json) -> Iterator[Entry]:
    yield Field("IP", text(pod, "status", "podIP"))
    found = items(pod, "status", "podIPs")
    if not found:
        yield Field("IPs", NONE)
        return
    yield Heading("IPs")
    yield from (Field("IP", text(one, "ip"), 1) for one in found)


def all_containers(facts: Facts) -> Iterator[Entry]:
    """Init containers where there are any, containers, ephemeral ones where there are any."""
    pod, now = facts.found, facts.now
    if items(pod, "spec", "initContainers"):
        yield from pod_containers("Init Containers", pod, "initContainers", "initContainerStatuses", now)
    yield from pod_containers("Containers", pod, "containers", "containerStatuses", now)
    if items(pod, "spec", "ephemeralContainers"):
        yield from pod_containers("Ephemeral Containers", pod, "ephemeralContainers", "ephemeralContainerStatuses", now)


def conditions(facts: Facts) -> Iterator[Entry]:
    """Type and status as kubectl prints them; behind them why and since when."""
    found = items(facts.found, "status", "conditions")
    gates = [text(one, "conditionType") for one in items(facts.found, "spec", "readinessGates")]
    if gates:
        told = {text(one, "type"): text(one, "status") for one in reversed(found)}
        yield Heading("Readiness Gates")
        yield Grid(("Type", "Status"), [Row((gate, told.get(gate, NONE))) for gate in gates], ruled=False)
    if found:
        yield Heading("Conditions")
        yield Grid(("Type", "Status"), [_condition(one, facts) for one in found], ruled=False)


_BAD_WHEN_TRUE: Final = frozenset({"DisruptionTarget", "PodResizePending", "PodResizeInProgress"})


def _condition(one: Json, facts: Facts) -> Row:
    kind, status = text(one, "type"), text(one, "status")
    bad = (status == "True") == (kind in _BAD_WHEN_TRUE)
    done = text(facts.found, "status", "phase") in _OVER
    why = ": ".join(part for part in (text(one, "reason"), text(one, "message")) if part)
    when = since(get(one, "lastTransitionTime"), facts.now) if get(one, "lastTransitionTime") else ""
    note = ", ".join(part for part in (why, f"for {when}" if when else "") if part)
    return Row((kind, status), note=note, meaning=Meaning.LOOK if bad and not done else Meaning.PLAIN)


def all_volumes(facts: Facts) -> Iterator[Entry]:
    """The pod's volumes."""
    yield from volumes(mapping(facts.found, "spec"))


def placement(facts: Facts) -> Iterator[Entry]:
    """QoS class and what decides where it goes."""
    spec = mapping(facts.found, "spec")
    yield Field("QoS Class", qos_class(facts.found))
    yield scheduling.node_selectors(spec)
    yield scheduling.tolerations(spec)
    yield from scheduling.spread(spec)
    yield from scheduling.scheduling_group(spec)


POD: Final = Description(
    "Pod", "", (pod_problems, head, owners, all_containers, conditions, all_volumes, placement, events)
)
