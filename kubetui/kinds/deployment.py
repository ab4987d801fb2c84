"""Deployments: where the API serves them and their columns."""

from __future__ import annotations

from typing import Final

from kubetui.kinds.common_columns import age_column, name_column, namespace_column
from kubetui.kinds.deployment_row import DeploymentRow, DeploymentWire, deployment_row
from kubetui.kinds.kind import Column, Kind, Meaning
from kubetui.kinds.workload_wire import short_images

__all__ = ["DEPLOYMENT", "DeploymentRow", "DeploymentWire", "deployment_row", "problem"]

_BAD: Final = frozenset({Meaning.LOOK, Meaning.ACT})


def problem(row: DeploymentRow) -> bool:
    """Something is missing, or the rollout is not done."""
    return row.meaning not in (Meaning.FINE, Meaning.PLAIN)


def _ready_meaning(row: DeploymentRow) -> Meaning:
    return row.meaning if row.ready < row.desired else Meaning.PLAIN


DEPLOYMENT_COLUMNS: Final[tuple[Column[DeploymentRow], ...]] = (
    namespace_column(DeploymentRow),
    name_column(DeploymentRow),
    Column("READY", lambda row, now: f"{row.ready}/{row.desired}", lambda row: (row.ready - row.desired, row.desired),
           width=5, right=True, priority=1, from_table="exact", meaning=_ready_meaning),
    Column("STATUS", lambda row, now: row.rollout, lambda row: (row.meaning in _BAD, row.rollout), width=8,
           max_width=44, priority=1, meaning=lambda row: row.meaning, marked=True),
    Column("UP-TO-DATE", lambda row, now: str(row.updated), lambda row: row.updated, width=10, right=True, priority=3,
           from_table="exact"),
    Column("AVAILABLE", lambda row, now: str(row.available), lambda row: row.available, width=9, right=True,
           priority=3, from_table="exact"),
    age_column(DeploymentRow),
    Column("STRATEGY", lambda row, now: row.strategy, lambda row: row.strategy, width=8, max_width=28, priority=6),
    Column("REVISION", lambda row, now: row.revision, lambda row: (len(row.revision), row.revision), width=8,
           right=True, priority=5),
    Column("REASON", lambda row, now: row.reason, lambda row: row.reason, width=6, max_width=80, priority=3),
    Column("IMAGE", lambda row, now: short_images(row.images), lambda row: row.images, width=8, max_width=48,
           priority=4),
    Column("CONTAINERS", lambda row, now: ",".join(row.containers), lambda row: row.containers, width=10,
           max_width=48, priority=8, wide=True, from_table="exact"),
    Column("IMAGES", lambda row, now: ",".join(row.images), lambda row: row.images, width=8, max_width=120,
           priority=7, wide=True, from_table="exact"),
    Column("SELECTOR", lambda row, now: row.selector, lambda row: row.selector, width=8, max_width=60, priority=8,
           wide=True, from_table="exact"),
)  # fmt: skip

DEPLOYMENT: Final[Kind[DeploymentRow]] = Kind(
    name="Deployment",
    plural="deployments",
    group="apps",
    api_version="v1",
    namespaced=True,
    wire=DeploymentWire,
    row=deployment_row,
    columns=DEPLOYMENT_COLUMNS,
    aliases=("deploy",),
    problem=problem,
    labels=lambda row: row.labels,
)
