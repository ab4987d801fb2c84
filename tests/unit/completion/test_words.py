"""An unfinished command line as words, as a shell would split it."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.completion.words import split


@pytest.mark.parametrize(
    ("line", "words", "current"),
    [
        ("kubetui ", ("kubetui",), ""),
        ("kubetui --pa", ("kubetui",), "--pa"),
        ("kubetui --context 'my clu", ("kubetui", "--context"), "my clu"),
        (r"kubetui --context my\ clu", ("kubetui", "--context"), "my clu"),
        ('kubetui "a b" c', ("kubetui", "a b"), "c"),
        ("kubetui ''", ("kubetui",), ""),
        ("kubetui '' ", ("kubetui", ""), ""),
        ("", (), ""),
        ("kubetui a\\", ("kubetui",), "a"),
    ],
)
def test_split(line: str, words: tuple[str, ...], current: str) -> None:
    assert split(line)[:2] == (words, current)


@given(st.lists(st.text()))
def test_quoted_words_are_read_back(words: list[str]) -> None:
    assert split(" ".join(map(shlex.quote, words)) + " ").words == tuple(words)


@given(st.text())
def test_no_line_ends_it(line: str) -> None:
    split(line)
