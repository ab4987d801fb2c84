"""A row of the server's own Table (``meta.k8s.io/v1``): what kubectl prints, for every kind there is.

The cells are the server's; the object's metadata comes with them (``includeObject=Metadata``) and says when it was
created. Annotations are not read: kubectl's own copy of a Secret stands in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from kubetui.kinds.wire import Labels, Shared, Wire, labels_of, seconds, version_of, word

Scalar = str | int | float | bool | None


class ServerColumn(msgspec.Struct, frozen=True):
    """A column as the server defines it (``columnDefinitions[]``)."""

    name: str
    type: str = "string"
    """``integer``, ``number``, ``boolean``, ``date`` or ``string``."""
    format: str = ""
    """``name`` for the object's name."""
    priority: int = 0
    """0: kubectl always prints it; more: with ``-o wide``."""


Head = tuple[ServerColumn, ...]
"""A Table's columns; equal heads are one object, so that each row can hold its own."""

PLAIN_HEAD: Final[Head] = (ServerColumn("Name", format="name"), ServerColumn("Age", type="date"))
"""Where a server answers with objects in place of a Table: what kubectl prints then."""

_heads = Shared(1024)


class TableMetaWire(Wire):
    """``metadata`` of a row's object."""

    name: str = ""
    namespace: str | None = None
    resource_version: str | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None


class TableObjectWire(Wire):
    """A row's object: PartialObjectMetadata, or any object."""

    metadata: TableMetaWire


class TableRowWire(Wire):
    """``rows[]``."""

    cells: list[Any]
    object: TableObjectWire | None = None


class Printed(NamedTuple):
    """One row of a Table, and what the Table says about all of its rows."""

    row: TableRowWire
    head: Head
    namespace: str
    """The namespace that was asked for, where the row's object does not tell; ``""`` for all."""
    version: str
    """The Table's own resourceVersion."""
    at: float
    """When the Table came, Unix seconds: ages in its cells count back from then."""


class TableRow(msgspec.Struct, frozen=True, gc=False):
    """One object, as the server prints it. Times are Unix seconds, 0: not known."""

    namespace: str
    name: str
    version: int
    head: Head
    cells: tuple[Scalar, ...]
    printed: int
    """When its Table came."""
    provisional: bool = False
    created: int = 0
    deleted: int = 0
    """When its deletion was asked for; finalizers hold it since."""
    labels: Labels = ()


def head_of(columns: Iterable[ServerColumn]) -> Head:
    """The columns, held once."""
    return _heads.add(tuple(columns))


def table_row(printed: Printed) -> TableRow:
    """The flat row. Raises msgspec.ValidationError where it has no name or a time is none."""
    cells = tuple(map(_scalar, printed.row.cells))
    meta = printed.row.object.metadata if printed.row.object is not None else TableMetaWire()
    name = meta.name or _name(cells, printed.head)
    if not name:
        raise msgspec.ValidationError("a Table row without a name")
    return TableRow(
        namespace=word(meta.namespace or printed.namespace),
        name=name,
        version=version_of(meta.resource_version or printed.version),
        head=printed.head,
        cells=cells,
        printed=int(printed.at),
        created=seconds(meta.creation_timestamp),
        deleted=seconds(meta.deletion_timestamp),
        labels=labels_of(meta.labels),
    )


def plain_row(found: TableObjectWire, at: float) -> TableRow:
    """The row of an object that a server gave in place of a Table. Raises msgspec.ValidationError."""
    meta = found.metadata
    return table_row(Printed(TableRowWire([meta.name, None], found), PLAIN_HEAD, "", "", at))


def _name(cells: Sequence[Scalar], head: Head) -> str:
    for column, cell in zip(head, cells, strict=False):
        if column.format == "name" or column.name == "Name":
            return str(cell or "")
    return ""


def _scalar(cell: Any) -> Scalar:
    if isinstance(cell, str):
        return word(cell) if len(cell) <= 32 else cell
    if cell is None or isinstance(cell, int | float):
        return cell
    return msgspec.json.encode(cell).decode()
