"""Nodes: where the API serves them and their columns. Pods, requests and instances are joined by the pane."""

from __future__ import annotations

import re
from typing import Final

from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Kind
from kubetui.kinds.node_condition import NodeCondition
from kubetui.kinds.node_meaning import conditions_meaning, problem, status_meaning
from kubetui.kinds.node_row import Capacity, NodeRow, Taint, decode_item, node_row
from kubetui.kinds.node_wire import NodeWire

__all__ = ["NODE", "Capacity", "NodeCondition", "NodeRow", "NodeWire", "Taint", "decode_item", "node_row",
           "problem", "short_image", "version_key"]  # fmt: skip

_NUMBERS: Final = re.compile(r"[0-9]+", re.ASCII)


def version_key(version: str) -> tuple[int, ...]:
    """Sorts versions by their numbers: 1.9.10 before 1.10.2, 202601.9.0 before 202601.27.0."""
    return tuple(int(number[:18]) for number in _NUMBERS.findall(version))


def short_image(image: str) -> str:
    """The part of a node image version that changes: ``202601.27.0``."""
    return image.rpartition("-")[2]


def _taints_text(row: NodeRow, now: float) -> str:
    return ", ".join(taint.text for taint in row.taints)


def _conditions_text(row: NodeRow, now: float) -> str:
    return ", ".join(condition.text for condition in row.conditions if condition.type != "Ready")


def _instance_sort(row: NodeRow) -> tuple[str, int, str]:
    number = row.machine.instance
    return row.machine.vmss, int(number) if number.isascii() and number.isdigit() else -1, row.machine.label


def _image_sort(row: NodeRow) -> tuple[tuple[int, ...], str]:
    return version_key(short_image(row.image)), row.image


def _kernel_text(row: NodeRow, now: float) -> str:
    return f"{row.kernel} ({row.arch})" if row.arch else row.kernel


NODE_COLUMNS: Final[tuple[Column[NodeRow], ...]] = (
    Column("NAME", lambda row, now: row.name, lambda row: row.name, width=16, max_width=63, priority=0,
           from_table="exact"),
    Column("STATUS", lambda row, now: row.status, lambda row: row.status, width=8, max_width=32, priority=1,
           from_table="exact", meaning=status_meaning),
    Column("CONDITIONS", _conditions_text, lambda row: tuple(c.type for c in row.conditions), width=10,
           max_width=48, priority=3, meaning=conditions_meaning),
    Column("ROLES", lambda row, now: row.roles, lambda row: row.roles, width=5, max_width=24, priority=8,
           wide=True, from_table="exact"),
    Column("POOL", lambda row, now: row.pool, lambda row: row.pool, width=6, max_width=24, priority=5),
    Column("VERSION", lambda row, now: row.kubelet.removeprefix("v"), lambda row: version_key(row.kubelet),
           width=7, max_width=24, priority=2, from_table="exact"),
    Column("IMAGE", lambda row, now: short_image(row.image), _image_sort, width=8, max_width=24, priority=4),
    Column("INSTANCE", lambda row, now: row.machine.label, _instance_sort, width=8, max_width=40, right=True,
           priority=4),
    Column("SIZE", lambda row, now: row.size, lambda row: row.size, width=8, max_width=32, priority=7, wide=True),
    Column("ZONE", lambda row, now: row.zone, lambda row: row.zone, width=4, max_width=16, priority=6),
    Column("TAINTS", _taints_text, lambda row: row.taints, width=6, max_width=60, priority=7),
    Column("INTERNAL-IP", lambda row, now: row.internal_ip, lambda row: row.internal_ip, width=11, max_width=39,
           priority=7, wide=True, from_table="exact"),
    Column("EXTERNAL-IP", lambda row, now: row.external_ip, lambda row: row.external_ip, width=11, max_width=39,
           priority=9, wide=True, from_table="exact"),
    Column("OS-IMAGE", lambda row, now: row.os_image, lambda row: row.os_image, width=8, max_width=40, priority=8,
           wide=True, from_table="exact"),
    Column("KERNEL", _kernel_text, lambda row: version_key(row.kernel), width=8, max_width=40, priority=8,
           wide=True, from_table="exact"),
    Column("RUNTIME", lambda row, now: row.runtime.removeprefix("containerd://"), lambda row: row.runtime, width=7,
           max_width=32, priority=8, wide=True, from_table="exact"),
    Column("AGE", lambda row, now: age(row.created, now), lambda row: (row.created == 0, -row.created), width=5,
           right=True, priority=2, from_table="approximate", timed=True),
)  # fmt: skip

NODE: Final[Kind[NodeRow]] = Kind(
    name="Node",
    plural="nodes",
    group="",
    api_version="v1",
    namespaced=False,
    wire=NodeWire,
    row=node_row,
    columns=NODE_COLUMNS,
    aliases=("no",),
    problem=problem,
    labels=lambda row: row.labels,
)
