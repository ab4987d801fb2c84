"""A node's clock that is set back: the kubelet filters by time, so lines stay hidden unless they are asked for."""

from __future__ import annotations

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cluster.logs.stream_bench import StreamBench
from tests.unit.cluster.logs.test_stream import numbered


async def test_a_clock_set_back_during_a_break_hides_nothing() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        for number in range(5):
            await bench.container.write(*numbered(number, 1))
            await bench.clock.advance(2)
        # given a break, in which the clock goes back by a minute and lines are written
        bench.model.break_streams()
        bench.container.skew = -60.0
        await bench.container.write(*numbered(5, 3))
        await bench.clock.advance(3)
        # then these come, and so do those of the minute that comes twice
        for number in range(8, 12):
            await bench.container.write(*numbered(number, 1))
            await bench.clock.advance(2)
        assert bench.lines == numbered(0, 12)
        assert [mark.kind.value for mark in bench.marks] == ["reconnected"]


async def test_a_clock_set_back_below_a_stream_that_goes_on_hides_nothing() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        for number in range(5):
            await bench.container.write(*numbered(number, 1))
            await bench.clock.advance(2)
        bench.model.break_streams()
        await bench.clock.advance(10)
        # the stream has been resumed; only then the clock goes back
        bench.container.skew = -3600.0
        for number in range(5, 9):
            await bench.container.write(*numbered(number, 1))
            await bench.clock.advance(2)
        assert bench.lines == numbered(0, 9)


async def test_lines_hidden_from_a_stream_that_was_asked_for_by_time_are_fetched() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        # given so many lines during a break that the last ones do not reach back: it is resumed by time
        await bench.container.write(*numbered(0, 3))
        await bench.clock.advance(1)
        bench.model.break_streams()
        await bench.container.write(*numbered(3, 3_000))
        await bench.clock.advance(10)
        assert "sinceTime" in bench.model.asked[-1]
        # when the clock goes back, the kubelet keeps all new lines from this stream
        bench.container.skew = -3600.0
        await bench.container.write(*numbered(3_003, 3))
        await bench.clock.advance(5)
        assert bench.lines == numbered(0, 3_003)
        # then the last line, asked for apart, gives it away
        await bench.clock.advance(20)
        await bench.container.write(*numbered(3_006, 2))
        await bench.clock.advance(2)
        assert bench.lines == numbered(0, 3_008)


async def test_more_lines_than_were_asked_for_are_asked_for_by_time() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(*numbered(0, 3))
        await bench.clock.advance(10)
        await bench.container.write(*numbered(3, 1))
        await bench.clock.advance(1)
        bench.model.break_streams()
        await bench.container.write(*numbered(4, 3_000))
        await bench.clock.advance(10)
        assert [asked for asked in bench.model.asked if "tailLines" in asked]
        assert "sinceTime" in bench.model.asked[-1]
        assert bench.lines == numbered(0, 3_004)
        assert [mark.kind.value for mark in bench.marks] == ["reconnected"]


async def test_a_silent_container_whose_last_line_is_known_is_left_alone() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        # a line of several records, of which the kubelet gives the last alone
        await bench.container.write(b"a" * 16_384, b"b" * 16_384, whole=False)
        await bench.container.write(b"c" * 100)
        await bench.clock.advance(2_000)
        assert len([asked for asked in bench.model.asked if asked.get("tailLines") == "1"]) > 3
        assert len([asked for asked in bench.model.asked if "follow" in asked]) == 1
        assert bench.marks == []


async def test_a_record_that_is_not_recognised_costs_one_reconnection_and_no_more() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        # some runtimes write shorter records
        await bench.container.write(b"a" * 100, whole=False)
        await bench.container.write(b"c" * 100)
        await bench.clock.advance(2_000)
        assert len([asked for asked in bench.model.asked if asked.get("tailLines") == "1"]) > 3
        assert [mark.kind.value for mark in bench.marks] == ["reconnected"]
        assert len(bench.lines) == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 4)),
        st.tuples(st.just("clock"), st.sampled_from([-90.0, -2.5, 40.0])),
        st.tuples(st.just("wait"), st.sampled_from([0.05, 2.5, 20.0])),
        st.tuples(st.just("break"), st.booleans()),
    ),
    max_size=12,
)


@given(steps=STEPS, seed=st.integers(0, 2**16))
@settings(max_examples=40, deadline=None)
def test_clocks_that_jump_and_streams_that_break_lose_and_repeat_nothing(
    steps: list[tuple[str, float]], seed: int
) -> None:
    asyncio.run(_play(steps, seed))


async def _play(steps: list[tuple[str, float]], seed: int) -> None:
    random = Random(seed)
    bench = StreamBench()
    bench.model.cut_after = lambda: random.choice([None, None, random.randrange(1, 2_000)])
    await bench.container.start()
    await bench.container.write(b"the first line, some time ago")
    await bench.clock.advance(5)
    async with bench.running():
        await bench.clock.advance(0.2)
        for what, how in steps:
            if what == "write":
                await bench.container.write(*numbered(len(bench.container.written), int(how)))
            elif what == "clock":
                bench.container.skew += how
            elif what == "wait":
                await bench.clock.advance(how)
            else:
                bench.model.clean = bool(how)
                bench.model.break_streams()
        bench.model.cut_after = lambda: None
        await bench.clock.advance(60)
    assert bench.lines == bench.container.written
