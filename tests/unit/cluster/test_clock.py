"""Waiting on an injected clock: for an event or a time, and for work that may take too long."""

from __future__ import annotations

import asyncio

import pytest

from kubetui.cluster.clock import until_set, within
from tests.fake_clock import FakeClock


async def test_an_event_ends_the_wait_before_its_time() -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(until_set(event, FakeClock(), 60.0))
    await asyncio.sleep(0)

    event.set()

    assert await waiting is True


async def test_time_ends_the_wait_when_nothing_happens() -> None:
    clock = FakeClock()
    waiting = asyncio.create_task(until_set(asyncio.Event(), clock, 60.0))

    await clock.advance(60.0)

    assert await waiting is False


async def test_work_in_time_gives_what_it_found() -> None:
    assert await within(asyncio.sleep(0, "found"), FakeClock(), 5.0) == "found"


async def test_work_that_takes_too_long_is_ended() -> None:
    clock = FakeClock()
    work = asyncio.create_task(asyncio.Event().wait())
    waiting = asyncio.create_task(within(work, clock, 5.0))

    await clock.advance(5.0)

    with pytest.raises(TimeoutError):
        await waiting
    assert work.cancelled()


async def test_what_work_raises_comes_through() -> None:
    async def broken() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await within(broken(), FakeClock(), 5.0)
