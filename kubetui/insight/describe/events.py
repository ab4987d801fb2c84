"""The object's events, oldest first, as kubectl prints and folds them."""

from __future__ import annotations

from collections.abc import Iterator

from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row, Words
from kubetui.insight.describe.reading import NONE, UNKNOWN, since
from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Meaning

_HEAD = ("Type", "Reason", "Age", "From", "Message")


def events(facts: Facts) -> Iterator[Entry]:
    """All events about the object, or why there are none to show."""
    part = facts.events
    if part.trouble:
        yield Heading("Events")
        yield Words(part.trouble, 1, Meaning.LOOK)
    elif part.loading and not part.items:
        yield Field("Events", "loading …")
    elif not part.items:
        yield Field("Events", NONE)
    else:
        yield Heading("Events")
        rows = sorted(facts.event_rows, key=lambda row: (row.last, row.name))
        yield Grid(_HEAD, [_row(row, facts.now) for row in rows])


def _row(row: EventRow, now: float) -> Row:
    message = f"{row.part}: {row.message}" if row.part else row.message
    cells = (row.type, row.reason, interval(row, now), row.source.partition(", ")[0], message)
    return Row(cells, meaning=Meaning.LOOK if row.type == "Warning" else Meaning.PLAIN)


def interval(row: EventRow, now: float) -> str:
    """``5m``, or where it was seen again ``10s (x7 over 5m)``."""
    first = since(row.first, now) if row.first else UNKNOWN
    return f"{since(row.last, now)} (x{row.count} over {first})" if row.count > 1 else first
