"""StorageClasses, as ``describeStorageClass`` of kubectl has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.page import Entry, Field, Heading, Words
from kubetui.insight.describe.reading import NONE, Json, get, items, pairs, strings, text, yes_no

_DEFAULT: Final = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


def head(facts: Facts) -> Iterator[Entry]:
    """Name, provisioner, what is done with volumes."""
    found = facts.found
    default = any(text(found, "metadata", "annotations", key) == "true" for key in _DEFAULT)
    yield Field("Name", text(found, "metadata", "name"))
    yield Field("IsDefaultClass", "Yes" if default else "No")
    yield Field("Annotations", ",".join(pairs(found, "metadata", "annotations")))
    yield Field("Provisioner", text(found, "provisioner"))
    yield Field("Parameters", ",".join(pairs(found, "parameters")))
    yield Field("AllowVolumeExpansion", yes_no(get(found, "allowVolumeExpansion")))
    options = strings(found, "mountOptions")
    if options:
        yield Heading("MountOptions")
        yield from (Words(option, 1) for option in options)
    else:
        yield Field("MountOptions", NONE)
    for label, field in (("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")):
        if get(found, field) is not None:
            yield Field(label, text(found, field))
    topologies = items(found, "allowedTopologies")
    if topologies:
        yield Heading("AllowedTopologies")
    for at, term in enumerate(topologies):
        yield Field(f"Term {at}", [_requirement(one) for one in items(term, "matchLabelExpressions")] or NONE, 1)


def _requirement(one: Json) -> str:
    values = strings(one, "values")
    return f"{text(one, 'key')} in [{', '.join(values)}]" if values else f"{text(one, 'key')} in"


STORAGE_CLASS: Final = Description("StorageClass", "storage.k8s.io", (head, events))
