"""A pool's line in the Nodes pane, under the nodes' columns: totals, what ails it, its scale sets together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kubetui.insight.instances import PoolMachines, vm_words
from kubetui.insight.pool_state import state_meaning
from kubetui.insight.pools import Pool
from kubetui.insight.trouble import Trouble
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.node_row import NodeRow
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.node_columns import NOT_KNOWN, VM, percent, pool_name
from kubetui.ui.state_words import count
from kubetui.ui.widgets.row_source import Cell, Style

_PASSING = frozenset({"creating", "updating", "starting", "deleting"})
"""States of a machine that end by themselves."""


class PoolShown(NamedTuple):
    """A pool and what is known of it from elsewhere."""

    pool: Pool
    machines: PoolMachines | None = None
    """What Azure says of it."""
    state: tuple[Trouble, ...] = ()
    """What ails it and what is going on, what asks most first."""
    limits: str = ""
    """``3–80 auto``."""


def pool_cells(shown: PoolShown, columns: Sequence[Column[NodeRow]], *, pods_known: bool) -> tuple[Cell, ...]:
    """The pool's line, under the same columns."""
    return tuple(_cell(column.title, shown, pods_known) for column in columns)


def _cell(title: str, shown: PoolShown, pods_known: bool) -> Cell:
    pool = shown.pool
    if title == "NAME":
        return Cell("  ".join(part for part in (pool_name(pool), shown.limits) if part), "total")
    if title == "READY" and pool.meaning is Meaning.UNKNOWN:
        return Cell(f"{NOT_KNOWN}/{pool.nodes}", "total")
    if title == "READY":
        down: Style = "planned" if pool.meaning is Meaning.PLANNED else "look"
        return Cell(f"{pool.ready}/{pool.nodes}", "total" if pool.ready == pool.nodes else down)
    if title == "STATUS":
        return _status(shown)
    if title == "PODS":
        held = count(pool.pods) if pods_known else NOT_KNOWN
        room = count(pool.pod_capacity) if pool.pod_capacity else NOT_KNOWN
        return Cell(f"{held}/{room}", "total")
    if title in ("INSTANCE", VM) and shown.machines is not None and (shown.machines.sets or shown.machines.singles):
        return _machines_cell(title, shown.machines)
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
    """``70 of 70`` instances; and how they are: ``running``, or ``67 running, 3 creating``."""
    if machines.machines < 0:
        return Cell(NOT_KNOWN, "dim")
    if title == "INSTANCE":
        return Cell(f"{machines.machines} of {machines.capacity}", "total")
    states = Counter(vm_words(each) for each in machines.instances)
    # Of single machines that were not looked at lately only that is known: they were made well.
    odd = {state: number for state, number in states.most_common() if state not in ("running", "succeeded")}
    style: Style = "planned" if machines.changing or odd.keys() <= _PASSING else "look"
    text = ", ".join(f"{number} {state}" for state, number in odd.items())
    return Cell(text or next(iter(sorted(states)), NOT_KNOWN), style if odd else "")


def _status(shown: PoolShown) -> Cell:
    if not shown.state:
        return Cell(NOT_KNOWN, "dim") if shown.pool.meaning is Meaning.UNKNOWN else Cell("")
    meaning = state_meaning(shown.state)
    return Cell(f"{mark(meaning)} " + ", ".join(trouble.words for trouble in shown.state), STYLES[meaning])


def _zones(pool: Pool) -> str:
    """``1 2 3``: the region stands before each and says nothing new."""
    return " ".join(zone.rpartition("-")[2] for zone in pool.zones)
