"""A tail on the demo's server, over HTTP and through its breaks: what the pods wrote is what comes out."""

from __future__ import annotations

import asyncio
import os
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.connect import open_transport
from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.tail import LogTail
from kubetui.cluster.logs.target import LogTarget, parse_target
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.demo.child import DemoChild
from kubetui.demo.command_line import ServeOptions
from kubetui.demo.options import WorldOptions
from kubetui.demo.ready import Ready
from kubetui.store.logs.buffer import LogBuffer
from kubetui.store.logs.entry import LogLine, MarkKind
from kubetui.store.logs.sources import LogPhase

SYSTEM = frozenset({"kube-system"})
PROXY = parse_target("ds/kube-proxy", SYSTEM)
PATIENCE = 60.0
FLOOD = re.compile(rb"^flood seq=(\d+) ")


class Served:
    """The demo, a session on it, and one tail."""

    def __init__(self, ready: Ready, http: aiohttp.ClientSession, session: Session) -> None:
        self._ready, self._http, self._session = ready, http, session
        self.buffer = LogBuffer()

    async def tell(self, do: str, **more: Any) -> None:
        """A control call."""
        headers = {"Authorization": f"Bearer {self._ready.control_token}"}
        async with self._http.post(self._ready.control, json={"do": do, **more}, headers=headers) as answer:
            assert answer.status == 200, await answer.text()

    @asynccontextmanager
    async def tail(self, target: LogTarget = PROXY, options: LogOptions | None = None) -> AsyncIterator[LogTail]:
        tail = LogTail(self._session, target, options or LogOptions("^kube-proxy$", tail=0, old_lines=0), self.buffer)
        task = asyncio.create_task(tail.run())
        try:
            yield tail
        finally:
            task.cancel()
            await asyncio.wait([task])

    def by_pod(self, tail: LogTail) -> dict[str, list[bytes]]:
        lines: defaultdict[str, list[bytes]] = defaultdict(list)
        for number in range(self.buffer.first, self.buffer.end):
            entry = self.buffer.entry(number)
            source = tail.sources.get(entry.source)
            if isinstance(entry, LogLine) and source is not None:
                lines[source.key.pod].append(entry.text)
        return lines

    def lines(self) -> list[bytes]:
        held = map(self.buffer.entry, range(self.buffer.first, self.buffer.end))
        return [entry.text for entry in held if isinstance(entry, LogLine)]

    def kinds(self) -> list[MarkKind]:
        return [mark.kind for _, mark in self.buffer.marks()]


@asynccontextmanager
async def served(**world: Any) -> AsyncIterator[Served]:
    options = ServeOptions(WorldOptions(**{"nodes": 4, "pods": 60, "changes": 0, **world}))
    async with DemoChild(options) as ready, aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as http:
        clock = SystemClock()
        traffic = Traffic(clock)
        target = KubeConfig.load(Path(ready.kubeconfig), os.environ).context()
        session = Session("demo", await open_transport(target, clock, traffic, os.environ), traffic, clock, Random(1))
        try:
            yield Served(ready, http, session)
        finally:
            await session.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - what is waited for is in another process
            await asyncio.sleep(0.05)


async def test_a_flood_through_breaks_loses_and_repeats_nothing() -> None:
    async with served() as demo, demo.tail() as tail:
        await demo.tell("mute-log", pod="kube-proxy-*")
        await until(lambda: tail.settled and tail.sources.count(LogPhase.LIVE) == len(tail.sources) > 1)
        await demo.tell("flood-log", pod="kube-proxy-*", rate=2_000)
        for how in ("end", "reset", "end"):
            await asyncio.sleep(0.7)
            await demo.tell("cut-logs", how=how, torn=True)
        await asyncio.sleep(0.7)
        await demo.tell("flood-log", pod="kube-proxy-*", rate=0)
        await demo.tell("write-log", pod="kube-proxy-*", lines=["the end"])
        await until(lambda: demo.lines().count(b"the end") == len(tail.sources))
        for pod, lines in demo.by_pod(tail).items():
            numbers = [int(found[1]) for line in lines if (found := FLOOD.match(line))]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), pod
            assert len(numbers) > 3_000
        assert MarkKind.RECONNECTED in demo.kinds()
        assert MarkKind.GAP not in demo.kinds()


async def test_any_bytes_and_equal_lines_at_one_instant_arrive() -> None:
    async with served() as demo, demo.tail() as tail:
        await demo.tell("mute-log", pod="kube-proxy-*")
        await until(lambda: tail.settled and tail.sources.count(LogPhase.LIVE) == len(tail.sources) > 1)
        one = next(iter(tail.sources)).key.pod
        hostile = "\xff\xfe\x00 raw \x1b]0;x\x07"
        await demo.tell("write-log", pod=one, lines=[hostile], encoding="latin-1")
        await demo.tell("write-log", pod=one, lines=["same"] * 5, same_instant=True)
        await demo.tell("write-log", pod=one, lines=["L" * 300_000])
        await until(lambda: len(demo.lines()) == 7)
        await demo.tell("cut-logs", how="reset")
        await demo.tell("write-log", pod=one, lines=["same"])
        await until(lambda: len(demo.lines()) == 8)
        lines = demo.by_pod(tail)[one]
        assert lines[:6] == [hostile.encode("latin-1"), *[b"same"] * 5]
        assert lines[6].startswith(b"LLLL")
        assert lines[6].endswith(b"more bytes of this line are not held]")
        assert lines[7] == b"same"


async def test_a_restart_shows_the_old_containers_last_words_first() -> None:
    async with served() as demo, demo.tail() as tail:
        await demo.tell("mute-log", pod="kube-proxy-*")
        await until(lambda: tail.settled and tail.sources.count(LogPhase.LIVE) == len(tail.sources) > 1)
        one = next(iter(tail.sources)).key.pod
        await demo.tell("write-log", pod=one, lines=["panic: last words"])
        await demo.tell("restart-container", pod=one, reason="OOMKilled", exit_code=137)
        await until(lambda: MarkKind.RESTARTED in demo.kinds())
        await demo.tell("write-log", pod=one, lines=["alive again"])
        await until(lambda: b"alive again" in demo.lines())
        words = [mark.words for _, mark in demo.buffer.marks() if mark.kind is MarkKind.RESTARTED]
        assert "exit 137, out of memory" in words[0]
        at = next(number for number, mark in demo.buffer.marks() if mark.kind is MarkKind.RESTARTED)
        before = [demo.buffer.entry(number) for number in range(at)]
        assert any(isinstance(entry, LogLine) and entry.text == b"panic: last words" for entry in before)


async def test_an_outage_loses_nothing_but_what_was_rotated_away_which_is_a_gap() -> None:
    async with served() as demo, demo.tail() as tail:
        await demo.tell("mute-log", pod="kube-proxy-*")
        await until(lambda: tail.settled and tail.sources.count(LogPhase.LIVE) == len(tail.sources) > 1)
        await demo.tell("write-log", pod="kube-proxy-*", lines=["before"])
        await until(lambda: len(demo.lines()) == len(tail.sources))
        await demo.tell("incident", name="konnectivity-down")
        await until(lambda: all("konnectivity" in tail.sources.state(one.index).advice for one in tail.sources))
        assert tail.sources.count(LogPhase.RECONNECTING) == len(tail.sources)
        await demo.tell("write-log", pod="kube-proxy-*", lines=["meanwhile"])
        rotated = next(iter(tail.sources)).key.pod
        await demo.tell("rotate-log", pod=rotated)
        await demo.tell("end-incident", name="konnectivity-down")
        await demo.tell("write-log", pod="kube-proxy-*", lines=["after"])
        await until(lambda: demo.lines().count(b"after") == len(tail.sources))
        for pod, lines in demo.by_pod(tail).items():
            assert lines == ([b"before", b"after"] if pod == rotated else [b"before", b"meanwhile", b"after"])
        gaps = [mark for _, mark in demo.buffer.marks() if mark.kind is MarkKind.GAP]
        assert len(gaps) == 1
        assert gaps[0].seconds > 0
