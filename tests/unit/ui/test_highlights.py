"""Several highlights at once, over spans that have looks of their own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.ui.highlights import LIGHTS, Highlights
from kubetui.ui.widgets.line_source import Span


def lit(highlights: Highlights, *texts: str) -> list[tuple[str, str]]:
    return [(span.text, span.style) for span in highlights.divide([Span(text) for text in texts])]


def test_each_has_its_own_colour() -> None:
    highlights = Highlights()
    highlights.toggle("timeout")
    highlights.toggle("/10\\.[0-9.]+/")

    assert lit(highlights, "read 10.1.2.3 timeout") == [
        ("read ", ""), ("10.1.2.3", "light1"), (" ", ""), ("timeout", "light0"),
    ]  # fmt: skip


def test_a_place_reaches_over_spans() -> None:
    highlights = Highlights()
    highlights.toggle("abcd")

    assert lit(highlights, "xab", "cdx") == [("x", ""), ("ab", "light0"), ("cd", "light0"), ("x", "")]


def test_the_same_again_takes_it_away_and_a_fifth_the_oldest() -> None:
    highlights = Highlights()
    highlights.toggle("a")
    highlights.toggle("a")
    assert highlights.typed == ()

    for typed in "abcde":
        highlights.toggle(typed)
    assert highlights.typed == tuple("bcde")
    assert len(highlights.typed) == len(LIGHTS)


@given(st.lists(st.text("abc", max_size=6), max_size=4), st.lists(st.text("abc", min_size=1, max_size=3), max_size=4))
def test_the_text_stays_the_text(texts: list[str], typed: list[str]) -> None:
    highlights = Highlights()
    for one in typed:
        highlights.toggle(one)
    assert "".join(text for text, _ in lit(highlights, *texts)) == "".join(texts)
