"""Nodes, as ``describeNode`` of kubectl has them; conditions with what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.insight.describe import metadata, scheduling
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts, Need
from kubetui.insight.describe.node_pods import allocated, node_pods, pods_need
from kubetui.insight.describe.node_problems import node_problems
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row
from kubetui.insight.describe.reading import (
    NONE,
    UNSET,
    Json,
    get,
    go_text,
    items,
    mapping,
    seconds_of,
    since,
    strings,
    text,
    time_text,
)
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import good_when_true

_ROLE: Final = "node-role.kubernetes.io/"
_OLD_ROLE: Final = "kubernetes.io/role"


def head(facts: Facts) -> Iterator[Entry]:
    """Name, roles, labels, annotations, taints."""
    node = facts.found
    yield from metadata.name(node)
    yield Field("Roles", ",".join(_roles(node)) or NONE)
    yield metadata.labels_field(node)
    yield metadata.annotations_field(node)
    yield metadata.created(facts)
    yield Field("Taints", scheduling.taints(items(node, "spec", "taints")))
    cordoned = get(node, "spec", "unschedulable") is True
    yield Field("Unschedulable", go_text(cordoned), meaning=Meaning.PLANNED if cordoned else Meaning.PLAIN)


def _roles(node: Json) -> list[str]:
    found = set()
    for key, value in mapping(node, "metadata", "labels").items():
        if key.startswith(_ROLE) and key != _ROLE:
            found.add(key.removeprefix(_ROLE))
        elif key == _OLD_ROLE and value:
            found.add(go_text(value))
    return sorted(found)


def lease(facts: Facts) -> Iterator[Entry]:
    """The kubelet renews it every 10 seconds; after 40 without, the node is taken for lost."""
    part = facts.part("lease")
    if not part.known:
        yield Field("Lease", "loading …" if part.loading else part.trouble)
        return
    spec = mapping(part.items[0], "spec") if part.items else {}
    renewed = get(spec, "renewTime")
    late = bool(renewed) and facts.now - seconds_of(renewed) > 40
    yield Heading("Lease")
    yield Field("HolderIdentity", text(spec, "holderIdentity", default=UNSET), 1)
    for label, field in (("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")):
        at = get(spec, field)
        is_late = late and field == "renewTime"
        note = f"{since(at, facts.now)} ago" + (", late: the kubelet renews it every 10 s" if is_late else "")
        meaning = Meaning.LOOK if is_late else Meaning.PLAIN
        yield Field(label, time_text(at) if at else UNSET, 1, note=note if at else "", meaning=meaning)


def conditions(facts: Facts) -> Iterator[Entry]:
    """What they mean stands behind those that are bad; the times, which are wide, come last."""
    found = items(facts.found, "status", "conditions")
    if found:
        yield Heading("Conditions")
        head_ = ("Type", "Status", "Since", "Reason", "Message", "LastHeartbeatTime", "LastTransitionTime")
        yield Grid(head_, [_condition(one, facts.now) for one in found], ruled=False)


def _condition(one: Json, now: float) -> Row:
    kind, status = text(one, "type"), text(one, "status")
    bad = status != ("True" if good_when_true(kind) else "False")
    cells = (
        kind,
        status,
        since(get(one, "lastTransitionTime"), now),
        text(one, "reason"),
        text(one, "message"),
        time_text(get(one, "lastHeartbeatTime")),
        time_text(get(one, "lastTransitionTime")),
    )
    meaning = (Meaning.ACT if kind == "Ready" else Meaning.LOOK) if bad else Meaning.PLAIN
    return Row(cells, meaning=meaning)


def addresses(facts: Facts) -> Iterator[Entry]:
    """All of them."""
    yield Heading("Addresses")
    for one in items(facts.found, "status", "addresses"):
        yield Field(text(one, "type"), text(one, "address"), 1)


def resources(facts: Facts) -> Iterator[Entry]:
    """Capacity and allocatable."""
    for label, field in (("Capacity", "capacity"), ("Allocatable", "allocatable")):
        found = mapping(facts.found, "status", field)
        if found:
            yield Heading(label)
            yield from (Field(key, text(found, key), 1) for key in sorted(found))


_INFO: Final = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
)


def system(facts: Facts) -> Iterator[Entry]:
    """System info and how the node is known to the network and to Azure."""
    info = mapping(facts.found, "status", "nodeInfo")
    yield Heading("System Info")
    yield from (Field(label, text(info, field), 1) for label, field in _INFO)
    spec = mapping(facts.found, "spec")
    if text(spec, "podCIDR"):
        yield Field("PodCIDR", text(spec, "podCIDR"))
    if strings(spec, "podCIDRs"):
        yield Field("PodCIDRs", ",".join(strings(spec, "podCIDRs")))
    if text(spec, "providerID"):
        yield Field("ProviderID", text(spec, "providerID"))


def needs(found: Json) -> Sequence[Need]:
    """Its lease, and the pods on it that are not over."""
    name = text(found, "metadata", "name")
    path = f"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}"
    return (Need("lease", path, f"get Lease kube-node-lease/{name}", single=True), pods_need(name))


NODE: Final = Description(
    "Node",
    "",
    (node_problems, head, lease, conditions, addresses, resources, system, node_pods, allocated, events),
    needs,
)
