"""LimitRanges, as ``describeLimitRange`` of kubectl has them; a Namespace shows all of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.insight.describe import metadata
from kubetui.insight.describe.facts import Description, Facts
from kubetui.insight.describe.page import Entry, Grid, Row
from kubetui.insight.describe.reading import Json, items, mapping, text

_FIELDS: Final = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")
_HEAD: Final = (
    "Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio",
)  # fmt: skip


def head(facts: Facts) -> Iterator[Entry]:
    """Its name, and its limits as a table."""
    yield from metadata.name(facts.found)
    yield limits_table([facts.found], 0)


def limits_table(found: Sequence[Json], level: int) -> Grid:
    """The limits of several LimitRanges in one table."""
    rows = [row for one in found for limit in items(one, "spec", "limits") for row in _rows(limit)]
    return Grid(_HEAD, rows, level)


def _rows(limit: Json) -> Iterator[Row]:
    names = sorted({name for field in _FIELDS for name in mapping(limit, field)})
    for name in names:
        yield Row((text(limit, "type"), name, *(text(limit, field, name, default="-") for field in _FIELDS)))


LIMIT_RANGE: Final = Description("LimitRange", "", (head,), has_events=False)
