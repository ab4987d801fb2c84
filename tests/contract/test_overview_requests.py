"""What the Overview asks for beyond stores of a kind, and the selectors it narrows them with."""

from __future__ import annotations

import asyncio
import time

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.health import read
from kubetui.cluster.how_many import how_many
from kubetui.cluster.list_watch import Selection
from kubetui.insight.control_plane import API_SERVER
from kubetui.kinds.event import EVENT
from kubetui.kinds.lease import LEASE
from kubetui.kinds.pod import POD
from kubetui.ui.overview_reader import BACK_OFFS, NODE_EVENTS, WAITING_PODS
from tests.contract.conftest import Api
from tests.contract.test_requests import SOON, everything, first_events, source


async def test_readyz_and_livez_tell_their_checks_one_by_one(api: Api) -> None:
    async with api.session() as session:
        ready = await read(session, "/readyz", SystemClock())
        live = await read(session, "/livez", SystemClock())

    for reading in (ready, live):
        assert reading.ok
        assert {"ping", "etcd"} <= {check.name for check in reading.checks}
        assert reading.failing == ()
        assert reading.seconds is not None
        assert 0 < reading.seconds < SOON
    assert "informer-sync" in {check.name for check in ready.checks}


async def test_an_account_without_rights_may_read_the_checks(api: Api) -> None:
    """``system:public-info-viewer`` is bound to everybody who signed in."""
    async with api.session(api.nobody) as session:
        reading = await read(session, "/readyz", SystemClock())
    assert reading.ok or reading.forbidden


async def test_all_pods_are_counted_by_one_small_request(api: Api) -> None:
    async with api.session() as session:
        before = session.traffic.received_bytes
        counted = await how_many(session, POD)
        received = session.traffic.received_bytes - before
        pods, _, _ = await everything(source(session, POD), 500)

    assert abs(counted - len(pods)) <= 2
    assert received < 8_000


async def test_pods_that_neither_run_nor_are_done_are_selected_by_the_server(api: Api) -> None:
    async with api.session() as session:
        pods, _, _ = await everything(source(session, POD), 500)
        waiting, version, _ = await everything(source(session, POD, Selection(fields=WAITING_PODS.fields)), 500)
        async with asyncio.timeout(SOON):
            listing = source(session, POD, Selection(fields=WAITING_PODS.fields))
            async with listing.watch(version, seconds=1) as batches:
                async for _ in batches:
                    pass

    expected = {
        (pod.namespace, pod.name)
        for pod in pods
        if pod.namespace != "kube-system" and pod.phase not in ("Running", "Succeeded")
    }
    assert {(pod.namespace, pod.name) for pod in waiting} == expected


async def test_events_about_nodes_and_back_offs_are_selected_by_the_server(api: Api) -> None:
    async with api.session() as session:
        events, version, _ = await everything(source(session, EVENT, Selection(fields=NODE_EVENTS.fields)), 500)

        back_offs, _, _ = await everything(source(session, EVENT, Selection(fields=BACK_OFFS.fields)), 500)

    assert all(event.object_kind == "Node" for event in events)
    assert all((event.object_kind, event.reason) == ("Pod", "BackOff") for event in back_offs)
    assert version.isdecimal()


async def test_leaders_renew_their_leases_before_the_eyes_of_a_watch(api: Api) -> None:
    async with api.session() as session:
        leases, version, _ = await everything(source(session, LEASE, Selection("kube-system")), 500)
        deadline = time.monotonic() + 60
        while not any(API_SERVER in lease.labels for lease in leases) and time.monotonic() < deadline:
            await asyncio.sleep(0.5)  # an API server makes its lease some seconds after it answers
            leases, version, _ = await everything(source(session, LEASE, Selection("kube-system")), 500)
        events = await first_events(source(session, LEASE, Selection("kube-system")), version, 2)

    by_name = {lease.name: lease for lease in leases}
    for name in ("kube-scheduler", "kube-controller-manager"):
        lease = by_name[name]
        assert lease.holder
        assert lease.duration > 0
        assert abs(time.time() - lease.renewed) < 120
    assert any(API_SERVER in lease.labels for lease in leases)
    renewed = [event.row for event in events if event.row is not None and event.row.name in by_name]
    assert any(lease.renewed > by_name[lease.name].renewed for lease in renewed)
