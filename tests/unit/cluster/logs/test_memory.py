"""Memory stays flat: hours of lines, breaks, restarts and changing pods leave no more than the first one did."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc

import pytest

from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.outlet import Outlet
from kubetui.cluster.logs.reading import Reading
from kubetui.cluster.logs.resuming import Delivered
from kubetui.cluster.logs.tail import LogTail
from kubetui.cluster.logs.target import parse_target
from kubetui.headless.logs.notices import Notices
from kubetui.store.logs import sources
from kubetui.store.logs.buffer import CHUNK_LINES, LogBuffer
from kubetui.store.logs.entry import NANO
from kubetui.store.logs.matcher import Matcher
from kubetui.store.logs.merge import Merge
from kubetui.store.logs.sources import LogSources, SourceKey
from kubetui.store.logs.view import LogFilter, LogView
from tests.fake_clock import FakeClock
from tests.unit.cluster.logs.cluster_with_logs import ClusterWithLogs
from tests.unit.cluster.logs.kubelet_model import stamp

HOURS = 8
SOURCES = 20
EVERY = 30
"""Simulated seconds between what the sources bring."""
LINES = 2_000_000
HELD = 50_000


class HandClock(FakeClock):
    """Goes on where it is told to; nothing sleeps by it."""

    def __init__(self) -> None:
        super().__init__()
        self._gone = 0.0

    def now(self) -> float:
        return super().now() + self._gone

    def monotonic(self) -> float:
        return self._gone

    def go_on(self, seconds: float) -> None:
        self._gone += seconds


class Fed:
    """The engine without a network: bytes go in at one end, a filtered view is at the other."""

    def __init__(self, lines: int = LINES) -> None:
        self.batch = lines // (HOURS * 3600 // EVERY) // SOURCES
        self._texts = [b".%09dZ line %d of a log with a text of some length, error=%d" % (n, n, n % 7)
                       for n in range(self.batch)]  # fmt: skip
        self.clock = HandClock()
        self.merge, self.sources = Merge(), LogSources(self.clock.monotonic)
        self.buffer = LogBuffer(most_lines=HELD)
        self.view = LogView(self.buffer, LogFilter(text=Matcher("error=3"), context=1))
        self._out = Outlet(self.merge, self.sources, self.clock, lambda: None)
        self.delivered = [Delivered() for _ in range(SOURCES)]
        for number in range(SOURCES):
            self.sources.add(SourceKey("shop", f"web-{number}", "app"), "container", "node")
        self._last: dict[int, bytes] = {}
        self._readings = [self._reading(number, resume=False) for number in range(SOURCES)]

    def _reading(self, number: int, *, resume: bool) -> Reading:
        return Reading(
            self.delivered[number],
            lambda times, texts: self._out.lines(number + 1, times, texts),
            lambda time, text: None,
            lambda: 0,
            resume=resume,
            longest=262_144,
        )

    def bring(self, number: int, chunk: bytes, *, broken: bool) -> None:
        """What one source says; ``broken``: by a stream that was resumed and repeats what came last."""
        if broken:
            self._readings[number] = self._reading(number, resume=True)
            self._readings[number].feed(self._last[number])
        self._readings[number].feed(chunk)
        self._last[number] = chunk

    def turn(self, at: int) -> None:
        """So many seconds after the beginning."""
        self.clock.go_on(EVERY)
        second = stamp(int(self.clock.now()) * NANO)[:19]
        chunk = b"\n".join([second + text for text in self._texts]) + b"\n"
        for number in range(SOURCES):
            self.bring(number, chunk, broken=at > 0 and (at // EVERY + number) % 40 == 0)
        self.clock.go_on(1)
        if (entries := self.merge.take(self.clock.monotonic())) is not None:
            self.buffer.extend(entries)
        self.view.trim()
        while self.view.step():
            pass

    def held(self) -> dict[str, int]:
        """Everything that could grow."""
        return {
            "lines": len(self.buffer),
            "bytes": self.buffer.size,
            "shown": len(self.view),
            "waiting": self.merge._pending,
            "inputs": len(self.merge._inputs),
            "remembered": sum(one._count for one in self.delivered),
            "batches": sum(len(one._batches) for one in self.delivered),
        }


def test_millions_of_lines_in_eight_hours_leave_no_more_than_one_hour_did() -> None:
    fed = Fed()
    after: list[dict[str, int]] = []
    for at in range(0, HOURS * 3600, EVERY):
        fed.turn(at)
        if (at + EVERY) % 3600 == 0:
            after.append(fed.held())
    assert fed.buffer.end == HOURS * 3600 // EVERY * fed.batch * SOURCES > LINES * 0.98
    assert after[-1]["lines"] <= HELD + CHUNK_LINES
    assert after[-1]["waiting"] == 0
    assert after[-1]["inputs"] == SOURCES
    assert after[-1]["remembered"] <= 3 * SOURCES * fed.batch
    for what, first in after[0].items():
        assert after[-1][what] <= first * 1.1, what


class Churned:
    """A tail over pods that come, speak, break, restart and go."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.cluster = ClusterWithLogs(self.clock)
        self.buffer = LogBuffer(most_lines=1_000)
        self.view = LogView(self.buffer, LogFilter(text=Matcher("error")))

    async def rounds(self, first: int, count: int, notices: Notices) -> None:
        for number in range(first, first + count):
            name = f"job-{number:05}-x{number % 7}k"
            container = await self.cluster.container(name)
            await container.write(*[b"error %d" % line for line in range(10)])
            await self.clock.advance(5)
            if number % 3 == 0:
                self.cluster.model.break_streams()
                await container.restart(1)
                await container.write(b"again")
                await self.cluster.sync(name)
            await self.clock.advance(10)
            await self.cluster.remove(name)
            await self.clock.advance(85)
            notices.look()
            self.view.trim()
            while self.view.step():
                pass
            self._forget_what_the_model_keeps()

    def _forget_what_the_model_keeps(self) -> None:
        self.cluster.asked.clear()
        self.cluster.model.asked.clear()
        self.cluster.more.clear()
        del self.cluster.history[:-50]


def ours(bench: Churned) -> int:
    """Bytes held that our own code asked for."""
    bench.buffer.clear()  # it has a bound of its own, which it reaches in steps
    bench.view.trim()
    gc.collect()
    found = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/kubetui/*")])
    return sum(one.size for one in found.statistics("filename"))


async def test_hours_of_changing_pods_leave_no_more_than_the_first_hour_did(monkeypatch: pytest.MonkeyPatch) -> None:
    # given that only a few gone pods are remembered
    monkeypatch.setattr(sources, "MOST_GONE", 10)
    bench = Churned()
    session = bench.cluster.session()
    tail = LogTail(session, parse_target("job", frozenset({"shop"})), LogOptions(), bench.buffer)
    task = asyncio.create_task(tail.run())
    notices = Notices(tail, lambda words: None)
    tracemalloc.start()
    try:
        await bench.rounds(0, 20, notices)
        first = ours(bench)
        await bench.rounds(20, 80, notices)
        last = ours(bench)
    finally:
        tracemalloc.stop()
        task.cancel()
        await asyncio.wait([task])
        await session.close()
    assert len(tail.sources) <= 11
    assert (len(tail._readers), len(tail._running), len(tail._waiting)) == (0, 0, 0)
    assert len(tail._merge._inputs) <= 2
    assert last < first * 1.1 + 1_000
