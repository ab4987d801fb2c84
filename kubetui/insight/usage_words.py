"""What a line of Top means, in words: the same on the screen and without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.usage import AT_LIMIT, FULL, IDLE, IDLE_LEAST, IDLE_LEAST_MEMORY, Told, Trouble, UsageRow
from kubetui.kinds.age import age
from kubetui.kinds.quantity import cpu_text, memory_text

NOT_KNOWN: Final = "–"
NO_SAMPLES: Final = "metrics-server answers and has no samples: it has just begun, or reaches no kubelet"
NO_SAMPLES_ADVICE: Final = "see what it logs: kubetui logs deploy/metrics-server -n kube-system"
_ITS_OWN: Final = Told()
_OF_MEMBERS: Final = {
    Trouble.OOM_KILLED: "OOMKilled lately",
    Trouble.NEAR_MEMORY_LIMIT: "near memory limit",
    Trouble.NODE_FULL: "nearly full",
    Trouble.THROTTLED: "throttled",
    Trouble.ASKS_TOO_MUCH: "asking far more than used",
}
"""How many members of a total, and what is with them."""


def trouble_words(row: UsageRow, now: float) -> str:
    """``OOMKilled 12m ago, memory 96 % of limit: killed at 100 %``."""
    told = row.told or (_ITS_OWN,) * len(row.trouble)
    return ", ".join(_words(trouble, one, row, now) for trouble, one in zip(row.trouble, told, strict=True))


def trouble_search(row: UsageRow) -> str:
    """What a filter finds it by: the words for it, whenever it was."""
    names = ", ".join(trouble.value for trouble in row.trouble)
    return f"{names}, {trouble_words(row, row.since)}" if names else ""


def _words(trouble: Trouble, told: Told, row: UsageRow, now: float) -> str:
    if told.members:
        return f"{told.members:,} {_OF_MEMBERS[trouble]}"
    whose = f" of {told.container}" if told.container else ""
    if trouble is Trouble.OOM_KILLED:
        return f"OOMKilled {age(row.since, now)} ago"
    if trouble is Trouble.NEAR_MEMORY_LIMIT:
        share = told.share or row.memory_share
        return f"memory {percent(share)} of limit{whose}: killed at 100 %"
    if trouble is Trouble.THROTTLED:
        return f"at CPU limit ({cpu_text(told.limit or row.asked.cpu_limit)}){whose}: throttled"
    if trouble is Trouble.ASKS_TOO_MUCH:
        return " and ".join(_idle_words(row))
    return " and ".join(_full_words(row))


def _idle_words(row: UsageRow) -> Iterator[str]:
    """``asks 2000m CPU, uses 3 % of it``: what of both a pod hardly uses."""
    cpu, memory, asked = row.cpu_asked_share, row.memory_asked_share, row.asked
    if cpu is not None and cpu < IDLE and asked.cpu >= IDLE_LEAST:
        yield f"asks {cpu_text(asked.cpu)} CPU, uses {percent(cpu)} of it"
    if memory is not None and memory < IDLE and asked.memory >= IDLE_LEAST_MEMORY:
        yield f"asks {memory_text(asked.memory)} memory, uses {percent(memory)} of it"


def _full_words(row: UsageRow) -> Iterator[str]:
    """``MEM 94 % full``: what of both a node has hardly left."""
    for name, share, most in (("MEM", row.memory_share, FULL), ("CPU", row.cpu_share, AT_LIMIT)):
        if share is not None and share >= most:
            yield f"{name} {percent(share)} full"


def percent(share: float | None) -> str:
    """``61 %``, cut as ``kubectl top`` cuts it."""
    return NOT_KNOWN if share is None else f"{int(share * 100)} %"
