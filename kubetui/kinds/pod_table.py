"""A pod's provisional row, from the server's Table: what kubectl shows, until the object comes."""

from __future__ import annotations

from kubetui.kinds.kind import TableCells
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.table import age_cell, cell, name_cell, pair_cell, restarts_cell
from kubetui.kinds.wire import word


def pod_row_from_table(table: TableCells) -> PodRow:
    """What the cells say; ages to kubectl's rounding. Raises msgspec.ValidationError where there is no name."""
    ready, total = pair_cell(table, "Ready")
    restarts = restarts_cell(table, "Restarts")
    gates_true, gates = pair_cell(table, "Readiness Gates")
    return PodRow(
        namespace=word(table.namespace),
        name=name_cell(table),
        version=table.version,
        provisional=True,
        ready=ready,
        total=total,
        status=word(cell(table, "Status")),
        restarts=restarts.times,
        restarted=restarts.last,
        created=age_cell(table, "Age"),
        node=word(cell(table, "Node")),
        ip=cell(table, "IP"),
        nominated=word(cell(table, "Nominated Node")),
        gates=gates,
        gates_true=gates_true,
    )
