"""Many containers as one tail: who belongs to it, how many are read at a time, in what order lines come out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from kubetui.cluster.errors import Forbidden, NotFound, Overloaded
from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.tail import LogTail
from kubetui.cluster.logs.target import BadTarget, LogTarget, parse_target
from kubetui.store.logs.buffer import LogBuffer
from kubetui.store.logs.entry import LogLine, MarkKind
from kubetui.store.logs.sources import LogPhase, SourceKey
from kubetui.store.state import Phase
from tests.fake_clock import FakeClock
from tests.unit.cluster.logs.cluster_with_logs import ClusterWithLogs

SHOP = frozenset({"shop"})


class TailBench:
    """A cluster, a tail, a buffer."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.cluster = ClusterWithLogs(self.clock)
        self.buffer = LogBuffer()

    @asynccontextmanager
    async def running(self, target: LogTarget, options: LogOptions | None = None) -> AsyncIterator[LogTail]:
        session = self.cluster.session()
        tail = LogTail(session, target, options or LogOptions(), self.buffer)
        self.task = asyncio.create_task(tail.run())
        try:
            await self.clock.advance(1)
            yield tail
        finally:
            self.task.cancel()
            await asyncio.wait([self.task])
            assert self.cluster.model.open == 0
            await session.close()

    @property
    def lines(self) -> list[bytes]:
        held = map(self.buffer.entry, range(self.buffer.first, self.buffer.end))
        return [entry.text for entry in held if isinstance(entry, LogLine)]

    @property
    def kinds(self) -> list[MarkKind]:
        return [mark.kind for _, mark in self.buffer.marks()]


async def test_the_past_of_all_pods_comes_in_time_order() -> None:
    bench = TailBench()
    first, second = await bench.cluster.container("web-0"), await bench.cluster.container("web-1")
    for number in range(6):
        await (first, second)[number % 2].write(b"%d" % number)
        await bench.clock.advance(1)
    async with bench.running(parse_target("web", SHOP)) as tail:
        await bench.clock.advance(3)
        assert bench.lines == [b"%d" % number for number in range(6)]
        assert [tail.sources.short(source.index) for source in tail.sources] == ["web-0", "web-1"]
        assert tail.sources.count(LogPhase.LIVE) == 2


async def test_new_pods_join_and_gone_ones_leave() -> None:
    bench = TailBench()
    old = await bench.cluster.container("web-0")
    async with bench.running(parse_target("web", SHOP), LogOptions(tail=0)) as tail:
        new = await bench.cluster.container("web-1")
        await new.write(b"first line of the new one")
        await bench.clock.advance(2)
        await old.write(b"last line of the old one")
        await bench.cluster.remove("web-0")
        await bench.clock.advance(8)
        assert bench.lines == [b"first line of the new one", b"last line of the old one"]
        assert bench.kinds == [MarkKind.JOINED, MarkKind.GONE]
        assert tail.pods == 1
        assert bench.cluster.model.open == 1


async def test_a_pod_made_anew_under_its_name_is_the_same_source() -> None:
    bench = TailBench()
    await bench.cluster.container("web-0")
    async with bench.running(parse_target("web-0", SHOP)) as tail:
        await bench.cluster.remove("web-0")
        again = await bench.cluster.container("web-0")
        await again.write(b"again")
        await bench.clock.advance(10)
        assert bench.lines == [b"again"]
        assert len(tail.sources) == 1
        assert tail.sources.state(1).phase is LogPhase.LIVE


async def test_a_restart_is_followed_with_what_the_old_container_said_last() -> None:
    bench = TailBench()
    container = await bench.cluster.container("web-0")
    async with bench.running(parse_target("pod/web-0", SHOP)):
        await container.write(b"old")
        await bench.clock.advance(5)
        await container.write(b"panic")
        await container.restart(2)
        await container.write(b"new")
        await bench.cluster.sync("web-0")
        await bench.clock.advance(10)
        assert bench.lines == [b"old", b"panic", b"new"]
        assert bench.kinds == [MarkKind.RESTARTED]


async def test_more_containers_than_streams_are_named_and_opened_on_demand() -> None:
    bench = TailBench()
    for number in range(5):
        await (await bench.cluster.container(f"proxy-{number}")).write(b"%d" % number)
    async with bench.running(parse_target("proxy", SHOP), LogOptions(most_streams=2)) as tail:
        await bench.clock.advance(3)
        assert sorted(bench.lines) == [b"0", b"1"]
        assert tail.left_out == [SourceKey("shop", f"proxy-{number}", "app") for number in (2, 3, 4)]
        tail.widen(4)
        await bench.clock.advance(3)
        assert sorted(bench.lines) == [b"0", b"1", b"2", b"3"]
        assert bench.cluster.model.open == 4
        # a place that becomes free is given to the next
        await bench.cluster.remove("proxy-0")
        await bench.clock.advance(10)
        assert tail.left_out == []


async def test_requests_are_paced() -> None:
    bench = TailBench()
    for number in range(30):
        await bench.cluster.container(f"proxy-{number:02}")
    tail = LogTail(bench.cluster.session(), parse_target("proxy", SHOP), LogOptions(), bench.buffer)
    task = asyncio.create_task(tail.run())
    await bench.clock.advance(0.2)
    assert 8 <= len(bench.cluster.model.asked) <= 16
    await bench.clock.advance(1)
    assert len(bench.cluster.model.asked) == 30
    task.cancel()
    await asyncio.wait([task])


async def test_nothing_turns_while_nothing_happens() -> None:
    bench = TailBench()
    await (await bench.cluster.container("web-0")).write(b"line")
    async with bench.running(parse_target("web", SHOP)):
        await bench.clock.advance(60)
        slept = bench.clock._count
        await bench.clock.advance(60)
        # a look a second, and no more
        assert bench.clock._count - slept < 70


async def test_when_one_is_answered_again_the_others_try_at_once() -> None:
    bench = TailBench()
    pods = [await bench.cluster.container(f"proxy-{number}") for number in range(12)]
    async with bench.running(parse_target("proxy", SHOP)) as tail:
        for pod in pods:
            await pod.write(b"before")
        await bench.clock.advance(10)
        bench.cluster.model.fault = lambda request: Overloaded(request.tried, "500: No agent available", status=500)
        bench.cluster.model.break_streams()
        await bench.clock.advance(100)
        assert tail.sources.count(LogPhase.RECONNECTING) == 12
        bench.cluster.model.fault = lambda request: None
        soonest = min(tail.sources.state(one.index).next_try or 0.0 for one in tail.sources)
        await bench.clock.advance(soonest - bench.clock.now() + 3)
        assert tail.sources.count(LogPhase.LIVE) == 12


async def test_containers_are_chosen_by_expression_init_and_ephemeral_ones_too() -> None:
    bench = TailBench()
    for name, kind in (("app", "containers"), ("setup", "initContainers"), ("debugger-x", "ephemeralContainers")):
        await (await bench.cluster.container("web-0", name, kind=kind)).write(name.encode())
    async with bench.running(parse_target("web-0", SHOP), LogOptions(containers="setup|debug")) as tail:
        await bench.clock.advance(3)
        assert sorted(bench.lines) == [b"debugger-x", b"setup"]
        assert {source.kind for source in tail.sources} == {"init", "ephemeral"}


async def test_reading_once_ends_when_all_was_read() -> None:
    bench = TailBench()
    for number in range(3):
        await (await bench.cluster.container(f"web-{number}")).write(b"%d" % number)
    async with bench.running(parse_target("web", SHOP), LogOptions(follow=False, most_streams=1)) as tail:
        await bench.clock.advance(5)
        assert bench.task.done()
        assert bench.lines == [b"0", b"1", b"2"]
        assert tail.failures == []


async def test_reading_once_tells_what_could_not_be_read() -> None:
    bench = TailBench()
    await (await bench.cluster.container("web-0")).write(b"0")
    await bench.cluster.container("web-1")
    bench.cluster.model.fault = lambda request: (
        Forbidden(request.tried, "403: no", status=403) if "web-1" in request.path else None
    )
    async with bench.running(parse_target("web", SHOP), LogOptions(follow=False)) as tail:
        await bench.clock.advance(5)
        assert bench.task.done()
        assert bench.lines == [b"0"]
        assert [key.pod for key, _ in tail.failures] == ["web-1"]


async def test_the_previous_container_alone() -> None:
    bench = TailBench()
    container = await bench.cluster.container("web-0")
    await container.write(b"old")
    await container.restart(1)
    await container.write(b"new")
    await bench.cluster.sync("web-0")
    async with bench.running(parse_target("web-0", SHOP), LogOptions(previous=True, follow=False)):
        await bench.clock.advance(3)
        assert bench.task.done()
        assert bench.lines == [b"old"]


async def test_pods_that_may_not_be_listed_are_a_state() -> None:
    bench = TailBench()
    bench.cluster.refuses["pods"] = Forbidden("list pods in shop", "403: no", "ask for a role", status=403)
    async with bench.running(parse_target("web", SHOP)) as tail:
        assert (tail.state.phase, tail.settled) == (Phase.FORBIDDEN, False)


def workload(name: str, labels: dict[str, str]) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "shop"}, "spec": {"selector": {"matchLabels": labels}}}


async def test_a_deployments_own_pods_and_no_others() -> None:
    bench = TailBench()
    labels = {"app": "web", "pod-template-hash": "589d84f7d9"}
    owner = [{"kind": "ReplicaSet", "name": "web-589d84f7d9", "controller": True}]
    mine = await bench.cluster.container("web-589d84f7d9-7kq2x", labels=labels, ownerReferences=owner)
    # another's pod with the same label
    other = [{"kind": "ReplicaSet", "name": "web-canary-589d84f7d9", "controller": True}]
    await bench.cluster.container("web-canary-589d84f7d9-x2lpv", labels=labels, ownerReferences=other)
    bench.cluster.add("deployments", workload("web", {"app": "web"}))
    await mine.write(b"mine")
    async with bench.running(parse_target("deploy/web", SHOP)) as tail:
        await bench.clock.advance(2)
        assert (bench.lines, tail.pods) == ([b"mine"], 1)


async def test_a_workload_that_is_not_there_is_an_error() -> None:
    bench = TailBench()
    async with bench.running(parse_target("deploy/nope", SHOP)):
        assert isinstance(bench.task.exception(), NotFound)
        assert str(bench.task.exception()) == "find deploy/nope in shop: there is none"


async def test_memory_stays_flat_over_hours_of_changing_pods() -> None:
    bench = TailBench()
    bench.buffer = LogBuffer(most_lines=5_000)
    async with bench.running(parse_target("job", SHOP)) as tail:
        for number in range(60):
            container = await bench.cluster.container(f"job-{number:03}")
            await container.write(*[b"x" * 100] * 300)
            await bench.clock.advance(20)
            await bench.cluster.remove(f"job-{number:03}")
            await bench.clock.advance(160)
        assert (len(tail._readers), len(tail._running), len(tail._waiting)) == (0, 0, 0)
        assert len(tail._merge._inputs) <= 2
    assert len(bench.buffer) <= 5_000 + 4_096
    assert bench.buffer.dropped + len(bench.buffer) == 60 * 302


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deploy/", "no name"),
        ("secret/x", "not known"),
        ("a(b", "no regular expression"),
        ("", "whose logs"),
        ("pod/../x", "no name"),
    ],
)
def test_targets_that_mean_nothing_are_refused(text: str, words: str) -> None:
    with pytest.raises(BadTarget, match=words):
        parse_target(text, SHOP)


def test_targets_have_words() -> None:
    assert parse_target("deployment/coredns", SHOP).words == "deploy/coredns"
    assert parse_target("", None, "app=x").words == "-l app=x"
    assert parse_target("core.*", None).place == "all namespaces"


def test_nothing_is_asked_of_the_server_by_making_a_tail() -> None:
    bench = TailBench()
    LogTail(bench.cluster.session(), parse_target("x", SHOP), LogOptions(), bench.buffer)
    assert bench.cluster.asked == []
