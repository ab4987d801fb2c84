"""The reflector keeps a store in step whatever the server and the way to it do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.cluster import paging, tables_first
from kubetui.cluster.errors import (
    ApiError,
    ClusterError,
    Forbidden,
    NotFound,
    NotKubernetes,
    Overloaded,
    TooLargeResourceVersion,
    Unauthorized,
    Unreachable,
)
from kubetui.cluster.reflector import Reflector
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from tests.fake_clock import FakeClock, settle
from tests.unit.cluster.history_source import HistorySource, expired
from tests.unit.store.rows import Thing


class Bench:
    """A server, a store, and the reflector between them, under one fake clock."""

    def __init__(self, *, watch_list: bool = False, seed: int = 1) -> None:
        self.clock = FakeClock()
        self.server = HistorySource(self.clock)
        self.store: Store[Thing] = Store()
        self.states: list[SyncState] = []
        self.store.on_change(self._note)
        self.reflector = Reflector(
            self.server,
            self.store,
            resource="things",
            clock=self.clock,
            random=Random(seed),
            watch_list=watch_list,
        )

    def _note(self) -> None:
        if not self.states or self.states[-1] != self.store.state:
            self.states.append(self.store.state)

    def phase(self) -> Phase:
        return self.store.state.phase

    @property
    def held(self) -> dict[str, int]:
        return {row.name: row.value for row in self.store}

    @property
    def there(self) -> dict[str, int]:
        return {row.name: row.value for row in self.server.objects.values()}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.reflector.run())
        try:
            await settle()
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            await self.reflector.close()


def overloaded(retry_after: float | None = None) -> Overloaded:
    return Overloaded("watch things", "too many requests", status=429, retry_after=retry_after)


def forbidden(verb: str) -> Forbidden:
    return Forbidden(f"{verb} things", "no", status=403, reason="Forbidden")


CUT = Unreachable("watch things", "the connection was cut")


async def test_it_lists_then_follows_every_change() -> None:
    bench = Bench()
    bench.server.put("a", 1)
    async with bench.running():
        assert bench.held == {"a": 1}
        assert bench.phase() is Phase.LIVE

        bench.server.put("b", 2)
        bench.server.put("a", 3)
        bench.server.delete("b")
        bench.server.put("c", 4)
        await settle()

        assert bench.held == {"a": 3, "c": 4}


async def test_a_cut_watch_goes_on_from_the_last_version_without_a_list() -> None:
    bench = Bench()
    bench.server.put("a")
    async with bench.running():
        await bench.clock.advance(60)
        bench.server.put("b")
        await settle()
        bench.server.end_watches(CUT)
        bench.server.put("c")
        await bench.clock.advance(60)

    assert bench.held == bench.there
    assert bench.server.pages == 1
    assert bench.server.watched_from == ["1", "2"]


async def test_a_healthy_watch_that_is_cut_once_does_not_even_flash() -> None:
    bench = Bench()
    async with bench.running():
        await bench.clock.advance(60)
        bench.server.end_watches(CUT)
        await settle()

        assert bench.server.open_watches == 1
        assert Phase.STALE not in {state.phase for state in bench.states}


async def test_while_the_server_is_away_the_rows_stay_and_the_state_says_why_and_since_when() -> None:
    # Given a live store
    bench = Bench()
    bench.server.put("a")
    async with bench.running():
        await bench.clock.advance(60)
        last_word = bench.clock.now()

        # When the server goes away for ten minutes
        refused = Unreachable("watch things", "connection refused", "is the cluster stopped?")
        bench.server.watch_faults.extend([refused] * 100)
        bench.server.end_watches(CUT)
        await bench.clock.advance(600)

        # Then the row is still there, and the state tells reason, age and next attempt
        state = bench.store.state
        assert bench.held == {"a": 0}
        assert (bench.phase(), state.since) == (Phase.STALE, last_word)
        assert state.reason == "watch things: connection refused"
        assert state.advice == "is the cluster stopped?"
        assert state.next_try is not None
        assert bench.clock.now() < state.next_try <= bench.clock.now() + 60

        # And it never hammered: some 30 to 60 s between attempts
        assert 10 <= bench.server.watches <= 30

        # When it is back, it goes on where it was
        bench.server.watch_faults.clear()
        bench.server.put("b")
        await bench.clock.advance(61)
        assert bench.held == bench.there
        assert bench.server.pages == 1
        assert bench.phase() is Phase.LIVE


async def test_a_server_that_goes_in_good_order_is_missed_from_then_on_and_not_since_the_last_event() -> None:
    # Given a watch that has been quiet for a minute
    bench = Bench()
    bench.server.put("a")
    async with bench.running():
        await bench.clock.advance(60)
        gone = bench.clock.now()

        # When the server ends it cleanly and is gone
        bench.server.watch_faults.extend([Unreachable("watch things", "connection refused")] * 100)
        bench.server.end_watches(None)
        await bench.clock.advance(4)

        # Then it is stale since it went
        assert (bench.phase(), bench.store.state.since) == (Phase.STALE, gone)


async def test_retry_now_cuts_the_pause_short() -> None:
    bench = Bench()
    bench.server.page_faults.extend([CUT] * 6)
    async with bench.running():
        await bench.clock.advance(20)
        bench.server.page_faults.clear()
        assert bench.phase() is Phase.FAILED

        bench.reflector.retry_now()
        await settle()

        assert bench.phase() is Phase.LIVE


async def test_retry_now_opens_a_silent_watch_anew() -> None:
    bench = Bench()
    async with bench.running():
        bench.reflector.retry_now()
        # The deadline of a timeout is met on the loop's own clock, some turns later.
        await bench.server.watched(2)

    assert bench.server.pages == 1


async def test_410_lists_anew_behind_the_old_rows() -> None:
    bench = Bench()
    bench.server.put("kept")
    bench.server.put("gone")
    lost: list[int] = []
    async with bench.running():
        await bench.clock.advance(60)
        bench.store.on_change(lambda: lost.append(len(bench.store)))
        bench.server.end_watches(CUT)
        bench.server.delete("gone")
        bench.server.put("new")
        bench.server.compact()
        await bench.clock.advance(5)

        assert bench.held == bench.there
        assert bench.server.pages == 2
        assert min(lost) >= 2, "the rows did not disappear in between"


async def test_410_after_a_long_absence_is_answered_at_once_but_not_for_ever() -> None:
    # Given a server that was away so long that the pauses are long
    bench = Bench()
    async with bench.running():
        await bench.clock.advance(60)
        bench.server.watch_faults.extend([CUT] * 100)
        bench.server.end_watches(CUT)
        await bench.clock.advance(600)

        # When it is back and has forgotten the version
        bench.server.put("new")
        bench.server.compact()
        bench.server.watch_faults.clear()
        bench.reflector.nudge()
        await bench.clock.advance(2)

        # Then the list follows within two seconds
        assert (bench.phase(), bench.held) == (Phase.LIVE, bench.there)

        # But a server that says so again and again is not hammered
        bench.server.watch_faults.extend([expired()] * 1000)
        bench.server.end_watches(CUT)
        pages = bench.server.pages
        await bench.clock.advance(300)
        assert bench.server.pages - pages < 20


async def test_who_recovers_says_so() -> None:
    told: list[str] = []
    bench = Bench()
    bench.reflector = Reflector(
        bench.server,
        bench.store,
        resource="things",
        clock=bench.clock,
        random=Random(1),
        recovered=lambda: told.append("recovered"),
    )
    bench.server.page_faults.append(CUT)
    async with bench.running():
        assert told == []
        await bench.clock.advance(5)
        assert told == ["recovered"]


async def test_a_server_that_ends_every_watch_at_once_is_not_hammered() -> None:
    bench = Bench()
    async with bench.running():
        ended = 0
        for _ in range(600):
            if bench.server.open_watches:
                ended += 1
                bench.server.end_watches(None)
            await bench.clock.advance(0.5)

    assert ended < 30
    assert bench.server.pages == 1


async def test_retry_after_is_obeyed() -> None:
    bench = Bench()
    async with bench.running():
        await bench.clock.advance(60)
        bench.server.watch_faults.append(overloaded(retry_after=45))
        bench.server.end_watches(CUT)
        await bench.clock.advance(44)
        assert bench.server.watches == 2

        await bench.clock.advance(20)
        assert bench.server.watches == 3
        assert bench.phase() is Phase.LIVE


async def test_a_lagging_api_server_is_asked_again_before_anything_is_listed() -> None:
    lagging = TooLargeResourceVersion("watch things", "too large", status=504, retry_after=1.0)
    bench = Bench()
    async with bench.running():
        await bench.clock.advance(60)
        bench.server.watch_faults.extend([lagging, lagging])
        bench.server.end_watches(CUT)
        await bench.clock.advance(3)
        assert (bench.server.pages, bench.phase()) == (1, Phase.LIVE)

        bench.server.watch_faults.extend([lagging] * 3)
        await bench.clock.advance(60)
        bench.server.end_watches(CUT)
        await bench.clock.advance(4)
        assert (bench.server.pages, bench.phase()) == (2, Phase.LIVE)


@pytest.mark.parametrize(
    ("error", "phase", "missing"),
    [
        (forbidden("list"), Phase.FORBIDDEN, "list things"),
        (NotFound("list things", "not found", status=404), Phase.NOT_INSTALLED, ""),
        (Unauthorized("list things", "401", "run: az login", status=401), Phase.FAILED, ""),
        (NotKubernetes("list things", "a web page: Sign in"), Phase.FAILED, ""),
        (ApiError("list things", "boom", status=500), Phase.FAILED, ""),
    ],
)
async def test_what_the_first_list_meets_becomes_the_state_and_is_tried_again(
    error: ClusterError, phase: Phase, missing: str
) -> None:
    bench = Bench()
    bench.server.put("a")
    bench.server.page_faults.append(error)
    async with bench.running():
        assert (bench.phase(), bench.store.state.missing) == (phase, missing)
        assert bench.store.state.advice == error.advice

        await bench.clock.advance(61)
        assert bench.phase() is Phase.LIVE
        assert bench.held == bench.there


async def test_where_watching_is_forbidden_it_polls_and_says_so() -> None:
    bench = Bench()
    bench.server.put("a")
    bench.server.watch_faults.extend([forbidden("watch")] * 3)
    async with bench.running():
        assert bench.phase() is Phase.LIVE
        assert bench.store.state.missing == "watch things"

        bench.server.put("b")
        await bench.clock.advance(31)
        assert bench.held == bench.there

        await bench.clock.advance(60)
        assert bench.server.open_watches == 1
        assert bench.store.state == SyncState(Phase.LIVE)


async def test_a_watch_list_fills_the_store_and_takes_out_what_is_gone() -> None:
    bench = Bench(watch_list=True)
    bench.store.put([Thing("old")])
    bench.server.put("a", 1)
    async with bench.running():
        assert bench.held == {"a": 1}
        assert bench.phase() is Phase.LIVE
        bench.server.put("b", 2)
        await bench.clock.advance(10)
        bench.server.end_watches(CUT)
        await settle()
        assert bench.held == bench.there
    assert bench.server.pages == 0
    assert bench.server.watched_from == ["", "2"]


async def test_where_a_watch_list_is_refused_it_lists_by_pages() -> None:
    bench = Bench(watch_list=True)
    bench.server.put("a")
    bench.server.watch_faults.append(ApiError("watch things", "sendInitialEvents is forbidden", status=422))
    async with bench.running():
        assert bench.held == bench.there
        assert bench.server.pages == 1


async def test_an_expired_paging_starts_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubetui.cluster.reflector.PAGE", 2)
    monkeypatch.setattr(paging, "PAGE", 2)
    bench = Bench()
    for number in range(7):
        bench.server.put(f"t{number}")
    bench.server.page_faults.extend([None, None, expired("list things")])
    async with bench.running():
        assert bench.held == bench.there
        assert bench.phase() is Phase.LIVE


@pytest.fixture
def _tiny_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("kubetui.cluster.reflector", "kubetui.cluster.paging", "kubetui.cluster.tables_first"):
        monkeypatch.setattr(f"{module}.PAGE", 2)
    monkeypatch.setattr(tables_first, "WORTH_TABLES", 3)


@pytest.mark.usefixtures("_tiny_pages")
async def test_a_large_list_shows_all_rows_before_all_objects_came() -> None:
    # Given a server with more objects than a page, and pages that are slow to come
    bench = Bench()
    bench.server.tables_of = ["default"]
    for number in range(12):
        bench.server.put(f"t{number:02}", number)
    slow = asyncio.Event()
    original = bench.server.page

    async def page(*, limit: int, token: str = "", version: str = "") -> Any:
        if token:
            await slow.wait()
        return await original(limit=limit, token=token, version=version)

    bench.server.page = page  # type: ignore[method-assign]  # the test holds the pages back
    async with bench.running():
        # Then the Tables' rows are all there, provisional, and changes are followed already
        assert bench.held == bench.there
        assert sum(row.provisional for row in bench.store) == 10
        assert bench.phase() is Phase.DETAILS
        bench.server.put("t11", 99)
        bench.server.delete("t10")
        await settle()
        assert bench.held == bench.there

        # And once the pages came no row is provisional
        slow.set()
        for _ in range(5):
            await settle()
        assert bench.held == bench.there
        assert not any(row.provisional for row in bench.store)
        assert bench.phase() is Phase.LIVE


FAULTS: dict[str, Callable[[], ClusterError]] = {
    "cut": lambda: CUT,
    "429": overloaded,
    "410": expired,
    "html": lambda: NotKubernetes("watch things", "a web page"),
    "lagging": lambda: TooLargeResourceVersion("watch things", "too large", status=504, retry_after=1.0),
    "401": lambda: Unauthorized("watch things", "401", status=401),
}
NAMES = st.sampled_from("abcdefghijkl")
ACTION = st.one_of(
    st.tuples(st.just("put"), NAMES, st.integers(0, 9)),
    st.tuples(st.just("delete"), NAMES, st.just(0)),
    st.tuples(st.just("compact"), st.just(""), st.just(0)),
    st.tuples(st.sampled_from(["end", "page fault", "watch fault"]), st.sampled_from([*FAULTS, ""]), st.just(0)),
    st.tuples(st.just("wait"), st.just(""), st.sampled_from([0, 1, 7, 90])),
)
History = list[tuple[str, str, int]]


async def play(bench: Bench, before: History, after: History) -> None:
    for action in before:
        await act(bench, action)
    async with bench.running():
        for action in after:
            await act(bench, action)
        bench.server.page_faults.clear()
        bench.server.watch_faults.clear()
        await bench.clock.advance(600)
        for _ in range(3):
            await settle()
        assert bench.held == bench.there
        assert not any(row.provisional for row in bench.store)
        assert bench.phase() is Phase.LIVE


async def act(bench: Bench, action: tuple[str, str, int]) -> None:
    what, name, number = action
    error = FAULTS[name]() if name in FAULTS else None
    server = bench.server
    acts: dict[str, Callable[[], None]] = {
        "put": lambda: server.put(name, number),
        "delete": lambda: server.delete(name),
        "compact": server.compact,
        "end": lambda: server.end_watches(error),
        "page fault": lambda: server.page_faults.append(error),
        "watch fault": lambda: server.watch_faults.append(error),
    }
    if what == "wait":
        await (bench.clock.advance(number) if number else asyncio.sleep(0))
    else:
        acts[what]()


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTION, max_size=12), st.lists(ACTION, max_size=30), st.sampled_from(["pages", "watch list"]))
def test_after_random_histories_and_faults_the_store_equals_the_server(
    before: History, after: History, how: str
) -> None:
    run(play(Bench(watch_list=how == "watch list"), before, after))


@pytest.mark.usefixtures("_tiny_pages")
def test_the_same_with_tables_first() -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.lists(ACTION, min_size=8, max_size=20), st.lists(ACTION, max_size=30), st.integers(0, 4))
    def plays(before: History, after: History, lag: int) -> None:
        bench = Bench()
        bench.server.tables_of = ["default"]
        for number in range(8):
            bench.server.put("abcdefghijkl"[number], number)
        bench.server.table_version = max(1, len(bench.server.writes) - lag)
        run(play(bench, before, after))

    plays()
