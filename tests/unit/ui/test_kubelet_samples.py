"""Kubelets asked in metrics-server's place: those in view first, four at a time, no more than sums are worth."""

from __future__ import annotations

import asyncio
import json
from random import Random

import pytest

from kubetui.cluster.errors import ClusterError, Forbidden, NotKubernetes, Overloaded
from kubetui.cluster.session import Session
from kubetui.cluster.stats_summary import read_summary
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from kubetui.insight.usage_book import Level
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.hosts_in_view import EVERY, MOST, HostsInView
from kubetui.ui.kubelet_samples import AT_ONCE, ENOUGH, KubeletSamples
from tests.fake_clock import FakeClock, settle
from tests.ui.cluster_in_memory import ClusterInMemory


class Kubelets(ClusterInMemory):
    """Answer when they are let; ``begun`` holds the nodes in the order in which they were asked."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.waiting = 0
        self.answers = asyncio.Semaphore(0)

    async def send(self, request: Request) -> Answer:
        name = request.path.split("/")[4]
        self.begun.append(name)
        self.waiting += 1
        await self.answers.acquire()
        self.waiting -= 1
        used = {"cpu": {"usageNanoCores": 5}, "memory": {"workingSetBytes": 6}}
        summary = {"node": {"nodeName": name, **used}, "pods": []}
        return Answer(200, json.dumps(summary).encode(), "application/json", {})

    async def answer(self, count: int) -> None:
        for _ in range(count):
            self.answers.release()
        await settle()


async def test_four_at_a_time_in_the_order_of_the_view() -> None:
    kubelets, clock = Kubelets(), FakeClock()
    session = Session("lab", kubelets, Traffic(clock), clock, Random(1))
    samples = KubeletSamples(session, lambda: None)
    try:
        # Given ten nodes in view, of which none has answered
        view = [f"n{number}" for number in range(10)]
        for _ in range(3):
            samples.want(view)
            await settle()
        assert kubelets.begun == view[:AT_ONCE]

        # When two answer, and the view has moved on meanwhile
        await kubelets.answer(2)
        samples.want(view[5:])
        await settle()

        # Then those now in view come next, and still no more than four wait
        assert kubelets.begun[AT_ONCE:] == ["n5", "n6"]
        assert kubelets.waiting == AT_ONCE
        assert samples.asked == 2
    finally:
        samples.close()
        await session.close()


class Refusing(ClusterInMemory):
    """Every kubelet's answer is the same error, until ``error`` is None."""

    def __init__(self, error: ClusterError) -> None:
        super().__init__()
        self.error: ClusterError | None = error
        self.count = 0

    async def send(self, request: Request) -> Answer:
        self.count += 1
        if self.error is not None:
            raise self.error
        used = {"cpu": {"usageNanoCores": 5}, "memory": {"workingSetBytes": 6}}
        summary = {"node": {"nodeName": request.path.split("/")[4], **used}, "pods": []}
        return Answer(200, json.dumps(summary).encode(), "application/json", {})


FORBIDDEN = Forbidden("get nodes/proxy of n1", "403: you may not", "ask for get on nodes/proxy", status=403)
UNREACHED = Overloaded("get nodes/proxy of n1", "503: error trying to reach service: No agent available", status=503)
VIEW = [f"n{number}" for number in range(40)]


@pytest.mark.parametrize(
    ("error", "most", "reason", "advice"),
    [
        (FORBIDDEN, AT_ONCE, "get nodes/proxy: 403", "ask for get on nodes/proxy"),
        (UNREACHED, ENOUGH + AT_ONCE, "nor is any kubelet reached: 503: error trying", "konnectivity-agent"),
    ],
)
async def test_kubelets_that_cannot_be_asked_are_left_be_for_a_while(
    error: ClusterError, most: int, reason: str, advice: str
) -> None:
    cluster, clock = Refusing(error), FakeClock()
    session = Session("lab", cluster, Traffic(clock), clock, Random(1))
    samples = KubeletSamples(session, lambda: None)
    try:
        # Given forty nodes in view that may not be asked, or are not reached
        for _ in range(30):
            samples.want(VIEW)
            await settle()
        # Then some are asked and no more, and it is said why and what to do next
        assert AT_ONCE <= cluster.count <= most
        said = samples.state(SyncState(Phase.FAILED, reason="503: metrics-server is away"))
        assert reason in said.reason
        assert advice in said.advice

        # When the person asks again and it is mended, then all of them answer
        cluster.error = None
        samples.again()
        for _ in range(30):
            samples.want(VIEW)
            await settle()
        assert samples.asked == len(VIEW)
    finally:
        samples.close()
        await session.close()


class OneDown(Kubelets):
    """The kubelet of ``n1`` is not reached."""

    async def send(self, request: Request) -> Answer:
        if "/n1/" in request.path:
            raise UNREACHED
        return await super().send(request)


async def test_while_none_has_answered_nothing_is_claimed_and_who_stays_silent_is_told() -> None:
    kubelets, clock = OneDown(), FakeClock()
    session = Session("lab", kubelets, Traffic(clock), clock, Random(1))
    samples = KubeletSamples(session, lambda: None)
    down = SyncState(Phase.FAILED, reason="503: metrics-server is away")
    try:
        # Given no rows, as for who may not list nodes
        samples.want([])
        assert samples.state(down).reason == "503: metrics-server is away"

        # When some are in view, then they are asked; when one answers, what is shown is said, and who gave nothing
        samples.want(["n0"])
        assert samples.state(down).reason.endswith("asking the kubelets")
        samples.want(["n0", "n1"])
        await settle()
        await kubelets.answer(1)
        said = samples.state(down).reason
        assert "shown are kubelets' own figures" in said
        assert "1 of 2 gave none: 503: error trying to reach service" in said
    finally:
        samples.close()
        await session.close()


@pytest.mark.parametrize("body", [b"\xff", b'{"node":{"nodeName":"\xff"}}', b'{"node":{"x":' + b"[" * 50_000])
async def test_a_kubelet_that_answers_nonsense_is_an_error_like_others(body: bytes) -> None:
    class Nonsense(ClusterInMemory):
        async def send(self, request: Request) -> Answer:
            return Answer(200, body, "application/json", {})

    clock = FakeClock()
    session = Session("lab", Nonsense(), Traffic(clock), clock, Random(1))
    with pytest.raises(NotKubernetes, match="the answer is no summary"):
        await read_summary(session, "n1")
    await session.close()


def looked(hosts: HostsInView, store: Store[PodRow | NodeRow], level: Level, *keys: tuple[str, str]) -> int:
    """Look until it is done; in how many pieces that was."""
    pieces = 1
    while hosts.look(store, level, frozenset(keys), 0.0):
        pieces += 1
    return pieces


def pods(count: int) -> Store[PodRow | NodeRow]:
    store: Store[PodRow | NodeRow] = Store()
    store.put(PodRow(f"team-{n % 2}", f"p{n}", 1, node=f"n{n // 100}") for n in range(count))
    return store


def test_the_nodes_of_a_sums_pods_are_found_piece_by_piece() -> None:
    hosts = HostsInView()
    pieces = looked(hosts, pods(3_900), Level.NAMESPACES, ("", "team-1"))
    assert pieces > 1, "no piece holds the screen up"
    assert hosts.names == [f"n{n}" for n in range(39)]
    assert hosts.note == ""


async def test_of_more_nodes_than_are_asked_it_says_so() -> None:
    hosts = HostsInView()
    looked(hosts, pods(10_000), Level.NAMESPACES, ("", "team-1"))
    assert len(hosts.names) == MOST

    kubelets = Kubelets()
    session = Session("lab", kubelets, Traffic(FakeClock()), FakeClock(), Random(1))
    samples = KubeletSamples(session, lambda: None)
    try:
        samples.want(hosts.names)
        await settle()
        await kubelets.answer(1)
        said = samples.state(SyncState(Phase.STALE, reason="503"), hosts.note).reason
        words = "shown are kubelets' own figures of the nodes in view; of sums (≥) 40 nodes are asked at most"
        assert said.endswith(words)
    finally:
        samples.close()
        await session.close()


def test_the_same_rows_are_looked_up_again_only_after_a_while() -> None:
    hosts, store = HostsInView(), pods(200)
    looked(hosts, store, Level.WORKLOADS, ("team-0", "Pod/p0"))
    assert hosts.names == ["n0"]

    store.put([PodRow("team-0", "p0", 2, node="n1")])
    looked(hosts, store, Level.WORKLOADS, ("team-0", "Pod/p0"))
    assert hosts.names == ["n0"]

    hosts.look(store, Level.WORKLOADS, frozenset({("team-0", "Pod/p0")}), EVERY)
    assert hosts.names == ["n1"]
