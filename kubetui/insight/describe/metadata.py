"""What every object has: name, namespace, labels, annotations, times, its controller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.page import Entry, Field
from kubetui.insight.describe.reading import NONE, Json, ago, get, go_text, items, mapping, pairs, text, time_text

LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
"""What ``kubectl apply`` remembers: the whole object once more. kubectl leaves it out, so does this."""
_LONGEST: Final = 140


def name(found: Json) -> Iterator[Entry]:
    """Name and namespace; a cluster-scoped object has none."""
    yield Field("Name", text(found, "metadata", "name"))
    if get(found, "metadata", "namespace"):
        yield Field("Namespace", text(found, "metadata", "namespace"))


def labels_field(found: Json, level: int = 0) -> Field:
    """All labels, a line each."""
    return Field("Labels", pairs(found, "metadata", "labels"), level)


def annotations_field(found: Json, level: int = 0) -> Field:
    """All annotations but the last applied configuration; long ones are cut, as kubectl does."""
    lines: list[str] = []
    for key, value in sorted(mapping(found, "metadata", "annotations").items()):
        if key != LAST_APPLIED:
            lines += _annotation(key, go_text(value).removesuffix("\n"))
    return Field("Annotations", lines or [NONE], level)


def _annotation(key: str, value: str) -> list[str]:
    if len(key) + len(value) + 2 <= _LONGEST and "\n" not in value:
        return [f"{key}: {value}"]
    return [f"{key}:", *(f"  {_shortened(line)}" for line in value.split("\n"))]


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST - 2 else line[: _LONGEST - 2] + "..."


def created(facts: Facts) -> Field:
    """When it was created, and how long ago."""
    when = get(facts.found, "metadata", "creationTimestamp")
    return Field("CreationTimestamp", time_text(when), note=ago(when, facts.now))


def controlled_by(found: Json) -> Iterator[Entry]:
    """The owner that controls the object."""
    owner = controller(found)
    if owner is not None:
        yield Field("Controlled By", f"{text(owner, 'kind')}/{text(owner, 'name')}")


def controller(found: Json) -> Json | None:
    """The owner reference of the controller."""
    return next((one for one in items(found, "metadata", "ownerReferences") if one.get("controller") is True), None)


def finalizers(found: Json) -> Sequence[str] | str:
    """As Go prints a list of strings."""
    return go_text(get(found, "metadata", "finalizers") or [])
