"""Moments as the API server writes them: RFC 3339 in objects, short ages in Tables."""

from __future__ import annotations

import time
from functools import lru_cache

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_YEAR = 365 * _DAY


@lru_cache(maxsize=4096)
def _date(days: int) -> str:
    return time.strftime("%Y-%m-%dT", time.gmtime(days * _DAY))


_MINUTES = tuple(f"{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60))
_SECONDS = tuple(f"{second:02d}Z" for second in range(_MINUTE))


def rfc3339(seconds: float) -> str:
    """``metav1.Time``: whole seconds in UTC, ``2026-11-21T12:04:05Z``."""
    days, rest = divmod(int(seconds), _DAY)
    return _date(days) + _MINUTES[rest // _MINUTE] + _SECONDS[rest % _MINUTE]


def rfc3339_micro(seconds: float) -> str:
    """``metav1.MicroTime``: six decimals in UTC, as leases carry it."""
    whole = int(seconds)
    return f"{rfc3339(whole)[:-1]}.{int((seconds - whole) * 1_000_000):06d}Z"


def http_date(seconds: float) -> str:
    """``Fri, 06 Dec 2024 18:09:55 GMT``, as Azure's scheduled events say times."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(seconds))


def human_duration(seconds: float) -> str:
    """Two or three significant figures, as ``duration.HumanDuration`` of k8s.io/apimachinery prints them."""
    whole = int(seconds)  # towards zero, as Go converts
    if whole < -1:
        return "<invalid>"
    if whole < 2 * _MINUTE:
        return f"{max(whole, 0)}s"
    if whole < 8 * _HOUR:
        return _minutes_and_hours(whole)
    return _days_and_years(whole)


def _minutes_and_hours(whole: int) -> str:
    minutes, second = divmod(whole, _MINUTE)
    if minutes < 10:
        return f"{minutes}m{second}s" if second else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    hours, minute = divmod(minutes, 60)
    return f"{hours}h{minute}m" if minute else f"{hours}h"


def _days_and_years(whole: int) -> str:
    hours = whole // _HOUR
    days, hour = divmod(hours, 24)
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{hour}h" if hour else f"{days}d"
    if whole < 2 * _YEAR:
        return f"{days}d"
    years, day = divmod(days, 365)
    if years < 8 and day:
        return f"{years}y{day}d"
    return f"{years}y"
