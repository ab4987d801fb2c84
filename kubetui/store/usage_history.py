"""The last samples of many rows, a few bytes each: what a sparkline shows."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from typing import Final

LENGTH: Final = 24
"""Samples kept of each row."""
MOST_ROWS: Final = 40_000
"""Rows of which samples are kept; of others there is no sparkline. 24 samples of two numbers are some 350 bytes."""


class UsageHistory:
    """Samples by row; of each the time of the newest is known, so that none is counted twice."""

    def __init__(self) -> None:
        self._samples: dict[Hashable, tuple[array[float], array[float]]] = {}
        self._newest: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self._samples)

    def add(self, key: Hashable, at: int, cpu: float, memory: float) -> None:
        """One more sample of ``key``, taken at ``at`` (Unix seconds); an older or equal time is passed over."""
        if at <= self._newest.get(key, 0) or (key not in self._samples and len(self._samples) >= MOST_ROWS):
            return
        self._newest[key] = at
        both = self._samples.setdefault(key, (array("f"), array("f")))
        for values, value in zip(both, (cpu, memory), strict=True):
            values.append(value)
            if len(values) > LENGTH:
                del values[0]

    def forget(self, key: Hashable) -> None:
        """The row is gone."""
        self._samples.pop(key, None)
        self._newest.pop(key, None)

    def cpu(self, key: Hashable) -> Sequence[float]:
        """Oldest first."""
        return self._samples[key][0] if key in self._samples else ()

    def memory(self, key: Hashable) -> Sequence[float]:
        """Oldest first."""
        return self._samples[key][1] if key in self._samples else ()
