"""Namespaces: their status, age and labels."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Kind, Meaning
from kubetui.kinds.wire import Labels, PlainMetaWire, Wire, decode, labels_of, seconds, version_of, word


class NamespaceStatusWire(Wire):
    """``status``."""

    phase: str | None = None


class NamespaceWire(Wire):
    """One Namespace."""

    metadata: PlainMetaWire
    status: NamespaceStatusWire = msgspec.field(default_factory=NamespaceStatusWire)


class NamespaceRow(msgspec.Struct, frozen=True, gc=False):
    """One namespace. Times are Unix seconds."""

    name: str
    version: int
    namespace: str = ""
    provisional: bool = False
    status: str = ""
    """``Active`` or ``Terminating``."""
    created: int = 0
    deleted: int = 0
    labels: Labels = ()


_decoder = msgspec.json.Decoder(NamespaceWire)


def decode_item(raw: bytes | msgspec.Raw) -> NamespaceWire:
    """One Namespace's JSON. Raises msgspec.ValidationError whatever is wrong with it."""
    return decode(_decoder, raw)


def namespace_row(wire: NamespaceWire) -> NamespaceRow:
    """The flat row of one Namespace. Raises msgspec.ValidationError where a time is none."""
    meta = wire.metadata
    return NamespaceRow(
        name=word(meta.name),
        version=version_of(meta.resource_version),
        status=word(wire.status.phase),
        created=seconds(meta.creation_timestamp),
        deleted=seconds(meta.deletion_timestamp),
        labels=labels_of(meta.labels),
    )


def _meaning(row: NamespaceRow) -> Meaning:
    return Meaning.FINE if row.status == "Active" else Meaning.LOOK


def _labels_text(row: NamespaceRow, now: float) -> str:
    return ",".join(f"{key}={value}" if value else key for key, value in row.labels)


NAMESPACE: Final[Kind[NamespaceRow]] = Kind(
    name="Namespace",
    plural="namespaces",
    group="",
    api_version="v1",
    namespaced=False,
    wire=NamespaceWire,
    row=namespace_row,
    columns=(
        Column("NAME", lambda row, now: row.name, lambda row: row.name, width=16, max_width=63, priority=0,
               from_table="exact"),
        Column("STATUS", lambda row, now: row.status, lambda row: row.status, width=11, priority=1,
               from_table="exact", meaning=_meaning, marked=True),
        Column("AGE", lambda row, now: age(row.created, now), lambda row: (row.created == 0, -row.created),
               width=5, right=True, priority=1, timed=True),
        Column("LABELS", _labels_text, lambda row: row.labels, width=8, max_width=60, priority=5, wide=True),
    ),
    aliases=("ns",),
    problem=lambda row: row.status != "Active",
    labels=lambda row: row.labels,
)  # fmt: skip
