"""Top's rows as text in columns, and as JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kubetui.headless.logs.terminal_text import terminal_text
from kubetui.insight.usage import UsageRow
from kubetui.insight.usage_book import Level
from kubetui.insight.usage_words import NOT_KNOWN, trouble_words
from kubetui.kinds.age import age
from kubetui.kinds.quantity import cpu_text, memory_text

_SPACED = frozenset({Level.PODS, Level.CONTAINERS, Level.WORKLOADS})


def ordered(rows: Sequence[UsageRow], sort: str) -> list[UsageRow]:
    """By what is used, most first and unknown last, or by name."""
    if sort == "name":
        return sorted(rows, key=lambda row: (row.namespace, row.name))

    def used(row: UsageRow) -> int:
        if row.usage is None:
            return 1
        return -(row.usage.cpu if sort == "cpu" else row.usage.memory)

    return sorted(rows, key=lambda row: (used(row), row.namespace, row.name))


def text(rows: Sequence[UsageRow], level: Level, now: float) -> str:
    """Lines under headings, every column as wide as its widest cell."""
    most = "ALLOC" if level.of_nodes else "LIM"
    head = [*(["NAMESPACE"] if level in _SPACED else []), "NAME", "CPU", "CPU REQ", f"CPU {most}", f"CPU %{most}",
            "MEMORY", "MEM REQ", f"MEM {most}", f"MEM %{most}", "SAMPLE", "LOOK"]  # fmt: skip
    table = [head, *([*([row.namespace] if level in _SPACED else []), *_cells(row, now)] for row in rows)]
    left = {0, 1, len(head) - 1} if level in _SPACED else {0, len(head) - 1}
    widths = [max(len(line[index]) for line in table) for index in range(len(head))]
    lines = []
    for line in table:
        cells = [cell.ljust(width) if index in left else cell.rjust(width)
                 for index, (cell, width) in enumerate(zip(line, widths, strict=True))]  # fmt: skip
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def _cells(row: UsageRow, now: float) -> list[str]:
    usage, asked = row.usage, row.asked
    least = "≥" if row.unsampled and usage is not None else ""
    return [
        terminal_text(row.name.encode(), colours=False),
        NOT_KNOWN if usage is None else f"{least}{cpu_text(usage.millicores)}",
        cpu_text(asked.cpu) if asked.cpu else NOT_KNOWN,
        cpu_text(asked.cpu_limit) if asked.cpu_limit else NOT_KNOWN,
        _percent(row.cpu_share, least),
        NOT_KNOWN if usage is None else f"{least}{memory_text(usage.memory)}",
        memory_text(asked.memory) if asked.memory else NOT_KNOWN,
        memory_text(asked.memory_limit) if asked.memory_limit else NOT_KNOWN,
        _percent(row.memory_share, least),
        age(row.at, now),
        trouble_words(row, now),
    ]


def _percent(share: float | None, least: str) -> str:
    return NOT_KNOWN if share is None else f"{least}{int(share * 100)}%"


def objects(rows: Sequence[UsageRow], level: Level) -> str:
    """One JSON document; what is not known is null. CPU in nanocores and millicores, memory in bytes."""
    document = {"kind": level.value, "items": [_object(row) for row in rows]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _object(row: UsageRow) -> dict[str, Any]:
    asked = row.asked
    return {
        "namespace": row.namespace or None,
        "name": row.name,
        "sampledAt": row.at or None,
        "cpuNanocores": None if row.usage is None else row.usage.cpu,
        "memoryBytes": None if row.usage is None else row.usage.memory,
        "cpuRequestMillicores": asked.cpu or None,
        "cpuLimitMillicores": asked.cpu_limit or None,
        "memoryRequestBytes": asked.memory or None,
        "memoryLimitBytes": asked.memory_limit or None,
        "members": row.members,
        "membersNotSampled": row.unsampled,
        "look": [trouble.value for trouble in row.trouble],
    }
