"""Lines of text: YAML's colours, wrapping, cutting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kubetui.ui.widgets.line_search import search_order
from kubetui.ui.widgets.line_source import Span
from kubetui.ui.widgets.safe_text import safe
from kubetui.ui.widgets.text_rows import pieces, safe_line, wrap
from kubetui.ui.widgets.yaml_lines import yaml_spans


def styles(line: str) -> list[tuple[str, str]]:
    return [(span.text.strip(), span.style) for span in yaml_spans(line) if span.text.strip()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("name: web", [("name", "key"), (":", "dim"), ("web", "string")]),
        ("  - name: web # x", [("-", ""), ("name", "key"), (":", "dim"), ("web", "string"), ("# x", "comment")]),
        ("cpu: 0.5", [("cpu", "key"), (":", "dim"), ("0.5", "number")]),
        ("on: true", [("on", "key"), (":", "dim"), ("true", "number")]),
        ('"a: b": "c # d"', [('"a: b"', "key"), (":", "dim"), ('"c # d"', "string")]),
        ("image: example.com/a:v1", [("image", "key"), (":", "dim"), ("example.com/a:v1", "string")]),
        ("# all", [("# all", "comment")]),
        ("- 8080", [("-", "dim"), ("8080", "number")]),
        ("spec:", [("spec", "key"), (":", "dim")]),
        ("---", [("---", "dim")]),
        ("", []),
    ],
)
def test_yaml_lines_are_coloured(line: str, expected: list[tuple[str, str]]) -> None:
    assert styles(line) == expected


@given(st.text() | st.text(alphabet=" -:#\"'\\{}[]ab1\t"))
def test_yaml_spans_are_the_line_whatever_it_holds(line: str) -> None:
    assert "".join(span.text for span in yaml_spans(line)) == line


@given(st.text(max_size=300).map(safe), st.integers(2, 50))
def test_wrapped_rows_hold_all_characters_and_fit(text: str, width: int) -> None:
    ranges = wrap(text, width)
    assert "".join(text[start:end] for start, end in ranges) == text
    assert all(cell_len(text[start:end]) <= width for start, end in ranges)
    assert all(start < end for start, end in ranges) or text == ""


@given(st.lists(st.tuples(st.text(max_size=20), st.sampled_from(["", "key", "dim"]))), st.data())
def test_pieces_are_the_text_however_it_is_divided(spans: list[tuple[str, str]], data: st.DataObject) -> None:
    line = safe_line([Span(text, style) for text, style in spans])  # type: ignore[arg-type]  # sampled from TextStyle
    edge = st.integers(0, len(line.text))
    start, end = sorted((data.draw(edge), data.draw(edge)))
    found = data.draw(st.lists(st.tuples(edge, edge), max_size=3))
    assert "".join(p.text for p in pieces(line.spans, start, end, found, None)) == line.text[start:end]


def test_tabs_reach_the_stops_of_the_whole_line() -> None:
    assert safe_line([Span("abc"), Span("\tx", "key")]).text == "abc     x"


def test_every_line_is_searched_once() -> None:
    assert list(search_order(2, 4, True)) == [2, 3, 0, 1]
    assert list(search_order(1, 4, False)) == [1, 0, 3, 2]
    assert list(search_order(5, 0, True)) == []
