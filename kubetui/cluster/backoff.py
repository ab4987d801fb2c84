"""Waiting longer after each failure, as client-go's reflector does it.

Constants of client-go 0.36 ``tools/cache/reflector.go``: 800 ms, doubling to 30 s, each delay up to doubled by
jitter, back to the start after two minutes without a failure.
"""

from __future__ import annotations

from random import Random

from kubetui.cluster.clock import Clock

FIRST, FACTOR, CAP, JITTER, RESET = 0.8, 2.0, 30.0, 1.0, 120.0


class Backoff:
    """Delays in seconds, each longer than the last."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self._clock, self._random = clock, random
        self._delay = FIRST
        self._last = clock.monotonic()

    def next(self) -> float:
        """The delay before the next attempt."""
        now = self._clock.monotonic()
        if now - self._last > RESET:
            self._delay = FIRST
        self._last = now
        delay, self._delay = self._delay, min(self._delay * FACTOR, CAP)
        return delay * (1 + JITTER * self._random.random())
