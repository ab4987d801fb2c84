"""Requests out, pages and typed events in: whatever the bytes are, and however they are cut."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.cluster.errors import ClusterError, Expired, Forbidden, NotKubernetes, Overloaded
from kubetui.cluster.list_watch import EVERYTHING, MOST_NAMESPACES, ListWatch, Selection
from kubetui.cluster.source import Event, Unreadable
from kubetui.cluster.transport import Answer, Request
from kubetui.kinds.namespace import NAMESPACE
from kubetui.kinds.pod import POD
from tests.fake_clock import FakeClock


class Told:
    """A transport that answers with what it was told to, and remembers what was asked."""

    def __init__(self, body: bytes = b"", chunks: Sequence[bytes] = (), error: ClusterError | None = None) -> None:
        self.body, self.pieces, self.error = body, chunks, error
        self.asked: list[Request] = []

    async def send(self, request: Request) -> Answer:
        self.asked.append(request)
        if self.error is not None:
            raise self.error
        return Answer(200, self.body, "application/json", {})

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Told]:
        self.asked.append(request)
        yield self

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece

    async def close(self) -> None:
        """Nothing is open."""


def namespace(name: str, version: int, **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "resourceVersion": str(version)}, "status": {"phase": "Active"}, **more}


def event(event_type: str, found: object) -> bytes:
    return json.dumps({"type": event_type, "object": found}, ensure_ascii=False).encode() + b"\n"


def listing(transport: Told, selection: Selection = EVERYTHING) -> ListWatch[Any]:
    return ListWatch(transport, NAMESPACE, selection, FakeClock())


async def watched(*chunks: bytes) -> list[Event[Any]]:
    async with listing(Told(chunks=chunks)).watch("7", seconds=300) as batches:
        return [event async for batch in batches for event in batch]


async def test_a_page_carries_version_token_and_what_remains() -> None:
    body = json.dumps(
        {
            "metadata": {"resourceVersion": "9", "continue": "next", "remainingItemCount": 41},
            "items": [namespace("a", 3), namespace("b", 5)],
        }
    ).encode()
    transport = Told(body)

    page = await listing(transport, Selection(labels="a=b", fields="c=d")).page(limit=2)

    assert (page.version, page.token, page.remaining, page.count) == ("9", "next", 41, 2)
    assert [row.name for row in page.rows if not isinstance(row, Unreadable)] == ["a", "b"]
    assert dict(transport.asked[0].query) == {"limit": "2", "labelSelector": "a=b", "fieldSelector": "c=d"}


async def test_one_object_of_another_shape_is_marked_and_the_others_are_kept() -> None:
    body = json.dumps({"metadata": {}, "items": [namespace("a", 3), {"metadata": 7}, namespace("c", 5)]}).encode()

    page = await listing(Told(body)).page(limit=500)

    assert [isinstance(row, Unreadable) for row in page.rows] == [False, True, False]


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"metadata": []}', b"\xff\xfe"])
async def test_an_answer_that_is_no_list_says_so(body: bytes) -> None:
    with pytest.raises(NotKubernetes, match="list namespaces"):
        await listing(Told(body)).page(limit=500)


@given(st.data())
async def test_however_the_bytes_are_cut_the_events_are_the_same(data: st.DataObject) -> None:
    stream = b"".join(event("MODIFIED", namespace(f"n-é{number}", number)) for number in range(1, 6))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=9)))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    events = await watched(*chunks)

    assert [(event.key[1], event.version) for event in events] == [(f"n-é{n}", str(n)) for n in range(1, 6)]


async def test_each_type_of_event() -> None:
    end = {"metadata": {"resourceVersion": "12", "annotations": {"k8s.io/initial-events-end": "true"}}}
    events = await watched(
        event("ADDED", namespace("a", 8)),
        event("DELETED", namespace("a", 9)),
        event("BOOKMARK", {"metadata": {"resourceVersion": "11"}}),
        event("BOOKMARK", end),
    )

    assert [event.type for event in events] == ["ADDED", "DELETED", "BOOKMARK", "BOOKMARK"]
    assert [event.version for event in events] == ["8", "9", "11", "12"]
    assert [event.row is None for event in events] == [False, True, True, True]
    assert [event.initial_end for event in events] == [False, False, False, True]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ({"code": 410, "reason": "Expired", "message": "too old"}, Expired),
        ({"code": 410, "reason": "Gone"}, Expired),
        ({"code": 500, "reason": "InternalError"}, Overloaded),
        ({"code": 429, "reason": "TooManyRequests", "details": {"retryAfterSeconds": 7}}, Overloaded),
    ],
)
async def test_an_error_event_becomes_its_type(status: dict[str, Any], kind: type[ClusterError]) -> None:
    (found,) = await watched(event("ERROR", status))

    assert isinstance(found.error, kind)
    assert getattr(found.error, "retry_after", None) == status.get("details", {}).get("retryAfterSeconds")


async def test_an_event_of_five_megabytes_is_one_event() -> None:
    large = namespace("large", 8, data="x" * 5_000_000)
    stream = event("ADDED", large)
    chunks = [stream[start : start + 65_536] for start in range(0, len(stream), 65_536)]

    (found,) = await watched(*chunks)

    assert found.key == ("", "large")


async def test_bytes_that_are_no_utf8_spoil_one_object_and_not_the_stream() -> None:
    bad = event("ADDED", namespace("bad", 8, extra="§")).replace("§".encode(), b"\xff")
    events = await watched(event("ADDED", namespace("a", 7)), bad, event("ADDED", namespace("c", 9)))

    assert [event.key[1] for event in events] == ["a", "bad", "c"]


@pytest.mark.parametrize("line", [b"<html>502</html>\n", b'{"type":"ADDED"}\n', b"[]\n", b'{"type":7,"object":{}}\n'])
async def test_a_line_that_is_no_event_says_so(line: bytes) -> None:
    with pytest.raises(NotKubernetes, match="watch namespaces"):
        await watched(event("ADDED", namespace("a", 7)), line)


async def test_an_unfinished_last_line_is_dropped() -> None:
    events = await watched(event("ADDED", namespace("a", 7)), b'{"type":"ADDED","object":{"meta')

    assert [event.key[1] for event in events] == ["a"]


async def test_a_version_that_is_no_integer_is_kept_as_it_is() -> None:
    found = {"metadata": {"name": "a", "resourceVersion": "opaque-7"}}
    (seen,) = await watched(event("ADDED", found))

    assert seen.version == "opaque-7"
    assert seen.row is not None


async def test_tables_are_used_for_all_pods_and_for_nothing_less() -> None:
    names = json.dumps({"metadata": {}, "items": [namespace("a", 1), namespace("b", 2)]}).encode()

    everything = ListWatch(Told(names), POD, EVERYTHING, FakeClock())
    assert await everything.namespaces() == ["a", "b"]
    one = ListWatch(Told(names), POD, Selection("a"), FakeClock())
    assert await one.namespaces() is None
    assert await listing(Told(names)).namespaces() is None


async def test_with_too_many_namespaces_or_none_to_be_listed_there_are_no_tables() -> None:
    many = json.dumps({"metadata": {}, "items": [namespace(f"n{n}", 1) for n in range(MOST_NAMESPACES + 1)]})
    assert await ListWatch(Told(many.encode()), POD, EVERYTHING, FakeClock()).namespaces() is None

    forbidden = Told(error=Forbidden("list namespaces", "no", status=403))
    assert await ListWatch(forbidden, POD, EVERYTHING, FakeClock()).namespaces() is None


async def test_a_table_without_an_integer_version_is_no_use() -> None:
    table = {"metadata": {"resourceVersion": "x"}, "columnDefinitions": [], "rows": [{"cells": []}]}
    source = ListWatch(Told(json.dumps(table).encode()), POD, EVERYTHING, FakeClock())

    assert await source.table("a") == []
