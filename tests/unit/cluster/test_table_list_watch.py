"""Any kind as the server's own Tables: pages, events, bookmarks, columns that change, servers that know no Tables."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.cluster.errors import Expired, NotKubernetes
from kubetui.cluster.list_watch import Selection
from kubetui.cluster.source import Event, NotWatched, Unreadable
from kubetui.cluster.table_list_watch import TableListWatch
from kubetui.kinds.served_kind import ServedKind, table_kind
from kubetui.kinds.server_table import PLAIN_HEAD, TableRow
from tests.fake_clock import FakeClock
from tests.unit.cluster.test_list_watch import Told, event

WIDGETS = ServedKind("shop.example.com", "v1", "widgets", 0, kind="Widget", namespaced=True,
                     verbs=("get", "list", "watch"))  # fmt: skip
COLUMNS = [{"name": "Name", "type": "string", "format": "name", "priority": 0}, {"name": "Color", "type": "string"}]


def line(name: str, color: str, version: int, **more: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "team-04", "resourceVersion": str(version)}
    return {"cells": [name, color], "object": {"kind": "PartialObjectMetadata", "metadata": metadata}, **more}


def table(*rows: Any, columns: Any = COLUMNS, version: str = "9", **metadata: Any) -> dict[str, Any]:
    meta = {"resourceVersion": version, **metadata}
    return {"kind": "Table", "metadata": meta, "columnDefinitions": columns, "rows": list(rows)}


def listing(transport: Told, served: ServedKind = WIDGETS, selection: Selection | None = None) -> TableListWatch:
    return TableListWatch(transport, table_kind(served), selection or Selection(), FakeClock())


async def listed(transport: Told) -> TableListWatch:
    """Listed once, as the reflector does before it watches."""
    source = listing(transport)
    await source.page(limit=500)
    return source


async def page_of(body: Any) -> list[TableRow | Unreadable]:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return list((await listing(Told(raw)).page(limit=500)).rows)


async def watched(listing: TableListWatch) -> list[Event[TableRow]]:
    async with listing.watch("7", seconds=300) as batches:
        return [one async for batch in batches for one in batch]


async def test_a_page_is_asked_for_as_a_table_and_read_row_by_row() -> None:
    transport = Told(msgspec.json.encode(table(line("a", "red", 3), line("b", "blue", 5), **{"continue": "next"},
                                               remainingItemCount=7)))  # fmt: skip

    page = await listing(transport, selection=Selection("team-04", labels="x=y")).page(limit=2)

    assert (page.version, page.token, page.remaining, page.count) == ("9", "next", 7, 2)
    rows = [row for row in page.rows if isinstance(row, TableRow)]
    assert [(row.namespace, row.name, row.version, row.cells) for row in rows] == [
        ("team-04", "a", 3, ("a", "red")),
        ("team-04", "b", 5, ("b", "blue")),
    ]
    (asked,) = transport.asked
    assert asked.path == "/apis/shop.example.com/v1/namespaces/team-04/widgets"
    assert asked.accept == "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
    assert dict(asked.query) == {"limit": "2", "labelSelector": "x=y"}


async def test_an_unreadable_row_is_a_gap_and_the_others_are_kept() -> None:
    rows = await page_of(table(line("a", "red", 3), {"cells": 7}, {"cells": []}, line("d", "blue", 4)))
    assert [isinstance(row, Unreadable) for row in rows] == [False, True, True, False]


async def test_a_server_that_knows_no_tables_answers_with_objects() -> None:
    item = {"metadata": {"name": "a", "namespace": "x", "resourceVersion": "3"}, "spec": {"color": "red"}}
    (row,) = await page_of({"kind": "WidgetList", "metadata": {"resourceVersion": "9"}, "items": [item]})
    assert isinstance(row, TableRow)
    assert (row.name, row.namespace, row.head) == ("a", "x", PLAIN_HEAD)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"metadata": []}', b"\xff\xfe"])
async def test_an_answer_that_is_neither_says_so(body: bytes) -> None:
    with pytest.raises(NotKubernetes, match="list widgets"):
        await page_of(body)


async def test_events_are_rows_whose_columns_came_with_the_first() -> None:
    source = listing(
        Told(
            msgspec.json.encode(table(line("a", "red", 3))),
            [
                event("ADDED", table(line("b", "blue", 10), version="10")),
                event("MODIFIED", table(line("b", "green", 11), version="11", columns=None)),
                event("DELETED", table(line("a", "red", 12), version="12", columns=None)),
            ],
        )
    )
    await source.page(limit=500)

    events = await watched(source)

    assert [(one.type, one.key, one.version) for one in events] == [
        ("ADDED", ("team-04", "b"), "10"),
        ("MODIFIED", ("team-04", "b"), "11"),
        ("DELETED", ("team-04", "a"), "12"),
    ]
    assert [one.row.cells[1] if one.row else None for one in events] == ["blue", "green", None]
    assert all(one.row.head == source._head for one in events if one.row)


async def test_a_bookmark_stands_in_the_row_of_a_table() -> None:
    end = {"metadata": {"resourceVersion": "14", "annotations": {"k8s.io/initial-events-end": "true"}}}
    events = await watched(
        await listed(
            Told(
                msgspec.json.encode(table()),
                [
                    event("BOOKMARK", table({"cells": ["", ""], "object": {"metadata": {"resourceVersion": "13"}}})),
                    event("BOOKMARK", table({"cells": ["", ""], "object": end}, columns=None)),
                    event("BOOKMARK", {"kind": "Widget", "metadata": {"resourceVersion": "15"}}),
                ],
            )
        )
    )
    assert [(one.version, one.initial_end) for one in events] == [("13", False), ("14", True), ("15", False)]


async def test_columns_that_changed_since_the_list_ask_for_a_new_one() -> None:
    other = [*COLUMNS, {"name": "Size", "type": "integer"}]
    source = listing(
        Told(
            msgspec.json.encode(table(line("a", "red", 3))),
            [event("ADDED", table({**line("b", "blue", 10), "cells": ["b", "blue", 3]}, columns=other))],
        )
    )
    await source.page(limit=500)
    with pytest.raises(Expired, match="columns changed"):
        await watched(source)


async def test_a_bookmark_may_be_the_first_event_that_brings_columns() -> None:
    bare = {"cells": ["", ""], "object": {"metadata": {"resourceVersion": "13"}}}
    source = listing(Told(msgspec.json.encode(table()), [event("BOOKMARK", table(bare, columns=COLUMNS[:1]))]))
    await source.page(limit=500)
    with pytest.raises(Expired):
        await watched(source)


async def test_the_same_columns_again_change_nothing() -> None:
    source = listing(
        Told(msgspec.json.encode(table()), [event("ADDED", table(line("a", "red", 10)))] * 2),
    )
    await source.page(limit=500)
    assert len(await watched(source)) == 2


async def test_an_event_that_is_an_object_or_no_row_ends_nothing() -> None:
    item = {"kind": "Widget", "metadata": {"name": "a", "namespace": "x", "resourceVersion": "3"}}
    events = await watched(
        await listed(
            Told(
                msgspec.json.encode(table()),
                [
                    event("ADDED", item),
                    event("MODIFIED", table(version="8")),
                    event("MODIFIED", table({"cells": [7], "object": {"metadata": {"name": 7}}}, version="9")),
                ],
            )
        )
    )
    assert [one.row is not None for one in events] == [True, False, False]


async def test_a_kind_without_a_watch_is_not_watched() -> None:
    polled = ServedKind("metrics.k8s.io", "v1beta1", "pods", 0, kind="PodMetrics", namespaced=True, verbs=("list",))
    transport = Told()
    with pytest.raises(NotWatched, match=r"pods\.metrics\.k8s\.io can't be watched"):
        await watched(listing(transport, polled))
    assert not transport.asked
