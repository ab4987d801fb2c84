"""The buffer keeps all it can hold, numbers it for ever, and counts what had to go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.store.logs.buffer import CHUNK_LINES, LogBuffer
from kubetui.store.logs.entry import LogLine, Mark
from tests.unit.store.logs.entries import START, entries, gap, numbered


def test_entries_keep_their_numbers_while_old_ones_leave() -> None:
    buffer = LogBuffer(most_lines=2 * CHUNK_LINES)
    buffer.extend(entries(numbered(range(3 * CHUNK_LINES))))
    # the oldest went in one piece, and the rest is where it was
    assert (buffer.first, buffer.end, buffer.dropped) == (CHUNK_LINES, 3 * CHUNK_LINES, CHUNK_LINES)
    for number in (buffer.first, 2 * CHUNK_LINES - 1, 2 * CHUNK_LINES, buffer.end - 1):
        line = buffer.entry(number)
        assert isinstance(line, LogLine)
        assert line.text == b"line %d" % number
    with pytest.raises(IndexError):
        buffer.entry(0)


def test_bytes_are_bounded_too() -> None:
    buffer = LogBuffer(most_bytes=4_000_000)
    for _ in range(100):
        buffer.extend(entries([b"x" * 100_000]))
    assert buffer.size <= 4_000_000
    assert buffer.dropped + len(buffer) == 100


def test_a_reader_that_pauses_loses_nothing_that_is_held() -> None:
    buffer = LogBuffer()
    woken: list[int] = []
    buffer.on_change(lambda: woken.append(buffer.end))
    seen = buffer.end
    for start in range(0, 10_000, 100):
        buffer.extend(entries(numbered(range(start, start + 100))))
    texts = [entry.text for number in range(seen, buffer.end) if isinstance(entry := buffer.entry(number), LogLine)]
    assert texts == numbered(range(10_000))
    assert woken[-1] == 10_000


def test_marks_stand_where_they_were_put() -> None:
    buffer = LogBuffer()
    buffer.extend(entries([b"a", b"", b"b"], marks={1: gap()}))
    buffer.extend(entries(numbered(range(CHUNK_LINES))))
    assert isinstance(buffer.entry(1), Mark)
    assert [number for number, _ in buffer.marks()] == [1]
    assert (buffer.mark_before(5), buffer.mark_after(0), buffer.mark_after(1)) == (1, 1, None)


def test_a_time_is_found() -> None:
    buffer = LogBuffer()
    buffer.extend(entries(numbered(range(CHUNK_LINES + 50))))
    assert buffer.at_time(START) == 0
    assert buffer.at_time(START + 4_100 * 1_000_000) == 4_100
    assert buffer.at_time(START + 10**12) == buffer.end


@given(
    batches=st.lists(st.lists(st.binary(max_size=12).filter(lambda text: b"\n" not in text), max_size=9), max_size=12)
)
@settings(max_examples=50, deadline=None)
def test_what_was_put_in_is_what_is_there(batches: list[list[bytes]]) -> None:
    buffer = LogBuffer()
    for batch in batches:
        buffer.extend(entries(batch))
    flat = [text for batch in batches for text in batch]
    assert [buffer.entry(number) for number in range(buffer.end)] == [
        LogLine(time, 1, text)
        for batch in batches
        for time, text in zip(entries(batch).times, batch, strict=True)
    ]  # fmt: skip
    assert [line for _, chunk in buffer.pieces() for line in chunk.text.split(b"\n")[:-1]] == flat
