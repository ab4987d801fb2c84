"""The line of an instance without a node, under its pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kubetui.insight.instances import Lone, vm_words
from kubetui.kinds.age import age
from kubetui.kinds.kind import Column
from kubetui.kinds.node_row import NodeRow
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.node_columns import NOT_KNOWN, VM
from kubetui.ui.widgets.row_source import Cell, Line


@dataclass(frozen=True, slots=True)
class InstanceKey:
    """The key of such a line: the resource id, as Azure spells it."""

    id: str


def lone_line(lone: Lone, columns: Sequence[Column[NodeRow]], now: float) -> Line:
    """``· instance 74``, what is the matter with it, its state and age."""
    one, trouble = lone.instance, lone.trouble_at(now)
    style = STYLES[trouble.meaning]
    cells = {
        "NAME": Cell(f"· instance {one.number}", "dim"),
        "READY": Cell(mark(trouble.meaning), style),
        "STATUS": Cell(trouble.words, style),
        "IMAGE": Cell(one.image),
        "INSTANCE": Cell(one.number),
        VM: Cell(vm_words(one), style),
        "ZONE": Cell(one.zone),
        "AGE": Cell(age(one.created, now) if one.created else NOT_KNOWN),
    }
    return Line(InstanceKey(one.id), tuple(cells.get(c.title, Cell(NOT_KNOWN, "dim")) for c in columns), depth=1)
