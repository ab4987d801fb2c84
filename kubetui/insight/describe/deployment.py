"""Deployments, as ``describeDeployment`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts, Need
from kubetui.insight.describe.in_short import in_short
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.pod_template import pod_template
from kubetui.insight.describe.reading import NONE, Json, get, mapping, number, selector_text, text
from kubetui.insight.describe.workload_conditions import conditions
from kubetui.kinds.kind import Meaning

_HASH: Final = "pod-template-hash"


def head(facts: Facts) -> Iterator[Entry]:
    """Name, selector, replicas, strategy."""
    found = facts.found
    yield from metadata.name(found)
    yield metadata.created(facts)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("Selector", selector_text(found, "spec", "selector"))
    yield _replicas(found)
    yield Field("StrategyType", text(found, "spec", "strategy", "type"))
    yield Field("MinReadySeconds", str(number(found, "spec", "minReadySeconds")))
    rolling = mapping(found, "spec", "strategy", "rollingUpdate")
    if rolling:
        words = f"{text(rolling, 'maxUnavailable')} max unavailable, {text(rolling, 'maxSurge')} max surge"
        yield Field("RollingUpdateStrategy", words)


def _replicas(found: Json) -> Field:
    status = mapping(found, "status")
    counts = " | ".join(
        f"{number(status, field)} {word}"
        for word, field in (
            ("updated", "updatedReplicas"),
            ("total", "replicas"),
            ("available", "availableReplicas"),
            ("unavailable", "unavailableReplicas"),
        )
    )
    meaning = Meaning.LOOK if number(status, "unavailableReplicas") else Meaning.PLAIN
    return Field("Replicas", f"{number(found, 'spec', 'replicas')} desired | {counts}", meaning=meaning)


def replica_sets(facts: Facts) -> Iterator[Entry]:
    """Old and new ReplicaSets; the new one is that of the present template."""
    part = facts.part("replicasets")
    if not part.known:
        words = "loading …" if part.loading else "not known"
        yield Field("NewReplicaSet", words, note=part.trouble, meaning=Meaning.LOOK if part.trouble else Meaning.PLAIN)
        return
    own = _own(facts.found, part.items)
    new = next((one for one in own if _same_template(facts.found, one)), None)
    if own:
        yield Field("OldReplicaSets", _listed([one for one in own if one is not new]))
        yield Field("NewReplicaSet", _listed([new] if new is not None else []))


def _own(found: Json, every: Sequence[Json]) -> list[Json]:
    """Those that the Deployment controls, the oldest first."""
    uid = text(found, "metadata", "uid")
    own = [one for one in every if text(metadata.controller(one), "uid") == uid]
    return sorted(own, key=lambda one: (text(one, "metadata", "creationTimestamp"), text(one, "metadata", "name")))


def _same_template(found: Json, one: Json) -> bool:
    return bool(_without_hash(get(found, "spec", "template")) == _without_hash(get(one, "spec", "template")))


def _without_hash(template: Any) -> Any:
    if not isinstance(template, Mapping):
        return template
    about = dict(mapping(template, "metadata"))
    about["labels"] = {key: value for key, value in mapping(about, "labels").items() if key != _HASH}
    return {**template, "metadata": about}


def _listed(found: Sequence[Json]) -> str:
    words = [
        f"{text(one, 'metadata', 'name')} ({number(one, 'status', 'replicas')}/{number(one, 'spec', 'replicas')} "
        "replicas created)"
        for one in found
    ]
    return ", ".join(words) or NONE


def needs(found: Json) -> Sequence[Need]:
    """Its ReplicaSets."""
    namespace, selector = text(found, "metadata", "namespace"), selector_text(found, "spec", "selector")
    path = f"/apis/apps/v1/namespaces/{namespace}/replicasets"
    return (Need("replicasets", path, f"list replicasets in {namespace}", (("labelSelector", selector),)),)


DEPLOYMENT: Final = Description(
    "Deployment", "apps", (in_short, head, owners, pod_template, conditions, replica_sets, events), needs
)
