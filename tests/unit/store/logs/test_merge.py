"""Sources merged by time: true order of what is past, a short wait for what is live, each source in its own order."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.store.logs.entry import NANO, Entries, Mark, MarkKind
from kubetui.store.logs.merge import HOLD, STALLED, Merge
from tests.unit.store.logs.entries import gap

WALL = 1_800_000_000.0
T0 = int(WALL) * NANO


def restarted(time: int) -> Mark:
    return Mark(MarkKind.RESTARTED, time, 1)


def texts(entries: Entries | None) -> list[bytes]:
    return [] if entries is None else [*entries.texts]


def test_the_past_comes_out_in_true_order_when_all_have_got_there() -> None:
    merge = Merge()
    merge.history(1, 0.0)
    merge.history(2, 0.0)
    merge.put(1, [T0 + 1, T0 + 5, T0 + 9], [b"a1", b"a5", b"a9"], 0.1, WALL)
    # nothing of the second one yet: it may be older
    assert merge.take(0.2) is None
    merge.put(2, [T0 + 3, T0 + 7], [b"b3", b"b7"], 0.3, WALL)
    assert texts(merge.take(0.4)) == [b"a1", b"b3", b"a5", b"b7"]
    merge.live(1)
    merge.live(2)
    assert texts(merge.take(0.5)) == [b"a9"]


def test_a_source_that_does_not_get_on_holds_up_nobody_for_long() -> None:
    merge = Merge()
    merge.history(1, 0.0)
    merge.history(2, 0.0)
    merge.put(1, [T0], [b"a"], 0.1, WALL)
    assert merge.take(STALLED - 0.1) is None
    merge.live(1)
    assert texts(merge.take(STALLED + 0.1)) == [b"a"]


def test_live_lines_wait_a_moment_for_slower_sources() -> None:
    merge = Merge()
    merge.put(1, [T0 + 20], [b"later"], 10.0, WALL)
    assert merge.take(10.0 + HOLD / 2) is None
    merge.put(2, [T0 + 10], [b"earlier, but slow"], 10.0 + HOLD / 2, WALL)
    assert texts(merge.take(10.0 + HOLD + 0.01)) == [b"earlier, but slow", b"later"]
    # what comes too late goes behind
    merge.put(2, [T0 + 5], [b"too late"], 11.0, WALL + 1)
    assert texts(merge.take(12.0)) == [b"too late"]


def test_a_clock_that_is_ahead_does_not_push_others_out() -> None:
    merge = Merge()
    for source in (2, 3, 4):
        merge.put(source, [T0], [b"%d" % source], 0.0, WALL)
    merge.put(1, [T0 + 3600 * NANO], [b"ahead"], 0.0, WALL)
    merge.put(2, [T0 + 2 * NANO], [b"next"], 2.0, WALL + 2)
    # the line from the future is due, what came 2 s later is not
    assert texts(merge.take(2.1)) == [b"2", b"3", b"4", b"ahead"]
    assert texts(merge.take(3.0)) == [b"next"]


def test_a_mark_stays_behind_the_lines_before_it() -> None:
    merge = Merge()
    merge.put(1, [T0, T0 + 9], [b"a", b"b"], 0.0, WALL)
    merge.put_mark(1, gap(T0 + 3), 0.0, WALL)
    merge.put(1, [T0 + 9], [b"c"], 0.0, WALL)
    merge.put(2, [T0 + 5], [b"other"], 0.0, WALL)
    found = merge.take(1.0)
    assert found is not None
    assert texts(found) == [b"a", b"other", b"b", b"", b"c"]
    assert [*found.marks] == [3]


def test_a_mark_waits_for_older_lines_of_others() -> None:
    merge = Merge()
    merge.put(1, [T0], [b"last line of the old run"], 0.0, WALL)
    # a container that was started anew a minute later
    merge.put_mark(1, restarted(T0 + 60 * NANO), 60.0, WALL + 60)
    merge.put(1, [T0 + 60 * NANO + 2], [b"first of the new one"], 60.1, WALL + 60)
    merge.put(2, [T0 + 59 * NANO], [b"other, late"], 60.2, WALL + 60)
    found = merge.take(60.0 + 2 * HOLD)
    assert texts(found) == [b"last line of the old run", b"other, late", b"", b"first of the new one"]


def test_a_marks_time_from_the_future_pushes_nothing_out() -> None:
    merge = Merge()
    merge.put_mark(1, restarted(T0 + 3600 * NANO), 0.0, WALL)
    merge.put(2, [T0 + 2 * NANO], [b"next"], 2.0, WALL + 2)
    assert texts(merge.take(2.1)) == [b""]
    assert texts(merge.take(3.0)) == [b"next"]


def test_a_mark_in_the_past_stands_among_the_others_lines() -> None:
    merge = Merge()
    for source in (1, 2):
        merge.history(source, 0.0)
    merge.put(1, [T0], [b"old"], 0.1, WALL)
    merge.put_mark(1, restarted(T0 + 60), 0.1, WALL)
    merge.put(1, [T0 + 70], [b"new"], 0.1, WALL)
    merge.put(2, [T0 + 50, T0 + 65], [b"before", b"behind"], 0.2, WALL)
    assert texts(merge.take(0.3, all_of_it=True)) == [b"old", b"before", b"", b"behind", b"new"]


@given(
    seed=st.integers(0, 2**16),
    skews=st.lists(st.sampled_from([0, 50 * NANO, -3600 * NANO, 2_000]), min_size=1, max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_every_line_comes_out_once_and_each_source_in_its_own_order(seed: int, skews: list[int]) -> None:
    random, merge, now = Random(seed), Merge(), 0.0
    put: dict[int, list[bytes]] = {source: [] for source in range(1, len(skews) + 1)}
    out: dict[int, list[bytes]] = {source: [] for source in put}
    for source in put:
        if random.random() < 0.5:
            merge.history(source, now)
    for step in range(60):
        source = random.randint(1, len(skews))
        # clocks jump back now and then
        at = T0 + int(now * NANO) + skews[source - 1] - random.choice([0, 0, 0, 5 * NANO])
        lines = [b"%d.%d" % (step, index) for index in range(random.randint(0, 4))]
        merge.put(source, [at + index for index in range(len(lines))], lines, now, WALL + now)
        put[source] += lines
        if random.random() < 0.2:
            merge.live(source)
        now += random.choice([0.0, 0.05, 0.3, 1.0])
        _collect(merge.take(now), out)
    _collect(merge.take(now, all_of_it=True), out)
    assert out == put
    assert not merge.pending


def _collect(entries: Entries | None, out: dict[int, list[bytes]]) -> None:
    if entries is not None:
        for source, text in zip(entries.sources, entries.texts, strict=True):
            out[source].append(text)
