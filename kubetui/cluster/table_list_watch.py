"""Any kind in one scope, listed and watched as the server's own Tables: kubectl's columns, custom resources too.

A Table's columns come with each page, and in a watch with the first event alone. When a custom resource's columns
changed since the list, the list is read anew.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import cast

import msgspec

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import Expired, NotKubernetes
from kubetui.cluster.foreground import Foreground
from kubetui.cluster.list_watch import TABLE, ListWatch, Selection
from kubetui.cluster.source import UNREADABLE, Event, EventType, NotWatched, Page, Unreadable
from kubetui.cluster.transport import Transport
from kubetui.cluster.wire import ListMeta, ObjectMeta, RawEvent
from kubetui.kinds.kind import Kind, Reading
from kubetui.kinds.server_table import (
    PLAIN_HEAD,
    Head,
    Printed,
    ServerColumn,
    TableObjectWire,
    TableRow,
    TableRowWire,
    head_of,
    plain_row,
)
from kubetui.kinds.wire import decode

log = logging.getLogger(__name__)

POLL_PAUSE = 30.0
"""Seconds between lists of a kind that can't be watched."""


class _TableBody(msgspec.Struct, rename="camel"):
    """A Table; or a list, from servers that know no Tables for a kind."""

    metadata: ListMeta
    kind: str = ""
    column_definitions: list[ServerColumn] | None = None
    rows: list[msgspec.Raw] | None = None
    items: list[msgspec.Raw] | None = None


class _TableEvent(msgspec.Struct, rename="camel"):
    """A Table with one row; or an object. A bookmark is either."""

    kind: str = ""
    metadata: ObjectMeta = msgspec.field(default_factory=ObjectMeta)
    column_definitions: list[ServerColumn] | None = None
    rows: list[msgspec.Raw] | None = None


class _BookmarkRow(msgspec.Struct):
    object: _BookmarkObject | None = None


class _BookmarkObject(msgspec.Struct):
    metadata: ObjectMeta


_decode_body = msgspec.json.Decoder(_TableBody).decode
_decode_event = msgspec.json.Decoder(_TableEvent).decode
_decode_bookmark = msgspec.json.Decoder(_BookmarkRow).decode
_row_decoder = msgspec.json.Decoder(TableRowWire)
_object_decoder = msgspec.json.Decoder(TableObjectWire)


class TableListWatch(ListWatch[TableRow]):
    """The API server as a Source of Table rows."""

    accept = f"{TABLE},application/json"

    def __init__(
        self,
        transport: Transport,
        kind: Kind[TableRow],
        selection: Selection,
        clock: Clock,
        foreground: Foreground | None = None,
    ) -> None:
        super().__init__(transport, kind, selection, clock, foreground)
        self._head: Head = PLAIN_HEAD
        self._first_event = False

    # --- lists

    async def read_page(self, body: bytes, tried: str) -> Page[TableRow]:
        """A Table's rows, or a list's items. Raises NotKubernetes where ``body`` is neither."""
        try:
            found = _decode_body(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotKubernetes(tried, f"the answer is neither a Table nor a list: {error}") from error
        meta = found.metadata
        if found.kind == "Table":
            self._head = head_of(found.column_definitions or PLAIN_HEAD)
            items, rows = found.rows or [], self._table_rows(found.rows or [], meta.resource_version)
        else:
            self._head = PLAIN_HEAD
            items, rows = found.items or [], self._object_rows(found.items or [])
        return Page(meta.resource_version, meta.continue_, meta.remaining, len(items), rows)

    def _table_rows(self, rows: Sequence[msgspec.Raw], version: str) -> Iterator[TableRow | Unreadable]:
        at = self._clock.now()
        for row in rows:
            yield self._table_row(row, version, at)

    def _object_rows(self, items: Sequence[msgspec.Raw]) -> Iterator[TableRow | Unreadable]:
        at = self._clock.now()
        for item in items:
            yield self._plain_row(item, at)

    def _table_row(self, raw: msgspec.Raw, version: str, at: float) -> TableRow | Unreadable:
        try:
            wire = decode(_row_decoder, raw)
            namespace = self._selection.namespace or ""
            return self._kind.row(Printed(wire, self._head, namespace, version, at))
        except msgspec.ValidationError as error:
            return self._unreadable(error)

    def _plain_row(self, raw: msgspec.Raw, at: float) -> TableRow | Unreadable:
        try:
            return plain_row(decode(_object_decoder, raw), at)
        except msgspec.ValidationError as error:
            return self._unreadable(error)

    def _unreadable(self, error: msgspec.ValidationError) -> Unreadable:
        log.warning("one of %s can't be read: %s", self._kind.resource, error)
        return UNREADABLE

    # --- the watch

    @asynccontextmanager
    async def watch(
        self, version: str, *, seconds: float, initial: bool = False
    ) -> AsyncIterator[AsyncIterator[Sequence[Event[TableRow]]]]:
        """Events after ``version``. Raises ClusterError types, and NotWatched where the kind can't be watched."""
        if self._kind.reading is Reading.TABLE_POLLED:
            raise NotWatched(POLL_PAUSE, f"{self._kind.resource} can't be watched")
        self._first_event = True
        async with super().watch(version, seconds=seconds, initial=initial) as batches:
            yield batches

    def object_event(self, raw: RawEvent, at: float) -> Event[TableRow]:
        """One row, or one object."""
        found = _decode_event(raw.object)
        self._take_columns(found)
        row = self._event_row(found, raw, at)
        if isinstance(row, Unreadable):
            meta = _meta(found)
            return Event(_type(raw), at, (meta.namespace, meta.name), meta.resource_version)
        version = str(row.version) if row.version else _meta(found).resource_version
        return Event(_type(raw), at, (row.namespace, row.name), version, None if raw.type == "DELETED" else row)

    def _event_row(self, found: _TableEvent, raw: RawEvent, at: float) -> TableRow | Unreadable:
        if found.kind != "Table":
            return self._plain_row(raw.object, at)
        if not found.rows:
            return UNREADABLE
        return self._table_row(found.rows[0], found.metadata.resource_version, at)

    def _take_columns(self, found: _TableEvent) -> None:
        """The columns that a watch begins with are the list's; else the list is out of date."""
        first, self._first_event = self._first_event, False
        columns = tuple(found.column_definitions or ())
        if first and found.kind == "Table" and columns and columns != self._head:
            raise Expired(
                f"watch {self._words}", "its columns changed: it is listed anew", status=410, reason="Expired"
            )

    def bookmark(self, raw: RawEvent) -> ObjectMeta:
        """A bookmark's metadata stands in the row of a Table."""
        found = _decode_event(raw.object)
        self._take_columns(found)
        return _meta(found)


def _meta(found: _TableEvent) -> ObjectMeta:
    """What the row's object says about itself; the Table's own metadata where it can't be read."""
    try:
        row = _decode_bookmark(found.rows[0]) if found.rows else None
    except msgspec.DecodeError:
        return found.metadata
    return row.object.metadata if row is not None and row.object is not None else found.metadata


def _type(raw: RawEvent) -> EventType:
    return cast(EventType, raw.type)
