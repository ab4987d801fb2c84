"""One poll of Top at 5,000 nodes and 150,000 pods: from the answer's bytes to rows, totals, history and their order.

A session lists from a transport that answers at once; a loop does what the pane does at each tick.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from random import Random

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request, Stream
from kubetui.insight.usage import UsageRow
from kubetui.insight.usage_book import Level, UsageBook
from kubetui.insight.usage_totals import Together
from kubetui.kinds.node_metrics import NodeMetricsRow
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_metrics import POD_METRICS, PodMetricsRow
from kubetui.kinds.pod_row import PodRow
from kubetui.store.state import Phase
from kubetui.store.store import Store
from kubetui.store.view import View
from kubetui.ui.coming_in import ComingIn
from kubetui.ui.top_columns import top_columns
from kubetui.ui.work import WORK
from tests.bench.figures import HUGE, Measured

NODES, POLLS = 5_000, 4
_PAUSE = 10.0
START, POLL = 1_790_000_000, 60


def polls(runs: int) -> Iterator[Measured]:
    """Pods, and namespaces as totals over them."""
    pod_store: Store[PodRow] = Store()
    pod_store.put(pods(HUGE, NODES))
    turns = []
    for level, key in ((Level.PODS, "top-poll"), (Level.NAMESPACES, "top-poll-namespaces")):
        costs = asyncio.run(_polls(level, Server(HUGE), pod_store))
        turns += [longest * 1e3 for _, longest in costs]
        yield Measured(key, HUGE, tuple(spent for spent, _ in costs))
    yield Measured("top-poll-stall", HUGE, tuple(turns))


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


async def _polls(level: Level, server: Server, pod_store: Store[PodRow]) -> list[tuple[float, float]]:
    """Seconds of CPU and of the longest turn, of each poll after the first, which also builds."""
    costs = []
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
        costs.append((spent, longest))
    book.close()
    view.close()
    await session.close()
    return costs[1:]


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
