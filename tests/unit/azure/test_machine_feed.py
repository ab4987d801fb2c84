"""Azure is asked once a minute while somebody looks, backs off where it refuses, and what was read stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from kubetui.azure.machine_feed import LONGEST, PERIOD, MachineFeed, SignIn, pause_after
from kubetui.cluster.errors import ClusterError, Forbidden, Overloaded, SignInFailed, Unreachable
from tests.fake_clock import FakeClock
from tests.unit.azure.resource_manager_double import (
    APPS,
    GROUP,
    PLACE,
    SETS,
    ResourceManagerDouble,
    Tokens,
    failure,
    served,
)

WANTED = {PLACE: frozenset[str]()}
SECONDS = 20.0
"""Real seconds for an answer over the loopback, at most."""


class Watched:
    """A feed, and its looks one by one."""

    def __init__(self, azure: ResourceManagerDouble) -> None:
        self.clock = FakeClock()
        self.azure = azure
        self.feed = MachineFeed(lambda: SignIn(azure.url, Tokens()), self.clock)
        self._changed = asyncio.Event()

    def follow(self) -> None:
        self.feed.follow(WANTED, self._changed.set)

    async def look(self) -> None:
        await asyncio.wait_for(self._changed.wait(), SECONDS)
        self._changed.clear()

    async def pass_time(self, seconds: float) -> None:
        """Somebody looks all the while."""
        while seconds > 0:
            step = min(seconds, 1.0)
            await self.clock.advance(step)
            self.feed.seen()
            seconds -= step

    async def none_within(self, seconds: float) -> None:
        asked = len(self.azure.asked)
        await self.pass_time(seconds)
        assert len(self.azure.asked) == asked


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    async with served(ResourceManagerDouble()) as azure:
        one = Watched(azure)
        yield one
        one.feed.rest()


async def test_each_minute_one_call_for_each_set_while_somebody_looks(watched: Watched) -> None:
    watched.follow()
    await watched.look()
    await watched.none_within(PERIOD - 1)
    await watched.pass_time(1)
    await watched.look()

    assert watched.azure.paths().count(f"{SETS}/{APPS}/virtualMachines") == 2
    watched.feed.rest()
    await watched.none_within(10 * PERIOD)


async def test_who_comes_back_within_the_minute_sees_what_was_read(watched: Watched) -> None:
    watched.follow()
    await watched.look()
    watched.feed.rest()
    await watched.pass_time(20)

    watched.follow()

    assert watched.feed.look.machines is not None
    await watched.none_within(39)
    await watched.pass_time(1)
    await watched.look()


async def test_nothing_is_read_while_nobody_looks_and_at_once_when_somebody_does(watched: Watched) -> None:
    watched.follow()
    await watched.look()
    asked = len(watched.azure.asked)
    await watched.clock.advance(20 * PERIOD)
    assert len(watched.azure.asked) == asked

    watched.feed.seen()
    await watched.look()


async def test_several_panes_share_one_look_and_it_ends_with_the_last_of_them(watched: Watched) -> None:
    watched.follow()
    await watched.look()
    told: list[str] = []
    watched.feed.follow(WANTED, lambda: told.append("above"), "above")
    await watched.none_within(PERIOD - 1)
    await watched.pass_time(1)
    await watched.look()
    assert told == ["above"]
    assert watched.azure.paths().count(SETS) == 2

    watched.feed.rest("above")
    await watched.pass_time(PERIOD)
    await watched.look()
    assert told == ["above"]

    watched.feed.rest()
    await watched.none_within(10 * PERIOD)


async def test_nothing_is_asked_before_nodes_name_a_place(watched: Watched) -> None:
    watched.feed.follow({}, lambda: None)

    await watched.none_within(10 * PERIOD)


async def test_a_refusal_keeps_what_was_read_and_waits_as_long_as_azure_says(watched: Watched) -> None:
    watched.follow()
    await watched.look()
    watched.azure.answers[SETS] = failure(429, "OperationNotAllowed", "too many", **{"Retry-After": "300"})
    await watched.pass_time(PERIOD)
    await watched.look()

    look = watched.feed.look
    assert isinstance(look.error, Overloaded)
    assert look.machines is not None
    assert look.next_at == watched.clock.now() + 300
    watched.feed.retry_now()
    await watched.none_within(299)
    watched.azure.answers[SETS] = {"value": []}
    await watched.pass_time(1)
    await watched.look()
    assert watched.feed.look.error is None


async def test_a_person_may_ask_again_after_other_failures(watched: Watched) -> None:
    watched.azure.answers[SETS] = failure(403)
    watched.follow()
    await watched.look()
    assert isinstance(watched.feed.look.error, Forbidden)

    watched.azure.answers[SETS] = {"value": []}
    watched.feed.retry_now()
    await watched.look()

    assert watched.feed.look.error is None


async def test_without_a_quiet_credential_nothing_is_asked() -> None:
    changed = asyncio.Event()
    feed = MachineFeed(lambda: None, FakeClock())
    feed.follow(WANTED, changed.set)
    await asyncio.wait_for(changed.wait(), SECONDS)
    feed.rest()

    assert feed.look.signed_out
    assert feed.look.machines is None


async def test_a_defect_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def offer() -> SignIn:
        tries.append(1)
        raise LookupError("a field nobody thought of")

    clock, told = FakeClock(), asyncio.Event()
    feed = MachineFeed(offer, clock)
    feed.follow(WANTED, told.set)
    await asyncio.wait_for(told.wait(), SECONDS)
    told.clear()

    assert "LookupError, a defect of kubetui" in str(feed.look.error)
    assert "reading Azure failed" in caplog.text
    await clock.advance(PERIOD)
    feed.seen()
    await asyncio.wait_for(told.wait(), SECONDS)
    assert len(tries) == 2
    feed.rest()


async def test_a_group_that_is_gone_is_an_error(watched: Watched) -> None:
    del watched.azure.answers[SETS]
    del watched.azure.answers[GROUP]
    watched.follow()
    await watched.look()

    assert watched.feed.look.error is not None


def overloaded(after: float | None) -> Overloaded:
    return Overloaded("t", "a", status=429, retry_after=after)


@pytest.mark.parametrize(
    ("error", "failures", "seconds"),
    [
        (Unreachable("t", "a"), 1, 60),
        (Unreachable("t", "a"), 3, 240),
        (Unreachable("t", "a"), 30, LONGEST),
        (overloaded(None), 2, 120),
        (overloaded(5), 1, 60),
        (overloaded(3600), 1, 3600),
        (Forbidden("t", "a", status=403), 1, LONGEST),
        (SignInFailed("t", "a"), 1, LONGEST),
    ],
)
def test_pauses_grow_and_are_never_shorter_than_azure_asks(error: ClusterError, failures: int, seconds: float) -> None:
    assert pause_after(error, failures) == seconds
