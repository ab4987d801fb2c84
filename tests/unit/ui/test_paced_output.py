"""Pace and PacedTick, on a clock of the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from kubetui.ui.paced_output import LOCAL_RATE, SSH_RATE, Pace, PacedTick, rate_for


@dataclass
class Loop:
    """An event loop's clock and timers, moved by hand."""

    time: float = 1000.0
    backlog: int = 0
    ran: list[float] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        timer = Timer(self.time + delay, call)
        self.timers.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        end = self.time + seconds
        while due := [timer for timer in self.timers if not timer.cancelled and timer.at <= end + 1e-9]:
            timer = min(due, key=lambda timer: timer.at)
            self.timers.remove(timer)
            self.time = max(self.time, timer.at)
            timer.call()
        self.time = end

    def tick(self, rate: float = LOCAL_RATE) -> PacedTick:
        return PacedTick(
            lambda: self.ran.append(round(self.time - 1000, 3)),
            pace=Pace(rate),
            now=self.now,
            call_later=self.call_later,
            backlog=lambda: self.backlog,
        )


@dataclass
class Timer:
    at: float
    call: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


def test_the_first_change_after_quiet_runs_at_once() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.request()
    loop.advance(0)
    loop.advance(60)
    tick.request()
    loop.advance(0)
    assert loop.ran == [0, 60]


@pytest.mark.parametrize(("rate", "runs"), [(LOCAL_RATE, 11), (SSH_RATE, 5)])
def test_a_storm_runs_no_faster_than_the_rate(rate: float, runs: int) -> None:
    loop = Loop()
    tick = loop.tick(rate)
    for _ in range(1000):
        tick.request()
        loop.advance(0.001)
    assert len(loop.ran) in (runs - 1, runs)


def test_without_requests_nothing_runs() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.request()
    loop.advance(100)
    assert loop.ran == [0]
    assert not loop.timers


def test_while_output_is_backed_up_it_waits_but_not_for_ever() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.request()
    loop.advance(0)
    loop.backlog = 1
    tick.request()
    loop.advance(1.5)
    assert loop.ran == [0]
    loop.advance(1.0)
    assert len(loop.ran) == 2
    assert 2.0 <= loop.ran[1] <= 2.2
    tick.request()
    loop.advance(1.0)
    loop.backlog = 0
    loop.advance(0.15)
    assert len(loop.ran) == 3


def test_without_focus_it_runs_once_a_second_and_at_once_when_focus_returns() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.focus(False)
    for _ in range(26):
        tick.request()
        loop.advance(0.1)
    assert loop.ran == [0, 1, 2]
    tick.focus(True)
    loop.advance(0)
    assert loop.ran == [0, 1, 2, 2.6]


def test_closed_it_runs_no_more() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.request()
    tick.close()
    tick.request()
    loop.advance(10)
    assert loop.ran == []


def test_ssh_is_slower() -> None:
    assert rate_for({}) == LOCAL_RATE
    assert rate_for({"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}) == SSH_RATE


def test_work_that_was_cut_short_goes_on_before_the_next_tick() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.request()
    loop.advance(0.01)

    tick.go_on()
    loop.advance(0.01)

    assert loop.ran == [0.0, 0.013]


def test_going_on_takes_the_place_of_the_tick_that_was_planned() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.request()
    loop.advance(0.01)
    tick.request()

    tick.go_on()
    loop.advance(1.0)

    assert loop.ran == [0.0, 0.013]


def test_nothing_goes_on_after_the_end() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.close()

    tick.go_on()
    loop.advance(1.0)

    assert loop.ran == []


def test_work_goes_on_at_the_terminals_pace_while_that_is_behind() -> None:
    loop = Loop()
    tick = loop.tick()
    tick.request()
    loop.advance(0.01)
    loop.backlog = 1

    tick.go_on()
    loop.advance(1.0)
    assert loop.ran == [0.0]

    loop.backlog = 0
    loop.advance(1.0)
    assert len(loop.ran) == 2
