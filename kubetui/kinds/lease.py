"""Leases: who leads in the control plane, and when it last said so. The only sign of a managed one's controllers."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from kubetui.kinds.common_columns import age_column, name_column, namespace_column
from kubetui.kinds.kind import Column, Kind
from kubetui.kinds.wire import Labels, MetaWire, Wire, labels_of, seconds, version_of, word


class LeaseSpecWire(Wire):
    """``spec``; its times are in microseconds."""

    holder_identity: str | None = None
    lease_duration_seconds: int | None = None
    renew_time: str | None = None
    acquire_time: str | None = None
    lease_transitions: int | None = None


class LeaseWire(Wire):
    """One Lease."""

    metadata: MetaWire
    spec: LeaseSpecWire = msgspec.field(default_factory=LeaseSpecWire)


class LeaseRow(msgspec.Struct, frozen=True, gc=False):
    """One lease. Times are Unix seconds, 0: none."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    holder: str = ""
    duration: int = 0
    """Seconds after the last renewal from which others may take it."""
    renewed: float = 0.0
    acquired: int = 0
    transitions: int = 0
    """How often it went to another holder."""
    created: int = 0
    labels: Labels = ()


def lease_row(wire: LeaseWire) -> LeaseRow:
    """The flat row of one Lease. Raises msgspec.ValidationError where a time is none."""
    meta, spec = wire.metadata, wire.spec
    return LeaseRow(
        namespace=word(meta.namespace),
        name=word(meta.name),
        version=version_of(meta.resource_version),
        holder=word(spec.holder_identity),
        duration=spec.lease_duration_seconds or 0,
        renewed=_moment(spec.renew_time),
        acquired=seconds(spec.acquire_time),
        transitions=spec.lease_transitions or 0,
        created=seconds(meta.creation_timestamp),
        labels=labels_of(meta.labels),
    )


def _moment(text: str | None) -> float:
    """A time with its fraction: leases are renewed every two seconds."""
    whole = seconds(text)
    return datetime.fromisoformat(text).timestamp() if text and whole else 0.0


LEASE: Final[Kind[LeaseRow]] = Kind(
    name="Lease",
    plural="leases",
    group="coordination.k8s.io",
    api_version="v1",
    namespaced=True,
    wire=LeaseWire,
    row=lease_row,
    columns=(
        namespace_column(LeaseRow),
        name_column(LeaseRow),
        Column("HOLDER", lambda row, now: row.holder, lambda row: row.holder, width=8, max_width=80, priority=1,
               from_table="exact"),
        age_column(LeaseRow),
    ),
    labels=lambda row: row.labels,
)  # fmt: skip
