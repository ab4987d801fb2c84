"""Stamps, lines and seams: what a resumed stream repeats is told from what is new."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.cluster.logs.line_cutter import LineCutter
from kubetui.cluster.logs.reading import Reading
from kubetui.cluster.logs.resuming import Delivered, Overlap, Seam
from kubetui.cluster.logs.stamps import Stamps, parse_stamp
from kubetui.store.logs.entry import NANO
from tests.unit.cluster.logs.kubelet_model import stamp

T0 = 1_800_000_000 * NANO
LINE = st.tuples(st.integers(0, 2), st.sampled_from([b"a", b"b", b""]))
"""Thirds of a second that stamps are out of order by, text: equal lines at equal times are common."""


def at(thirds: int) -> int:
    return T0 + thirds * (NANO // 3)


def new_lines(delivered: Delivered, file: list[tuple[int, bytes]], cut: int) -> tuple[list[tuple[int, bytes]], Overlap]:
    """What a seam lets through of the answer to ``sinceTime``, in two pieces."""
    answer = [(time, text) for time, text in file if time >= delivered.since]
    seam, found = Seam(delivered), list[tuple[int, bytes]]()
    for part in (answer[:cut], answer[cut:]):
        if part:
            found += zip(*seam.feed([time for time, _ in part], [text for _, text in part]), strict=True)
    found += zip(*seam.decide(), strict=True)
    return found, seam.overlap


@given(lines=st.lists(LINE, min_size=1, max_size=20), read=st.integers(1, 20), cut=st.integers(0, 20))
@settings(max_examples=300, deadline=None)
def test_a_resumed_stream_gives_exactly_what_was_not_delivered(
    lines: list[tuple[int, bytes]], read: int, cut: int
) -> None:
    file = [(at(time + index // 3), text) for index, (time, text) in enumerate(lines)]
    delivered = Delivered()
    for time, text in file[:read]:
        delivered.note([time], [text])
    found, overlap = new_lines(delivered, file, cut)
    expected = [(time, text) for time, text in file[read:] if time >= delivered.since]
    assert found == expected
    assert overlap is Overlap.FOUND


@given(lines=st.lists(LINE, min_size=2, max_size=20), read=st.integers(1, 20), cut=st.integers(0, 20))
@settings(max_examples=100, deadline=None)
def test_a_rotated_file_is_found_out(lines: list[tuple[int, bytes]], read: int, cut: int) -> None:
    # given stamps that never repeat
    file = [(at(time + index * 9) + index, text) for index, (time, text) in enumerate(lines)]
    read = min(read, len(file) - 1)
    delivered = Delivered()
    delivered.note([time for time, _ in file[:read]], [text for _, text in file[:read]])
    # when all that was delivered, and one line more, is in a file that can't be read any more
    rotated = file[read + 1 :]
    found, overlap = new_lines(delivered, rotated, cut)
    assert found == rotated
    assert overlap is Overlap.MISSING or not rotated


def test_memory_is_bounded_by_two_seconds_of_lines() -> None:
    delivered = Delivered()
    for second in range(1_000):
        delivered.note([T0 + second * NANO + index for index in range(100)], [b"%d" % index for index in range(100)])
    assert len(delivered._batches) <= 3
    assert delivered.total == 100_000


@given(
    time=st.integers(0, 4_000_000_000 * NANO),
    zone=st.sampled_from(["Z", "+05:30", "-08:00", "+00:00"]),
    text=st.binary(max_size=30).filter(lambda text: b"\n" not in text),
)
@settings(max_examples=200, deadline=None)
def test_stamps_are_read_to_the_nanosecond(time: int, zone: str, text: bytes) -> None:
    line = stamp(time, zone) + b" " + text
    stamps = Stamps()
    for _ in range(2):  # the second time by what is remembered
        assert stamps.read([line]) == ([time], [text], [])


@pytest.mark.parametrize(
    ("line", "time"),
    [
        (b"2027-01-15T08:00:00Z x", T0),
        (b"2027-01-15T08:00:00.5Z x", T0 + NANO // 2),
        (b"2027-01-15T07:59:60.25Z leap", T0 + NANO // 4),
        (b"2027-01-15T08:00:00.000000001Z", T0 + 1),
        (b"2027-13-15T08:00:00Z x", None),
        (b"2027-01-15T08:00:00 x", None),
        (b"2027-01-15T08:00:00.0000000000Z x", None),
        (b"failed to watch file", None),
        (b"", None),
        (b"\xff" * 40, None),
    ],
)
def test_other_stamps(line: bytes, time: int | None) -> None:
    parsed = parse_stamp(line)
    assert (parsed and parsed[0]) == time


def test_lines_without_a_stamp_are_told() -> None:
    times, texts, bare = Stamps().read([stamp(T0) + b" a", b"the kubelet's words", stamp(T0 + 1) + b" b"])
    assert (times, texts, bare) == ([T0, T0, T0 + 1], [b"a", b"the kubelet's words", b"b"], [1])


@given(data=st.binary(max_size=200), sizes=st.lists(st.integers(1, 50), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_lines_are_the_same_whatever_the_chunks(data: bytes, sizes: list[int]) -> None:
    cutter, lines, rest = LineCutter(), list[bytes](), data
    while rest:
        for size in sizes:
            lines += cutter.feed(rest[:size])
            rest = rest[size:]
    assert [*lines, cutter.rest] == data.split(b"\n")


@pytest.mark.parametrize("chunk", [7, 1_000, 10_000_000])
def test_a_line_over_the_bound_ends_with_words_about_the_rest(chunk: int) -> None:
    cutter = LineCutter(100)
    data = b"x" * 1_000_000 + b"\n" + b"y" * 100 + b"\n" + b"z" * 101 + b"\nshort\n"
    lines = [line for start in range(0, len(data), chunk) for line in cutter.feed(data[start : start + chunk])]
    assert lines[0] == b"x" * 100 + " [… 999,900 more bytes of this line are not held]".encode()
    assert lines[1] == b"y" * 100
    assert lines[2].startswith(b"z" * 100 + b" [")
    assert lines[3] == b"short"


def test_a_resumed_stream_that_stalls_within_what_it_repeats_shows_nothing_twice() -> None:
    delivered = Delivered()
    delivered.note([1, 2, 3], [b"a", b"b", b"c"])
    shown: list[bytes] = []
    reading = Reading(
        delivered,
        lambda times, texts: shown.extend(texts),
        lambda time, text: None,
        lambda: 0,
        resume=True,
        longest=1_000,
    )
    reading.feed(stamp(1) + b" a\n" + stamp(2) + b" b\n")
    reading.quiet(for_long=False)
    reading.feed(stamp(3) + b" c\n" + stamp(4) + b" d\n")
    assert shown == [b"d"]
