"""Times and ages: RFC 3339 to Unix seconds, and ages as kubectl prints and as they read back."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

_GO_ZERO: Final = -62_135_596_800  # 0001-01-01T00:00:00Z, what Go writes for a time that was never set
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
_YEAR: Final = 365 * _DAY
_PARTS: Final = re.compile(r"(?=[0-9])(?:([0-9]{1,6})y)?(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?"
                           r"(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?", re.ASCII)  # fmt: skip


def unix(text: str | None) -> int:
    """RFC 3339 to whole Unix seconds; 0 where there is no time (None, empty, Go's zero time).

    Raises ValueError where the text is no time or names no offset.
    """
    if not text:
        return 0
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"a time without an offset from UTC: {text[:40]!r}")
    seconds = int(when.timestamp() // 1)
    return 0 if seconds == _GO_ZERO else seconds


def human_duration(seconds: float) -> str:
    """A length of time in two or three significant figures, exactly as kubectl prints ages.

    The steps are those of ``HumanDuration`` in ``k8s.io/apimachinery/pkg/util/duration``: ``119s``, ``2m5s``,
    ``10m``, ``3h5m``, ``8h``, ``2d3h``, ``8d``, ``2y10d``, ``8y``. Up to two seconds in the future are ``0s``,
    later than that is ``<invalid>``.
    """
    whole = int(seconds)
    if whole < 10 * _MINUTE:
        return _short(whole)
    if whole < 8 * _HOUR:
        return f"{whole // _MINUTE}m" if whole < 3 * _HOUR else _two(whole, _HOUR, "h", _MINUTE, "m")
    if whole < 8 * _DAY:
        return f"{whole // _HOUR}h" if whole < 2 * _DAY else _two(whole, _DAY, "d", _HOUR, "h")
    if whole < 8 * _YEAR:
        return f"{whole // _DAY}d" if whole < 2 * _YEAR else _two(whole, _YEAR, "y", _DAY, "d")
    return f"{whole // _YEAR}y"


def age(since: int, now: float) -> str:
    """The age of something that began at ``since``; ``–`` where that is not known (0)."""
    return human_duration(now - since) if since else "–"


def parse_duration(text: str) -> int | None:
    """An age as kubectl prints it, read back as seconds; None for ``<unknown>`` and what is no age.

    What was rounded away is gone: the answer is the shortest time that prints as ``text``. ``<invalid>``, an age
    below zero, reads as 0.
    """
    if text == "<invalid>":
        return 0
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    years, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return years * _YEAR + days * _DAY + hours * _HOUR + minutes * _MINUTE + seconds


def _short(whole: int) -> str:
    if whole < 2 * _MINUTE:
        return "<invalid>" if whole < -1 else f"{max(0, whole)}s"
    return _two(whole, _MINUTE, "m", 1, "s")


def _two(whole: int, unit: int, name: str, part: int, part_name: str) -> str:
    big, rest = divmod(whole, unit)
    small = rest // part
    return f"{big}{name}{small}{part_name}" if small else f"{big}{name}"
