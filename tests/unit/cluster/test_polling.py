"""What can't be watched is listed again and again; one kind read in two ways is two stores."""

from __future__ import annotations

import pytest

from kubetui.cluster.errors import ApiError
from kubetui.cluster.reflector import POLL_PAUSE
from kubetui.cluster.session import Scope
from kubetui.cluster.source import NotWatched
from kubetui.kinds.pod import POD
from kubetui.kinds.served_kind import SERVED_KIND, ServedKind, table_kind
from kubetui.store.state import Phase
from tests.fake_clock import FakeClock, settle
from tests.unit.cluster.test_reflector import Bench
from tests.unit.cluster.test_session import Server, session_of

PODS = ServedKind("", "v1", "pods", 0, kind="Pod", namespaced=True, verbs=("list", "watch"))


async def test_a_source_says_how_often_it_is_worth_listing() -> None:
    bench = Bench()
    bench.server.put("a", 1)
    bench.server.watch_faults += [NotWatched(300.0, "things can't be watched")] * 3
    async with bench.running():
        state = bench.store.state
        assert (bench.held, state.phase, state.missing) == ({"a": 1}, Phase.LIVE, "watch things")
        assert state.reason == "things can't be watched; listed every 300 s instead"

        bench.server.put("a", 2)
        bench.server.put("b", 3)
        await bench.clock.advance(299)
        assert bench.held == {"a": 1}
        await bench.clock.advance(1)
        assert bench.held == {"a": 2, "b": 3}


async def test_where_nothing_need_be_said_it_is_simply_live() -> None:
    bench = Bench()
    bench.server.watch_faults += [NotWatched(300.0)] * 3
    async with bench.running():
        state = bench.store.state
        assert (state.phase, state.missing, state.reason) == (Phase.LIVE, "", "")


async def test_a_person_need_not_wait_for_the_next_list() -> None:
    bench = Bench()
    bench.server.watch_faults += [NotWatched(300.0)] * 3
    async with bench.running():
        bench.server.put("a", 1)
        bench.reflector.retry_now()
        await settle()
        assert bench.held == {"a": 1}


async def test_a_server_that_knows_no_watch_of_a_kind_is_polled() -> None:
    """Discovery may say otherwise; 405 is the last word."""
    bench = Bench()
    refusal = ApiError("watch things", "405: the server does not allow this method", status=405)
    bench.server.watch_faults += [refusal, refusal]
    async with bench.running():
        assert bench.phase() is Phase.LIVE
        assert "405" in bench.store.state.reason
        bench.server.put("a", 1)
        await bench.clock.advance(POLL_PAUSE)
        assert bench.held == {"a": 1}


@pytest.mark.parametrize("scope", [Scope(), Scope(frozenset({"x"}))])
async def test_one_kind_read_as_objects_and_as_tables_is_two_stores(scope: Scope) -> None:
    session = session_of(Server("a"), FakeClock())
    objects, tables, same = (session.open(kind, scope) for kind in (POD, table_kind(PODS), table_kind(PODS)))
    await settle()

    assert objects.store is not tables.store
    assert tables.store is same.store
    assert session.open_stores == 2
    for lease in (objects, tables, same):
        lease.close()
    await session.close()


async def test_discovery_is_kept_as_any_store_is() -> None:
    session = session_of(Server(), FakeClock())
    first, second = session.open(SERVED_KIND), session.open(SERVED_KIND)
    assert first.store is second.store
    first.close()
    second.close()
    await session.close()
