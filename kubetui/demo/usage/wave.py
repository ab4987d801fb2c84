"""A rate that wanders like a load does, with its integral in closed form: counters fit the averages between them."""

from __future__ import annotations

import math
from typing import NamedTuple

_DAY = 86_400.0
_DAILY = 0.22
_PERIODS = ((0.13, 1187.0), (0.11, 211.0), (0.09, 47.0))
"""Amplitude and seconds; the periods of each wave are its own within a fifth."""
_TURN = 2 * math.pi


class _Part(NamedTuple):
    amplitude: float
    omega: float
    phase: float


class Wave:
    """Around 1, never below a fifth; the same key makes the same wave."""

    __slots__ = ("_parts",)

    def __init__(self, key: int, liveliness: float = 1.0) -> None:
        """``liveliness``: how much it wanders, 0 for not at all, at most 1.5."""
        parts = [_Part(_DAILY * liveliness, _TURN / _DAY, -0.3 * _TURN)]
        for amplitude, period in _PERIODS:
            key, phase = divmod(key, 4093)
            key, stretch = divmod(key, 251)
            omega = _TURN / (period * (0.9 + stretch / 1255))
            parts.append(_Part(amplitude * liveliness, omega, phase / 4093 * _TURN))
        self._parts = tuple(parts)

    def at(self, moment: float) -> float:
        """The rate at a moment, Unix seconds."""
        return 1.0 + sum(part.amplitude * math.sin(part.omega * moment + part.phase) for part in self._parts)

    def total(self, first: float, until: float) -> float:
        """What came together between two moments."""
        swing = sum(
            part.amplitude
            / part.omega
            * (math.cos(part.omega * first + part.phase) - math.cos(part.omega * until + part.phase))
            for part in self._parts
        )
        return until - first + swing
