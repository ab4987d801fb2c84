"""Pods: where the API serves them and their columns, in kubectl's words and order."""

from __future__ import annotations

from typing import Final

from kubetui.kinds.age import age
from kubetui.kinds.kind import Column, Kind
from kubetui.kinds.pod_meaning import problem, ready_meaning, restarts_meaning, status_meaning
from kubetui.kinds.pod_row import PodRow, decode_item, pod_row
from kubetui.kinds.pod_table import pod_row_from_table
from kubetui.kinds.pod_wire import PodWire
from kubetui.kinds.quantity import cpu_text, memory_text, request_limit

__all__ = ["POD", "PodRow", "PodWire", "decode_item", "pod_row", "problem"]


def _detail(text: str, row: PodRow) -> str:
    """Text that only the object can give."""
    return "–" if row.provisional else text


def _restarts_text(row: PodRow, now: float) -> str:
    if not row.restarts or not row.restarted:
        return str(row.restarts)
    return f"{row.restarts} ({age(row.restarted, now)} ago)"


def _reason_text(row: PodRow, now: float) -> str:
    """The reason unless STATUS says it, and how the last run ended."""
    parts = [row.reason] if row.reason and not row.status.endswith(row.reason) else []
    if row.last_reason and row.last_reason != row.reason:
        parts.append(row.last_reason if row.last_exit is None else f"{row.last_reason} {row.last_exit}")
    return _detail(", ".join(parts), row)


def _owner_text(row: PodRow, now: float) -> str:
    return _detail(f"{row.owner_kind}/{row.owner}" if row.owner else "", row)


def _ready_sort(row: PodRow) -> tuple[int, int]:
    """The ones that miss most come first."""
    return row.ready - row.total, row.total


def _age_sort(row: PodRow) -> tuple[bool, int]:
    """The youngest first; an age that is not known last."""
    return row.created == 0, -row.created


def _ip_sort(row: PodRow) -> tuple[int, tuple[int, ...], str]:
    """IPv4 by number, the rest by text."""
    parts = row.ip.split(".")
    if len(parts) == 4 and all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        return 4, tuple(int(part) for part in parts), ""
    return (6, (), row.ip) if row.ip else (0, (), "")


def _cpu_text(row: PodRow, now: float) -> str:
    return _detail(request_limit(cpu_text, row.cpu_request, row.cpu_limit), row)


def _memory_text(row: PodRow, now: float) -> str:
    return _detail(request_limit(memory_text, row.memory_request, row.memory_limit), row)


def _gates_text(row: PodRow, now: float) -> str:
    return f"{row.gates_true}/{row.gates}" if row.gates else ""


POD_COLUMNS: Final[tuple[Column[PodRow], ...]] = (
    Column("NAMESPACE", lambda row, now: row.namespace, lambda row: row.namespace, width=9, max_width=32,
           priority=2, from_table="exact"),
    Column("NAME", lambda row, now: row.name, lambda row: row.name, width=16, max_width=63, priority=0,
           from_table="exact"),
    Column("READY", lambda row, now: f"{row.ready}/{row.total}", _ready_sort, width=5, right=True, priority=1,
           from_table="exact", meaning=ready_meaning),
    Column("STATUS", lambda row, now: row.status, lambda row: row.status, width=8, max_width=32, priority=1,
           from_table="exact", meaning=status_meaning, marked=True),
    Column("RESTARTS", _restarts_text, lambda row: (row.restarts, row.restarted), width=8, right=True, priority=2,
           from_table="approximate", meaning=restarts_meaning, timed=True, searched=lambda row: str(row.restarts)),
    Column("AGE", lambda row, now: age(row.created, now), _age_sort, width=5, right=True, priority=2,
           from_table="approximate", timed=True),
    Column("REASON", _reason_text, lambda row: (row.reason, row.last_reason), width=6, max_width=40, priority=3),
    Column("NODE", lambda row, now: row.node, lambda row: row.node, width=8, max_width=48, priority=4,
           from_table="exact"),
    Column("OWNER", _owner_text, lambda row: (row.owner_kind, row.owner), width=8, max_width=48, priority=6),
    Column("IP", lambda row, now: row.ip, _ip_sort, width=9, max_width=39, priority=5, wide=True,
           from_table="exact"),
    Column("QOS", lambda row, now: _detail(row.qos, row), lambda row: row.qos, width=9, priority=6, wide=True),
    Column("CPU REQ/LIM", _cpu_text, lambda row: (row.cpu_request, row.cpu_limit), width=11, right=True,
           priority=6, wide=True),
    Column("MEM REQ/LIM", _memory_text, lambda row: (row.memory_request, row.memory_limit), width=11, right=True,
           priority=6, wide=True),
    Column("NOMINATED NODE", lambda row, now: row.nominated, lambda row: row.nominated, width=14, max_width=48,
           priority=8, wide=True, from_table="exact"),
    Column("READINESS GATES", _gates_text, lambda row: (row.gates, row.gates_true), width=15, right=True,
           priority=8, wide=True, from_table="exact"),
)  # fmt: skip

POD: Final[Kind[PodRow]] = Kind(
    name="Pod",
    plural="pods",
    group="",
    api_version="v1",
    namespaced=True,
    wire=PodWire,
    row=pod_row,
    columns=POD_COLUMNS,
    aliases=("po",),
    row_from_table=pod_row_from_table,
    problem=problem,
    labels=lambda row: row.labels,
)
