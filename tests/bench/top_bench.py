"""One poll of Top at 5,000 nodes and 150,000 pods: from the answer's bytes to rows, totals, history and their order.

``python -m tests.bench.top_bench [--pods 150000 --nodes 5000]``. Bounds: 1 s of CPU a poll, no turn of the event loop
over 50 ms. A session lists from a transport that answers at once; a loop does what the pane does at each tick.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request, Stream
from kubetui.insight.usage import Together, UsageRow
from kubetui.insight.usage_book import Level, UsageBook
from kubetui.kinds.node_metrics import NodeMetricsRow
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_metrics import POD_METRICS, PodMetricsRow
from kubetui.kinds.pod_row import PodRow
from kubetui.store.state import Phase
from kubetui.store.store import Store
from kubetui.store.view import View
from kubetui.ui.coming_in import ComingIn
from kubetui.ui.top_columns import top_columns

POLLS = 4
WORK = 0.008
"""Seconds that the pane works in a tick."""
_PAUSE = 10.0
START, POLL = 1_790_000_000, 60


class Server:
    """Answers each list with samples of another time."""

    def __init__(self, count: int) -> None:
        self._count, self.polls = count, 0
        self._bodies = [body(count, START + POLL * poll) for poll in range(POLLS)]

    async def send(self, request: Request) -> Answer:
        assert request.path == POD_METRICS.path_in(None)
        found = self._bodies[self.polls % POLLS]
        self.polls += 1
        return Answer(200, found, "application/json", {})

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Stream]:
        raise AssertionError("metrics have no watch")
        yield  # type: ignore[unreachable]  # what makes this a generator, as a context manager's function has to be

    async def close(self) -> None:
        pass


class HeldClock(SystemClock):
    """The machine's, but a poll's pause lasts until it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Short ones as they are."""
        await (self.go.wait() if seconds > _PAUSE else asyncio.sleep(seconds))


def body(count: int, at: int) -> bytes:
    """A list of PodMetrics as metrics-server writes it: nodes are sampled over 15 s, pods carry their labels."""
    times = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at - back)) for back in range(15)]
    items = ",".join(
        f'{{"metadata":{{"name":"service-{n:06}-abcde","namespace":"team-{n % 100:03}",'
        f'"creationTimestamp":"{times[0]}","labels":{{"app":"service-{n % 3000}","hash":"{n % 3000:08x}"}}}},'
        f'"timestamp":"{times[n % 15]}","window":"15.{n % 900}s","containers":[{{"name":"app",'
        f'"usage":{{"cpu":"{(n * 977 + at) % 10**9}n","memory":"{(n * 31 + at) % 10**6}Ki"}}}}]}}'
        for n in range(count)
    )
    return f'{{"kind":"PodMetricsList","metadata":{{}},"items":[{items}]}}'.encode()


def pods(count: int, nodes: int) -> list[PodRow]:
    """Rows as the Pods store holds them."""
    return [
        PodRow(f"team-{n % 100:03}", f"service-{n:06}-abcde", n, phase="Running", status="Running",
               node=f"node-{n % nodes}", containers=("app",), shares=((100, 0, 0, 0),), cpu_request=100)
        for n in range(count)
    ]  # fmt: skip


async def polls(level: Level, server: Server, pod_store: Store[PodRow]) -> None:
    """Print what each poll costs; the first also builds."""
    clock = HeldClock()
    session = Session("bench", server, Traffic(clock), clock, Random(1))
    samples = session.open(POD_METRICS).store
    no_nodes, no_node_samples = Store[NodeRow](), Store[NodeMetricsRow]()
    book = UsageBook(pod_store, no_nodes, samples, no_node_samples, level, time.time)
    columns = top_columns(level, lambda: book.history, lambda key: None)
    cpu = next(column for column in columns if column.title == "CPU")
    view = View(book.rows, sort=cpu.sort, reverse=True, tally=Together)
    coming_in = ComingIn()
    count = len(pod_store)
    for poll in range(POLLS):
        begun, longest = time.thread_time(), 0.0
        wanted = poll + 1
        clock.go.set()
        tick = False
        while True:
            turn = time.thread_time()
            await asyncio.sleep(0)
            clock.go.clear()
            # A pane's tick follows what came in, and never two before others had their turn.
            tick = not tick
            waits = _tick(book, view, coming_in) if tick else True
            longest = max(longest, time.thread_time() - turn)
            if not waits and server.polls == wanted and _in(samples, wanted, count) and not view.has_changes:
                break
        total = view.tally.row() if isinstance(view.tally, Together) else None
        assert total is not None
        assert total.members == len(pod_store)
        assert total.unsampled == 0
        spent = time.thread_time() - begun
        print(
            f"{level.value:11} poll {poll}: {spent:.2f} s CPU, longest turn {longest * 1e3:.0f} ms, {len(view):,} rows"
        )
    book.close()
    view.close()
    await session.close()


def _in(samples: Store[PodMetricsRow], polls: int, count: int) -> bool:
    """Whether the last poll asked for is in, its last row included."""
    last = samples.get((f"team-{(count - 1) % 100:03}", f"service-{count - 1:06}-abcde"))
    return last is not None and last.at > START + POLL * (polls - 1) - POLL and samples.state.phase is Phase.LIVE


def _tick(book: UsageBook, view: View[UsageRow], coming_in: ComingIn) -> bool:
    """What the pane does in one; whether more is waiting."""
    end = time.perf_counter() + WORK
    while book.step():
        if time.perf_counter() > end:
            return True
    if coming_in.goes_on(view.waiting, len(view), time.monotonic()):
        return True
    while view.step():
        if time.perf_counter() > end:
            return True
    return False


def main() -> None:
    """Pods, and namespaces as totals over them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pods", type=int, default=150_000)
    parser.add_argument("--nodes", type=int, default=5_000)
    asked = parser.parse_args()
    pod_store: Store[PodRow] = Store()
    pod_store.put(pods(asked.pods, asked.nodes))
    for level in (Level.PODS, Level.NAMESPACES):
        asyncio.run(polls(level, Server(asked.pods), pod_store))


if __name__ == "__main__":
    main()
