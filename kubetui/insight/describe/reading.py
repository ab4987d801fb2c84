"""Reading decoded JSON that may hold anything: what is not of the expected shape counts as absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from kubetui.kinds.age import human_duration, unix

Json: TypeAlias = Mapping[str, Any]

NONE: Final = "<none>"
UNSET: Final = "<unset>"
UNKNOWN: Final = "<unknown>"
_EMPTY: Final[Json] = {}
_ZERO_TIME: Final = "Mon, 01 Jan 0001 00:00:00 +0000"
"""Go's zero time, which kubectl prints where a time is missing."""


def get(found: Any, *path: str) -> Any:
    """What stands at ``path``; None where any part of it is missing."""
    for name in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def mapping(found: Any, *path: str) -> Json:
    """The object at ``path``, an empty one where there is none."""
    value = get(found, *path)
    return value if isinstance(value, Mapping) else _EMPTY


def items(found: Any, *path: str) -> Sequence[Json]:
    """The objects in the list at ``path``."""
    value = get(found, *path)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else ()


def strings(found: Any, *path: str) -> Sequence[str]:
    """The list at ``path`` as texts."""
    value = get(found, *path)
    return [go_text(one) for one in value] if isinstance(value, list) else ()


def text(found: Any, *path: str, default: str = "") -> str:
    """The value at ``path`` as Go prints it; ``default`` where there is none."""
    value = get(found, *path)
    return default if value is None else go_text(value)


def number(found: Any, *path: str) -> int:
    """The integer at ``path``, 0 where there is none."""
    value = get(found, *path)
    return value if isinstance(value, int) else 0


def pairs(found: Any, *path: str, between: str = "=") -> Sequence[str]:
    """The map at ``path`` as ``key=value``, sorted by key; ``<none>`` where it is empty."""
    return [f"{key}{between}{go_text(value)}" for key, value in sorted(mapping(found, *path).items())] or [NONE]


def go_text(value: Any) -> str:
    """A JSON value as Go's ``%v`` prints it: ``true``, ``[a b]``, ``map[k:v]``, ``<nil>``."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
        case Mapping():
            return "map[" + " ".join(f"{key}:{go_text(one)}" for key, one in sorted(value.items())) + "]"
        case list():
            return "[" + " ".join(map(go_text, value)) + "]"
        case _:
            return str(value)


def yes_no(value: Any) -> str:
    """kubectl's ``True`` and ``False``; ``<unset>`` where there is nothing."""
    return UNSET if value is None else "True" if value else "False"


def seconds_of(value: Any) -> int:
    """A time as Unix seconds, 0 where it is none."""
    try:
        return unix(value) if isinstance(value, str) else 0
    except (ValueError, OverflowError):
        return 0


def time_text(value: Any) -> str:
    """An RFC 3339 time as kubectl writes times (RFC 1123 with the zone), in UTC; what is no time stays as it is."""
    if not value:
        return _ZERO_TIME
    seconds = seconds_of(value)
    if not seconds:
        return go_text(value)
    # No strftime: its names follow the locale.
    at = datetime.fromtimestamp(seconds, UTC)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[at.weekday()]
    return f"{day}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} +0000"


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def since(value: Any, now: float) -> str:
    """How long ago a time was, as kubectl prints ages; ``<unknown>`` where there is none."""
    seconds = value if isinstance(value, int) else seconds_of(value)
    return human_duration(now - seconds) if seconds else UNKNOWN


def ago(value: Any, now: float) -> str:
    """``5m ago``, ``in 24s`` of a time to come (or of a clock that goes before ours); ``""`` where there is none."""
    seconds = value if isinstance(value, int) else seconds_of(value)
    if not seconds:
        return ""
    ahead = seconds - now
    return f"in {human_duration(ahead)}" if ahead > 1 else f"{human_duration(max(0.0, -ahead))} ago"


def selector_text(found: Any, *path: str) -> str:
    """A label selector as ``metav1.FormatLabelSelector`` prints it."""
    selector = get(found, *path)
    if not isinstance(selector, Mapping):
        return NONE
    terms = [(key, f"{key}={go_text(value)}") for key, value in mapping(selector, "matchLabels").items()]
    terms += [(text(one, "key"), _expression(one)) for one in items(selector, "matchExpressions")]
    return ",".join(term for _, term in sorted(terms)) or NONE


def _expression(one: Json) -> str:
    key, values = text(one, "key"), ",".join(sorted(strings(one, "values")))
    match text(one, "operator"):
        case "In":
            return f"{key} in ({values})"
        case "NotIn":
            return f"{key} notin ({values})"
        case "Exists":
            return key
        case "DoesNotExist":
            return f"!{key}"
        case other:
            return f"{key} {other} ({values})"
