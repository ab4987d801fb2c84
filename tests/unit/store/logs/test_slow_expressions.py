"""Expressions that would run for hours on some lines: looked for in small steps, given up, and nothing is hidden."""

from __future__ import annotations

from typing import Any

import pytest

from kubetui.expression import MOST_STRIKES, Expression
from kubetui.store.logs import matcher, view
from kubetui.store.logs.buffer import LogBuffer
from kubetui.store.logs.matcher import Matcher
from kubetui.store.logs.view import LogFilter, LogView, find
from tests.unit.store.logs.entries import entries

SLOW = "/^(a|aa)+$/"
STUCK = b"a" * 60 + b"b"


def filled(texts: list[bytes]) -> LogBuffer:
    buffer = LogBuffer()
    buffer.extend(entries(texts))
    return buffer


def built(found: LogView) -> int:
    steps = 1
    while found.step():
        steps += 1
    return steps


class Ticks:
    """A clock that goes on by a millisecond with each look of an expression at a line."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        for module in (matcher, view):
            monkeypatch.setattr(module, "perf_counter", lambda: self.now)
        search = Expression.search

        def looked(expression: Expression[bytes], *more: Any) -> object:
            self.now += 0.001
            return search(expression, *more)

        monkeypatch.setattr(Expression, "search", looked)


@pytest.mark.parametrize("typed", [SLOW, f"!{SLOW}"])
def test_a_line_that_takes_too_long_is_shown(typed: str) -> None:
    found = LogView(filled([b"aaa", STUCK, b"bbb"]), LogFilter(text=Matcher(typed)))
    built(found)
    shown = [found.number(position) for position in range(len(found))]
    assert shown == ([0, 1] if typed is SLOW else [1, 2])


def test_an_expression_that_gave_up_shows_everything_and_says_why() -> None:
    wanted = Matcher(SLOW)
    found = LogView(filled([STUCK] * (MOST_STRIKES + 2) + [b"bbb"] * 10_000), LogFilter(text=wanted))
    assert wanted.trouble == ""
    built(found)
    assert len(found) == MOST_STRIKES + 2 + 10_000
    assert "takes too long" in wanted.trouble
    assert SLOW in wanted.trouble


@pytest.mark.parametrize("typed", ["/(x|y)+(?=z)/", "/x+y/", "/é+/"])
def test_one_step_looks_at_few_lines_where_each_takes_long(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a millisecond a line
    clock = Ticks(monkeypatch)
    found = LogView(filled([b"xy"] * 2_000), LogFilter(text=Matcher(typed)))
    longest, more = 0.0, True
    while more:
        began = clock.now
        more = found.step()
        longest = max(longest, clock.now - began)
    assert longest < 0.04


def test_a_search_lets_others_run_where_each_line_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Ticks(monkeypatch)
    found = LogView(filled([b"xy"] * 1_000))
    built(found)
    began = clock.now
    for hit in find(found, Matcher("/z+/"), start=0):
        assert hit is None
        assert clock.now - began < 0.04
        began = clock.now
    assert clock.now > 0.9


def test_a_search_that_can_tell_nothing_finds_nothing() -> None:
    found = LogView(filled([STUCK] * 20))
    built(found)
    wanted = Matcher(SLOW)
    assert [hit for hit in find(found, wanted, start=0) if hit is not None] == []
    assert wanted.trouble
