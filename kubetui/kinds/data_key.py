"""The keys of a ConfigMap or a Secret: how large each value is and what it looks like, never the value itself."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import msgspec

from kubetui.kinds.kind import Column
from kubetui.kinds.wire import Wire, decode, version_of

BINARY: Final = "binary"
_PEM: Final = "-----BEGIN "
_LONGEST_TITLE: Final = 40


class _MetaWire(Wire):
    resource_version: str | None = None


class DataWire(Wire):
    """A ConfigMap or a Secret."""

    metadata: _MetaWire = msgspec.field(default_factory=_MetaWire)
    kind: str = ""
    data: dict[str, str | None] | None = None
    binary_data: dict[str, str | None] | None = None
    type: str = ""
    immutable: bool | None = None


class DataKeyRow(msgspec.Struct, frozen=True, gc=False):
    """One key."""

    name: str
    version: int
    size: int
    """Bytes, as a container would read them; -1 where the value is not base64."""
    lines: int
    """0 for what is no text."""
    form: str
    """``text``, ``JSON``, ``PEM CERTIFICATE``, ``binary``, ``empty``."""
    namespace: str = ""
    provisional: bool = False


class ObjectData(msgspec.Struct, frozen=True):
    """What may be told of a ConfigMap or a Secret without its values."""

    rows: tuple[DataKeyRow, ...]
    type: str = ""
    """A Secret's: ``kubernetes.io/tls``."""
    immutable: bool = False


_decoder = msgspec.json.Decoder(DataWire)


def object_data(body: bytes) -> ObjectData:
    """All keys of an object's JSON. Raises msgspec.ValidationError where it is none."""
    found = decode(_decoder, body)
    version = version_of(found.metadata.resource_version)
    rows = [_row(name, value_of(found, name), version) for name in _names(found)]
    return ObjectData(tuple(rows), found.type, bool(found.immutable))


def value_in(body: bytes, name: str) -> bytes | None:
    """One key's value as a container would read it; None where it is not base64, or gone.

    Raises msgspec.ValidationError where ``body`` is no such object.
    """
    return value_of(decode(_decoder, body), name)


def value_of(found: DataWire, name: str) -> bytes | None:
    """See ``value_in``."""
    if found.kind == "ConfigMap" and name in (found.data or {}):
        return ((found.data or {})[name] or "").encode()
    encoded = {**(found.data or {}), **(found.binary_data or {})}.get(name, "%")
    try:
        return base64.b64decode(encoded or "", validate=True)
    except (binascii.Error, ValueError):
        return None


def _names(found: DataWire) -> list[str]:
    return list(dict.fromkeys((*(found.data or {}), *(found.binary_data or {}))))


def _row(name: str, value: bytes | None, version: int) -> DataKeyRow:
    if value is None:
        return DataKeyRow(name, version, -1, 0, "not base64")
    text = as_text(value)
    lines = len(text_lines(text)) if text is not None else 0
    return DataKeyRow(name, version, len(value), lines, form_of(value, text))


def as_text(value: bytes) -> str | None:
    """The value as text; None where it is none: not UTF-8, or with NUL in it."""
    if b"\0" in value:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def text_lines(text: str) -> list[str]:
    """The lines, ended by line feeds alone; no empty one behind the last."""
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def form_of(value: bytes, text: str | None) -> str:
    """What the value looks like, in a word or two."""
    if not value:
        return "empty"
    if text is None:
        return BINARY
    start = text.lstrip()[:100]
    if start.startswith(_PEM):
        title = start[len(_PEM) :].partition("-----")[0]
        return f"PEM {title}" if len(title) <= _LONGEST_TITLE else "PEM"
    return "JSON" if start.startswith(("{", "[")) else "text"


def _size(row: DataKeyRow, now: float) -> str:
    return f"{row.size:,}" if row.size >= 0 else "–"


def _lines(row: DataKeyRow, now: float) -> str:
    return f"{row.lines:,}" if row.lines else "–"


def _form_order(row: DataKeyRow) -> Any:
    return row.form


DATA_KEY_COLUMNS: Final[tuple[Column[DataKeyRow], ...]] = (
    Column("KEY", lambda row, now: row.name, lambda row: row.name, width=16, max_width=80, priority=0),
    Column("BYTES", _size, lambda row: row.size, width=7, right=True, priority=1),
    Column("LINES", _lines, lambda row: row.lines, width=5, right=True, priority=3),
    Column("TYPE", lambda row, now: row.form, _form_order, width=8, max_width=48, priority=2),
)
