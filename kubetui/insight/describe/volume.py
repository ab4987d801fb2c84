"""PersistentVolumes, as ``describePersistentVolume`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.in_short import leaving
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Heading
from kubetui.insight.describe.reading import NONE, Json, get, items, mapping, strings, text
from kubetui.insight.describe.volume_claim import access_modes, status, storage_class
from kubetui.insight.describe.volumes import source


def head(facts: Facts) -> Iterator[Entry]:
    """Name, class, status, claim, size."""
    found = facts.found
    spec = mapping(found, "spec")
    claim = mapping(spec, "claimRef")
    yield from metadata.name(found)
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("Finalizers", metadata.finalizers(found))
    yield Field("StorageClass", storage_class(found))
    yield status(facts)
    yield Field("Claim", f"{text(claim, 'namespace')}/{text(claim, 'name')}" if claim else "")
    yield Field("Reclaim Policy", text(spec, "persistentVolumeReclaimPolicy"))
    yield Field("Access Modes", access_modes(strings(spec, "accessModes")))
    if text(spec, "volumeMode"):
        yield Field("VolumeMode", text(spec, "volumeMode"))
    yield Field("Capacity", text(spec, "capacity", "storage", default="0"))
    yield from _affinity(spec)
    yield Field("Message", text(found, "status", "message"))


def _affinity(spec: Json) -> Iterator[Entry]:
    """On which nodes it can be used."""
    if get(spec, "nodeAffinity", "required") is None:
        yield Field("Node Affinity", NONE)
        return
    terms = items(spec, "nodeAffinity", "required", "nodeSelectorTerms")
    yield Heading("Node Affinity")
    if not terms:
        yield Field("Required Terms", NONE, 1)
        return
    yield Heading("Required Terms", 1)
    for at, term in enumerate(terms):
        yield Field(f"Term {at}", [_requirement(one) for one in items(term, "matchExpressions")] or NONE, 2)


def _requirement(one: Json) -> str:
    words = f"{text(one, 'key')} {text(one, 'operator').lower()}"
    values = strings(one, "values")
    return f"{words} [{', '.join(values)}]" if values else words


def origin(facts: Facts) -> Iterator[Entry]:
    """Where the bytes are."""
    yield Heading("Source")
    yield from source(mapping(facts.found, "spec"), 2, persistent=True)


VOLUME: Final = Description("PersistentVolume", "", (leaving, head, owners, origin, events))
