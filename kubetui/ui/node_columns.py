"""The columns of the Nodes pane: what a node says of itself, joined with what its pods ask for; and a pool's line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from kubetui.insight.instances import PoolMachines, Trouble, vm_words
from kubetui.insight.node_load import Load
from kubetui.insight.pools import Pool
from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.node import NODE_COLUMNS
from kubetui.kinds.node_meaning import worst
from kubetui.kinds.node_row import NodeRow
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.node_machines import NodeMachines
from kubetui.ui.state_words import count
from kubetui.ui.widgets.row_source import Cell

LoadOf = Callable[[str], Load | None]
"""A node's name to its load; None while the pods are not known."""

NOT_KNOWN = "–"
VM = "VM"
"""The title of the column that is there once Azure has been read."""
FULL, HIGH = 0.95, 0.85
"""Shares of the allocatable from which a request is marked."""


def node_columns(load: LoadOf, machines: NodeMachines) -> tuple[Column[NodeRow], ...]:
    """The pane's columns over nodes; the joined ones ask ``load`` and ``machines`` when painted."""
    node_meaning = machines.meaning

    def status(row: NodeRow, now: float) -> str:
        return _status_text(row, machines.trouble(row.name), now)

    def status_words(row: NodeRow) -> str:
        return _status_text(row, machines.trouble(row.name))

    def vm(row: NodeRow) -> str:
        instance = machines.instance(row.name)
        return vm_words(instance) if instance is not None else NOT_KNOWN

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
        Column("STATUS", status, lambda row: (row.status, row.conditions), width=8, max_width=44, priority=1,
               meaning=node_meaning, timed=True, searched=status_words),
        own["VERSION"],
        Column("PODS", pods_text, pods, width=6, right=True, priority=2, from_table="exact",
               meaning=lambda row: Meaning.LOOK if pods(row) >= row.allocatable.pods > 0 else Meaning.PLAIN),
        Column("CPU REQ", lambda row, now: percent(cpu(row)), lambda row: cpu(row) or 0.0, width=7, right=True,
               priority=3, meaning=lambda row: fullness(cpu(row))),
        Column("MEM REQ", lambda row, now: percent(memory(row)), lambda row: memory(row) or 0.0, width=7, right=True,
               priority=3, meaning=lambda row: fullness(memory(row))),
        own["IMAGE"],
        own["INSTANCE"],
        Column(VM, lambda row, now: vm(row), vm, width=7, max_width=24, priority=3),
        own["ZONE"],
        own["AGE"],
        own["TAINTS"],
        *(own[title] for title in
          ("ROLES", "SIZE", "INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL", "RUNTIME")),
    )  # fmt: skip


def _status_text(row: NodeRow, trouble: Trouble | None, now: float | None = None) -> str:
    """kubectl's words, every other condition that is bad, and what ails its VM; with ``now`` since when it is so."""
    parts = [row.status if row.ready == "True" or now is None else f"{row.status} {age(row.ready_since, now)}"]
    parts += [condition.text for condition in row.conditions if condition.type != "Ready"]
    parts += [trouble.words] if trouble is not None else []
    return "  ".join(parts)


def percent(share: float | None) -> str:
    """``61 %``."""
    return NOT_KNOWN if share is None else f"{share:.0%}".replace("%", " %")


def fullness(share: float | None) -> Meaning:
    """Whether so much requested needs a look. A full node is no fault: new pods go elsewhere."""
    return Meaning.LOOK if share is not None and share >= FULL else Meaning.PLAIN


def pool_cells(
    pool: Pool, machines: PoolMachines | None, columns: Sequence[Column[NodeRow]], *, pods_known: bool
) -> tuple[Cell, ...]:
    """The pool's line, under the same columns; ``machines``: what Azure says of it."""
    return tuple(_pool_cell(column.title, pool, machines, pods_known) for column in columns)


def _pool_cell(title: str, pool: Pool, machines: PoolMachines | None, pods_known: bool) -> Cell:
    if title == "NAME":
        limits = machines.limits if machines is not None else ""
        return Cell("  ".join(part for part in (pool_name(pool), limits) if part), "total")
    if title == "READY" and pool.meaning is Meaning.UNKNOWN:
        return Cell(f"{NOT_KNOWN}/{pool.nodes}", "total")
    if title == "READY":
        return Cell(f"{pool.ready}/{pool.nodes}", "total" if pool.ready == pool.nodes else "look")
    if title == "STATUS":
        return _pool_status(pool, machines)
    if title == "PODS":
        held = count(pool.pods) if pods_known else NOT_KNOWN
        room = count(pool.pod_capacity) if pool.pod_capacity else NOT_KNOWN
        return Cell(f"{held}/{room}", "total")
    if title in ("INSTANCE", VM) and machines is not None and machines.sets:
        return _machines_cell(title, machines)
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


def _machines_cell(title: str, machines: PoolMachines) -> Cell:
    """``70 of 70`` instances; and what most of them are, or what Azure does with them."""
    if machines.machines < 0:
        return Cell(NOT_KNOWN, "dim")
    if title == "INSTANCE":
        return Cell(f"{machines.machines} of {machines.capacity}", "total")
    if machines.changing:
        progress = f" {machines.updated / machines.machines:.0%}" if _upgrades(machines) else ""
        return Cell(f"{machines.changing.lower()}{progress}", "planned")
    states = Counter(vm_words(each) for one in machines.sets for each in one.instances or ())
    odd = [f"{number} {state}" for state, number in states.most_common() if state != "running"]
    return Cell(", ".join(odd) or ("running" if states else NOT_KNOWN), "look" if odd else "")


def _upgrades(machines: PoolMachines) -> bool:
    return bool(machines.machines) and "upgrad" in machines.changing.casefold()


def pool_name(pool: Pool) -> str:
    """``general  User  D8s_v5  Ubuntu  spot``."""
    sizes = " ".join(size.removeprefix("Standard_") for size in pool.sizes)
    parts = [pool.name or "no pool", pool.mode.capitalize(), sizes, " ".join(pool.os_skus), "spot" if pool.spot else ""]
    return "  ".join(part for part in parts if part)


def _pool_status(pool: Pool, machines: PoolMachines | None) -> Cell:
    parts = []
    troubles = machines.troubles if machines is not None else ()
    if pool.meaning is Meaning.UNKNOWN:
        return Cell(NOT_KNOWN, "dim")
    if pool.ready < pool.nodes:
        parts.append(f"{pool.nodes - pool.ready} not ready")
    if pool.cordoned:
        parts.append(f"{pool.cordoned} cordoned")
    parts += [trouble.words for trouble in troubles]
    if not parts:
        return Cell("")
    meaning = worst({pool.meaning, *(trouble.meaning for trouble in troubles)})
    return Cell(f"{mark(meaning)} " + ", ".join(parts), STYLES[meaning])


def _zones(pool: Pool) -> str:
    """``1 2 3``: the region stands before each and says nothing new."""
    return " ".join(zone.rpartition("-")[2] for zone in pool.zones)
