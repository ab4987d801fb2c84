"""How the time of a log line is written, and how a person says to which time to go. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from typing import Final

from kubetui.kinds.age import human_duration
from kubetui.store.logs.entry import NANO


class TimeFormat(Enum):
    """In the order in which ``t`` goes through them."""

    UTC = "UTC"
    LOCAL = "local"
    AGO = "ago"
    OFF = "off"

    @property
    def next(self) -> TimeFormat:
        """The one after it."""
        formats = list(TimeFormat)
        return formats[(formats.index(self) + 1) % len(formats)]


_AGO_WIDTH: Final = 6
_BACK: Final = re.compile(r"-?(\d{1,6})\s*([smhd])", re.ASCII)
_CLOCK: Final = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)[T ])?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z?)", re.ASCII)
_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def time_text(time: int, how: TimeFormat, now: float, local: tzinfo | None = None) -> str:
    """``12:03:58.114``, with the date where that is not today's; ``4m2s`` ago; ``""`` where times are off.

    ``time`` in nanoseconds, ``now`` in seconds since the epoch; ``local`` None is the machine's zone.
    """
    if how is TimeFormat.OFF:
        return ""
    if how is TimeFormat.AGO:
        return human_duration(max(0.0, now - time / NANO)).rjust(_AGO_WIDTH)
    zone = UTC if how is TimeFormat.UTC else local
    seconds, rest = divmod(time, NANO)
    try:
        at, today = (datetime.fromtimestamp(moment, UTC).astimezone(zone) for moment in (seconds, now))
    except (OverflowError, ValueError, OSError):
        return "no such time"
    date = "" if at.date() == today.date() else f"{at:%m-%d} "
    return f"{date}{at:%H:%M:%S}.{rest // 1_000_000:03}"


def rfc3339(time: int) -> str:
    """``2026-11-20T12:03:58.114999999Z``, as the node stamped it."""
    seconds, rest = divmod(time, NANO)
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09}Z"
    except (OverflowError, ValueError, OSError):
        return "-"


def go_to(typed: str, how: TimeFormat, now: float, local: tzinfo | None = None) -> int | None:
    """The time (ns) that ``typed`` means: ``12:03``, ``12:03:58.1``, ``2026-11-20 12:03``, ``-5m``; None for others.

    A time of day is the last one that has been, in UTC where it ends in ``Z`` or times are shown so, else local.
    """
    text = typed.strip()
    if back := _BACK.fullmatch(text):
        return int((now - int(back[1]) * _UNITS[back[2]]) * NANO)
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return None
    zone = local if how is TimeFormat.LOCAL and not clock[8] else UTC
    year, month, day, hour, minute, second, fraction = clock.groups()[:7]
    try:
        today = datetime.fromtimestamp(now, UTC).astimezone(zone)
        at = today.replace(hour=int(hour), minute=int(minute), second=int(second or 0), microsecond=0)
        if year:
            at = at.replace(int(year), int(month), int(day))
        elif at > today:
            at -= timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return int(at.timestamp()) * NANO + int((fraction or "0").ljust(9, "0"))
