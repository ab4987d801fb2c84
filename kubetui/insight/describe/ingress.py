"""Ingresses, as ``describeIngressV1`` of kubectl has them, with the addresses behind each backend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.endpoints import SERVICE_NAME, addresses
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts, Need
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row, Words
from kubetui.insight.describe.reading import NONE, Json, get, items, mapping, number, strings, text


def head(facts: Facts) -> Iterator[Entry]:
    """Name, address, class, default backend."""
    found = facts.found
    yield Field("Name", text(found, "metadata", "name"))
    yield metadata.labels_field(found)
    yield Field("Namespace", text(found, "metadata", "namespace"))
    given = {text(one, "ip") or text(one, "hostname") for one in items(found, "status", "loadBalancer", "ingress")}
    yield Field("Address", ",".join(sorted(given - {""})))
    yield Field("Ingress Class", text(found, "spec", "ingressClassName", default=NONE))
    yield Field("Default backend", _default(facts))


def _default(facts: Facts) -> str:
    backend = get(facts.found, "spec", "defaultBackend")
    return "<default>" if backend is None else _backend(facts, mapping(facts.found, "spec", "defaultBackend"))


def rules(facts: Facts) -> Iterator[Entry]:
    """Certificates, hosts, paths, backends."""
    spec = mapping(facts.found, "spec")
    if items(spec, "tls"):
        yield Heading("TLS")
    for one in items(spec, "tls"):
        hosts, secret = ",".join(strings(one, "hosts")), text(one, "secretName")
        yield Words(f"{secret} terminates {hosts}" if secret else f"SNI routes {hosts}", 1)
    yield Heading("Rules")
    yield Grid(("Host", "Path", "Backends"), list(_rules(facts)))
    yield metadata.annotations_field(facts.found)


def _rules(facts: Facts) -> Iterator[Row]:
    found = [one for one in items(facts.found, "spec", "rules") if get(one, "http") is not None]
    for rule in found:
        yield Row((text(rule, "host") or "*",))
        for path in items(rule, "http", "paths"):
            yield Row(("", text(path, "path"), _backend(facts, mapping(path, "backend"))))
    if not found:
        yield Row(("*", "*", _default(facts)))


def _backend(facts: Facts, backend: Json) -> str:
    if get(backend, "service") is not None:
        return _service(facts, mapping(backend, "service"))
    resource = mapping(backend, "resource")
    if resource:
        group = text(resource, "apiGroup", default=NONE)
        return f"APIGroup: {group}, Kind: {text(resource, 'kind')}, Name: {text(resource, 'name')}"
    return ""


def _service(facts: Facts, wanted: Json) -> str:
    name, port = text(wanted, "name"), mapping(wanted, "port")
    words = f"{name}:{text(port, 'number') or text(port, 'name')}"
    services, slices = facts.part("services"), facts.part("endpointslices")
    for part in (services, slices):
        if not part.known:
            return f"{words} (loading …)" if part.loading else f"{words} ({part.trouble})"
    service = next((one for one in services.items if text(one, "metadata", "name") == name), None)
    if service is None:
        return f'{words} (<error: services "{name}" not found>)'
    own = [one for one in slices.items if text(one, "metadata", "labels", SERVICE_NAME) == name]
    return f"{words} ({addresses(own, _port_name(service, port))})"


def _port_name(service: Json, port: Json) -> str:
    for one in items(service, "spec", "ports"):
        by_number = number(port, "number") and number(port, "number") == number(one, "port")
        if by_number or (text(port, "name") and text(port, "name") == text(one, "name")):
            return text(one, "name")
    return ""


def needs(found: Json) -> Sequence[Need]:
    """The Services of its backends and their EndpointSlices."""
    names = sorted(_services(mapping(found, "spec")))
    if not names:
        return ()
    namespace = text(found, "metadata", "namespace")
    selector = (("labelSelector", f"{SERVICE_NAME} in ({','.join(names)})"),)
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
    return (
        Need("services", f"/api/v1/namespaces/{namespace}/services", f"list services in {namespace}"),
        Need("endpointslices", slices, f"list endpointslices in {namespace}", selector),
    )


def _services(spec: Json) -> set[str]:
    backends = [mapping(path, "backend") for rule in items(spec, "rules") for path in items(rule, "http", "paths")]
    return {text(one, "service", "name") for one in (*backends, mapping(spec, "defaultBackend"))} - {""}


INGRESS: Final = Description("Ingress", "networking.k8s.io", (head, rules, owners, events), needs)
