"""The API's list, watch and Table envelopes, decoded; what they hold stays raw until a kind decodes it."""

from __future__ import annotations

from typing import Any

import msgspec


class ListMeta(msgspec.Struct):
    """``metadata`` of a list (meta.k8s.io ListMeta)."""

    resource_version: str = msgspec.field(default="", name="resourceVersion")
    continue_: str = msgspec.field(default="", name="continue")
    remaining: int | None = msgspec.field(default=None, name="remainingItemCount")


class RawList(msgspec.Struct):
    """A page of objects, each still bytes."""

    metadata: ListMeta
    items: list[msgspec.Raw] | None = None


class RawEvent(msgspec.Struct):
    """A watch event; the object's shape depends on the type."""

    type: str
    object: msgspec.Raw


class ObjectMeta(msgspec.Struct):
    """The part of ``metadata`` that a bookmark or an unreadable object is judged by."""

    name: str = ""
    namespace: str = ""
    resource_version: str = msgspec.field(default="", name="resourceVersion")
    annotations: dict[str, str] | None = None


class MetaOnly(msgspec.Struct):
    """An object of which only the metadata matters."""

    metadata: ObjectMeta


class StatusCause(msgspec.Struct):
    """A cause in a Status' details."""

    reason: str = ""
    message: str = ""


class StatusDetails(msgspec.Struct):
    """``details`` of a Status."""

    causes: list[StatusCause] | None = None
    retry_after: float | None = msgspec.field(default=None, name="retryAfterSeconds")


class Status(msgspec.Struct):
    """``meta/v1`` Status: what ERROR events carry."""

    message: str = ""
    reason: str = ""
    code: int = 0
    details: StatusDetails | None = None


class TableColumnDefinition(msgspec.Struct):
    """A column of a Table."""

    name: str


class TableRow(msgspec.Struct):
    """A row of a Table asked for with ``includeObject=None``."""

    cells: list[Any]


class Table(msgspec.Struct):
    """``meta.k8s.io/v1`` Table."""

    metadata: ListMeta
    columns: list[TableColumnDefinition] = msgspec.field(default_factory=list, name="columnDefinitions")
    rows: list[TableRow] | None = None


decode_list = msgspec.json.Decoder(RawList).decode
decode_event = msgspec.json.Decoder(RawEvent).decode
decode_meta = msgspec.json.Decoder(MetaOnly).decode
decode_status = msgspec.json.Decoder(Status).decode
decode_table = msgspec.json.Decoder(Table).decode
