"""When metrics-server sampled what: it scrapes every 15 s, and kubelets' figures are a little older than that.

Source: pkg/storage of metrics-server 0.8: a rate needs two samples of the same run, or one of a run that is 10 to 15
seconds old.
"""

from __future__ import annotations

from typing import NamedTuple

RESOLUTION = 15.0
"""``--metric-resolution=15s``"""
_SCRAPE = 1.0
"""Seconds until a scrape's samples are served."""
_FRESH = 10.0
_OLDEST, _NEWEST = 9.6, 0.2
"""How old a kubelet's figure is when it is scraped: it looks every ten seconds."""

_MASK = (1 << 64) - 1


class Sample(NamedTuple):
    """A rate's two ends, in Unix seconds with milliseconds."""

    first: float
    until: float

    @property
    def window(self) -> float:
        """Seconds."""
        return round(self.until - self.first, 3)


def last_sample(key: int, started: float, now: float) -> Sample | None:
    """The newest sample of what ``key`` stands for and runs since ``started``; None while it is too young."""
    scrape = int((now - _SCRAPE) // RESOLUTION)
    until = _taken(key, scrape)
    if until <= started:
        return None
    if _FRESH <= until - started < RESOLUTION:
        return Sample(started, until)
    first = _taken(key, scrape - 1)
    return Sample(first, until) if started < first else None


def _taken(key: int, scrape: int) -> float:
    mixed = ((key & _MASK) ^ scrape * 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9 & _MASK
    spread = ((mixed ^ mixed >> 31) * 0x94D049BB133111EB & _MASK) / (_MASK + 1)
    return round(scrape * RESOLUTION - _NEWEST - spread * (_OLDEST - _NEWEST), 3)
