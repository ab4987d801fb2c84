"""``PodLogOptions`` out of a query, refused in the API server's words where they make no sense."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from kubetui.demo.logs.line import SECOND
from kubetui.demo.moment import rfc3339
from kubetui.demo.status import ApiError, bad_request

_LAYOUT = "2006-01-02T15:04:05Z07:00"
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|([+-])(\d\d):(\d\d))")
_BEGINNING_OF_TIME = -62_135_596_800
_INT = re.compile(r"[+-]?\d+")
_LARGEST = 1 << 63


class _Problem(NamedTuple):
    field: str
    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class LogOptions:
    """What the client wants of a log."""

    container: str = ""
    follow: bool = False
    previous: bool = False
    timestamps: bool = False
    since_time: int | None = None
    """Unix seconds: the API server passes whole seconds on to the kubelet, whatever the client sent."""
    since_seconds: int | None = None
    tail: int | None = None
    """Records from the end of the file."""
    limit_bytes: int | None = None

    def since(self, now: int) -> int:
        """The oldest timestamp that is served, in nanoseconds; ``now`` is the node's clock."""
        if self.since_time is not None:
            return self.since_time * SECOND
        if self.since_seconds is not None:
            return now - self.since_seconds * SECOND
        return _BEGINNING_OF_TIME * SECOND

    def query(self) -> str:
        """As the API server asks the kubelet; in its error messages it can be read."""
        words = {
            "follow": "true" if self.follow else "",
            "limitBytes": _text(self.limit_bytes),
            "previous": "true" if self.previous else "",
            "sinceSeconds": _text(self.since_seconds),
            "sinceTime": "" if self.since_time is None else rfc3339(self.since_time),
            "tailLines": _text(self.tail),
            "timestamps": "true" if self.timestamps else "",
        }
        return urlencode({name: word for name, word in words.items() if word})


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def read_log_options(query: Mapping[str, str], pod: str) -> LogOptions:
    """Parse and check; ``ApiError`` 400 for what is no number or time, 422 for what makes no sense."""
    options = LogOptions(
        query.get("container", ""),
        _flag(query, "follow"),
        _flag(query, "previous"),
        _flag(query, "timestamps"),
        _moment(query["sinceTime"]) if "sinceTime" in query else None,
        _number(query, "sinceSeconds"),
        _number(query, "tailLines"),
        _number(query, "limitBytes"),
    )
    problems = _problems(options, stream="stream" in query)
    if problems:
        raise _invalid(pod, problems)
    return options


def _flag(query: Mapping[str, str], name: str) -> bool:
    """As apimachinery converts: present and neither ``false`` nor ``0`` means yes."""
    return name in query and query[name].lower() not in ("false", "0")


def _number(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not _INT.fullmatch(text):
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    number = int(text)
    if not -_LARGEST <= number < _LARGEST:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": value out of range')
    return number


def _moment(text: str) -> int:
    if text in ("", "null"):
        return _BEGINNING_OF_TIME
    found = _TIME.fullmatch(text)
    if found is None:
        raise bad_request(f'parsing time "{text}" as "{_LAYOUT}": cannot parse "{text}" as "2006"')
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    seconds = calendar.timegm((year, month, day, hour, minute, second, 0, 0, 0))
    sign, hours, minutes = found.groups()[6:]
    if sign:
        seconds -= (1 if sign == "+" else -1) * (int(hours) * 3600 + int(minutes) * 60)
    return seconds


def _problems(options: LogOptions, *, stream: bool) -> list[_Problem]:
    """As ``ValidatePodLogOptions`` of Kubernetes 1.36 finds them."""
    problems = []
    if options.tail is not None and options.tail < 0:
        problems.append(_too_small("tailLines", options.tail, "must be greater than or equal to 0"))
    if options.limit_bytes is not None and options.limit_bytes < 1:
        problems.append(_too_small("limitBytes", options.limit_bytes, "must be greater than 0"))
    if options.since_seconds is not None and options.since_time is not None:
        words = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
        problems.append(_Problem("[]", "FieldValueForbidden", words))
    elif options.since_seconds is not None and options.since_seconds < 1:
        problems.append(_too_small("sinceSeconds", options.since_seconds, "must be greater than 0"))
    if stream:
        problems.append(_Problem("stream", "FieldValueForbidden", "Forbidden: may not be specified"))
    return problems


def _too_small(field: str, value: int, rule: str) -> _Problem:
    return _Problem(field, "FieldValueInvalid", f"Invalid value: {value}: {rule}")


def _invalid(pod: str, problems: list[_Problem]) -> ApiError:
    words = ", ".join(f"{problem.field}: {problem.words}" for problem in problems)
    causes = [{"reason": rule, "message": message, "field": field} for field, rule, message in problems]
    return ApiError(
        422,
        "Invalid",
        f'PodLogOptions "{pod}" is invalid: {f"[{words}]" if len(problems) > 1 else words}',
        details={"name": pod, "kind": "PodLogOptions", "causes": causes},
    )
