"""Entries for tests of the log store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kubetui.store.logs.entry import NANO, Entries, Mark, MarkKind

START = 1_800_000_000 * NANO


def entries(
    texts: Sequence[bytes], *, source: int = 1, start: int = START, marks: Mapping[int, Mark] | None = None
) -> Entries:
    """Lines a millisecond apart."""
    times = [start + index * 1_000_000 for index in range(len(texts))]
    return Entries(times, [source] * len(texts), texts, marks or {})


def numbered(numbers: Iterable[int]) -> list[bytes]:
    return [b"line %d" % number for number in numbers]


def gap(time: int = START) -> Mark:
    return Mark(MarkKind.GAP, time, 1, seconds=14, text="rotated on the node before it could be read")
