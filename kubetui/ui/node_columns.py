"""The columns of the Nodes pane: what a node says of itself, joined with what its pods ask for; and a pool's line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kubetui.insight.node_load import Load
from kubetui.insight.pools import Pool
from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.node import NODE_COLUMNS
from kubetui.kinds.node_meaning import node_meaning
from kubetui.kinds.node_row import NodeRow
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.state_words import count
from kubetui.ui.widgets.row_source import Cell

LoadOf = Callable[[str], Load | None]
"""A node's name to its load; None while the pods are not known."""

NOT_KNOWN = "–"
FULL, HIGH = 0.95, 0.85
"""Shares of the allocatable from which a request is marked."""


def node_columns(load: LoadOf) -> tuple[Column[NodeRow], ...]:
    """The pane's columns over nodes; the joined ones ask ``load`` when painted."""
    own = {column.title: column for column in NODE_COLUMNS}

    def share(part: Callable[[Load], int], whole: Callable[[NodeRow], int]) -> Callable[[NodeRow], float | None]:
        def of(row: NodeRow) -> float | None:
            asked = load(row.name)
            return part(asked) / whole(row) if asked is not None and not asked.unread and whole(row) else None

        return of

    cpu = share(lambda asked: asked.cpu, lambda row: row.allocatable.cpu)
    memory = share(lambda asked: asked.memory, lambda row: row.allocatable.memory)

    def pods(row: NodeRow) -> int:
        asked = load(row.name)
        return -1 if asked is None else asked.pods

    def pods_text(row: NodeRow, now: float) -> str:
        held = pods(row)
        room = NOT_KNOWN if row.provisional else row.allocatable.pods
        return f"{NOT_KNOWN if held < 0 else held}/{room}"

    return (
        own["NAME"],
        Column("READY", lambda row, now: mark(node_meaning(row)), lambda row: row.ready, width=5, right=True,
               priority=1, meaning=node_meaning),
        Column("STATUS", _status_text, lambda row: (row.status, row.conditions), width=8, max_width=44, priority=1,
               meaning=node_meaning, timed=True),
        own["VERSION"],
        Column("PODS", pods_text, pods, width=6, right=True, priority=2, from_table="exact",
               meaning=lambda row: Meaning.LOOK if pods(row) >= row.allocatable.pods > 0 else Meaning.PLAIN),
        Column("CPU REQ", lambda row, now: percent(cpu(row)), lambda row: cpu(row) or 0.0, width=7, right=True,
               priority=3, meaning=lambda row: fullness(cpu(row))),
        Column("MEM REQ", lambda row, now: percent(memory(row)), lambda row: memory(row) or 0.0, width=7, right=True,
               priority=3, meaning=lambda row: fullness(memory(row))),
        own["IMAGE"],
        own["INSTANCE"],
        own["ZONE"],
        own["AGE"],
        own["TAINTS"],
        *(own[title] for title in
          ("ROLES", "SIZE", "INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL", "RUNTIME")),
    )  # fmt: skip


def _status_text(row: NodeRow, now: float) -> str:
    """kubectl's words, since when where it is not Ready, and every other condition that is bad."""
    parts = [row.status if row.ready == "True" else f"{row.status} {age(row.ready_since, now)}"]
    parts += [condition.text for condition in row.conditions if condition.type != "Ready"]
    return "  ".join(parts)


def percent(share: float | None) -> str:
    """``61 %``."""
    return NOT_KNOWN if share is None else f"{share:.0%}".replace("%", " %")


def fullness(share: float | None) -> Meaning:
    """Whether so much requested needs a look. A full node is no fault: new pods go elsewhere."""
    return Meaning.LOOK if share is not None and share >= FULL else Meaning.PLAIN


def pool_cells(pool: Pool, columns: Sequence[Column[NodeRow]], *, pods_known: bool) -> tuple[Cell, ...]:
    """The pool's line, under the same columns."""
    return tuple(_pool_cell(column.title, pool, pods_known) for column in columns)


def _pool_cell(title: str, pool: Pool, pods_known: bool) -> Cell:
    if title == "NAME":
        return Cell(pool_name(pool), "total")
    if title == "READY" and pool.meaning is Meaning.UNKNOWN:
        return Cell(f"{NOT_KNOWN}/{pool.nodes}", "total")
    if title == "READY":
        return Cell(f"{pool.ready}/{pool.nodes}", "total" if pool.ready == pool.nodes else "look")
    if title == "STATUS":
        return _pool_status(pool)
    if title == "PODS":
        held = count(pool.pods) if pods_known else NOT_KNOWN
        room = count(pool.pod_capacity) if pool.pod_capacity else NOT_KNOWN
        return Cell(f"{held}/{room}", "total")
    texts = {
        "VERSION": (pool.version_text, "look" if len(pool.versions) > 1 else ""),
        "IMAGE": (pool.image_text, "look" if len(pool.images) > 1 else ""),
        "CPU REQ": (percent(pool.cpu_used) if pods_known else NOT_KNOWN, "total"),
        "MEM REQ": (percent(pool.memory_used) if pods_known else NOT_KNOWN, "total"),
        "ZONE": (_zones(pool), ""),
        "INSTANCE": (", ".join(pool.vmss), "dim"),
        "SIZE": (", ".join(pool.sizes), ""),
    }
    text, style = texts.get(title, ("", ""))
    return Cell(text, style)  # type: ignore[arg-type]  # the styles above are those of Style


def pool_name(pool: Pool) -> str:
    """``general  User  D8s_v5  Ubuntu  spot``."""
    sizes = " ".join(size.removeprefix("Standard_") for size in pool.sizes)
    parts = [pool.name or "no pool", pool.mode.capitalize(), sizes, " ".join(pool.os_skus), "spot" if pool.spot else ""]
    return "  ".join(part for part in parts if part)


def _pool_status(pool: Pool) -> Cell:
    parts = []
    if pool.meaning is Meaning.UNKNOWN:
        return Cell(NOT_KNOWN, "dim")
    if pool.ready < pool.nodes:
        parts.append(f"{pool.nodes - pool.ready} not ready")
    if pool.cordoned:
        parts.append(f"{pool.cordoned} cordoned")
    if not parts:
        return Cell("")
    return Cell(f"{mark(pool.meaning)} " + ", ".join(parts), STYLES[pool.meaning])


def _zones(pool: Pool) -> str:
    """``1 2 3``: the region stands before each and says nothing new."""
    return " ".join(zone.rpartition("-")[2] for zone in pool.zones)
