"""Top's columns for each level: what is used, of what was asked for and allowed, and since one looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kubetui.insight.usage import Trouble, UsageRow
from kubetui.insight.usage_book import Level
from kubetui.insight.usage_words import NOT_KNOWN, percent, trouble_words
from kubetui.kinds.age import age
from kubetui.kinds.horizontal_pod_autoscaler import AutoscalerRow
from kubetui.kinds.kind import Column, Key, Meaning
from kubetui.kinds.quantity import cpu_text, memory_text
from kubetui.store.usage_history import UsageHistory
from kubetui.ui.meanings import ascii_only
from kubetui.ui.widgets.sparkline import sparkline

BAR: Final = 8
SEEN: Final = 12
"""Cells of bars and sparklines."""
_BAD: Final = {
    Trouble.OOM_KILLED: Meaning.ACT,
    Trouble.NEAR_MEMORY_LIMIT: Meaning.ACT,
    Trouble.NODE_FULL: Meaning.LOOK,
    Trouble.THROTTLED: Meaning.LOOK,
    Trouble.ASKS_TOO_MUCH: Meaning.PLAIN,
}
_MEMBERS: Final = {Level.POOLS: "NODES", Level.NAMESPACES: "PODS", Level.WORKLOADS: "PODS"}
HistoryOf = Callable[[], UsageHistory | None]
AutoscalerOf = Callable[[Key], AutoscalerRow | None]
"""(namespace, ``Deployment/name``) to what scales it."""
Columns = tuple[Column[UsageRow], ...]


def top_columns(level: Level, history: HistoryOf, autoscaler: AutoscalerOf) -> Columns:
    """The columns of one level, the wide ones included."""
    first = (_NAMESPACE, _NAME) if level in (Level.PODS, Level.CONTAINERS, Level.WORKLOADS) else (_NAME,)
    members = (_members(_MEMBERS[level]),) if level in _MEMBERS else ()
    of_nodes = level in (Level.NODES, Level.POOLS)
    shares = _OF_NODES if of_nodes else _OF_PODS
    last: Columns = (_LOOK,)
    if level is Level.WORKLOADS:
        last = (_autoscaled(autoscaler),)
    elif level in (Level.NODES, Level.PODS):
        last = (_LOOK, _GROUP[level])
    cpu = (
        _CPU,
        shares[0],
        _bar("CPU BAR", lambda row: row.cpu_share),
        *_cpu_asked(of_nodes),
        _seen("CPU SEEN", history, 0),
    )
    memory = (_MEMORY, shares[1], _bar("MEM BAR", lambda row: row.memory_share), *_memory_asked(of_nodes),
              _seen("MEM SEEN", history, 1))  # fmt: skip
    return (*first, *members, *cpu, *memory, *last, _SAMPLE)


def meaning_of(row: UsageRow) -> Meaning:
    """The worst that the row's numbers mean."""
    meanings = [_BAD[trouble] for trouble in row.trouble]
    return next((one for one in (Meaning.ACT, Meaning.LOOK) if one in meanings), Meaning.PLAIN)


def needs_a_look(row: UsageRow) -> bool:
    """Whether 'problems only' keeps it."""
    return meaning_of(row) is not Meaning.PLAIN


def bar(share: float | None) -> str:
    """Eight cells, filled to the share; more than all of it is full."""
    if share is None:
        return ""
    full, empty = ("#", ".") if ascii_only() else ("█", "░")
    filled = min(BAR, round(share * BAR))
    return full * filled + empty * (BAR - filled)


def cpu_of(row: UsageRow) -> str:
    """``125m``; ``≥125m`` where not all members were sampled."""
    return _sum(row, cpu_text(row.usage.millicores)) if row.usage is not None else NOT_KNOWN


def memory_of(row: UsageRow) -> str:
    """``512Mi``."""
    return _sum(row, memory_text(row.usage.memory)) if row.usage is not None else NOT_KNOWN


def _sum(row: UsageRow, text: str) -> str:
    return f"≥{text}" if row.unsampled else text


def _number(value: float | None) -> float:
    return -1.0 if value is None else value


def _limit(text: Callable[[int], str], value: int) -> str:
    return text(value) if value else NOT_KNOWN


def _share_column(title: str, share: Callable[[UsageRow], float | None], priority: int = 2) -> Column[UsageRow]:
    def text(row: UsageRow, now: float) -> str:
        found = share(row)
        return percent(found) if found is None or not row.unsampled else f"≥{percent(found)}"

    return Column(title, text, lambda row: _number(share(row)), width=5, right=True,
                  priority=priority, from_table="exact", meaning=lambda row: _fullness(share(row)))  # fmt: skip


def _fullness(share: float | None) -> Meaning:
    return Meaning.LOOK if share is not None and share >= 0.9 else Meaning.PLAIN


def _bar(title: str, share: Callable[[UsageRow], float | None]) -> Column[UsageRow]:
    return Column(title, lambda row, now: bar(share(row)), lambda row: _number(share(row)), width=BAR, priority=5,
                  from_table="exact", meaning=lambda row: _fullness(share(row)))  # fmt: skip


def _seen(title: str, history: HistoryOf, which: int) -> Column[UsageRow]:
    def text(row: UsageRow, now: float) -> str:
        book = history()
        if book is None:
            return ""
        key = (row.namespace, row.name)
        values = book.memory(key) if which else book.cpu(key)
        return sparkline(values, SEEN, low=0.0, unicode=not ascii_only()) if len(values) > 1 else ""

    return Column(title, text, lambda row: _number(row.usage.cpu if row.usage else None), width=SEEN, priority=6,
                  from_table="exact", timed=True)  # fmt: skip


def _members(title: str) -> Column[UsageRow]:
    return Column(title, lambda row, now: f"{row.members:,}", lambda row: row.members, width=5, right=True, priority=3,
                  from_table="exact")  # fmt: skip


def _cpu_asked(of_nodes: bool) -> Columns:
    return (
        Column("CPU REQ", lambda row, now: _limit(cpu_text, row.asked.cpu), lambda row: row.asked.cpu, width=7,
               right=True, priority=4),
        Column("CPU ALLOC" if of_nodes else "CPU LIM", lambda row, now: _limit(cpu_text, row.asked.cpu_limit),
               lambda row: row.asked.cpu_limit, width=7, right=True, priority=7),
    )  # fmt: skip


def _memory_asked(of_nodes: bool) -> Columns:
    return (
        Column("MEM REQ", lambda row, now: _limit(memory_text, row.asked.memory), lambda row: row.asked.memory,
               width=7, right=True, priority=4),
        Column("MEM ALLOC" if of_nodes else "MEM LIM", lambda row, now: _limit(memory_text, row.asked.memory_limit),
               lambda row: row.asked.memory_limit, width=7, right=True, priority=7),
    )  # fmt: skip


def _autoscaled(autoscaler: AutoscalerOf) -> Column[UsageRow]:
    def found(row: UsageRow) -> AutoscalerRow | None:
        return autoscaler((row.namespace, row.name))

    def text(row: UsageRow, now: float) -> str:
        scaler = found(row)
        return scaler.words if scaler is not None else ""

    def meaning(row: UsageRow) -> Meaning:
        scaler = found(row)
        return Meaning.LOOK if scaler is not None and scaler.broken else Meaning.PLAIN

    return Column("AUTOSCALER", text, lambda row: text(row, 0.0), width=10, max_width=70, priority=3,
                  from_table="exact", meaning=meaning)  # fmt: skip


_NAMESPACE: Final[Column[UsageRow]] = Column(
    "NAMESPACE", lambda row, now: row.namespace, lambda row: row.namespace, width=9, max_width=32, priority=3,
    from_table="exact",
)  # fmt: skip
_NAME: Final[Column[UsageRow]] = Column(
    "NAME", lambda row, now: row.name, lambda row: row.name, width=16, max_width=63, priority=0, from_table="exact"
)
_CPU: Final[Column[UsageRow]] = Column(
    "CPU", lambda row, now: cpu_of(row), lambda row: -1 if row.usage is None else row.usage.cpu, width=6,
    right=True, priority=1, from_table="exact",
)  # fmt: skip
_MEMORY: Final[Column[UsageRow]] = Column(
    "MEMORY", lambda row, now: memory_of(row), lambda row: -1 if row.usage is None else row.usage.memory, width=7,
    right=True, priority=1, from_table="exact",
)  # fmt: skip
_OF_NODES: Final = (
    _share_column("CPU %", lambda row: row.cpu_share),
    _share_column("MEM %", lambda row: row.memory_share),
)
_OF_PODS: Final = (
    _share_column("CPU %LIM", lambda row: row.cpu_share),
    _share_column("MEM %LIM", lambda row: row.memory_share),
)
_LOOK: Final[Column[UsageRow]] = Column(
    "LOOK", trouble_words, lambda row: [trouble.value for trouble in row.trouble], width=4, max_width=60, priority=2,
    from_table="exact", meaning=meaning_of, marked=True, timed=True,
)  # fmt: skip
_GROUP: Final[dict[Level, Column[UsageRow]]] = {
    level: Column(title, lambda row, now: row.group, lambda row: row.group, width=8, max_width=40, priority=6,
                  from_table="exact")
    for level, title in ((Level.NODES, "POOL"), (Level.PODS, "NODE"))
}  # fmt: skip
_SAMPLE: Final[Column[UsageRow]] = Column(
    "SAMPLE", lambda row, now: age(row.at, now), lambda row: -row.at, width=6, right=True, priority=3,
    from_table="exact", timed=True,
)  # fmt: skip
