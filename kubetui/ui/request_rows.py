"""This program's own traffic as rows: one for each kind of request."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kubetui.cluster.traffic import ShapeTraffic, Traffic
from kubetui.kinds.kind import Column, Meaning
from kubetui.ui.state_words import count


class RequestRow(msgspec.Struct, frozen=True):
    """The counts of one kind of request since the session began."""

    name: str
    """``WATCH /api/v1/pods``."""
    requests: int = 0
    streams: int = 0
    received: int = 0
    last_latency: float = 0.0
    mean_latency: float = 0.0
    answers: int = 0
    failures: int = 0
    throttled: int = 0
    flow_schema: str = ""
    namespace: str = ""
    version: int = 0
    provisional: bool = False


def request_rows(traffic: Traffic, schemas: Mapping[str, str]) -> list[RequestRow]:
    """All kinds of requests so far; ``schemas``: UID of a FlowSchema to its name."""
    return [_row(shape, counts, schemas) for shape, counts in traffic.shapes().items()]


def _row(shape: str, counts: ShapeTraffic, schemas: Mapping[str, str]) -> RequestRow:
    uid = counts.flow_schema
    return RequestRow(
        name=shape,
        requests=counts.requests,
        streams=counts.streams,
        received=counts.received,
        last_latency=counts.last_latency,
        mean_latency=counts.mean_latency,
        answers=counts.answers,
        failures=counts.failures,
        throttled=counts.throttled,
        flow_schema=schemas.get(uid, uid[:8]),
    )


def size(count: int) -> str:
    """Bytes in at most four figures: ``812``, ``14Ki``, ``3.1Mi``."""
    for unit, bytes_ in (("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)):
        if count >= bytes_:
            value = count / bytes_
            return f"{value:.1f}{unit}" if value < 10 else f"{value:.0f}{unit}"
    return str(count)


def latency(seconds: float) -> str:
    """``14ms``, ``1.8s``."""
    return f"{seconds * 1000:.0f}ms" if seconds < 1 else f"{seconds:.1f}s"


def _latency(row: RequestRow, seconds: float) -> str:
    return latency(seconds) if row.answers else "–"


REQUEST_COLUMNS: tuple[Column[RequestRow], ...] = (
    Column("NAME", lambda row, _: row.name, lambda row: row.name, width=24, max_width=80, priority=0),
    Column("REQUESTS", lambda row, _: count(row.requests), lambda row: row.requests, right=True, priority=1),
    Column("OPEN", lambda row, _: str(row.streams), lambda row: row.streams, right=True, priority=3),
    Column("RECEIVED", lambda row, _: size(row.received), lambda row: row.received, right=True, priority=2),
    Column(
        "LAST", lambda row, _: _latency(row, row.last_latency), lambda row: row.last_latency, right=True, priority=4
    ),
    Column(
        "MEAN", lambda row, _: _latency(row, row.mean_latency), lambda row: row.mean_latency, right=True, priority=5
    ),
    Column(
        "FAILED",
        lambda row, _: count(row.failures),
        lambda row: row.failures,
        right=True,
        priority=3,
        meaning=lambda row: Meaning.LOOK if row.failures else Meaning.PLAIN,
    ),
    Column(
        "429",
        lambda row, _: count(row.throttled),
        lambda row: row.throttled,
        right=True,
        priority=2,
        meaning=lambda row: Meaning.LOOK if row.throttled else Meaning.PLAIN,
    ),
    Column("FLOW SCHEMA", lambda row, _: row.flow_schema or "–", lambda row: row.flow_schema, priority=6),
)
