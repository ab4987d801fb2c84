"""Background work gives way to a person who waits for the screen, and never for long."""

from __future__ import annotations

import asyncio

from kubetui.cluster.foreground import FRAMES, LONGEST_WAIT, Foreground
from tests.fake_clock import FakeClock, settle


async def test_nobody_waits_so_work_goes_on_at_once() -> None:
    foreground = Foreground(FakeClock())

    work = asyncio.create_task(foreground.turn())
    await settle()

    assert work.done()


async def test_work_waits_for_the_frames_that_show_a_key() -> None:
    foreground = Foreground(FakeClock())
    foreground.claim()

    work = asyncio.create_task(foreground.turn())
    for _ in range(FRAMES):
        await settle()
        assert not work.done()
        foreground.frame()
    await settle()

    assert work.done()


async def test_a_key_that_changes_nothing_holds_work_up_for_a_moment_only() -> None:
    clock = FakeClock()
    foreground = Foreground(clock)
    foreground.claim()

    work = asyncio.create_task(foreground.turn())
    await settle()
    await clock.advance(LONGEST_WAIT)
    await settle()

    assert work.done()
    after = asyncio.create_task(foreground.turn())
    await settle()
    assert after.done()


async def test_a_key_held_down_slows_work_and_does_not_stop_it() -> None:
    clock = FakeClock()
    foreground = Foreground(clock)
    turns = 0

    async def work() -> None:
        nonlocal turns
        while True:
            await foreground.turn()
            turns += 1

    foreground.claim()
    task = asyncio.create_task(work())
    await settle()
    for _ in range(10):
        await clock.advance(LONGEST_WAIT)
        foreground.claim()
        await settle()
    task.cancel()

    assert turns >= 9


async def test_work_that_is_cancelled_while_it_waits_leaves_nothing_behind() -> None:
    foreground = Foreground(FakeClock())
    foreground.claim()
    before = len(asyncio.all_tasks())

    work = asyncio.create_task(foreground.turn())
    await settle()
    work.cancel()
    await asyncio.wait([work])

    assert len(asyncio.all_tasks()) == before
