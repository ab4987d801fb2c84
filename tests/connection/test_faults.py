"""Whatever the network does: afterwards the store equals the server, and where a resume was possible nothing was
listed anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from kubetui.store.state import Phase
from tests.connection.lab import QUICK, Lab, lab

Fault = Callable[[Lab], Awaitable[None]]


async def cut(lab: Lab) -> None:
    lab.proxy.cut()


async def cut_again_and_again(lab: Lab) -> None:
    for _ in range(10):
        lab.proxy.cut()
        lab.change(1)
        await lab.clock.advance(7)
        await asyncio.sleep(0.005)


async def api_server_restart(lab: Lab) -> None:
    await lab.server.refuse()
    await lab.out_of_step()
    lab.change()
    await lab.clock.advance(40)
    await lab.server.listen()


async def vpn_down_for_an_hour(lab: Lab) -> None:
    await lab.proxy.refuse()
    await lab.out_of_step()
    for _ in range(60):
        lab.change(1)
        await lab.clock.advance(60)
    await lab.proxy.listen()


async def gateway_that_answers_in_html(lab: Lab) -> None:
    lab.proxy.answers_a_page()
    await lab.out_of_step()
    await lab.clock.advance(60)
    lab.proxy.heal()


async def storm_of_429(lab: Lab) -> None:
    lab.proxy.throttles()
    await lab.out_of_step()
    await lab.clock.advance(120)
    lab.proxy.heal()


async def slow_link(lab: Lab) -> None:
    lab.proxy.latency = 2.0
    lab.proxy.cut()
    lab.change()
    await lab.clock.advance(120)


async def answers_that_break_off(lab: Lab) -> None:
    lab.proxy.most = 700  # some way into an event
    lab.proxy.cut()
    lab.change()
    await lab.clock.advance(60)
    await asyncio.sleep(0.05)
    lab.proxy.heal()
    lab.proxy.cut()


async def watches_that_end_at_once(lab: Lab) -> None:
    lab.proxy.closes = True
    lab.proxy.cut()
    lab.change()
    await lab.clock.advance(60)
    await asyncio.sleep(0.05)
    lab.proxy.heal()
    lab.proxy.cut()


async def wall_clock_jumps(lab: Lab) -> None:
    lab.clock.jump(3600)
    lab.change()
    await lab.clock.advance(10)
    lab.clock.jump(-7200)


FAULTS: list[Fault] = [
    cut,
    cut_again_and_again,
    api_server_restart,
    vpn_down_for_an_hour,
    gateway_that_answers_in_html,
    storm_of_429,
    slow_link,
    answers_that_break_off,
    watches_that_end_at_once,
    wall_clock_jumps,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_after_the_fault_the_store_equals_the_server_with_no_new_list(fault: Fault) -> None:
    async with lab() as here:
        lists, watches = here.lists, here.watches
        await fault(here)
        here.change()
        await here.in_step()
        assert here.lists == lists
        assert here.watches > watches or fault is wall_clock_jumps, "the fault reached nobody"


async def test_a_balancer_that_forgets_a_connection_is_noticed_and_the_watch_resumed() -> None:
    async with lab(QUICK) as here:
        lists = here.lists
        here.proxy.swallow(new=False)
        here.change()
        await here.in_step()
        assert here.lists == lists


async def test_a_black_hole_is_noticed_said_and_survived() -> None:
    async with lab(QUICK) as here:
        lists = here.lists
        here.proxy.swallow(new=True)
        here.change()
        await here.out_of_step()
        state = here.pods.store.state
        assert state.phase is Phase.STALE
        assert "did not answer in time" in state.reason
        assert len(here.pods.store) > 0
        here.proxy.heal()
        here.proxy.cut()
        await here.in_step()
        assert here.lists == lists


async def test_behind_a_proxy_that_acknowledges_for_the_dead_the_pulse_notices_within_40_seconds() -> None:
    async with lab() as here:
        lists = here.lists
        here.session.feel_pulse()
        await here.clock.advance(100)
        assert here.live, "an answer is an answer"
        here.proxy.swallow(new=True)
        began = here.clock.monotonic()
        here.change()
        await here.until(lambda: here.pods.store.state.phase is Phase.STALE, step=0.5)
        assert here.clock.monotonic() - began <= 40
        assert "no answer within 12 s" in here.pods.store.state.reason
        here.proxy.heal()
        here.proxy.cut()
        await here.in_step()
        assert here.lists == lists


async def test_laptop_sleep_past_what_the_server_remembers_lists_anew_behind_the_old_rows() -> None:
    async with lab() as here:
        lists, before = here.lists, len(here.pods.store)
        here.clock.jump(8 * 3600)
        here.change(30)
        here.lived.storage.compact()
        here.proxy.cut()
        await here.until(lambda: here.lists > lists)
        assert len(here.pods.store) >= before / 2
        await here.in_step()
        assert here.lists == lists + 1


async def test_compaction_in_the_midst_of_a_cut_lists_once() -> None:
    async with lab() as here:
        lists = here.lists
        await here.proxy.refuse()
        here.change()
        here.lived.storage.compact()
        await here.proxy.listen()
        await here.in_step()
        assert here.lists == lists + 1


async def test_a_token_that_ends_in_mid_watch_is_renewed_when_the_watch_is_taken_up_again() -> None:
    async with lab(tokens=3) as here:
        lists = here.lists
        for ended in range(2):
            here.server.gate.expire(here.users[ended].name, here.clock.now() - 3600)
            here.change()
            await here.in_step()  # a watch that runs goes on
            here.proxy.cut()
            here.change()
            await here.in_step()
            assert here.tokens.rejected == ended + 1
        assert here.lists == lists


async def test_it_does_not_hammer_a_server_that_is_down() -> None:
    async with lab() as here:
        here.proxy.answers_a_page()
        await here.out_of_step()
        asked = len(here.proxy.asked)
        await here.until(lambda: here.clock.monotonic() > 3600, step=5)
        per_minute = (len(here.proxy.asked) - asked) / 60
        assert per_minute < 8, "two kinds, each at most every 15 s or so once backed off"


async def test_while_it_is_down_the_reason_and_the_next_try_are_said_and_now_means_now() -> None:
    async with lab() as here:
        await here.server.refuse()
        await here.out_of_step()
        await here.clock.advance(300)
        state = here.pods.store.state
        assert state.since is not None
        assert state.next_try is not None
        assert "closed the connection" in state.reason or "refused" in state.reason
        await here.server.listen()
        here.session.retry_now()
        await here.until(lambda: here.live and here.equal, step=0.0)
