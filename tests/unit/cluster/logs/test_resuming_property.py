"""What was written equals what is shown, in order, none lost, none twice, whatever breaks and restarts."""

from __future__ import annotations

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.cluster.errors import Overloaded, Unreachable
from kubetui.store.logs.entry import NANO, MarkKind
from tests.unit.cluster.logs.stream_bench import StreamBench

LINES = st.sampled_from([b"", b"same", b"same", b"\xff\xfe\x00raw", b"\x1b[31mred\x1b[0m", b"x" * 900, b"t\tab"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.lists(LINES, max_size=6)),
        st.tuples(st.just("write at once"), st.lists(LINES, min_size=2, max_size=6)),
        st.tuples(st.just("part"), LINES),
        st.tuples(st.just("wait"), st.sampled_from([0.05, 0.7, 2.5, 20.0])),
        st.tuples(st.just("break"), st.booleans()),
        st.tuples(st.just("outage"), st.sampled_from([1.0, 9.0])),
        st.tuples(st.just("restart"), st.booleans()),
        st.tuples(st.just("tell"), st.none()),
    ),
    max_size=14,
)  # fmt: skip


@given(steps=STEPS, seed=st.integers(0, 2**16), skew=st.sampled_from([0.0, 7200.0, -50.0]))
@settings(max_examples=60, deadline=None)
def test_what_was_written_equals_what_is_shown(steps: list[tuple[str, object]], seed: int, skew: float) -> None:
    asyncio.run(_play(steps, seed, skew))


async def _play(steps: list[tuple[str, object]], seed: int, skew: float) -> None:
    random = Random(seed)
    bench = StreamBench()
    bench.container.skew = skew
    bench.model.chunk = lambda: random.choice([1, 7, 100, 1_000, 100_000])
    # given streams that break at random bytes, three times in four
    bench.model.cut_after = lambda: random.choice([None, random.randrange(1, 200), random.randrange(1, 2_000)])
    await bench.container.start()
    untold = 0
    async with bench.running():
        await bench.clock.advance(0.2)
        for what, how in steps:
            if what == "restart":
                # one restart at a time can be followed without a gap
                if untold:
                    await _catch_up(bench)
                await _finish_line(bench)
                await bench.clock.advance(0.001)  # no two runs of a container write at the same nanosecond
                await bench.container.restart()
                untold = 1
                if how:
                    bench.tell()
            else:
                await _step(bench, what, how)
        await _finish_line(bench)
        bench.model.cut_after = lambda: None
        await _catch_up(bench)
    assert bench.lines == bench.container.written
    assert MarkKind.GAP not in bench.kinds
    assert bench.kinds.count(MarkKind.RESTARTED) == len(bench.container.runs) - 1
    assert bench.model.open == 0


async def _step(bench: StreamBench, what: str, how: object) -> None:
    if what == "write":
        assert isinstance(how, list)
        await bench.container.write(*how)
    elif what == "write at once":
        assert isinstance(how, list)
        await bench.container.write(*how, time=int((bench.clock.now() + bench.container.skew) * NANO))
    elif what == "part":
        assert isinstance(how, bytes)
        await bench.container.write(how or b"part", whole=False)
    elif what == "wait":
        assert isinstance(how, float)
        await bench.clock.advance(how)
    elif what == "break":
        bench.model.clean = bool(how)
        bench.model.break_streams()
    elif what == "outage":
        assert isinstance(how, float)
        bench.model.fault = lambda request: (
            Unreachable(request.tried, "no route") if how < 5 else Overloaded(request.tried, "503", status=503)
        )
        bench.model.break_streams()
        await bench.clock.advance(how)
        bench.model.fault = lambda request: None
    else:
        bench.tell()


async def _finish_line(bench: StreamBench) -> None:
    if bench.container._begun:
        await bench.container.write(b"end")


async def _catch_up(bench: StreamBench) -> None:
    """Breaks end, the watch catches up, and time passes."""
    cut, bench.model.cut_after = bench.model.cut_after, lambda: None
    await bench.clock.advance(2)
    bench.tell()
    await bench.clock.advance(200)
    bench.model.cut_after = cut
