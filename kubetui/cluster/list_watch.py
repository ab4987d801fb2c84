"""One kind in one scope, listed and watched at the API server: requests out, pages and typed events in."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import msgspec

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import ApiError, Expired, Forbidden, NotKubernetes, Overloaded
from kubetui.cluster.foreground import Foreground
from kubetui.cluster.lines import LineTooLong, split_lines
from kubetui.cluster.list_pieces import read_list
from kubetui.cluster.source import UNREADABLE, Event, EventType, Page, Unreadable
from kubetui.cluster.transport import Request, Transport
from kubetui.cluster.wire import (
    ObjectMeta,
    RawEvent,
    decode_event,
    decode_list,
    decode_meta,
    decode_status,
    decode_table,
)
from kubetui.kinds.kind import Kind, Row, TableCells
from kubetui.kinds.wire import decode

R = TypeVar("R", bound=Row)

log = logging.getLogger(__name__)

BATCH = 64
"""Events a batch has at most: some 3 ms of decoding."""
TABLE_SLICE = 200
"""Rows of a Table after which the event loop gets its turn: some 2 ms."""
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
MOST_NAMESPACES = 300
"""With more, one Table a namespace costs the server more than the objects' pages."""
INITIAL_EVENTS_END = "k8s.io/initial-events-end"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which objects of a kind: one namespace or all (None), and selectors that the server applies."""

    namespace: str | None = None
    labels: str = ""
    fields: str = ""

    def query(self) -> tuple[tuple[str, str], ...]:
        """As query parameters."""
        pairs = (("labelSelector", self.labels), ("fieldSelector", self.fields))
        return tuple(pair for pair in pairs if pair[1])

    def words(self, plural: str) -> str:
        """For messages: ``pods in kube-system``."""
        return plural if self.namespace is None else f"{plural} in {self.namespace}"


EVERYTHING = Selection()
"""All namespaces, no selectors."""


class ListWatch(Generic[R]):
    """The API server as a Source of objects, decoded by their kind."""

    accept = "application/json"
    """The form in which lists and watches are asked for."""

    def __init__(
        self,
        transport: Transport,
        kind: Kind[R],
        selection: Selection,
        clock: Clock,
        foreground: Foreground | None = None,
    ) -> None:
        self._transport, self._kind, self._selection, self._clock = transport, kind, selection, clock
        self._foreground = foreground or Foreground(clock)
        self._decoder = msgspec.json.Decoder(kind.wire)
        self._path = kind.path_in(selection.namespace)
        self._words = selection.words(kind.plural)

    async def page(self, *, limit: int, token: str = "", version: str = "") -> Page[R]:
        """A page of the list. Raises ClusterError types."""
        query = [*self._selection.query(), ("limit", str(limit))]
        if token:
            query.append(("continue", token))
        elif version:
            query.append(("resourceVersion", version))
        tried = f"list {self._words}"
        answer = await self._transport.send(Request(self._path, tried, tuple(query), self.accept))
        await self._foreground.turn()
        return await self.read_page(answer.body, tried)

    async def read_page(self, body: bytes, tried: str) -> Page[R]:
        """A list's body. Raises NotKubernetes where it is none."""
        try:
            raw = await read_list(body, self._foreground.turn)
        except msgspec.DecodeError as error:
            raise NotKubernetes(tried, f"the answer is no list: {error}") from error
        items = raw.items or []
        return Page(
            raw.metadata.resource_version,
            raw.metadata.continue_,
            raw.metadata.remaining,
            len(items),
            self._rows(items),
        )

    def _rows(self, items: list[msgspec.Raw]) -> Iterator[R | Unreadable]:
        for item in items:
            yield self._row(item)

    def _row(self, raw: msgspec.Raw) -> R | Unreadable:
        try:
            return self._kind.row(decode(self._decoder, raw))
        except msgspec.ValidationError as error:
            log.warning("one of %s can't be read: %s", self._kind.plural, error)
            return UNREADABLE

    @asynccontextmanager
    async def watch(
        self, version: str, *, seconds: float, initial: bool = False
    ) -> AsyncIterator[AsyncIterator[Sequence[Event[R]]]]:
        """Events after ``version``. Raises ClusterError types, on entering and in between."""
        query = [
            *self._selection.query(),
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", str(int(seconds))),
            ("resourceVersion", version),
        ]
        if initial:
            query += [("sendInitialEvents", "true"), ("resourceVersionMatch", "NotOlderThan")]
        tried = f"watch {self._words}"
        request = Request(self._path, tried, tuple(query), self.accept)
        async with (
            self._transport.stream(request) as stream,
            aclosing(self._events(stream.chunks(), tried)) as events,
        ):
            yield events

    async def _events(self, chunks: AsyncIterator[bytes], tried: str) -> AsyncGenerator[Sequence[Event[R]]]:
        try:
            async for lines in split_lines(chunks):
                at = self._clock.now()
                for start in range(0, len(lines), BATCH):
                    yield [self._event(line, at, tried) for line in lines[start : start + BATCH]]
        except LineTooLong as error:
            raise NotKubernetes(tried, str(error)) from error

    def _event(self, line: bytes, at: float, tried: str) -> Event[R]:
        try:
            raw = decode_event(line)
            if raw.type in ("ADDED", "MODIFIED", "DELETED"):
                return self.object_event(raw, at)
            if raw.type == "BOOKMARK":
                meta = self.bookmark(raw)
                end = (meta.annotations or {}).get(INITIAL_EVENTS_END) == "true"
                return Event("BOOKMARK", at, version=meta.resource_version, initial_end=end)
            return Event("ERROR", at, error=_error(raw, tried))
        except msgspec.DecodeError as error:
            raise NotKubernetes(tried, f"an event can't be read: {error}") from error

    def bookmark(self, raw: RawEvent) -> ObjectMeta:
        """A bookmark's metadata. Raises msgspec.DecodeError."""
        return decode_meta(raw.object).metadata

    def object_event(self, raw: RawEvent, at: float) -> Event[R]:
        """An object that was added, changed or deleted. Raises msgspec.DecodeError, and ClusterError types."""
        row = self._row(raw.object)
        event_type = cast(EventType, raw.type)
        if isinstance(row, Unreadable) or not row.version:
            # Not of the kind's shape, or a resourceVersion that is no integer and stays a string.
            meta = decode_meta(raw.object).metadata
            held = None if isinstance(row, Unreadable) or raw.type == "DELETED" else row
            return Event(event_type, at, (meta.namespace, meta.name), meta.resource_version, held)
        key = (row.namespace, row.name)
        return Event(event_type, at, key, str(row.version), None if raw.type == "DELETED" else row)

    async def namespaces(self) -> Sequence[str] | None:
        """All namespaces, where Tables can be used for this kind and selection; else None."""
        if self._kind.row_from_table is None or self._selection != EVERYTHING:
            return None
        try:
            answer = await self._transport.send(
                Request("/api/v1/namespaces", "list namespaces", (("limit", str(MOST_NAMESPACES + 1)),))
            )
            raw = decode_list(answer.body)
            names = [decode_meta(item).metadata.name for item in raw.items or []]
        except (Forbidden, msgspec.DecodeError):
            return None
        return names if len(names) <= MOST_NAMESPACES and not raw.metadata.continue_ else None

    async def table(self, namespace: str) -> list[R]:
        """Provisional rows of a namespace, from a Table without objects. Raises ClusterError types."""
        assert self._kind.row_from_table is not None
        tried = f"list {self._kind.plural} in {namespace} as a Table"
        answer = await self._transport.send(
            Request(
                self._kind.path_in(namespace),
                tried,
                (("resourceVersion", "0"), ("includeObject", "None")),
                accept=f"{TABLE},application/json",
            )
        )
        await self._foreground.turn()
        try:
            table = decode_table(answer.body)
        except msgspec.DecodeError as error:
            raise NotKubernetes(tried, f"the answer is no Table: {error}") from error
        version = table.metadata.resource_version
        if not version.isdecimal():
            return []
        columns = {column.name: index for index, column in enumerate(table.columns)}
        now, make = self._clock.now(), self._kind.row_from_table
        rows = []
        for index, row in enumerate(table.rows or []):
            rows.append(make(TableCells(namespace, int(version), row.cells, columns, now)))
            if index % TABLE_SLICE == TABLE_SLICE - 1:
                await self._foreground.turn()
        return rows


def _error(raw: RawEvent, tried: str) -> ApiError:
    status = decode_status(raw.object)
    retry_after = status.details.retry_after if status.details else None
    kind: type[ApiError] = ApiError
    if status.code == 410 or status.reason in ("Expired", "Gone"):
        kind = Expired
    elif status.code in (429, 500, 502, 503, 504):
        kind = Overloaded
    return kind(
        tried, status.message or status.reason, status=status.code, reason=status.reason, retry_after=retry_after
    )
