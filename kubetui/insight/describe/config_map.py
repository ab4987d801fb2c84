"""ConfigMaps and Secrets: which keys they hold and how large the values are, never the values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Words
from kubetui.insight.describe.reading import NONE, mapping, text


def head(facts: Facts) -> Iterator[Entry]:
    """Name, labels, annotations; of a Secret its type."""
    yield from metadata.name(facts.found)
    yield metadata.labels_field(facts.found)
    yield metadata.annotations_field(facts.found)
    if text(facts.found, "kind") == "Secret":
        yield Field("Type", text(facts.found, "type"))
    if facts.found.get("immutable") is True:
        yield Field("Immutable", "true")


def data(facts: Facts) -> Iterator[Entry]:
    """Keys and sizes."""
    yield from _sizes(facts, "Data", "data")
    if text(facts.found, "kind") == "ConfigMap":
        yield from _sizes(facts, "BinaryData", "binaryData")
        yield Words("y shows the values", style="dim")


def _sizes(facts: Facts, title: str, field: str) -> Iterator[Entry]:
    found = mapping(facts.found, field)
    yield Words(title, style="bold")
    yield Words("====" if found else NONE, style="dim")
    yield from (Field(key, f"{_size(value, field)} bytes", 1) for key, value in sorted(found.items()))


def _size(value: Any, field: str) -> int:
    """A Secret's values are their sizes already; binary data is base64."""
    if isinstance(value, int):
        return value
    words = str(value)
    return len(words) * 3 // 4 - words[-2:].count("=") if field == "binaryData" else len(words.encode())


CONFIG_MAP: Final = Description("ConfigMap", "", (head, data, owners, events))
SECRET: Final = Description("Secret", "", (head, data, owners), has_events=False)
