"""A cluster's planned maintenance in words: for what, when next, how often, and when never. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from kubetui.azure.machines import ManagedCluster
from kubetui.azure.maintenance import DEFAULT, KUBERNETES, NODE_IMAGES, Days, Recurrence, Slot, Span, Window
from kubetui.insight.describe.page import Entry, Field, Heading
from kubetui.insight.maintenance import clock, open_now, opening
from kubetui.kinds.age import human_duration
from kubetui.kinds.kind import Meaning

_FOR: Final = {DEFAULT: "AKS releases", KUBERNETES: "Kubernetes", NODE_IMAGES: "Node images"}
_ORDER: Final = (NODE_IMAGES, KUBERNETES, DEFAULT)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKS: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_UNIT: Final = {"daily": "day", "weekly": "week", "absoluteMonthly": "month", "relativeMonthly": "month"}
_MOST_BLOCKED: Final = 3


def window_words(one: ManagedCluster | None, now: float) -> str:
    """``maintenance window for node images until 06:00Z``; ``""`` while none is open."""
    if one is None:
        return ""
    found = [(_FOR[w.name], s) for w in _ordered(one.maintenance.windows) if w.name in _FOR and (s := open_now(w, now))]
    if not found:
        return ""
    names = " and ".join(_in_text(name) for name, _ in found)
    return f"maintenance window for {names} until {_moment(max(span.end for _, span in found), now)}"


def maintenance_page(one: ManagedCluster, now: float) -> Iterator[Entry]:
    """Each window with its next opening; why they are not known; nothing before they were asked for."""
    known = one.maintenance
    if not known.at:
        return
    if known.unread:
        yield Field("Maintenance", f"windows are not known: {known.unread}", 1, meaning=Meaning.UNKNOWN)
    elif not known.windows:
        yield Field("Maintenance", "no windows: AKS upgrades at any time", 1)
    if known.windows:
        yield Heading("Maintenance windows", 1)
        yield from (_window(window, now) for window in _ordered(known.windows))


def _ordered(windows: Sequence[Window]) -> list[Window]:
    place = {name: number for number, name in enumerate(_ORDER)}
    return sorted(windows, key=lambda one: place.get(one.name, len(place)))


def _in_text(name: str) -> str:
    return name[:1].lower() + name[1:] if name == "Node images" else name


def _window(window: Window, now: float) -> Field:
    label = _FOR.get(window.name, window.name)
    if not window.understood:
        return Field(label, "a window that was not understood", 2, meaning=Meaning.UNKNOWN)
    span = opening(window, now)
    is_open = span is not None and span.start <= now
    lines = [_next(span, now), _how_often(window), *_blocked(window, now)]
    meaning = Meaning.PLANNED if is_open else Meaning.PLAIN
    return Field(label, [line for line in lines if line], 2, meaning=meaning)


def _next(span: Span | None, now: float) -> str:
    """``next Sun 2026-11-22 01:00Z for 8h, in 9h30m``, ``open until 09:00Z, for 2h more``."""
    if span is None:
        return "next: not known"
    if span.start <= now:
        return f"open until {_moment(span.end, now)}, {human_duration(span.end - now)} more"
    hours = f"{(span.end - span.start) / 3600:.3g}h"
    return f"next {datetime.fromtimestamp(span.start, UTC):%a %Y-%m-%d %H:%MZ} for {hours}, {_in(span.start - now)}"


def _in(seconds: float) -> str:
    """In steps, so that an idle screen stays idle."""
    step = 60 if seconds < 7200 else 3600
    return f"in {human_duration(max(step, seconds // step * step))}"


def _moment(at: float, now: float) -> str:
    """``06:00Z``; with its day where that is not within a day."""
    return clock(at) if at - now < 86_400 else f"{datetime.fromtimestamp(at, UTC):%a %Y-%m-%d %H:%MZ}"


def _how_often(window: Window) -> str:
    """``each week on Sunday, 02:00 +01:00``."""
    if window.recurrence is None:
        return _hours(window.slots)
    hour, minute = divmod(window.minute, 60)
    since = f", from {window.begins}" if window.begins and window.recurrence.interval > 1 else ""
    return f"{_recurrence(window.recurrence)}, {hour:02}:{minute:02} {_offset(window.offset)}{since}"


def _recurrence(one: Recurrence) -> str:
    unit = _UNIT[one.unit]
    often = f"each {unit}" if one.interval == 1 else f"every {one.interval} {unit}s"
    on = {
        "weekly": f" on {_DAYS[one.weekday]}",
        "absoluteMonthly": f" on day {one.day}",
        "relativeMonthly": f" on the {_WEEKS.get(one.week, '')} {_DAYS[one.weekday]}",
    }
    return often + on.get(one.unit, "")


def _offset(seconds: int) -> str:
    """``+01:00``; ``UTC``."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}" if seconds else "UTC"


def _hours(slots: Sequence[Slot]) -> str:
    """``each week, hours in UTC: Monday 1 2, Friday 23``."""
    days: dict[int, list[int]] = {}
    for slot in sorted(set(slots)):
        days.setdefault(slot.weekday, []).append(slot.hour)
    told = (
        f"{_DAYS[day]} {' '.join(map(str, hours)) if len(hours) < 24 else 'all day'}" for day, hours in days.items()
    )
    return f"each week, hours in UTC: {', '.join(told)}"


def _blocked(window: Window, now: float) -> Iterator[str]:
    """Those that are not over."""
    today = datetime.fromtimestamp(now, timezone(timedelta(seconds=window.offset))).date()
    spans = [_days(days) for days in sorted(window.blocked) if days.last >= today]
    spans += [f"{_stamp(one.start)} to {_stamp(one.end)}" for one in sorted(window.closed) if one.end > now]
    yield from (f"not on {days}" for days in spans[:_MOST_BLOCKED])
    if len(spans) > _MOST_BLOCKED:
        yield f"nor on {len(spans) - _MOST_BLOCKED} further spans of days"


def _stamp(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%MZ}"


def _days(days: Days) -> str:
    return f"{days.first}" if days.first == days.last else f"{days.first} to {days.last}"
