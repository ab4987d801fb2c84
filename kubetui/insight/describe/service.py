"""Services, as ``describeService`` of kubectl has them, with the addresses behind each port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.endpoints import SERVICE_NAME, addresses
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts, Need
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.reading import NONE, UNSET, Json, get, items, mapping, number, pairs, strings, text
from kubetui.kinds.kind import Meaning


def head(facts: Facts) -> Iterator[Entry]:
    """Name, selector, type, addresses."""
    found = facts.found
    spec = mapping(found, "spec")
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("Selector", ",".join(pairs(spec, "selector")))
    yield Field("Type", text(spec, "type"))
    if text(spec, "ipFamilyPolicy"):
        yield Field("IP Family Policy", text(spec, "ipFamilyPolicy"))
    yield Field("IP Families", ",".join(strings(spec, "ipFamilies")) or NONE)
    yield Field("IP", text(spec, "clusterIP"))
    yield Field("IPs", ",".join(strings(spec, "clusterIPs")) or NONE)
    if strings(spec, "externalIPs"):
        yield Field("External IPs", ",".join(strings(spec, "externalIPs")))
    for label, field in (("Desired LoadBalancer IP", "loadBalancerIP"), ("External Name", "externalName")):
        if text(spec, field):
            yield Field(label, text(spec, field))
    yield from _load_balancer(found)


def _load_balancer(found: Json) -> Iterator[Entry]:
    given = [_ingress(one) for one in items(found, "status", "loadBalancer", "ingress")]
    if given:
        yield Field("LoadBalancer Ingress", ", ".join(given))
    elif text(found, "spec", "type") == "LoadBalancer":
        yield Field("LoadBalancer Ingress", "", note="no address yet", meaning=Meaning.PLANNED)


def _ingress(one: Json) -> str:
    mode = f" ({text(one, 'ipMode')})" if text(one, "ipMode") else ""
    return text(one, "ip") + mode if text(one, "ip") else text(one, "hostname")


def ports(facts: Facts) -> Iterator[Entry]:
    """Each port and the addresses that serve it."""
    spec = mapping(facts.found, "spec")
    part = facts.part("endpointslices")
    for port in items(spec, "ports"):
        name, protocol = text(port, "name") or UNSET, text(port, "protocol")
        yield Field("Port", f"{name}  {number(port, 'port')}/{protocol}")
        yield Field("TargetPort", f"{text(port, 'targetPort')}/{protocol}")
        if text(port, "appProtocol"):
            yield Field("AppProtocol", text(port, "appProtocol"))
        if number(port, "nodePort"):
            yield Field("NodePort", f"{name}  {number(port, 'nodePort')}/{protocol}")
        if part.loading:
            yield Field("Endpoints", "loading …")
        elif part.trouble:
            yield Field("Endpoints", "not known", note=part.trouble, meaning=Meaning.LOOK)
        else:
            found = addresses(part.items, text(port, "name"))
            none = found in ("", NONE) and bool(mapping(spec, "selector"))
            note = "no pod is ready behind this Service" if none else ""
            yield Field("Endpoints", found, note=note, meaning=Meaning.LOOK if none else Meaning.PLAIN)


def policies(facts: Facts) -> Iterator[Entry]:
    """Affinity and traffic policies."""
    spec = mapping(facts.found, "spec")
    yield Field("Session Affinity", text(spec, "sessionAffinity"))
    for label, field in (
        ("External Traffic Policy", "externalTrafficPolicy"),
        ("Internal Traffic Policy", "internalTrafficPolicy"),
    ):
        if text(spec, field):
            yield Field(label, text(spec, field))
    if number(spec, "healthCheckNodePort"):
        yield Field("HealthCheck NodePort", text(spec, "healthCheckNodePort"))
    if strings(spec, "loadBalancerSourceRanges"):
        yield Field("LoadBalancer Source Ranges", ",".join(strings(spec, "loadBalancerSourceRanges")))
    if get(spec, "trafficDistribution") is not None:
        yield Field("Traffic Distribution", text(spec, "trafficDistribution"))


def needs(found: Json) -> Sequence[Need]:
    """Its EndpointSlices."""
    namespace, name = text(found, "metadata", "namespace"), text(found, "metadata", "name")
    path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
    query = (("labelSelector", f"{SERVICE_NAME}={name}"),)
    return (Need("endpointslices", path, f"list endpointslices in {namespace}", query),)


SERVICE: Final = Description("Service", "", (head, ports, policies, owners, events), needs)
