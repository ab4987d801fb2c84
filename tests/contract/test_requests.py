"""Every request that kubetui makes, and what it relies on in the answers."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.errors import ClusterError, Expired, Forbidden, NotFound
from kubetui.cluster.list_watch import EVERYTHING, TABLE, ListWatch, Selection
from kubetui.cluster.object_yaml import fetch_object, to_yaml
from kubetui.cluster.session import Session
from kubetui.cluster.source import Event, Unreadable
from kubetui.cluster.transport import Request
from kubetui.kinds.container import containers
from kubetui.kinds.event import EVENT
from kubetui.kinds.kind import Kind
from kubetui.kinds.namespace import NAMESPACE
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from kubetui.kinds.registry import KINDS
from tests.contract.conftest import Api

SOON = 20.0
"""Seconds in which any server answers."""


def source(session: Session, kind: Kind[Any], selection: Selection = EVERYTHING) -> ListWatch[Any]:
    return ListWatch(session._transport, kind, selection, SystemClock())


async def everything(listing: ListWatch[Any], limit: int) -> tuple[list[Any], str, list[int | None]]:
    rows: list[Any] = []
    remaining: list[int | None] = []
    token = version = ""
    while True:
        page = await listing.page(limit=limit, token=token)
        rows += list(page.rows)
        remaining.append(page.remaining)
        version = version or page.version
        assert page.version == version, "all pages are of one version"
        token = page.token
        if not token:
            return rows, version, remaining


async def test_the_server_tells_its_version(api: Api) -> None:
    async with api.session() as session:
        assert (await session.version()).startswith("v1.")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural)
async def test_every_object_of_a_kind_is_listed_and_read(api: Api, kind: Kind[Any]) -> None:
    async with api.session() as session:
        rows, version, _ = await everything(source(session, kind), 500)

    assert rows or kind is EVENT, "a quiet cluster has no events"
    assert not any(isinstance(row, Unreadable) for row in rows)
    assert version.isdecimal()
    assert all(0 < row.version <= int(version) for row in rows)


async def test_pages_follow_each_other_and_tell_what_remains(api: Api) -> None:
    async with api.session() as session:
        pods, _, _ = await everything(source(session, POD), 500)
        paged, _, remaining = await everything(source(session, POD), 7)

    assert [(pod.namespace, pod.name) for pod in paged] == [(pod.namespace, pod.name) for pod in pods]
    assert remaining[0] == len(pods) - 7
    assert remaining[-1] is None


async def test_a_namespace_and_selectors_narrow_a_list(api: Api) -> None:
    async with api.session() as session:
        pods, _, _ = await everything(source(session, POD), 500)
        one = pods[0]
        key, value = one.labels[0]
        of_namespace, _, _ = await everything(source(session, POD, Selection(one.namespace)), 500)
        of_label, _, _ = await everything(source(session, POD, Selection(labels=f"{key}={value}")), 500)
        of_node, _, _ = await everything(source(session, POD, Selection(fields=f"spec.nodeName={one.node}")), 500)
        of_name = Selection(one.namespace, fields=f"metadata.name={one.name}")
        alone, _, _ = await everything(source(session, POD, of_name), 500)

    assert {pod.name for pod in of_namespace} == {pod.name for pod in pods if pod.namespace == one.namespace}
    assert {pod.name for pod in of_label} == {pod.name for pod in pods if (key, value) in pod.labels}
    assert {pod.name for pod in of_node} == {pod.name for pod in pods if pod.node == one.node}
    assert [pod.name for pod in alone] == [one.name]


async def first_events(listing: ListWatch[Any], version: str, count: int, **kwargs: Any) -> list[Event[Any]]:
    events: list[Event[Any]] = []
    async with asyncio.timeout(SOON), listing.watch(version, seconds=SOON, **kwargs) as batches:
        async for batch in batches:
            events += batch
            if len(events) >= count:
                break
    return events


async def test_a_watch_list_sends_everything_then_says_so(api: Api) -> None:
    async with api.session() as session:
        nodes, _, _ = await everything(source(session, NODE), 500)
        events = await first_events(source(session, NODE), "", len(nodes) + 1, initial=True)

    assert {event.key for event in events if event.type == "ADDED"} >= {("", node.name) for node in nodes}
    ends = [event for event in events if event.initial_end]
    assert len(ends) == 1
    assert ends[0].version.isdecimal()


async def test_a_watch_ends_by_itself_after_its_time(api: Api) -> None:
    async with api.session() as session:
        listing = source(session, NAMESPACE)
        _, version, _ = await everything(listing, 500)
        async with asyncio.timeout(SOON), listing.watch(version, seconds=1) as batches:
            events = [event async for batch in batches for event in batch]

    assert not [event for event in events if event.type == "ERROR"]


async def test_a_version_from_before_a_compaction_is_expired(api: Api) -> None:
    async with api.session() as session:
        listing = source(session, NAMESPACE)
        try:
            events = await first_events(listing, "1", 1)
            error: ClusterError | None = events[0].error
        except ClusterError as raised:
            error = raised

    assert isinstance(error, Expired)


async def test_a_continue_token_that_is_none_is_refused(api: Api) -> None:
    async with api.session() as session:
        with pytest.raises(ClusterError):
            await source(session, POD).page(limit=5, token="nonsense")


async def test_tables_come_without_objects_and_with_kubectls_columns(api: Api) -> None:
    async with api.session() as session:
        listing = source(session, POD)
        pods, _, _ = await everything(listing, 500)
        namespaces = await listing.namespaces()
        assert namespaces is not None
        rows = [row for namespace in namespaces for row in await listing.table(namespace)]

    assert {(row.namespace, row.name) for row in rows} == {(pod.namespace, pod.name) for pod in pods}
    assert all(row.provisional for row in rows)


async def test_a_provisional_row_says_what_the_objects_row_says(api: Api) -> None:
    """The Table's cells are kubectl's own words: exact columns are equal, approximate ones as good as their text."""
    async with api.session() as session:
        listing = source(session, POD)
        pods = {(pod.namespace, pod.name): pod for pod in (await everything(listing, 500))[0]}
        namespaces = {namespace for namespace, _ in pods}
        tables = [row for namespace in namespaces for row in await listing.table(namespace)]
    now = SystemClock().now()
    for row in tables:
        pod = pods[row.namespace, row.name]
        for column in POD.columns:
            if column.from_table == "exact":
                assert column.text(row, now) == column.text(pod, now), (row.name, column.title)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural)
async def test_each_rows_words_are_those_of_the_servers_own_table(api: Api, kind: Kind[Any]) -> None:
    """The server's Table is the oracle of STATUS, READY and the rest."""
    async with api.session() as session:
        query = (("limit", "500"), ("includeObject", "Metadata"))
        answer = await session.send(Request(kind.path, "read the Table", query, accept=TABLE))
        rows = {(row.namespace, row.name): row for row in (await everything(source(session, kind), 500))[0]}
    table: Any = msgspec.json.decode(answer.body)
    titles = [column["name"].upper() for column in table["columnDefinitions"]]
    now = SystemClock().now()
    compared = set()
    for line in table["rows"]:
        metadata = line["object"]["metadata"]
        row = rows[metadata.get("namespace", ""), metadata["name"]]
        cells = dict(zip(titles, line["cells"], strict=True))
        for column in kind.columns:
            if column.from_table == "exact" and column.title in cells:
                theirs = str(cells[column.title])
                ours = column.text(row, now)
                assert ours == _spelled(column.title, theirs), (row.name, column.title)
                compared.add(column.title)
    assert len(compared) > 1 or not rows


def _spelled(title: str, theirs: str) -> str:
    """Where kubetui spells the server's cell otherwise on purpose."""
    if theirs == "<none>":
        return ""
    return theirs.removeprefix("v") if title == "VERSION" else theirs


async def test_one_object_is_fetched_as_yaml_and_its_containers_read(api: Api) -> None:
    async with api.session() as session:
        pod = next(iter((await everything(source(session, POD), 5))[0]))
        found = await fetch_object(session, POD, (pod.namespace, pod.name))
        answer = await session.send(Request(f"{POD.path_in(pod.namespace)}/{pod.name}", "get pod"))

    assert found["kind"] == "Pod"
    assert "managers, folded" in to_yaml(found)
    assert len(containers(answer.body)) == pod.total


async def test_what_is_not_there_is_not_found(api: Api) -> None:
    async with api.session() as session:
        with pytest.raises(NotFound):
            await fetch_object(session, NODE, ("", "no-such-node"))


async def test_a_user_without_rights_is_told_verb_and_resource(api: Api) -> None:
    async with api.session(api.nobody) as session:
        with pytest.raises(Forbidden) as raised:
            await source(session, POD).page(limit=5)
        assert await source(session, POD).namespaces() is None

    assert "pods" in raised.value.answer
    assert "list" in raised.value.answer
