"""Any other kind, custom resources included: its fields in words, as kubectl's generic describer has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.events import events
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.in_short import in_short
from kubetui.insight.describe.owners import owners
from kubetui.insight.describe.page import Entry, Field, Heading, Words
from kubetui.insight.describe.reading import go_text, text

_SHOWN_ALREADY: Final = frozenset(
    {".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels", ".metadata.annotations"}
)
_ACRONYMS: Final = frozenset({"API", "URL", "UID", "GUID"})
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|-+|[^A-Za-z-]+")
DEEPEST: Final = 24
"""Levels of nesting that are told apart; what lies deeper is one text."""


def head(facts: Facts) -> Iterator[Entry]:
    """Name, labels, annotations."""
    yield Field("Name", text(facts.found, "metadata", "name"))
    yield Field("Namespace", text(facts.found, "metadata", "namespace"))
    yield metadata.labels_field(facts.found)
    yield metadata.annotations_field(facts.found)


def fields(facts: Facts) -> Iterator[Entry]:
    """Everything else."""
    yield from content(facts.found, 0, "")


def content(found: Mapping[str, Any], level: int, path: str) -> Iterator[Entry]:
    """The fields of one object, sorted, nested ones beneath their names."""
    for name, value in sorted(found.items()):
        here = f"{path}.{name}"
        if here in _SHOWN_ALREADY:
            continue
        if level < DEEPEST and isinstance(value, Mapping):
            yield Heading(label_of(name), level)
            yield from content(value, level + 1, here)
        elif level < DEEPEST and isinstance(value, list):
            yield Heading(label_of(name), level)
            for one in value:
                if isinstance(one, Mapping):
                    yield from content(one, level + 1, here)
                else:
                    yield from (Words(line, level + 1) for line in go_text(one).split("\n"))
        else:
            yield Field(label_of(name), go_text(value).split("\n"), level)


def label_of(name: str) -> str:
    """``creationTimestamp`` as ``Creation Timestamp``, ``podCIDRs`` as ``Pod CIDRs``; other characters: unchanged."""
    if not all(one.isalpha() or one == "-" for one in name):
        return name
    return " ".join(_spelled(part) for part in _merged(_PARTS.findall(name)))


def _merged(parts: list[str]) -> Iterator[str]:
    """``CID`` and ``Rs`` belong together."""
    at = 0
    while at < len(parts):
        part = parts[at]
        if len(part) >= 2 and part.isupper() and at + 1 < len(parts) and parts[at + 1][:1].isupper():
            part += parts[at + 1]
            at += 1
        yield part
        at += 1


def _spelled(part: str) -> str:
    if part.upper() in _ACRONYMS:
        return part.upper()
    return part.capitalize() if part.islower() else part


GENERIC: Final = Description("", "", (in_short, head, owners, fields, events))
