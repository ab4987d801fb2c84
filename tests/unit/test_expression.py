"""Expressions that people type: the same finds as ``re``, and none runs for long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.expression import MOST_STRIKES, Expression, TooSlow

RUN_AWAY = [
    (rb"(a|aa)+$", b"a" * 60 + b"b"),
    (rb".*a.*b.*c.*d", b"a" * 262_144),
    (rb"(?=(a|aa)+$)x|^(a|aa)+$", b"a" * 60 + b"b"),
]


@pytest.mark.parametrize(("source", "text"), RUN_AWAY)
def test_what_would_take_hours_is_cut_short(source: bytes, text: bytes) -> None:
    expression = Expression(source)
    with pytest.raises(TooSlow):
        expression.search(text)
    assert not expression.matches(text)
    assert expression.matches(text, unsure=True)
    assert expression.strikes == 3
    assert expression.matches(b"a") is (re.search(source, b"a") is not None)


@pytest.mark.parametrize(("source", "text"), RUN_AWAY)
def test_after_a_few_of_them_it_is_run_no_more(source: bytes, text: bytes) -> None:
    expression = Expression(source)
    for _ in range(MOST_STRIKES):
        assert list(expression.places(text)) == []
    assert expression.gave_up
    with pytest.raises(TooSlow):
        expression.search(b"")


@pytest.mark.parametrize("source", ["a(b", "*a", "[z-a]", r"(?P<x>a)(?P<x>b)", "a{2,1}"])
def test_mistakes_are_told_in_the_words_of_re(source: str) -> None:
    with pytest.raises(re.error) as theirs:
        re.compile(source)
    with pytest.raises(re.error) as ours:
        Expression(source)
    assert str(ours.value) == str(theirs.value)


SOURCES = ["a+b", "^a*$", "(ab?)+", r"\d{2,3}", "[^a]+b", r"\bab\b.*", "(?i)AB+", "a|b{2}", r"x?\.", "a.c"]


@given(source=st.sampled_from(SOURCES), text=st.text(st.sampled_from("abAB12. x"), max_size=30), ignore=st.booleans())
def test_it_finds_what_re_finds(source: str, text: str, ignore: bool) -> None:
    theirs = re.compile(source, re.IGNORECASE if ignore else re.NOFLAG)
    expression = Expression(source, ignore_case=ignore)
    assert [found.span() for found in expression.places(text)] == [found.span() for found in theirs.finditer(text)]
    assert Expression(source.encode(), ignore_case=ignore).matches(text.encode()) is (theirs.search(text) is not None)
