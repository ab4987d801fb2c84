"""The columns of the Nodes pane: what a node says of itself, joined with what its pods ask for and its machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kubetui.insight.instances import vm_words
from kubetui.insight.node_load import Load
from kubetui.insight.pools import Pool
from kubetui.insight.scheduled_event import condition_words
from kubetui.insight.trouble import Trouble
from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Meaning
from kubetui.kinds.node import NODE_COLUMNS
from kubetui.kinds.node_row import NodeRow
from kubetui.ui.meanings import mark
from kubetui.ui.node_machines import NodeMachines

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
        return " ".join((_status_text(row, machines.trouble(row.name)), *(found.type for found in row.conditions)))

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
        Column("STATUS", status, lambda row: (row.status, row.conditions), width=8, max_width=60, keep=28, priority=1,
               meaning=node_meaning, timed=True, searched=status_words),
        own["VERSION"],
        Column("PODS", pods_text, pods, width=6, right=True, priority=3, from_table="exact",
               meaning=lambda row: Meaning.LOOK if pods(row) >= row.allocatable.pods > 0 else Meaning.PLAIN),
        Column("CPU REQ", lambda row, now: percent(cpu(row)), lambda row: cpu(row) or 0.0, width=7, right=True,
               priority=3, meaning=lambda row: fullness(cpu(row))),
        Column("MEM REQ", lambda row, now: percent(memory(row)), lambda row: memory(row) or 0.0, width=7, right=True,
               priority=3, meaning=lambda row: fullness(memory(row))),
        own["IMAGE"],
        replace(own["INSTANCE"], searched=_instance_words),
        # It outlasts the amounts: that a VM is off or goes says why a node is not ready.
        Column(VM, lambda row, now: vm(row), vm, width=7, max_width=26, priority=2, keep=14),
        own["ZONE"],
        replace(own["AGE"], priority=3),
        own["TAINTS"],
        *(own[title] for title in
          ("ROLES", "SIZE", "INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL", "RUNTIME")),
    )  # fmt: skip


def _instance_words(row: NodeRow) -> str:
    """The instance's id, and its name as Azure writes it: ``17``, ``aks-general-27182818-vmss_17``."""
    machine = row.machine
    return f"{machine.label} {machine.vmss}_{machine.instance}" if machine.vmss else machine.label


def _status_text(row: NodeRow, trouble: Trouble | None, now: float | None = None) -> str:
    """kubectl's words, every other condition that is bad, and what ails its VM; with ``now`` since when it is so."""
    parts = [row.status if row.ready == "True" or now is None else f"{row.status} {age(row.ready_since, now)}"]
    parts += [condition_words(condition) for condition in row.conditions if condition.type != "Ready"]
    parts += [trouble.words] if trouble is not None else []
    return "  ".join(parts)


def percent(share: float | None) -> str:
    """``61 %``."""
    return NOT_KNOWN if share is None else f"{share:.0%}".replace("%", " %")


def fullness(share: float | None) -> Meaning:
    """Whether so much requested needs a look. A full node is no fault: new pods go elsewhere."""
    return Meaning.LOOK if share is not None and share >= FULL else Meaning.PLAIN


def pool_name(pool: Pool) -> str:
    """``general  User  D8s_v5  Ubuntu  spot``."""
    sizes = " ".join(size.removeprefix("Standard_") for size in pool.sizes)
    parts = [pool.name or "no pool", pool.mode.capitalize(), sizes, " ".join(pool.os_skus), "spot" if pool.spot else ""]
    return "  ".join(part for part in parts if part)
