"""DaemonSets: where the API serves them and their columns, in kubectl's words and order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kubetui.kinds.common_columns import age_column, name_column, namespace_column
from kubetui.kinds.daemon_set_row import DaemonSetRow, DaemonSetWire, daemon_set_row
from kubetui.kinds.kind import Column, Kind, Meaning
from kubetui.kinds.workload_wire import short_images

__all__ = ["DAEMON_SET", "DaemonSetRow", "DaemonSetWire", "daemon_set_row", "problem"]


def problem(row: DaemonSetRow) -> bool:
    """A node misses it or wrongly has it, or the rollout is not done."""
    return row.meaning not in (Meaning.FINE, Meaning.PLAIN) or row.misscheduled > 0


def _number(
    title: str, of: Callable[[DaemonSetRow], int], priority: int, *, needs_all: bool = False
) -> Column[DaemonSetRow]:
    """A count of nodes; ``needs_all``: marked where some of the desired are missing."""
    return Column(
        title, lambda row, now: str(of(row)), of, width=len(title), right=True, priority=priority, from_table="exact",
        meaning=(lambda row: row.meaning if of(row) < row.desired else Meaning.PLAIN) if needs_all else None,
    )  # fmt: skip


def _selector_text(row: DaemonSetRow, now: float) -> str:
    return ",".join(f"{key}={value}" for key, value in row.placement.node_selector)


DAEMON_SET_COLUMNS: Final[tuple[Column[DaemonSetRow], ...]] = (
    namespace_column(DaemonSetRow),
    name_column(DaemonSetRow),
    _number("DESIRED", lambda row: row.desired, 1),
    _number("CURRENT", lambda row: row.current, 4, needs_all=True),
    _number("READY", lambda row: row.ready, 1, needs_all=True),
    _number("UP-TO-DATE", lambda row: row.updated, 3),
    _number("AVAILABLE", lambda row: row.available, 4),
    Column("MISSCHEDULED", lambda row, now: str(row.misscheduled), lambda row: row.misscheduled, width=12, right=True,
           priority=6, meaning=lambda row: Meaning.LOOK if row.misscheduled else Meaning.PLAIN),
    Column("STATUS", lambda row, now: row.rollout, lambda row: row.rollout, width=8, max_width=40, priority=2,
           meaning=lambda row: row.meaning, marked=True),
    age_column(DaemonSetRow),
    Column("REVISION", lambda row, now: row.revision, lambda row: (len(row.revision), row.revision), width=8,
           right=True, priority=5),
    Column("IMAGE", lambda row, now: short_images(row.images), lambda row: row.images, width=8, max_width=48,
           priority=4),
    Column("NODE SELECTOR", _selector_text, lambda row: row.placement.node_selector, width=13, max_width=48,
           priority=6, from_table="exact"),
    Column("STRATEGY", lambda row, now: row.strategy, lambda row: row.strategy, width=8, max_width=28, priority=7),
    Column("CONTAINERS", lambda row, now: ",".join(row.containers), lambda row: row.containers, width=10,
           max_width=48, priority=8, wide=True, from_table="exact"),
    Column("IMAGES", lambda row, now: ",".join(row.images), lambda row: row.images, width=8, max_width=120,
           priority=7, wide=True, from_table="exact"),
    Column("SELECTOR", lambda row, now: row.selector, lambda row: row.selector, width=8, max_width=60, priority=8,
           wide=True, from_table="exact"),
)  # fmt: skip

DAEMON_SET: Final[Kind[DaemonSetRow]] = Kind(
    name="DaemonSet",
    plural="daemonsets",
    group="apps",
    api_version="v1",
    namespaced=True,
    wire=DaemonSetWire,
    row=daemon_set_row,
    columns=DAEMON_SET_COLUMNS,
    aliases=("ds",),
    problem=problem,
    labels=lambda row: row.labels,
)
