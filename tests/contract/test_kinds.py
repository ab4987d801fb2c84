"""Discovery, Tables of any kind, endpoints and keys: what kubetui relies on, at every API server there is."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.discovery import Discovery
from kubetui.cluster.discovery_wire import AGGREGATED
from kubetui.cluster.errors import Forbidden
from kubetui.cluster.list_watch import TABLE, Selection
from kubetui.cluster.object_data import fetch_data, fetch_value
from kubetui.cluster.object_yaml import MASKED, fetch_object
from kubetui.cluster.session import Session
from kubetui.cluster.source import Event, Unreadable
from kubetui.cluster.table_list_watch import TableListWatch
from kubetui.cluster.transport import Request
from kubetui.kinds.endpoint_slice import ENDPOINT_SLICE, SERVICE_NAME, EndpointSliceRow
from kubetui.kinds.kind import Kind
from kubetui.kinds.served_kind import ServedKind, table_kind
from kubetui.kinds.server_columns import cell_text, columns_for
from kubetui.kinds.server_table import TableRow
from kubetui.kinds.service import SERVICE
from tests.contract.conftest import Api
from tests.contract.test_requests import SOON, everything, source


async def kinds_of(session: Session) -> dict[str, ServedKind]:
    page = await Discovery(session._transport, SystemClock()).page(limit=500)
    return {kind.full_name: kind for kind in page.rows if isinstance(kind, ServedKind) and kind.plural}


def tables(session: Session, served: ServedKind, selection: Selection | None = None) -> TableListWatch:
    return TableListWatch(session._transport, table_kind(served), selection or Selection(), SystemClock())


# --- discovery


async def test_discovery_tells_names_as_kubectl_knows_them(api: Api) -> None:
    async with api.session() as session:
        kinds = await kinds_of(session)

    names = {name: kinds[name].names for name in ("services", "horizontalpodautoscalers.autoscaling")}
    assert names["services"] == ("svc", "service", "services")
    assert "hpa" in names["horizontalpodautoscalers.autoscaling"]
    assert kinds["horizontalpodautoscalers.autoscaling"].api_version == "v2"
    assert {"crd", "crds"} <= set(kinds["customresourcedefinitions.apiextensions.k8s.io"].names)
    assert (kinds["pods"].namespaced, kinds["nodes"].namespaced) == (True, False)
    assert {"get", "list", "watch"} <= set(kinds["configmaps"].verbs)
    assert not kinds["selfsubjectaccessreviews.authorization.k8s.io"].listable


async def test_both_forms_of_discovery_tell_the_same(api: Api) -> None:
    async with api.session() as session:
        aggregated = await kinds_of(session)

        class Older:
            """As a server that does not aggregate."""

            async def send(self, request: Request) -> Any:
                accept = request.accept.removeprefix(f"{AGGREGATED},")
                return await session.send(Request(request.path, request.tried, accept=accept))

        page = await Discovery(Older(), SystemClock()).page(limit=500)  # type: ignore[arg-type]  # sends, and no more
        plain = {kind.full_name: kind for kind in page.rows if isinstance(kind, ServedKind)}

    def said(kinds: dict[str, ServedKind]) -> dict[str, Any]:
        return {
            name: (kind.kind, kind.api_version, kind.namespaced, set(kind.verbs), kind.names)
            for name, kind in kinds.items()
        }

    assert said(plain) == said(aggregated)


async def test_everybody_may_read_discovery(api: Api) -> None:
    async with api.session(api.nobody) as session:
        assert "pods" in await kinds_of(session)


# --- Tables


async def test_every_kind_that_can_be_listed_is_listed_as_a_table_and_read(api: Api) -> None:
    async with api.session() as session:
        kinds = await kinds_of(session)
        for served in kinds.values():
            if served.listable:
                page = await tables(session, served).page(limit=500)
                rows = list(page.rows)
                assert not any(isinstance(row, Unreadable) for row in rows), served.full_name
                assert all(isinstance(row, TableRow) and row.version >= 0 and row.name for row in rows)
                assert all(bool(row.namespace) is served.namespaced for row in rows if isinstance(row, TableRow))


async def test_pages_of_a_table_follow_each_other(api: Api) -> None:
    async with api.session() as session:
        served = (await kinds_of(session))["configmaps"]
        whole = [row for row in (await tables(session, served).page(limit=500)).rows if isinstance(row, TableRow)]
        paged: list[Any] = []
        listing, token = tables(session, served), ""
        while True:
            page = await listing.page(limit=3, token=token)
            paged += list(page.rows)
            assert page.remaining == (len(whole) - len(paged) or None)
            token = page.token
            if not token:
                break

    assert [(row.namespace, row.name) for row in paged] == [(row.namespace, row.name) for row in whole]


async def test_a_table_is_selected_as_a_list_is(api: Api) -> None:
    async with api.session() as session:
        served = (await kinds_of(session))["configmaps"]
        rows = [row for row in (await tables(session, served).page(limit=500)).rows if isinstance(row, TableRow)]
        one = rows[0]
        named = Selection(one.namespace, fields=f"metadata.name={one.name}")
        alone = list((await tables(session, served, named).page(limit=500)).rows)
        inside = list((await tables(session, served, Selection(one.namespace)).page(limit=500)).rows)

    assert [row.name for row in alone if isinstance(row, TableRow)] == [one.name]
    assert {row.namespace for row in inside if isinstance(row, TableRow)} == {one.namespace}


async def first_events(listing: TableListWatch, version: str, count: int, **more: Any) -> list[Event[TableRow]]:
    events: list[Event[TableRow]] = []
    async with asyncio.timeout(SOON), listing.watch(version, seconds=SOON, **more) as batches:
        async for batch in batches:
            events += batch
            if len(events) >= count:
                break
    return events


async def test_a_watch_of_tables_brings_rows_with_metadata_and_bookmarks_with_a_version(api: Api) -> None:
    """A WatchList sends everything as ADDED, then the bookmark that ends it: all that a watch of Tables has."""
    async with api.session() as session:
        served = (await kinds_of(session))["namespaces"]
        listing = tables(session, served)
        page = await listing.page(limit=500)
        rows = {row.name: row for row in page.rows if isinstance(row, TableRow)}
        events = await first_events(listing, "", len(rows) + 1, initial=True)

    added = {event.row.name: event.row for event in events if event.row is not None}
    assert set(added) >= set(rows)
    assert all(added[name].head is row.head for name, row in rows.items()), "the columns are the list's"
    assert all(added[name].created == row.created > 0 for name, row in rows.items())
    (end,) = (event for event in events if event.initial_end)
    assert int(end.version) >= int(page.version)


async def test_the_columns_of_a_pane_say_what_the_servers_table_says(api: Api) -> None:
    """Cell by cell, for every kind; ages are computed from the creation, and are kubectl's to its rounding."""
    async with api.session() as session:
        kinds = await kinds_of(session)
        compared = 0
        for served in kinds.values():
            if not served.listable:
                continue
            kind = table_kind(served)
            answer = await session.send(Request(kind.path, "read the Table", (("limit", "500"),), accept=TABLE))
            theirs: Any = msgspec.json.decode(answer.body)
            at = SystemClock().now()
            page = await tables(session, served).read_page(answer.body, "read the Table")
            for line, row in zip(theirs["rows"] or (), page.rows, strict=True):
                assert isinstance(row, TableRow)
                columns = columns_for(row.head)[1:-1]
                assert len(columns) == len(theirs["columnDefinitions"])
                # Some kinds have more cells than columns (1.36: IPAddress); kubectl leaves those out too.
                for cell, column, definition in zip(line["cells"], columns, theirs["columnDefinitions"], strict=False):
                    said, meant = column.text(row, at), cell_text(cell)
                    close = column.timed and _seconds(said) - _seconds(meant) in (0, 1, 2)
                    assert said == meant or close, (served.full_name, row.name, column.title)
                    assert column.wide is (definition["priority"] > 0)
                    compared += 1
    assert compared > 500


def _seconds(text: str) -> int:
    from kubetui.kinds.age import parse_duration

    return parse_duration(text) or 0


async def test_a_kind_that_may_not_be_listed_says_verb_and_resource(api: Api) -> None:
    async with api.session(api.nobody) as session:
        served = (await kinds_of(session))["secrets"]
        with pytest.raises(Forbidden) as refused:
            await tables(session, served).page(limit=500)
    assert "list" in refused.value.answer
    assert "secrets" in refused.value.answer


# --- Services


@pytest.mark.parametrize("kind", [SERVICE, ENDPOINT_SLICE], ids=lambda kind: kind.plural)
async def test_services_and_slices_are_read_and_say_what_the_servers_table_says(api: Api, kind: Kind[Any]) -> None:
    async with api.session() as session:
        rows, _, _ = await everything(source(session, kind), 500)
        answer = await session.send(Request(kind.path, "read the Table", accept=TABLE))
    assert rows
    assert not any(isinstance(row, Unreadable) for row in rows)
    table: Any = msgspec.json.decode(answer.body)
    titles = [column["name"].upper() for column in table["columnDefinitions"]]
    by_key = {(row.namespace, row.name): row for row in rows}
    for line in table["rows"]:
        metadata = line["object"]["metadata"]
        cells = dict(zip(titles, line["cells"], strict=True))
        for column in kind.columns:
            if column.from_table == "exact":
                ours = column.text(by_key[metadata["namespace"], metadata["name"]], 0.0)
                assert ours == ("" if cells[column.title] == "<none>" else cells[column.title]), column.title


async def test_the_kubernetes_service_has_its_endpoints_in_slices(api: Api) -> None:
    async with api.session() as session:
        service, _, _ = await everything(
            source(session, SERVICE, Selection("default", fields="metadata.name=kubernetes")), 5
        )
        slices, _, _ = await everything(
            source(session, ENDPOINT_SLICE, Selection("default", labels=f"{SERVICE_NAME}=kubernetes")), 5
        )
    assert [row.selector for row in service] == [()]
    found = [one for row in slices if isinstance(row, EndpointSliceRow) for one in row.endpoints]
    assert found
    assert all(one.ready and one.serving and not one.terminating and not one.target for one in found)


# --- keys


async def test_a_config_maps_keys_and_values(api: Api) -> None:
    async with api.session() as session:
        served = (await kinds_of(session))["configmaps"]
        kind = table_kind(served)
        rows = (await tables(session, served, Selection("default")).page(limit=500)).rows
        authority = next(row for row in rows if isinstance(row, TableRow) and row.name == "kube-root-ca.crt")
        key = (authority.namespace, authority.name)
        data = await fetch_data(session, kind, key)
        value = await fetch_value(session, kind, key, "ca.crt")

    assert [(row.name, row.form) for row in data.rows] == [("ca.crt", "PEM CERTIFICATE")]
    assert value is not None
    assert len(value) == data.rows[0].size


async def test_a_secrets_values_are_masked_unless_asked_for(api: Api) -> None:
    async with api.session() as session:
        served = (await kinds_of(session))["secrets"]
        kind = table_kind(served)
        rows = [row for row in (await tables(session, served).page(limit=500)).rows if isinstance(row, TableRow)]
        if not rows:
            pytest.skip("this cluster has no Secret; test_custom_resources.py makes one")
        key = (rows[0].namespace, rows[0].name)
        masked, shown = await fetch_object(session, kind, key), await fetch_object(session, kind, key, values=True)
        data = await fetch_data(session, kind, key)

    assert set(masked["data"].values()) == {MASKED}
    assert MASKED not in shown["data"].values()
    assert {row.name for row in data.rows} == set(shown["data"])
    assert not any(str(value) in repr(data) for value in shown["data"].values())
