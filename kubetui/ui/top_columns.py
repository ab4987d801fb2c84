"""Top's columns for each level: what is used, of what was asked for and allowed, and since one looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kubetui.insight.usage import Trouble, UsageRow
from kubetui.insight.usage_book import Level
from kubetui.insight.usage_words import NOT_KNOWN, percent, trouble_search, trouble_words
from kubetui.kinds.age import age
from kubetui.kinds.horizontal_pod_autoscaler import AutoscalerRow
from kubetui.kinds.kind import Column, Key, Meaning
from kubetui.kinds.quantity import cpu_text, memory_text
from kubetui.store.usage_history import UsageHistory
from kubetui.ui.figures import amount, cpu_millicores, cpu_nanocores, memory_bytes
from kubetui.ui.figures import share as share_typed
from kubetui.ui.meanings import ascii_only
from kubetui.ui.widgets.sparkline import sparkline

BAR: Final = 8
SEEN: Final = 12
"""Cells of bars and sparklines."""
_LOOK_KEEPS: Final = 22
"""Cells in which a mark still says what it means."""
_SCALER_KEEPS: Final = 28
"""Cells in which an autoscaler still says its target and size: ``cpu 61%/65% · 12 of 5–20``."""
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
    shares, bars = (_OF_NODES, _NODE_BARS) if level.of_nodes else (_OF_PODS, _POD_BARS)
    last: Columns = (_LOOK,)
    if level is Level.WORKLOADS:
        last = (_LOOK, _autoscaled(autoscaler))
    elif level in (Level.NODES, Level.PODS):
        last = (_LOOK, _GROUP[level])
    cpu = (
        _CPU,
        shares[0],
        bars[0],
        *_cpu_asked(level.of_nodes),
        _seen("CPU SEEN", history, 0),
    )
    memory = (_MEMORY, shares[1], bars[1], *_memory_asked(level.of_nodes),
              _seen("MEM SEEN", history, 1))  # fmt: skip
    return (*first, *members, *cpu, *memory, *last, _SAMPLE)


def meaning_of(row: UsageRow) -> Meaning:
    """The worst that the row's numbers mean."""
    meanings = [_BAD[trouble] for trouble in row.trouble]
    return next((one for one in (Meaning.ACT, Meaning.LOOK) if one in meanings), Meaning.PLAIN)


def scales_badly(scaler: AutoscalerRow) -> bool:
    """It can't do its work, or may not do what it would."""
    return scaler.broken or scaler.at_its_most


def needs_a_look(row: UsageRow) -> bool:
    """Whether 'problems only' keeps it."""
    return meaning_of(row) is not Meaning.PLAIN


def bar(share: float | None, asked: float | None = None) -> str:
    """Eight cells, filled to the share; more than all of it is full. A line stands where ``asked`` is, of 1."""
    if share is None:
        return ""
    full, empty, line = ("#", ".", "|") if ascii_only() else ("█", "░", "│")
    filled = min(BAR, round(share * BAR))
    cells = full * filled + empty * (BAR - filled)
    if asked is None:
        return cells
    at = min(BAR - 1, int(asked * BAR))
    return f"{cells[:at]}{line}{cells[at + 1 :]}"


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


def _or_none(value: int) -> int:
    """No request or no limit is neither more nor less than any."""
    return value or -1


def _limit(text: Callable[[int], str], value: int) -> str:
    return text(value) if value else NOT_KNOWN


def _share_column(
    title: str, share: Callable[[UsageRow], float | None], priority: int = 2, *, full: bool = True
) -> Column[UsageRow]:
    """``full``: near all of it is worth a look."""

    def text(row: UsageRow, now: float) -> str:
        found = share(row)
        return percent(found) if found is None or not row.unsampled else f"≥{percent(found)}"

    return Column(title, text, lambda row: _number(share(row)), width=5, right=True,
                  priority=priority, from_table="exact", amount=share_typed,
                  meaning=lambda row: _fullness(share(row)) if full else Meaning.PLAIN)  # fmt: skip


def _fullness(share: float | None) -> Meaning:
    return Meaning.LOOK if share is not None and share >= 0.9 else Meaning.PLAIN


def _bar(
    title: str, share: Callable[[UsageRow], float | None], asked: Callable[[UsageRow], float | None] = lambda row: None
) -> Column[UsageRow]:
    return Column(title, lambda row, now: bar(share(row), asked(row)), lambda row: _number(share(row)), width=BAR,
                  priority=5, from_table="exact", meaning=lambda row: _fullness(share(row)))  # fmt: skip


def _of_limit(share: float | None, asked_share: float | None) -> float | None:
    """Of the limit; where there is none, of what was asked for."""
    return asked_share if share is None else share


def _asked(asked: int, limit: int) -> float | None:
    """Where the request is in a bar: of the limit, and at its end where there is none."""
    return None if not asked else asked / limit if limit else 1.0


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
                  from_table="exact", amount=amount)  # fmt: skip


def _cpu_asked(of_nodes: bool) -> Columns:
    return (
        Column("CPU REQ", lambda row, now: _limit(cpu_text, row.asked.cpu), lambda row: _or_none(row.asked.cpu),
               width=7, right=True, priority=4, amount=cpu_millicores),
        *(() if of_nodes else (_CPU_OF_REQUEST,)),
        Column("CPU ALLOC" if of_nodes else "CPU LIM", lambda row, now: _limit(cpu_text, row.asked.cpu_limit),
               lambda row: _or_none(row.asked.cpu_limit), width=7, right=True, priority=7, amount=cpu_millicores),
    )  # fmt: skip


def _memory_asked(of_nodes: bool) -> Columns:
    return (
        Column("MEM REQ", lambda row, now: _limit(memory_text, row.asked.memory),
               lambda row: _or_none(row.asked.memory), width=7, right=True, priority=4, amount=memory_bytes),
        *(() if of_nodes else (_MEMORY_OF_REQUEST,)),
        Column("MEM ALLOC" if of_nodes else "MEM LIM", lambda row, now: _limit(memory_text, row.asked.memory_limit),
               lambda row: _or_none(row.asked.memory_limit), width=7, right=True, priority=7, amount=memory_bytes),
    )  # fmt: skip


def _autoscaled(autoscaler: AutoscalerOf) -> Column[UsageRow]:
    def found(row: UsageRow) -> AutoscalerRow | None:
        return autoscaler((row.namespace, row.name))

    def text(row: UsageRow, now: float) -> str:
        scaler = found(row)
        return scaler.words if scaler is not None else ""

    def meaning(row: UsageRow) -> Meaning:
        scaler = found(row)
        return Meaning.LOOK if scaler is not None and scales_badly(scaler) else Meaning.PLAIN

    return Column("AUTOSCALER", text, lambda row: text(row, 0.0), width=10, max_width=70, priority=1,
                  keep=_SCALER_KEEPS, from_table="exact", meaning=meaning)  # fmt: skip


_NAMESPACE: Final[Column[UsageRow]] = Column(
    "NAMESPACE", lambda row, now: row.namespace, lambda row: row.namespace, width=9, max_width=32, priority=3,
    from_table="exact",
)  # fmt: skip
_NAME: Final[Column[UsageRow]] = Column(
    "NAME", lambda row, now: row.name, lambda row: row.name, width=16, max_width=63, priority=0,
    from_table="exact",
)  # fmt: skip
_CPU: Final[Column[UsageRow]] = Column(
    "CPU", lambda row, now: cpu_of(row), lambda row: -1 if row.usage is None else row.usage.cpu, width=6,
    right=True, priority=1, from_table="exact", amount=cpu_nanocores,
)  # fmt: skip
_MEMORY: Final[Column[UsageRow]] = Column(
    "MEMORY", lambda row, now: memory_of(row), lambda row: -1 if row.usage is None else row.usage.memory, width=7,
    right=True, priority=1, from_table="exact", amount=memory_bytes,
)  # fmt: skip
_OF_NODES: Final = (
    _share_column("CPU %", lambda row: row.cpu_share),
    _share_column("MEM %", lambda row: row.memory_share),
)
_OF_PODS: Final = (
    _share_column("CPU %LIM", lambda row: row.cpu_share),
    _share_column("MEM %LIM", lambda row: row.memory_share),
)
_CPU_OF_REQUEST: Final = _share_column("CPU %REQ", lambda row: row.cpu_asked_share, 6, full=False)
_MEMORY_OF_REQUEST: Final = _share_column("MEM %REQ", lambda row: row.memory_asked_share, 6, full=False)
_NODE_BARS: Final = (_bar("CPU BAR", lambda row: row.cpu_share), _bar("MEM BAR", lambda row: row.memory_share))
_POD_BARS: Final = (
    _bar("CPU BAR", lambda row: _of_limit(row.cpu_share, row.cpu_asked_share),
         lambda row: _asked(row.asked.cpu, row.asked.cpu_limit)),
    _bar("MEM BAR", lambda row: _of_limit(row.memory_share, row.memory_asked_share),
         lambda row: _asked(row.asked.memory, row.asked.memory_limit)),
)  # fmt: skip
"""What is used of the limit, with a line where the request is; without a limit the line is the end."""
_LOOK: Final[Column[UsageRow]] = Column(
    "LOOK", trouble_words, lambda row: [trouble.value for trouble in row.trouble], width=4, max_width=60, priority=1,
    keep=_LOOK_KEEPS, from_table="exact", meaning=meaning_of, marked=True, timed=True, searched=trouble_search,
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
