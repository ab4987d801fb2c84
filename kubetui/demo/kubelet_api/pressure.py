"""Pressure stall information, made from how near a container or a node is to what it may use."""

from __future__ import annotations

from typing import Any


def psi(load: float, age: float) -> dict[str, Any]:
    """``load``: use over what may be used, 1 for all of it; ``age``: seconds that were counted.

    Nothing below six tenths; near the limit most tasks wait some of the time.
    """
    some = round(max(0.0, load - 0.6) ** 1.5 * 180, 2)
    return {"full": _data(some * 0.35, age), "some": _data(some, age)}


def _data(percent: float, age: float) -> dict[str, Any]:
    percent = min(percent, 99.0)
    return {
        "total": int(percent * 0.6 * age * 1e7),
        "avg10": round(percent, 2),
        "avg60": round(percent * 0.9, 2),
        "avg300": round(percent * 0.7, 2),
    }
