"""The pods of a node with what each asks for, and what they ask for together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from kubetui.insight.describe.amounts import ZERO, Amounts, amounts, total
from kubetui.insight.describe.facts import Facts, Need, Part
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row, Words
from kubetui.insight.describe.pod_amounts import AskingPodWire, limits, requests
from kubetui.insight.describe.reading import mapping, since
from kubetui.kinds.kind import Meaning

_HEAD: Final = ("Namespace", "Name", "CPU Requests", "CPU Limits", "Memory Requests", "Memory Limits", "Age")
_FULL: Final = 95
"""Percent of the allocatable from which on hardly a pod finds room."""
_STANDARD: Final = ("cpu", "memory", "ephemeral-storage")


class NodePod(NamedTuple):
    """What a pod asks of its node. While a resize is under way, what counts for the pod is more than for the sums."""

    namespace: str
    name: str
    created: str
    requests: Amounts
    limits: Amounts
    summed_requests: Amounts
    summed_limits: Amounts


def node_pod(pod: AskingPodWire) -> NodePod:
    """Worked out once for each pod."""
    return NodePod(
        pod.metadata.namespace or "",
        pod.metadata.name,
        pod.metadata.creation_timestamp or "",
        requests(pod, use_status=True),
        limits(pod, use_status=True),
        requests(pod, use_status=False),
        limits(pod, use_status=False),
    )


def pods_need(node: str) -> Need:
    """The server has an index of pods by node: it reads these alone, whatever the cluster holds."""
    fields = f"spec.nodeName={node},status.phase!=Succeeded,status.phase!=Failed"
    return Need(
        "pods",
        "/api/v1/pods",
        "list pods in all namespaces",
        (("fieldSelector", fields),),
        wire=AskingPodWire,
        row=node_pod,
    )


def _allocatable(facts: Facts) -> Amounts:
    return amounts(mapping(facts.found, "status", "allocatable") or mapping(facts.found, "status", "capacity"))


def node_pods(facts: Facts) -> Iterator[Entry]:
    """Each pod that is not over."""
    part = facts.part("pods")
    if not part.known:
        yield from _unknown("Non-terminated Pods", part)
        return
    allocatable = _allocatable(facts)
    yield Field("Non-terminated Pods", f"({len(part.items)} in total)")
    yield Grid(_HEAD, [_row(pod, allocatable, facts.now) for pod in part.items])


def _unknown(label: str, part: Part) -> Iterator[Entry]:
    if part.loading:
        yield Field(label, "loading …")
    else:
        yield Field(label, "not known", note=part.trouble, meaning=Meaning.LOOK)


def _row(pod: NodePod, allocatable: Amounts, now: float) -> Row:
    cells = [
        f"{found.get(name, ZERO).text} ({_percent(name, found, allocatable)}%)"
        for name in ("cpu", "memory")
        for found in (pod.requests, pod.limits)
    ]
    return Row((pod.namespace, pod.name, *cells, since(pod.created, now)))


def _percent(name: str, found: Amounts, allocatable: Amounts) -> int:
    amount, of = found.get(name, ZERO), allocatable.get(name, ZERO)
    value, whole = (amount.milli, of.milli) if name == "cpu" else (amount.whole, of.whole)
    return int(value / whole * 100) if whole else 0


def allocated(facts: Facts) -> Iterator[Entry]:
    """The sums, of every resource that the node has."""
    part = facts.part("pods")
    if not part.known:
        return
    allocatable = _allocatable(facts)
    asked = total(pod.summed_requests for pod in part.items)
    limited = total(pod.summed_limits for pod in part.items)
    names = sorted(set(allocatable) - {*_STANDARD, "pods"})
    huge = [name for name in names if name.startswith("hugepages-")]
    yield Heading("Allocated resources")
    yield Words("(Total limits may be over 100 percent, i.e., overcommitted.)", 1, style="dim")
    rows = [_sum(name, asked, limited, allocatable) for name in (*_STANDARD, *huge)]
    rows += [_plain_sum(name, asked, limited, allocatable) for name in names if name not in huge]
    yield Grid(("Resource", "Requests", "Limits", "Allocatable"), rows)


def _sum(name: str, asked: Amounts, limited: Amounts, allocatable: Amounts) -> Row:
    cells = [f"{found.get(name, ZERO).text} ({_percent(name, found, allocatable)}%)" for found in (asked, limited)]
    full = _percent(name, asked, allocatable) >= _FULL
    of = allocatable[name].text if name in allocatable else "–"
    return Row((name, *cells, of), meaning=Meaning.LOOK if full else Meaning.PLAIN)


def _plain_sum(name: str, asked: Amounts, limited: Amounts, allocatable: Amounts) -> Row:
    """Devices are counted, not weighed."""
    return Row((name, asked.get(name, ZERO).text, limited.get(name, ZERO).text, allocatable[name].text))
