"""Maintenance configurations, read of whatever Azure Resource Manager answers; a bad one stays, as not understood.

Azure's reference: ``utcOffset`` applies to ``startTime`` and to ``notAllowedDates``, whose last day belongs to them;
``timeInWeek`` is in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from kubetui.azure.machine_wire import time_of
from kubetui.azure.maintenance import Days, Recurrence, Slot, Span, Window

MOST: Final = 16
"""Configurations, spans and slots of a day that are read; AKS has three, and 24 hours."""
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_TIME: Final = re.compile(r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::\d\d)?", re.ASCII)
_OFFSET: Final = re.compile(r"(?P<sign>[+-])(?P<hours>0\d|1[0-4]):(?P<minutes>[0-5]\d)", re.ASCII)
_LONGEST_NAME: Final = 100
_LONGEST_H: Final = 7 * 24


def window(told: Any) -> Window:
    """One entry of the list. Never raises: what is missing or odd leaves a window that was not understood."""
    name = _at(told, "name")
    bare = Window(name[:_LONGEST_NAME] if isinstance(name, str) and name else "?")
    properties = _at(told, "properties")
    if isinstance(_at(properties, "maintenanceWindow"), dict):
        return _recurring(bare, _at(properties, "maintenanceWindow"))
    closed = tuple(span for one in _list(_at(properties, "notAllowedTime")) if (span := _span(one)) is not None)
    return bare._replace(slots=tuple(_slots(_at(properties, "timeInWeek"))), closed=closed)


def _recurring(bare: Window, told: Any) -> Window:
    hours, minute = _at(told, "durationHours"), _minute(_at(told, "startTime"))
    offset = _offset(_at(told, "utcOffset"))
    recurrence = _recurrence(_at(told, "schedule"))
    if recurrence is None or minute is None or offset is None or not _whole(hours, 1, _LONGEST_H):
        return bare
    begins = _at(told, "startDate")
    blocked = tuple(days for one in _list(_at(told, "notAllowedDates")) if (days := _days(one)) is not None)
    return bare._replace(
        recurrence=recurrence, hours=hours, minute=minute, offset=offset, begins=_date(begins), blocked=blocked
    )


def _recurrence(told: Any) -> Recurrence | None:
    units = {unit: how for unit in _UNITS if isinstance(how := _at(told, unit), dict)}
    if len(units) != 1:
        return None
    unit, how = next(iter(units.items()))
    interval = _at(how, _UNITS[unit])
    weekday, day = _weekday(_at(how, "dayOfWeek")), _at(how, "dayOfMonth")
    week = _WEEKS.get(str(_at(how, "weekIndex")).casefold(), 0)
    complete = {
        "daily": True,
        "weekly": weekday is not None,
        "absoluteMonthly": _whole(day, 1, 31),
        "relativeMonthly": weekday is not None and week != 0,
    }
    if not complete[unit] or not _whole(interval, 1, 365):
        return None
    return Recurrence(unit, interval, weekday or 0, day if unit == "absoluteMonthly" else 0, week)


_UNITS: Final = {
    "daily": "intervalDays",
    "weekly": "intervalWeeks",
    "absoluteMonthly": "intervalMonths",
    "relativeMonthly": "intervalMonths",
}


def _slots(told: Any) -> Iterator[Slot]:
    for one in _list(told):
        weekday = _weekday(_at(one, "day"))
        hours = _at(one, "hourSlots")
        for hour in hours[:24] if isinstance(hours, list) else ():
            if weekday is not None and _whole(hour, 0, 23):
                yield Slot(weekday, hour)


def _span(told: Any) -> Span | None:
    start, end = (time_of(text) if isinstance(text := _at(told, key), str) else 0 for key in ("start", "end"))
    return Span(start, end) if 0 < start < end else None


def _days(told: Any) -> Days | None:
    first, last = _date(_at(told, "start")), _date(_at(told, "end"))
    return Days(first, last) if first is not None and last is not None and first <= last else None


def _date(told: Any) -> date | None:
    """A day; a time of day behind it is not looked at. None for what is none, or too far away to count with."""
    try:
        found = date.fromisoformat(told[:10])
    except (TypeError, ValueError):
        return None
    return found if 1970 <= found.year < 9000 else None


def _minute(told: Any) -> int | None:
    found = _TIME.fullmatch(told) if isinstance(told, str) else None
    return int(found["hour"]) * 60 + int(found["minute"]) if found else None


def _offset(told: Any) -> int | None:
    """Seconds ahead of UTC; 0 where nothing is said, as Azure has it; None for what is no offset."""
    if told is None or told == "":
        return 0
    found = _OFFSET.fullmatch(told) if isinstance(told, str) else None
    if found is None:
        return None
    seconds = int(found["hours"]) * 3600 + int(found["minutes"]) * 60
    return -seconds if found["sign"] == "-" else seconds


def _weekday(told: Any) -> int | None:
    name = str(told).casefold()
    return _WEEKDAYS.index(name) if name in _WEEKDAYS else None


def _whole(told: Any, least: int, most: int) -> bool:
    return isinstance(told, int) and not isinstance(told, bool) and least <= told <= most


def _at(told: Any, key: str) -> Any:
    return told.get(key) if isinstance(told, dict) else None


def _list(told: Any) -> list[Any]:
    return told[:MOST] if isinstance(told, list) else []
