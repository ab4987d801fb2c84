"""Objects as bytes: single, in lists, in Tables, in watch events."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from kubetui.demo.entry import Entry, Resource
from kubetui.demo.forms import Form
from kubetui.demo.history import Change, EncodedChanges
from kubetui.demo.selectors import Selection

_CHUNK_ITEMS = 64
"""Objects rendered at a time: some 500 KB of pods, 3 ms of work."""
_CHUNK_ROWS = 500
_PARTIAL_HEAD = b'{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":'
_encode = msgspec.json.Encoder().encode


class _WithMetadata(msgspec.Struct):
    metadata: msgspec.Raw


class TableRow(msgspec.Struct):
    """A row of a ``meta.k8s.io/v1`` Table."""

    cells: Sequence[Any]
    object: msgspec.Raw | None


_metadata_of = msgspec.json.Decoder(_WithMetadata).decode


def api_version(resource: Resource) -> str:
    """``v1`` or ``apps/v1``."""
    return f"{resource.group}/{resource.version}" if resource.group else resource.version


def partial(encoded: bytes) -> bytes:
    """The object's metadata alone, as PartialObjectMetadata."""
    return _PARTIAL_HEAD + bytes(_metadata_of(encoded).metadata) + b"}"


def column_definitions(resource: Resource) -> list[dict[str, Any]]:
    """A Table's columns, with all fields as the API server writes them."""
    names = ("name", "type", "format", "description", "priority")
    return [{name: getattr(column, name) for name in names} for column in resource.columns]


def table(rows: list[TableRow], version: str, columns: list[dict[str, Any]] | None) -> bytes:
    """A whole Table; ``columns`` are None where an earlier event of the watch had them."""
    return _encode(
        {
            "kind": "Table",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": {"resourceVersion": version},
            "columnDefinitions": columns,
            "rows": rows,
        }
    )


class Renderer:
    """Writes one resource's objects in the form that one request asked for."""

    def __init__(self, resource: Resource, form: Form, include: str) -> None:
        self._resource = resource
        self._form = form
        self._include = include
        type_words = (f'"kind":"{resource.kind}"', f'"apiVersion":"{api_version(resource)}"')
        self._type_heads = tuple(f"{{{first},{second},".encode() for first, second in (type_words, type_words[::-1]))

    def single(self, entry: Entry, now: float) -> bytes:
        """One object."""
        if self._form is Form.OBJECT:
            return entry.encode()
        if self._form is Form.PARTIAL:
            return partial(entry.encode())
        return table([self.row(entry, now)], str(entry.version), self._columns())

    def collection(
        self, entries: Sequence[Entry], version: int, token: str, remaining: int | None, now: float
    ) -> Iterator[bytes]:
        """A list in chunks; ``token`` and ``remaining`` may be empty and None."""
        metadata: dict[str, Any] = {"resourceVersion": str(version)}
        if token:
            metadata["continue"] = token
        if remaining is not None:
            metadata["remainingItemCount"] = remaining
        if self._form is Form.TABLE:
            head: dict[str, Any] = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
            head["columnDefinitions"] = self._columns()
            yield _encode(head)[:-1] + b',"rows":['
            yield from self._row_chunks(entries, now)
        else:
            partials = self._form is Form.PARTIAL
            kind = "PartialObjectMetadataList" if partials else f"{self._resource.kind}List"
            version_words = "meta.k8s.io/v1" if partials else api_version(self._resource)
            head = {"kind": kind, "apiVersion": version_words, "metadata": metadata}
            yield _encode(head)[:-1] + b',"items":['
            yield from self._item_chunks(entries)
        yield b"]}\n"

    def _row_chunks(self, entries: Sequence[Entry], now: float) -> Iterator[bytes]:
        pending = iter(entries)
        comma = b""
        while rows := [self.row(entry, now) for entry in islice(pending, _CHUNK_ROWS)]:
            yield comma + _encode(rows)[1:-1]
            comma = b","

    def _item_chunks(self, entries: Sequence[Entry]) -> Iterator[bytes]:
        pending = iter(entries)
        item = partial if self._form is Form.PARTIAL else self._untyped
        comma = b""
        while items := [item(entry.encode()) for entry in islice(pending, _CHUNK_ITEMS)]:
            yield comma + b",".join(items)
            comma = b","

    def _untyped(self, encoded: bytes) -> bytes:
        """Items of a typed list carry no kind and apiVersion, as upstream."""
        for head in self._type_heads:
            if encoded.startswith(head):
                return b"{" + encoded[len(head) :]
        return encoded

    def _columns(self) -> list[dict[str, Any]]:
        return column_definitions(self._resource)

    def row(self, entry: Entry, now: float) -> TableRow:
        """A Table's row."""
        if self._include == "None":
            return TableRow(entry.cells(now), None)
        encoded = entry.encode()
        return TableRow(entry.cells(now), msgspec.Raw(encoded if self._include == "Object" else partial(encoded)))


class EventRenderer:
    """Writes one watch's events; a Table's columns come with the first one only."""

    def __init__(
        self, resource: Resource, form: Form, include: str, selection: Selection, encoded: EncodedChanges
    ) -> None:
        self._resource = resource
        self._form = form
        self._renderer = Renderer(resource, form, include)
        self._selection = selection
        self._encoded = encoded
        self._columns_due = True

    def added(self, entry: Entry, now: float) -> bytes:
        """The synthetic event for an object that is there when the watch starts."""
        return self._event(b"ADDED", self._object(entry, now))

    def change(self, change: Change, now: float) -> bytes:
        """The event that this watch sees, ``b""`` for none.

        With selectors an object that begins to match arrives as ADDED, one that stops as DELETED in its former
        state, stamped with the version of the change.
        """
        before = change.previous is not None and self._selects(change.previous)
        after = not change.deleted and self._selects(change.entry)
        if after:
            return self._event(b"MODIFIED" if before else b"ADDED", self._changed(change, now))
        if not before:
            return b""
        if change.deleted:
            return self._event(b"DELETED", self._changed(change, now))
        former = copy.copy(change.previous)
        assert former is not None  # ``before`` says so
        former.stamp(change.version)
        return self._event(b"DELETED", self._object(former, now))

    def bookmark(self, version: int, *, initial_events_end: bool) -> bytes:
        """A BOOKMARK; the one that ends the initial events says so in an annotation."""
        metadata: dict[str, Any] = {"resourceVersion": str(version)}
        if initial_events_end:
            metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
        if self._form is Form.OBJECT:
            typed = {"kind": self._resource.kind, "apiVersion": api_version(self._resource), "metadata": metadata}
            return self._event(b"BOOKMARK", _encode(typed))
        bare = _PARTIAL_HEAD + _encode(metadata) + b"}"
        if self._form is Form.PARTIAL:
            return self._event(b"BOOKMARK", bare)
        row = TableRow([""] * len(self._resource.columns), msgspec.Raw(bare))
        return self._event(b"BOOKMARK", self._table(row, version))

    def error(self, status: bytes) -> bytes:
        """An ERROR with a Status; nothing follows it."""
        return self._event(b"ERROR", status)

    def _selects(self, entry: Entry) -> bool:
        return not self._selection or self._selection.matches(entry)

    def _changed(self, change: Change, now: float) -> bytes:
        return self._encoded.json(change) if self._form is Form.OBJECT else self._object(change.entry, now)

    def _object(self, entry: Entry, now: float) -> bytes:
        if self._form is Form.TABLE:
            return self._table(self._renderer.row(entry, now), entry.version)
        return self._renderer.single(entry, now)

    def _table(self, row: TableRow, version: int) -> bytes:
        columns = column_definitions(self._resource) if self._columns_due else None
        self._columns_due = False
        return table([row], str(version), columns)

    @staticmethod
    def _event(kind: bytes, body: bytes) -> bytes:
        return b'{"type":"%b","object":%b}\n' % (kind, body)
