"""ReplicaSets: the revisions of a Deployment."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.common_columns import age_column, name_column, namespace_column
from kubetui.kinds.deployment_row import REVISION, DeploymentSpecWire
from kubetui.kinds.kind import Column, Kind, Meaning
from kubetui.kinds.rollout_wire import condition_words, template_fields
from kubetui.kinds.wire import ConditionWire, Labels, MetaWire, Wire, controller_of, version_of
from kubetui.kinds.workload_wire import short_images


class ReplicaSetStatusWire(Wire):
    """``status``."""

    replicas: int | None = None
    ready_replicas: int | None = None
    available_replicas: int | None = None
    conditions: list[ConditionWire] | None = None


class ReplicaSetWire(Wire):
    """One ReplicaSet."""

    metadata: MetaWire
    spec: DeploymentSpecWire = msgspec.field(default_factory=DeploymentSpecWire)
    status: ReplicaSetStatusWire = msgspec.field(default_factory=ReplicaSetStatusWire)


class ReplicaSetRow(msgspec.Struct, frozen=True, gc=False):
    """One ReplicaSet. Times are Unix seconds."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    desired: int = 0
    current: int = 0
    ready: int = 0
    available: int = 0
    revision: int = 0
    """The Deployment's count of its template's changes; 0 where no Deployment numbers it."""
    owner_kind: str = ""
    owner: str = ""
    reason: str = ""
    """Why it can't make its pods (quota, admission). Not sanitised."""
    created: int = 0
    deleted: int = 0
    selector: str = ""
    containers: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    labels: Labels = ()

    @property
    def meaning(self) -> Meaning:
        """Act where its pods can't be made, look where some are missing."""
        if self.reason:
            return Meaning.ACT
        if self.ready < self.desired:
            return Meaning.LOOK
        return Meaning.FINE if self.desired else Meaning.PLAIN


def replica_set_row(wire: ReplicaSetWire) -> ReplicaSetRow:
    """The flat row of one ReplicaSet. Raises msgspec.ValidationError where a time is none."""
    meta, spec, status = wire.metadata, wire.spec, wire.status
    owner_kind, owner = controller_of(meta.owner_references)
    return ReplicaSetRow(
        **template_fields(meta, spec.selector, spec.template),
        desired=1 if spec.replicas is None else spec.replicas,
        current=status.replicas or 0,
        ready=status.ready_replicas or 0,
        available=status.available_replicas or 0,
        revision=version_of((meta.annotations or {}).get(REVISION)),
        owner_kind=owner_kind,
        owner=owner,
        reason=_reason(status),
    )


def _reason(status: ReplicaSetStatusWire) -> str:
    for one in status.conditions or ():
        if one.type == "ReplicaFailure" and one.status == "True":
            return condition_words(one)
    return ""


REPLICA_SET: Final[Kind[ReplicaSetRow]] = Kind(
    name="ReplicaSet",
    plural="replicasets",
    group="apps",
    api_version="v1",
    namespaced=True,
    wire=ReplicaSetWire,
    row=replica_set_row,
    columns=(
        namespace_column(ReplicaSetRow),
        name_column(ReplicaSetRow),
        Column("DESIRED", lambda row, now: str(row.desired), lambda row: row.desired, width=7, right=True, priority=1,
               from_table="exact"),
        Column("CURRENT", lambda row, now: str(row.current), lambda row: row.current, width=7, right=True, priority=2,
               from_table="exact"),
        Column("READY", lambda row, now: str(row.ready), lambda row: row.ready, width=5, right=True, priority=1,
               from_table="exact", meaning=lambda row: row.meaning),
        Column("REVISION", lambda row, now: str(row.revision or ""), lambda row: row.revision, width=8, right=True,
               priority=3),
        age_column(ReplicaSetRow),
        Column("OWNER", lambda row, now: f"{row.owner_kind}/{row.owner}" if row.owner else "",
               lambda row: (row.owner_kind, row.owner), width=8, max_width=48, priority=4),
        Column("REASON", lambda row, now: row.reason, lambda row: row.reason, width=6, max_width=80, priority=3),
        Column("IMAGE", lambda row, now: short_images(row.images), lambda row: row.images, width=8, max_width=48,
               priority=5),
        Column("CONTAINERS", lambda row, now: ",".join(row.containers), lambda row: row.containers, width=10,
               max_width=48, priority=8, wide=True, from_table="exact"),
        Column("IMAGES", lambda row, now: ",".join(row.images), lambda row: row.images, width=8, max_width=120,
               priority=7, wide=True, from_table="exact"),
        Column("SELECTOR", lambda row, now: row.selector, lambda row: row.selector, width=8, max_width=60, priority=8,
               wide=True, from_table="exact"),
    ),
    aliases=("rs",),
    problem=lambda row: row.meaning in (Meaning.ACT, Meaning.LOOK),
    labels=lambda row: row.labels,
)  # fmt: skip
