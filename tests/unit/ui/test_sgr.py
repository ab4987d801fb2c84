"""Colours in log lines are kept, everything else that a terminal would obey stays text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.ui.sgr import runs


def shown(text: str) -> list[tuple[str, str | None]]:
    return [(part, style.color.name if style and style.color else None) for part, style in runs(text)]


def test_a_line_without_colours_is_one_run() -> None:
    assert list(runs("plain [x] text")) == [("plain [x] text", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m plain", [("red", "color(1)"), (" plain", None)]),
        ("a\x1b[38;5;208mb\x1b[mc", [("a", None), ("b", "color(208)"), ("c", None)]),
        ("\x1b[38;2;1;2;3mq", [("q", "#010203")]),
        ("\x1b[38:2::1:2:3mq", [("q", "#010203")]),
        ("\x1b[38:2:1:2:3mq", [("q", "#010203")]),
        ("\x1b[38:5:9mq", [("q", "color(9)")]),
        ("\x1b[4:3mq", [("q", None)]),
    ],
)
def test_colours_become_styles(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(part, colour) for part, colour in shown(text)] == expected


@pytest.mark.parametrize("sequence", ["\x1b[2J", "\x1b]0;title\x07", "\x1b[?1049h", "\x1bc", "\x1b]8;;http://x\x1b\\"])
def test_what_is_no_colour_stays_in_the_text(sequence: str) -> None:
    assert "".join(part for part, _ in runs(f"a{sequence}b")) == f"a{sequence}b"


@pytest.mark.parametrize("code", ["5", "6", "8"])
def test_nothing_blinks_and_nothing_is_hidden(code: str) -> None:
    for _, style in runs(f"\x1b[31;{code}mx"):
        assert style is not None
        assert not any((style.blink, style.blink2, style.conceal))


@given(st.text(alphabet=st.sampled_from("ab\x1b[0;31m38:5?JhK\x07]\n"), max_size=80))
def test_no_line_breaks_it_and_no_text_is_lost(text: str) -> None:
    kept = "".join(part for part, _ in runs(text))
    assert [character for character in kept if character in "ab"] == [c for c in text if c in "ab"]
