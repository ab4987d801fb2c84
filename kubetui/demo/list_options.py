"""The query of a list or a watch, validated as ``ValidateListOptions`` of k8s.io/apimachinery does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kubetui.demo.entry import Resource
from kubetui.demo.field_labels import field_labels
from kubetui.demo.selectors import Selection, parse_fields, parse_labels
from kubetui.demo.status import Problem, bad_request, invalid_list_options

_FORBIDDEN = "FieldValueForbidden"
_NOT_SUPPORTED = "FieldValueNotSupported"
EXACT = "Exact"
NOT_OLDER_THAN = "NotOlderThan"


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What a list or a watch asks for."""

    selection: Selection
    limit: int
    token: str
    """The continue token."""
    version: str
    """``resourceVersion`` as sent: ``""`` newest, ``"0"`` anything, or a number."""
    match: str
    timeout_seconds: int
    """0 when not given."""
    bookmarks: bool
    send_initial_events: bool | None


def read_options(query: Mapping[str, str], resource: Resource, *, watch: bool) -> ListOptions:
    """Parse and validate; raises ``ApiError`` 400 or 422 in the API server's words."""
    options = ListOptions(
        selection=Selection(
            parse_labels(query.get("labelSelector", "")),
            parse_fields(query.get("fieldSelector", ""), field_labels(resource)),
        ),
        limit=_integer(query.get("limit", "0")),
        token=query.get("continue", ""),
        version=query.get("resourceVersion", ""),
        match=query.get("resourceVersionMatch", ""),
        timeout_seconds=_integer(query.get("timeoutSeconds", "0")),
        bookmarks=_boolean(query.get("allowWatchBookmarks", "false")),
        send_initial_events=_boolean(query["sendInitialEvents"]) if "sendInitialEvents" in query else None,
    )
    problems = list(_watch_problems(options) if watch else _list_problems(options))
    if problems:
        raise invalid_list_options(problems)
    return options


def parse_version(text: str) -> int:
    """A resourceVersion as a number, 0 for none; ValueError with Go's words for anything else."""
    if not text:
        return 0
    digits = re.fullmatch(r"[0-9]+", text) is not None
    if not digits or len(text) > 20 or int(text) >= 2**64:
        problem = "value out of range" if digits else "invalid syntax"
        raise ValueError(f'resourceVersion: Invalid value: "{text}": strconv.ParseUint: parsing "{text}": {problem}')
    return int(text)


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def _boolean(text: str) -> bool:
    """Anything but 0 and false counts as true, as the API machinery's conversion has it."""
    return text.lower() not in ("0", "false", "f")


def _list_problems(options: ListOptions) -> Iterator[Problem]:
    if options.match:
        if not options.version:
            yield _forbidden_match("resourceVersionMatch is forbidden unless resourceVersion is provided")
        if options.token:
            yield _forbidden_match("resourceVersionMatch is forbidden when continue is provided")
        if options.match not in (EXACT, NOT_OLDER_THAN):
            yield _unsupported_match(options.match, (EXACT, NOT_OLDER_THAN, ""))
        if options.match == EXACT and options.version == "0":
            yield _forbidden_match('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
    if options.send_initial_events is not None:
        words = "Forbidden: sendInitialEvents is forbidden for list"
        yield Problem("sendInitialEvents", _FORBIDDEN, words)


def _watch_problems(options: ListOptions) -> Iterator[Problem]:
    if options.send_initial_events is not None and options.match != NOT_OLDER_THAN:
        yield _forbidden_match("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
    if not options.match:
        return
    if options.send_initial_events is None:
        yield _forbidden_match("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
    if options.match != NOT_OLDER_THAN:
        yield _unsupported_match(options.match, (NOT_OLDER_THAN,))
    if options.token:
        yield _forbidden_match("resourceVersionMatch is forbidden when continue is provided")


def _forbidden_match(message: str) -> Problem:
    return Problem("resourceVersionMatch", _FORBIDDEN, f"Forbidden: {message}")


def _unsupported_match(match: str, supported: tuple[str, ...]) -> Problem:
    offered = ", ".join(f'"{value}"' for value in supported)
    words = f'Unsupported value: "{match}": supported values: {offered}'
    return Problem("resourceVersionMatch", _NOT_SUPPORTED, words)
