"""PersistentVolumeClaims, as ``describePersistentVolumeClaim`` of kubectl has them, with the pods that use them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts, Need
from kubetui.insight.describe.in_short import leaving
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row
from kubetui.insight.describe.reading import NONE, Json, get, items, mapping, since, strings, text, time_text
from kubetui.kinds.kind import Meaning
from kubetui.kinds.wire import PlainMetaWire, Wire

_CLASS: Final = "volume.beta.kubernetes.io/storage-class"
_MODES: Final = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


class ClaimWire(Wire):
    """``persistentVolumeClaim``."""

    claim_name: str | None = None


class VolumeWire(Wire):
    """``spec.volumes[]``."""

    persistent_volume_claim: ClaimWire | None = None


class SpecWire(Wire):
    """``spec``."""

    volumes: list[VolumeWire] | None = None


class MountingPodWire(Wire):
    """A pod as far as its claims go."""

    metadata: PlainMetaWire
    spec: SpecWire = msgspec.field(default_factory=SpecWire)


def storage_class(found: Json) -> str:
    """The annotation of old, else the field."""
    return text(found, "metadata", "annotations", _CLASS) or text(found, "spec", "storageClassName")


def access_modes(modes: Sequence[str]) -> str:
    """``RWO,ROX``."""
    return ",".join(short for mode, short in _MODES.items() if mode in modes)


def head(facts: Facts) -> Iterator[Entry]:
    """Name, class, status, what it got."""
    found = facts.found
    bound = bool(text(found, "spec", "volumeName"))
    yield from metadata.name(found)
    yield Field("StorageClass", storage_class(found))
    yield status(facts)
    yield Field("Volume", text(found, "spec", "volumeName"))
    yield metadata.labels_field(found)
    yield metadata.annotations_field(found)
    yield Field("Finalizers", metadata.finalizers(found))
    asked = text(found, "spec", "resources", "requests", "storage")
    given = text(found, "status", "capacity", "storage", default="0") if bound else ""
    yield Field("Capacity", given, note=f"asked for {asked}" if asked != given else "")
    yield Field("Access Modes", access_modes(strings(found, "status", "accessModes")) if bound else "")
    if text(found, "spec", "volumeMode"):
        yield Field("VolumeMode", text(found, "spec", "volumeMode"))
    origin = mapping(found, "spec", "dataSource")
    if origin:
        yield Heading("DataSource")
        for label, field in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
            if get(origin, field) is not None or field != "apiGroup":
                yield Field(label, text(origin, field), 1)
    yield _used_by(facts)


def status(facts: Facts) -> Field:
    """The phase, or since when it is being deleted."""
    deleted = get(facts.found, "metadata", "deletionTimestamp")
    if deleted:
        return Field("Status", f"Terminating (lasts {since(deleted, facts.now)})", meaning=Meaning.PLANNED)
    phase = text(facts.found, "status", "phase")
    meanings = {"Pending": Meaning.PLANNED, "Lost": Meaning.ACT, "Failed": Meaning.ACT, "Released": Meaning.LOOK}
    return Field("Status", phase, meaning=meanings.get(phase, Meaning.PLAIN))


def _used_by(facts: Facts) -> Field:
    part = facts.part("pods")
    if not part.known:
        loading = part.loading
        words = "loading …" if loading else "not known"
        return Field("Used By", words, note=part.trouble, meaning=Meaning.PLAIN if loading else Meaning.LOOK)
    name = text(facts.found, "metadata", "name")
    users = [pod.metadata.name for pod in part.items if name in _claims(pod)]
    return Field("Used By", sorted(users) or NONE)


def _claims(pod: MountingPodWire) -> list[str | None]:
    claims = (volume.persistent_volume_claim for volume in pod.spec.volumes or ())
    return [claim.claim_name for claim in claims if claim is not None]


def conditions(facts: Facts) -> Iterator[Entry]:
    """Resizing and its like; nothing where there are none."""
    found = items(facts.found, "status", "conditions")
    if found:
        yield Heading("Conditions")
        head_ = ("Type", "Status", "LastProbeTime", "LastTransitionTime", "Reason", "Message")
        yield Grid(head_, [Row(_condition(one)) for one in found])


def _condition(one: Json) -> tuple[str, ...]:
    times = (time_text(get(one, "lastProbeTime")), time_text(get(one, "lastTransitionTime")))
    return (text(one, "type"), text(one, "status"), *times, text(one, "reason"), text(one, "message"))


def needs(found: Json) -> Sequence[Need]:
    """The pods of its namespace: nothing else says which of them mount it."""
    namespace = text(found, "metadata", "namespace")
    path = f"/api/v1/namespaces/{namespace}/pods"
    return (Need("pods", path, f"list pods in {namespace}", wire=MountingPodWire),)


VOLUME_CLAIM: Final = Description("PersistentVolumeClaim", "", (leaving, head, owners, conditions, events), needs)
