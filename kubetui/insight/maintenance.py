"""When a maintenance window opens next, and what it covers while it is open. Pure; times are Unix seconds.

AKS begins upgrades in a window and may end later than it. An interval of several days, weeks or months is counted from
the start date; without one it is not known when the window opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import groupby
from typing import Final, NamedTuple

from kubetui.azure.machines import ManagedCluster
from kubetui.azure.maintenance import KUBERNETES, NODE_IMAGES, Recurrence, Span, Window

HORIZON: Final = 400
"""Days that are looked ahead: a year, and a month's days more."""
_BACK: Final = 8
"""Days that are looked back for one that is still open."""
_DAY_S: Final = 86_400
_WEEK_H: Final = 7 * 24


class Under(NamedTuple):
    """A window for nodes that is open now."""

    until: float
    images: bool
    """It is for node images and security patches."""
    versions: bool
    """It is for Kubernetes versions."""

    @property
    def words(self) -> str:
        """``maintenance window until 06:00Z``."""
        return f"maintenance window until {clock(self.until)}"


def clock(at: float) -> str:
    """``06:00Z``."""
    return f"{datetime.fromtimestamp(at, UTC):%H:%MZ}"


def opening(window: Window, now: float) -> Span | None:
    """When it is open now, else when next, without what is blocked; None where that is not known, or not soon."""
    return next((span for span in _openings(window, now) if span.end > now), None)


def open_now(window: Window, now: float) -> Span | None:
    """When it opened and will close; None while it is closed."""
    found = opening(window, now)
    return found if found is not None and found.start <= now else None


def under_maintenance(clusters: Iterable[ManagedCluster], now: float) -> Mapping[str, Under]:
    """By node pool: the window for nodes that is open now. Pools that the managed cluster does not know have none."""
    found: dict[str, Under] = {}
    for cluster in clusters:
        spans = {name: span for name in (NODE_IMAGES, KUBERNETES) if (span := _named(cluster, name, now))}
        if spans:
            until = max(span.end for span in spans.values())
            under = Under(until, images=True, versions=KUBERNETES in spans)  # a new version brings a new image
            found |= {pool.name: under for pool in cluster.pools}
    return found


def _named(cluster: ManagedCluster, name: str, now: float) -> Span | None:
    windows = (one for one in cluster.maintenance.windows if one.name.casefold() == name.casefold())
    return next((span for one in windows if (span := open_now(one, now)) is not None), None)


# --- openings


def _openings(window: Window, now: float) -> Iterator[Span]:
    """In order, from before ``now`` on."""
    zone = timezone(timedelta(seconds=window.offset))
    blocked = [*window.closed, *(_span_of(days.first, days.last, zone) for days in window.blocked)]
    today = datetime.fromtimestamp(now, zone).date()
    whole = _by_slots(window, today) if window.slots else _by_recurrence(window, today, zone)
    for span in whole:
        yield from _without(span, blocked)


def _by_recurrence(window: Window, today: date, zone: timezone) -> Iterator[Span]:
    if window.recurrence is None or (window.recurrence.interval > 1 and window.begins is None):
        return
    for number in range(-_BACK, HORIZON):
        day = today + timedelta(days=number)
        if (window.begins is None or day >= window.begins) and _opens_on(window.recurrence, day, window.begins or day):
            start = _midnight(day, zone) + window.minute * 60
            yield Span(start, start + window.hours * 3600)


def _opens_on(recurrence: Recurrence, day: date, begins: date) -> bool:
    each = recurrence.interval
    match recurrence.unit:
        case "daily":
            return (day - begins).days % each == 0
        case "weekly":
            first = begins + timedelta(days=(recurrence.weekday - begins.weekday()) % 7)
            return day.weekday() == recurrence.weekday and (day - first).days // 7 % each == 0
        case _:
            first_month = _month(begins) + (_in_month(recurrence, begins) < begins.day)
            return day.day == _in_month(recurrence, day) and (_month(day) - first_month) % each == 0


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _in_month(recurrence: Recurrence, month: date) -> int:
    """The day of ``month``'s month on which it falls, whether the month is as long or not."""
    if recurrence.unit == "absoluteMonthly":
        return recurrence.day
    first = 1 + (recurrence.weekday - month.replace(day=1).weekday()) % 7
    if recurrence.week > 0:
        return first + 7 * (recurrence.week - 1)
    length = ((month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
    return first + (length - first) // 7 * 7


def _by_slots(window: Window, today: date) -> Iterator[Span]:
    """Hours of the week, those that follow one another together."""
    hours = sorted({slot.weekday * 24 + slot.hour for slot in window.slots})
    monday = _midnight(today - timedelta(days=today.weekday()), UTC)
    if len(hours) == _WEEK_H:
        yield Span(monday, monday + HORIZON * _DAY_S)
        return
    every = (week * _WEEK_H + hour for week in range(-1, HORIZON // 7) for hour in hours)
    for _, run in groupby(enumerate(every), key=lambda pair: pair[1] - pair[0]):
        members = [hour for _, hour in run]
        yield Span(monday + members[0] * 3600, monday + (members[-1] + 1) * 3600)


def _midnight(day: date, zone: tzinfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def _span_of(first: date, last: date, zone: tzinfo) -> Span:
    return Span(_midnight(first, zone), _midnight(last, zone) + _DAY_S)


def _without(span: Span, blocked: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span."""
    at = span.start
    for each in sorted(blocked):
        if each.end <= at or each.start >= span.end:
            continue
        if each.start > at:
            yield Span(at, each.start)
        at = max(at, each.end)
    if at < span.end:
        yield Span(at, span.end)
