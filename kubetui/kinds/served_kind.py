"""A kind as the server's discovery tells it, and the kind of its rows in server-side Tables."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.kind import Column, Kind, Reading
from kubetui.kinds.server_columns import columns_for, in_trouble
from kubetui.kinds.server_table import PLAIN_HEAD, TableRow, TableRowWire, table_row


class ServedKind(msgspec.Struct, frozen=True):
    """One resource of one API group. A group whose server does not answer is a row without a resource."""

    group: str
    """``""`` for the core group."""
    api_version: str
    """The version alone, the one that the server prefers: ``v1``."""
    plural: str
    """``""`` for a group that does not answer."""
    version: int
    """When discovery was read, Unix seconds: it has no versions of its own."""
    kind: str = ""
    singular: str = ""
    namespaced: bool = False
    verbs: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    trouble: str = ""
    """Why the group's API server does not answer; what is known of it may be old. Not sanitised."""
    provisional: bool = False

    @property
    def namespace(self) -> str:
        """The group: rows are keyed by group and resource."""
        return self.group

    @property
    def name(self) -> str:
        """The resource."""
        return self.plural

    @property
    def full_name(self) -> str:
        """As kubectl takes it where the group matters: ``ingresses.networking.k8s.io``, ``pods``."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def listable(self) -> bool:
        """Whether its objects can be listed; reviews and bindings can only be created."""
        return "list" in self.verbs

    @property
    def names(self) -> tuple[str, ...]:
        """What a person may call it, lower case: short names, singular, plural, ``plural.group``."""
        names = (*self.short_names, self.singular, self.kind, self.plural, self.full_name)
        return tuple(dict.fromkeys(name.lower() for name in names if name))


def _yes(value: bool) -> str:
    return str(value).lower()


SERVED_KIND_COLUMNS: Final[tuple[Column[ServedKind], ...]] = (
    Column("NAME", lambda row, now: row.plural, lambda row: row.plural, width=24, max_width=63, priority=0),
    Column("SHORT", lambda row, now: ",".join(row.short_names), lambda row: row.short_names, width=6, max_width=24,
           priority=1),
    Column("KIND", lambda row, now: row.kind, lambda row: row.kind, width=16, max_width=48, priority=3),
    Column("VERSION", lambda row, now: row.api_version, lambda row: row.api_version, width=8, priority=2),
    Column("NAMESPACED", lambda row, now: _yes(row.namespaced) if row.plural else "", lambda row: row.namespaced,
           width=10, priority=4),
    Column("VERBS", lambda row, now: ",".join(row.verbs), lambda row: row.verbs, width=10, max_width=80, priority=6,
           wide=True),
    Column("CATEGORIES", lambda row, now: ",".join(row.categories), lambda row: row.categories, width=10,
           max_width=32, priority=7, wide=True),
)  # fmt: skip

SERVED_KIND: Final[Kind[ServedKind]] = Kind(
    name="APIResource",
    plural="kinds",
    group="",
    api_version="v1",
    namespaced=False,
    wire=ServedKind,
    row=lambda row: row,
    columns=SERVED_KIND_COLUMNS,
    reading=Reading.DISCOVERY,
)


def table_kind(served: ServedKind) -> Kind[TableRow]:
    """The kind whose rows are the server's own Table rows of ``served``."""
    return Kind(
        name=served.kind,
        plural=served.plural,
        group=served.group,
        api_version=served.api_version,
        namespaced=served.namespaced,
        wire=TableRowWire,
        row=table_row,
        columns=columns_for(PLAIN_HEAD),
        aliases=served.short_names,
        problem=in_trouble,
        labels=lambda row: row.labels,
        reading=Reading.TABLE if "watch" in served.verbs else Reading.TABLE_POLLED,
    )
