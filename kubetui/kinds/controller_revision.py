"""ControllerRevisions: a DaemonSet's templates, numbered. Their hash is what its pods are labelled with."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.common_columns import age_column, name_column, namespace_column
from kubetui.kinds.kind import Column, Kind
from kubetui.kinds.wire import Labels, PlainMetaWire, Wire, controller_of, labels_of, seconds, version_of, word

HASH: Final = "controller-revision-hash"
"""The label of a ControllerRevision and of the pods made from it."""


class ControllerRevisionWire(Wire):
    """One ControllerRevision, without the template that it holds."""

    metadata: PlainMetaWire
    revision: int | None = None


class ControllerRevisionRow(msgspec.Struct, frozen=True, gc=False):
    """One revision."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    revision: int = 0
    """As ``kubectl rollout history`` numbers it; a template that is taken up again gets a new number."""
    hash: str = ""
    owner_kind: str = ""
    owner: str = ""
    created: int = 0
    labels: Labels = ()


def controller_revision_row(wire: ControllerRevisionWire) -> ControllerRevisionRow:
    """The flat row of one ControllerRevision. Raises msgspec.ValidationError where a time is none."""
    meta = wire.metadata
    owner_kind, owner = controller_of(meta.owner_references)
    return ControllerRevisionRow(
        namespace=word(meta.namespace),
        name=meta.name,
        version=version_of(meta.resource_version),
        revision=wire.revision or 0,
        hash=word((meta.labels or {}).get(HASH)),
        owner_kind=owner_kind,
        owner=owner,
        created=seconds(meta.creation_timestamp),
        labels=labels_of(meta.labels),
    )


CONTROLLER_REVISION: Final[Kind[ControllerRevisionRow]] = Kind(
    name="ControllerRevision",
    plural="controllerrevisions",
    group="apps",
    api_version="v1",
    namespaced=True,
    wire=ControllerRevisionWire,
    row=controller_revision_row,
    columns=(
        namespace_column(ControllerRevisionRow),
        name_column(ControllerRevisionRow),
        Column("CONTROLLER", lambda row, now: f"{row.owner_kind}/{row.owner}" if row.owner else "",
               lambda row: (row.owner_kind, row.owner), width=10, max_width=60, priority=2),
        Column("REVISION", lambda row, now: str(row.revision), lambda row: row.revision, width=8, right=True,
               priority=1, from_table="exact"),
        age_column(ControllerRevisionRow),
    ),
    labels=lambda row: row.labels,
)  # fmt: skip
