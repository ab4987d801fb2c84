"""One node as a DaemonSet sees it: the row and its columns."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.insight.daemon_set_history import NO_HISTORY, History
from kubetui.insight.daemon_set_nodes import Standing, Verdict
from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.wire import Labels

NONE: Final = "–"


class DaemonNodeRow(msgspec.Struct, frozen=True, gc=False):
    """A node, and the DaemonSet's pod on it. Times are Unix seconds."""

    name: str
    """The node's."""
    version: int
    namespace: str = ""
    provisional: bool = False
    standing: Standing = Standing.NOT_MEANT
    status: str = ""
    why: str = ""
    """Not sanitised."""
    meaning: Meaning = Meaning.PLAIN
    pool: str = ""
    pod: str = ""
    pod_namespace: str = ""
    ready: int = 0
    total: int = 0
    restarts: int = 0
    revision: str = ""
    created: int = 0
    """When the pod was made."""
    labels: Labels = ()
    """The node's."""


def daemon_node_row(node: NodeRow, verdict: Verdict, version: int, history: History = NO_HISTORY) -> DaemonNodeRow:
    """The row of one node."""
    pod = verdict.pod
    row = DaemonNodeRow(
        name=node.name,
        version=version,
        standing=verdict.standing,
        status=verdict.word,
        why=verdict.why,
        meaning=verdict.meaning,
        pool=node.pool,
        labels=node.labels,
    )
    if pod is None:
        return row
    return msgspec.structs.replace(
        row,
        pod=pod.name,
        pod_namespace=pod.namespace,
        ready=pod.ready,
        total=pod.total,
        restarts=pod.restarts,
        revision=history.revision_of_pod(pod),
        created=pod.created,
    )


def by_need(row: DaemonNodeRow) -> tuple[int, str]:
    """What needs a look first, then by name."""
    return row.standing.value, row.name


DAEMON_NODE_COLUMNS: Final[tuple[Column[DaemonNodeRow], ...]] = (
    Column("NAME", lambda row, now: row.name, lambda row: row.name, width=16, max_width=63, priority=0),
    Column("STATUS", lambda row, now: row.status, by_need, width=12, max_width=24, priority=1,
           meaning=lambda row: row.meaning, marked=True),
    Column("WHY", lambda row, now: row.why, lambda row: row.why, width=6, max_width=120, priority=2),
    Column("READY", lambda row, now: f"{row.ready}/{row.total}" if row.pod else NONE,
           lambda row: (row.ready - row.total, row.total), width=5, right=True, priority=2),
    Column("RESTARTS", lambda row, now: str(row.restarts) if row.pod else NONE, lambda row: row.restarts, width=8,
           right=True, priority=4),
    Column("REVISION", lambda row, now: row.revision if row.pod else NONE,
           lambda row: (len(row.revision), row.revision), width=8, right=True, priority=4),
    Column("AGE", lambda row, now: age(row.created, now), lambda row: (row.created == 0, -row.created), width=5,
           right=True, priority=4, timed=True),
    Column("POOL", lambda row, now: row.pool, lambda row: row.pool, width=6, max_width=20, priority=5),
    Column("POD", lambda row, now: row.pod, lambda row: row.pod, width=8, max_width=63, priority=6),
)  # fmt: skip
