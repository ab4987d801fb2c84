"""safe: nothing a terminal would obey, nothing a reader could not see."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from kubetui.ui.widgets.safe_text import safe

FORBIDDEN = {"Cc", "Cs", "Zl", "Zp"}
INVISIBLE = set(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)

any_text = st.text(st.characters(categories=None) | st.sampled_from("\x1b\x07\x9b\x90\t\n\u202e\u200d\ufe0f👩é\u0301"))


@given(any_text)
def test_the_result_holds_no_control_and_its_width_is_the_sum_of_its_characters(text: str) -> None:
    result = safe(text)
    assert not [c for c in result if unicodedata.category(c) in FORBIDDEN or c in INVISIBLE]
    assert cell_len(result) == sum(get_character_cell_size(c) for c in result)
    result.encode()


@given(any_text)
def test_it_is_stable(text: str) -> None:
    assert safe(safe(text)) == safe(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays_itself(text: str) -> None:
    assert safe(text) is text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("a\x9b31mred", "a\ufffd31mred"),
        ("a\nb\r\n", "a␊b␍␊"),
        ("\x7f", "␡"),
        ("a\tb", "a       b"),
        ("a\nb\tc", "a␊b     c"),
        ("abc\u202egpj", "abc\ufffdgpj"),
        ("👩\u200d👧 ❤\ufe0f", "👩👧 ❤"),
        ("服务器 cafe\u0301", "服务器 cafe\u0301"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
    ],
)
def test_what_stands_for_what(text: str, shown: str) -> None:
    assert safe(text) == shown
