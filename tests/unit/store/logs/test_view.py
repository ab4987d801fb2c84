"""A filtered view equals filtering everything, whatever comes and goes; marks are never filtered away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.store.logs.buffer import CHUNK_LINES, LogBuffer
from kubetui.store.logs.entry import LogLine, Mark
from kubetui.store.logs.level import Level
from kubetui.store.logs.matcher import BadPattern, Matcher
from kubetui.store.logs.view import LogFilter, LogView, find
from tests.unit.store.logs.entries import START, entries, gap, numbered

WORDS = [
    b"ERROR no route",
    b"I1121 07:38:06.000001 1 x.go:1] fine",
    b"",
    b"\x1b[31mERR\x1b[0mOR",
    b"\xff\xfe",
    b"plain",
]


def shown(view: LogView) -> list[bytes | str]:
    while view.step():
        pass
    view.trim()
    return [
        entry.text if isinstance(entry, LogLine) else entry.kind.value for entry in map(view.entry, range(len(view)))
    ]


def filled(texts: list[bytes], marks: dict[int, Mark] | None = None) -> LogBuffer:
    buffer = LogBuffer()
    buffer.extend(entries(texts, marks=marks))
    return buffer


def test_a_view_without_a_filter_shows_everything() -> None:
    buffer = filled([b"a", b"", b"b"], {1: gap()})
    view = LogView(buffer)
    assert shown(view) == [b"a", "gap", b"b"]
    buffer.extend(entries([b"c"]))
    assert view.has_changes
    assert shown(view) == [b"a", "gap", b"b", b"c"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("error", [b"ERROR no route", b"\x1b[31mERR\x1b[0mOR"]),
        ("ERROR", [b"ERROR no route", b"\x1b[31mERR\x1b[0mOR"]),
        ("Error", []),
        ("/^err/", [b"ERROR no route", b"\x1b[31mERR\x1b[0mOR"]),
        ("/(?i)ROUTE$/", [b"ERROR no route"]),
        ("/no.route|plain/", [b"ERROR no route", b"plain"]),
        ("!error", [b"I1121 07:38:06.000001 1 x.go:1] fine", b"", b"\xff\xfe", b"plain"]),
        ("é", []),
        ("\ufffd", [b"\xff\xfe"]),
        ("/^$/", [b""]),
    ],
)
def test_text_filters(typed: str, expected: list[bytes]) -> None:
    view = LogView(filled(WORDS), LogFilter(text=Matcher(typed)))
    assert shown(view) == expected


def test_a_bad_expression_says_why() -> None:
    with pytest.raises(BadPattern, match="unterminated"):
        Matcher("/a(b/")


def test_levels_and_sources_filter_too() -> None:
    buffer = filled(WORDS)
    buffer.extend(entries([b"ERROR of another"], source=2))
    assert shown(LogView(buffer, LogFilter(levels=frozenset({Level.INFO})))) == [WORDS[1]]
    errors = LogFilter(levels=frozenset({Level.ERROR}), hidden=frozenset({1}))
    assert shown(LogView(buffer, errors)) == [b"ERROR of another"]
    assert shown(LogView(buffer, LogFilter(since=START + 5_000_000, hidden=frozenset({2})))) == [b"plain"]


def test_context_stands_around_matches_and_gaps_stay() -> None:
    texts = numbered(range(20))
    texts[10] = b"boom"
    texts[9] = b""
    view = LogView(filled(texts, {9: gap(), 3: gap()}), LogFilter(text=Matcher("boom"), context=2))
    assert shown(view) == ["gap", b"line 7", b"line 8", "gap", b"boom", b"line 11", b"line 12"]
    assert view.matched == 1


def test_a_new_filter_is_shown_when_it_is_whole() -> None:
    buffer = filled(numbered(range(3 * CHUNK_LINES)))
    view = LogView(buffer)
    before = shown(view)
    view.arrange(LogFilter(text=Matcher("line 77")))
    assert view.step()
    assert 0 < view.progress < 1
    assert len(view) == len(before)
    assert shown(view)[:3] == [b"line 77", b"line 770", b"line 771"]
    assert view.revision == 1


def test_positions_move_up_when_entries_leave() -> None:
    buffer = LogBuffer(most_lines=2 * CHUNK_LINES)
    buffer.extend(entries(numbered(range(2 * CHUNK_LINES))))
    view = LogView(buffer, LogFilter(text=Matcher("/0$/")))
    count = len(shown(view))
    buffer.extend(entries(numbered(range(CHUNK_LINES))))
    assert view.trim() == count - len(view) > 0
    assert view.number(0) >= buffer.first


def test_search_goes_around_the_end() -> None:
    view = LogView(filled(numbered(range(5_000))))
    while view.step():
        pass
    steps = list(find(view, Matcher("line 42"), start=43))
    assert steps[-1] == 420
    assert list(find(view, Matcher("line 4999"), start=0, forward=False))[-1] == 4_999
    assert [hit for hit in find(view, Matcher("nowhere"), start=0) if hit is not None] == []


KEEPS: list[tuple[LogFilter, Callable[[bytes], bool]]] = [
    (LogFilter(text=Matcher("a")), lambda text: b"a" in text.lower()),
    (LogFilter(text=Matcher("/a|b/")), lambda text: b"a" in text.lower() or b"b" in text.lower()),
    (LogFilter(text=Matcher("/[^a]b$/")), lambda text: text.lower().endswith((b"bb", b"xb"))),
    (LogFilter(text=Matcher("!A")), lambda text: b"A" not in text),
    (LogFilter(text=Matcher("/x*/")), lambda text: True),
]


@given(
    batches=st.lists(st.lists(st.sampled_from([b"a", b"b", b"ab", b"A", b"", b"xb", b"bab"]), max_size=30), max_size=8),
    which=st.integers(0, len(KEEPS) - 1),
    most=st.sampled_from([60, 10_000]),
)
@settings(max_examples=100, deadline=None)
def test_a_filtered_view_equals_filtering_everything(batches: list[list[bytes]], which: int, most: int) -> None:
    wanted, keep = KEEPS[which]
    buffer = LogBuffer(most_lines=most)
    view = LogView(buffer, wanted)
    for batch in batches:
        buffer.extend(entries(batch))
        view.trim()
        view.step()
    held = [entry.text for n in range(buffer.first, buffer.end) if isinstance(entry := buffer.entry(n), LogLine)]
    assert shown(view) == [text for text in held if keep(text)]
