"""NetworkPolicies, as ``describeNetworkPolicy`` of kubectl has them: which traffic they let through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Heading, Words
from kubetui.insight.describe.reading import NONE, Json, get, items, mapping, selector_text, strings, text


def head(facts: Facts) -> Iterator[Entry]:
    """Name and when it was made."""
    yield from metadata.name(facts.found)
    created = text(facts.found, "metadata", "creationTimestamp")
    yield Field("Created on", created.replace("T", " ").replace("Z", " +0000 UTC"))
    yield metadata.labels_field(facts.found)
    yield metadata.annotations_field(facts.found)


def spec(facts: Facts) -> Iterator[Entry]:
    """Which pods, and what may come in and go out."""
    found = mapping(facts.found, "spec")
    types = strings(found, "policyTypes")
    chosen = selector_text(found, "podSelector")
    everything = f"{NONE} (Allowing the specific traffic to all pods in this namespace)"
    yield Heading("Spec")
    yield Field("PodSelector", everything if chosen == NONE else chosen, 1)
    yield from _direction("ingress", "Ingress" in types, items(found, "ingress"), "from")
    yield from _direction("egress", "Egress" in types, items(found, "egress"), "to")
    yield Field("Policy Types", ", ".join(types) or NONE, 1)


def _direction(word: str, affected: bool, rules: Any, peers: str) -> Iterator[Entry]:
    if not affected:
        yield Words(f"Not affecting {word} traffic", 1)
        return
    yield Heading(f"Allowing {word} traffic", 1)
    if not rules:
        yield Words(f"{NONE} (Selected pods are isolated for {word} connectivity)", 2)
    for at, rule in enumerate(rules):
        if at:
            yield Words("----------", 2)
        yield from _ports(rule)
        yield from _peers(rule, peers)


def _ports(rule: Json) -> Iterator[Entry]:
    ports = items(rule, "ports")
    if not ports:
        yield Field("To Port", "<any> (traffic allowed to all ports)", 2)
    for one in ports:
        port, protocol = text(one, "port", default="<nil>"), text(one, "protocol", default="TCP")
        if get(one, "endPort") is None:
            yield Field("To Port", f"{port}/{protocol}", 2)
        else:
            yield Field("To Port Range", f"{port}-{text(one, 'endPort')}/{protocol}", 2)


def _peers(rule: Json, field: str) -> Iterator[Entry]:
    title = field.capitalize()
    peers = items(rule, field)
    if not peers:
        end = "source" if field == "from" else "destination"
        yield Field(title, f"<any> (traffic not restricted by {end})", 2)
    for peer in peers:
        yield Heading(title, 2)
        block = mapping(peer, "ipBlock")
        for label, selector in (("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")):
            if get(peer, selector) is not None:
                yield Field(label, selector_text(peer, selector), 3)
        if block:
            yield Heading("IPBlock", 3)
            yield Field("CIDR", text(block, "cidr"), 4)
            yield Field("Except", ", ".join(strings(block, "except")), 4)


NETWORK_POLICY: Final = Description("NetworkPolicy", "networking.k8s.io", (head, spec, owners), has_events=False)
