"""HorizontalPodAutoscalers (autoscaling/v2), as kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row, Words
from kubetui.insight.describe.reading import UNKNOWN, UNSET, Json, get, items, mapping, number, text
from kubetui.kinds.kind import Meaning


def problems(facts: Facts) -> Iterator[Entry]:
    """Why it does not scale, and that it wants more than it may."""
    for one in items(facts.found, "status", "conditions"):
        kind, status = text(one, "type"), text(one, "status")
        if kind == "ScalingLimited" and status == "True":
            yield Words(f"{text(one, 'reason')}: {text(one, 'message')}", meaning=Meaning.LOOK)
        elif kind in ("ScalingActive", "AbleToScale") and status == "False":
            yield Words(f"{text(one, 'reason')}: {text(one, 'message')}", meaning=Meaning.ACT)


def head(facts: Facts) -> Iterator[Entry]:
    """Name, what it scales, by which metrics, between which bounds."""
    found = facts.found
    spec = mapping(found, "spec")
    target = mapping(spec, "scaleTargetRef")
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield metadata.created(facts)
    yield Field("Reference", f"{text(target, 'kind')}/{text(target, 'name')}")
    if get(spec, "metrics") is None and get(spec, "targetCPUUtilizationPercentage") is not None:
        yield from _version_one(found)
    else:
        yield Field("Metrics", "( current / target )")
        told = items(found, "status", "currentMetrics")
        for at, metric in enumerate(items(spec, "metrics")):
            label, value = metric_text(metric, told[at] if at < len(told) else {})
            yield Field(label, value, 1)
    yield Field("Min replicas", text(spec, "minReplicas", default=UNSET))
    yield Field("Max replicas", str(number(spec, "maxReplicas")))
    yield from _behavior(mapping(spec, "behavior"))
    status = mapping(found, "status")
    words = f"{number(status, 'currentReplicas')} current / {number(status, 'desiredReplicas')} desired"
    yield Field(f"{text(target, 'kind')} pods", words)


def _version_one(found: Json) -> Iterator[Entry]:
    yield Field("Target CPU utilization", f"{text(found, 'spec', 'targetCPUUtilizationPercentage')}%")
    current = text(found, "status", "currentCPUUtilizationPercentage", default=UNKNOWN)
    yield Field("Current CPU utilization", f"{current}%")


def metric_text(metric: Json, told: Json) -> tuple[str, str]:
    """(what, ``current / target``) of one metric."""
    match text(metric, "type"):
        case "Resource":
            one, now = mapping(metric, "resource"), mapping(told, "resource", "current")
            return _usage(f"resource {text(one, 'name')} on pods", mapping(one, "target"), now)
        case "ContainerResource":
            one, now = mapping(metric, "containerResource"), mapping(told, "containerResource", "current")
            words = f'resource {text(one, "name")} of container "{text(one, "container")}" on pods'
            return _usage(words, mapping(one, "target"), now)
        case "Pods":
            one, now = mapping(metric, "pods"), mapping(told, "pods", "current")
            return f'"{text(one, "metric", "name")}" on pods', _amount(now, one, "averageValue")
        case "Object":
            one, now = mapping(metric, "object"), mapping(told, "object", "current")
            of = f"{text(one, 'describedObject', 'kind')}/{text(one, 'describedObject', 'name')}"
            average = text(one, "target", "type") == "AverageValue"
            return _valued(f'"{text(one, "metric", "name")}" on {of} ', one, now, average=average)
        case "External":
            one, now = mapping(metric, "external"), mapping(told, "external", "current")
            average = get(one, "target", "averageValue") is not None
            return _valued(f'"{text(one, "metric", "name")}" ', one, now, average=average)
        case other:
            return "Metric", f'<unknown metric type "{other}">'


def _usage(words: str, target: Json, now: Json) -> tuple[str, str]:
    if get(target, "averageValue") is not None:
        return words, f"{text(now, 'averageValue', default=UNKNOWN)} / {text(target, 'averageValue')}"
    current = UNKNOWN
    if get(now, "averageUtilization") is not None:
        current = f"{text(now, 'averageUtilization')}% ({text(now, 'averageValue')})"
    wanted = "<auto>" if get(target, "averageUtilization") is None else f"{text(target, 'averageUtilization')}%"
    return f"{words}  (as a percentage of request)", f"{current} / {wanted}"


def _valued(words: str, one: Json, now: Json, *, average: bool) -> tuple[str, str]:
    field = "averageValue" if average else "value"
    return f"{words}(target {'average ' if average else ''}value)", _amount(now, one, field)


def _amount(now: Json, one: Json, field: str) -> str:
    return f"{text(now, field, default=UNKNOWN)} / {text(one, 'target', field)}"


def _behavior(found: Json) -> Iterator[Entry]:
    if not found:
        return
    yield Heading("Behavior")
    for label, field in (("Scale Up", "scaleUp"), ("Scale Down", "scaleDown")):
        rules = mapping(found, field)
        if not rules:
            continue
        yield Heading(label, 1)
        if get(rules, "stabilizationWindowSeconds") is not None:
            yield Field("Stabilization Window", f"{number(rules, 'stabilizationWindowSeconds')} seconds", 2)
        policies = items(rules, "policies")
        if policies:
            yield Field("Select Policy", text(rules, "selectPolicy", default="Max"), 2)
            yield Heading("Policies", 2)
        for one in policies:
            period = f"Period: {number(one, 'periodSeconds')} seconds"
            yield Words(f"- Type: {text(one, 'type')}  Value: {number(one, 'value')}  {period}", 3)


def conditions(facts: Facts) -> Iterator[Entry]:
    """Whether and why it scales."""
    found = items(facts.found, "status", "conditions")
    if found:
        yield Heading("Conditions")
        rows = [Row(tuple(text(one, field) for field in ("type", "status", "reason", "message"))) for one in found]
        yield Grid(("Type", "Status", "Reason", "Message"), rows)


AUTOSCALER: Final = Description("HorizontalPodAutoscaler", "autoscaling", (problems, head, owners, conditions, events))
