"""Events (core/v1): what the cluster reported. The server keeps them for an hour, in no watch cache."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Kind, Meaning
from kubetui.kinds.wire import PlainMetaWire, Wire, seconds, version_of, word

_LONGEST: Final = 1024
"""Characters of a message that are kept, as the API limits what its own components write."""


class InvolvedWire(Wire):
    """``involvedObject``."""

    kind: str | None = None
    namespace: str | None = None
    name: str | None = None
    api_version: str | None = None
    field_path: str | None = None


class EventSourceWire(Wire):
    """``source``."""

    component: str | None = None
    host: str | None = None


class SeriesWire(Wire):
    """``series``."""

    count: int | None = None
    last_observed_time: str | None = None


class EventWire(Wire):
    """One Event."""

    metadata: PlainMetaWire
    involved_object: InvolvedWire = msgspec.field(default_factory=InvolvedWire)
    type: str | None = None
    reason: str | None = None
    message: str | None = None
    count: int | None = None
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    event_time: str | None = None
    series: SeriesWire | None = None
    source: EventSourceWire = msgspec.field(default_factory=EventSourceWire)
    reporting_component: str | None = None
    reporting_instance: str | None = None


class EventRow(msgspec.Struct, frozen=True, gc=False):
    """One event, or several of one object and reason folded into one. Times are Unix seconds, 0: not known."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    type: str = ""
    """``Normal`` or ``Warning``."""
    reason: str = ""
    object_kind: str = ""
    object_namespace: str = ""
    object_name: str = ""
    object_api: str = ""
    """Its API version: ``v1``, ``cert-manager.io/v1``."""
    part: str = ""
    """The part of the object: ``spec.containers{app}``."""
    message: str = ""
    """Not sanitised."""
    count: int = 1
    first: int = 0
    last: int = 0
    source: str = ""
    """Who reported it, and where: ``kubelet, aks-general-27182818-vmss000001``."""
    folded: int = 1
    """How many events this row stands for."""

    @property
    def object(self) -> str:
        """As kubectl prints it: ``pod/checkout-0``."""
        kind = self.object_kind.lower()
        return f"{kind}/{self.object_name}" if self.object_name else kind


def event_row(wire: EventWire) -> EventRow:
    """The flat row of one Event, its times and count chosen as ``printEvent`` of Kubernetes' printers does.

    Raises msgspec.ValidationError where a time is none.
    """
    meta, involved, series = wire.metadata, wire.involved_object, wire.series
    first = seconds(wire.first_timestamp) or seconds(wire.event_time)
    last = seconds(wire.last_timestamp) or first
    count = wire.count or 1
    if series is not None:
        last = seconds(series.last_observed_time)
        count = series.count or 0
    where = [wire.source.component or wire.reporting_component, wire.source.host or wire.reporting_instance]
    return EventRow(
        namespace=word(meta.namespace),
        name=meta.name,
        version=version_of(meta.resource_version),
        type=word(wire.type),
        reason=word(wire.reason),
        object_kind=word(involved.kind),
        object_namespace=word(involved.namespace),
        object_name=word(involved.name),
        object_api=word(involved.api_version),
        part=word(involved.field_path),
        message=word((wire.message or "").strip()[:_LONGEST]),
        count=count,
        first=first,
        last=last,
        source=word(", ".join(part for part in where if part)),
    )


def _type_meaning(row: EventRow) -> Meaning:
    return Meaning.PLAIN if row.type == "Normal" else Meaning.LOOK


EVENT_COLUMNS: Final[tuple[Column[EventRow], ...]] = (
    Column("LAST", lambda row, now: age(row.last, now), lambda row: (row.last == 0, -row.last), width=5, right=True,
           priority=1, timed=True),
    Column("TYPE", lambda row, now: row.type, lambda row: row.type, width=6, max_width=10, priority=6,
           from_table="exact", meaning=_type_meaning),
    # The mark stands here and says the same: TYPE leaves before the message is cut short.
    Column("REASON", lambda row, now: row.reason, lambda row: row.reason, width=6, max_width=28, priority=1,
           from_table="exact", meaning=_type_meaning, marked=True),
    Column("OBJECT", lambda row, now: row.object, lambda row: (row.object_kind, row.object_name), width=12,
           max_width=64, priority=0, from_table="exact"),
    Column("COUNT", lambda row, now: str(row.count), lambda row: -row.count, width=5, right=True, priority=2,
           from_table="exact"),
    Column("NAMESPACE", lambda row, now: row.namespace, lambda row: row.namespace, width=9, max_width=32,
           priority=5),
    Column("MESSAGE", lambda row, now: row.message, lambda row: row.message, width=20, max_width=250, priority=1,
           from_table="exact", keep=36),
    Column("FIRST", lambda row, now: age(row.first, now), lambda row: (row.first == 0, -row.first), width=5,
           right=True, priority=6, wide=True, timed=True),
    Column("SOURCE", lambda row, now: row.source, lambda row: row.source, width=8, max_width=48, priority=6,
           wide=True, from_table="exact"),
    Column("SUBOBJECT", lambda row, now: row.part, lambda row: row.part, width=9, max_width=40, priority=7,
           wide=True, from_table="exact"),
    Column("NAME", lambda row, now: row.name, lambda row: row.name, width=8, max_width=63, priority=8, wide=True,
           from_table="exact"),
)  # fmt: skip

EVENT: Final[Kind[EventRow]] = Kind(
    name="Event",
    plural="events",
    group="",
    api_version="v1",
    namespaced=True,
    wire=EventWire,
    row=event_row,
    columns=EVENT_COLUMNS,
    aliases=("ev",),
    problem=lambda row: row.type != "Normal",
)
