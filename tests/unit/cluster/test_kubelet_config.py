"""Asking kubelets for their configuration: few at a time, never for long, and no further once it has no use."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.cluster.errors import ClusterError, Forbidden, NotFound, Overloaded, SignInFailed, Unauthorized
from kubetui.cluster.kubelet_config import AT_ONCE, ENOUGH, PATIENCE, KubeletConfigs, Why
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from tests.fake_clock import FakeClock, settle
from tests.unit.cluster.silent_transport import SilentTransport

CONFIG = {"kind": "KubeletConfiguration", "maxPods": 110, "evictionHard": {"memory.available": "100Mi"}}
NAMES = [f"n{place:03}" for place in range(40)]

Says = Callable[[str], object]  # bytes, ClusterError, float or None
"""Node to its answer, an error, seconds that it takes, or None: it never answers."""


def configz(**more: Any) -> bytes:
    return json.dumps({"kubeletconfig": {**CONFIG, **more}}).encode()


class Kubelets(SilentTransport):
    """Answers as a test says; counts who is asked at a time."""

    def __init__(self, clock: FakeClock, says: Says) -> None:
        self.clock, self.says = clock, says
        self.asked: list[str] = []
        self.now = self.most = 0

    async def send(self, request: Request) -> Answer:
        node = request.path.split("/")[4]
        assert request.path == f"/api/v1/nodes/{node}/proxy/configz"
        self.asked.append(node)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            said = self.says(node)
            if said is None:
                await asyncio.get_running_loop().create_future()
            if isinstance(said, float):
                await self.clock.sleep(said)
                said = configz()
            await asyncio.sleep(0)
        finally:
            self.now -= 1
        if isinstance(said, ClusterError):
            raise said
        assert isinstance(said, bytes)
        return Answer(200, said, "application/json", {})


class Bench:
    def __init__(self, says: Says) -> None:
        self.clock = FakeClock()
        self.kubelets = Kubelets(self.clock, says)
        self.session = Session("test", self.kubelets, Traffic(self.clock), self.clock, Random(1))
        self.configs = KubeletConfigs(self.session)

    async def fetch(self, names: list[str] = NAMES, seconds: float = 0.0) -> KubeletConfigs:
        self.configs.fetch(names)
        for _ in range(20):
            await settle()
        await self.clock.advance(seconds)
        for _ in range(20):
            await settle()
        return self.configs


def forbidden(node: str) -> Forbidden:
    return Forbidden(f"get nodes/proxy of {node}", "403: no", "ask for a role", status=403, reason="Forbidden")


def unreached(node: str) -> Overloaded:
    words = "503: error trying to reach service: dial tcp 10.224.0.9:10250: i/o timeout"
    return Overloaded(f"get {node}", words, status=503, reason="ServiceUnavailable")


async def test_four_at_a_time_until_all_have_answered() -> None:
    bench = Bench(lambda node: configz())
    configs = await bench.fetch()
    assert sorted(configs.answers) == NAMES
    assert (configs.done, configs.asked, configs.running) == (40, 40, False)
    assert bench.kubelets.most == AT_ONCE
    assert bench.kubelets.asked == NAMES


async def test_equal_answers_are_kept_once_and_given_back_whole() -> None:
    bench = Bench(lambda node: configz(providerID=f"azure:///{node}", maxPods=30 if node == "n007" else 110))
    configs = await bench.fetch()
    assert len({id(answer.document) for answer in configs.answers.values()}) == 2
    assert configs.answers["n003"].whole == {**CONFIG, "providerID": "azure:///n003"}
    assert configs.answers["n007"].whole["maxPods"] == 30


async def test_who_never_answers_costs_no_more_than_its_patience() -> None:
    bench = Bench(lambda node: None if node == "n001" else 3.0 if node == "n002" else configz())
    configs = await bench.fetch(seconds=3.0)
    assert (len(configs.answers), configs.done) == (39, 39)
    await bench.clock.advance(PATIENCE)
    assert not configs.running
    assert configs.failures["n001"].why is Why.SILENT
    assert configs.stopped is None
    assert bench.kubelets.now == 0, "its request is over"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"{", Why.WRONG),
        (b"{}", Why.WRONG),
        (b'{"kubeletconfig":{}}', Why.WRONG),
        (b'{"kubeletconfig":[1]}', Why.WRONG),
        (b"<html>", Why.WRONG),
        (b"[" * 100_000, Why.WRONG),
        (b'{"kubeletconfig":{"a":"' + b"x" * (1 << 20) + b'"}}', Why.WRONG),
        (NotFound("get", "404: 404 page not found", status=404), Why.WRONG),
        (NotFound("get", '404: nodes "n001" not found', status=404, reason="NotFound"), Why.GONE),
        (Overloaded("get", "500: runtime error", status=500), Why.FAILED),
        (unreached("n001"), Why.UNREACHED),
        (forbidden("n001"), Why.FORBIDDEN),
    ],
    ids=str,
)
async def test_one_that_answers_wrongly_is_told_apart_and_stops_nobody(said: bytes | ClusterError, why: Why) -> None:
    bench = Bench(lambda node: said if node == "n011" else configz())
    configs = await bench.fetch()
    assert configs.failures["n011"].why is why
    assert configs.stopped is None
    assert len(configs.answers) == 39


async def test_without_the_right_it_stops_at_once() -> None:
    bench = Bench(forbidden)
    configs = await bench.fetch()
    assert isinstance(configs.stopped, Forbidden)
    assert len(bench.kubelets.asked) == AT_ONCE


async def test_with_the_tunnel_down_it_stops_soon() -> None:
    bench = Bench(unreached)
    configs = await bench.fetch()
    assert isinstance(configs.stopped, Overloaded)
    assert ENOUGH <= len(bench.kubelets.asked) < ENOUGH + AT_ONCE


async def test_nodes_that_are_gone_do_not_make_the_tunnel_look_down() -> None:
    bench = Bench(lambda node: unreached(node) if node > "n001" else configz())
    configs = await bench.fetch()
    assert configs.stopped is None
    assert len(configs.failures) == 38


@pytest.mark.parametrize(
    "error", [Unauthorized("get", "401", status=401), SignInFailed("sign in", "az is gone")], ids=str
)
async def test_whoever_is_not_let_in_at_all_is_told_once(error: ClusterError) -> None:
    bench = Bench(lambda node: error if node >= "n010" else configz())
    configs = await bench.fetch()
    assert configs.stopped is error
    assert len(bench.kubelets.asked) <= 10 + AT_ONCE


async def test_a_busy_api_server_is_given_the_time_it_asks_for() -> None:
    answers = iter([Overloaded("get", "429", status=429, retry_after=5.0), configz()])
    bench = Bench(lambda node: next(answers))
    configs = await bench.fetch(["n000"], seconds=4.9)
    assert configs.running
    await bench.clock.advance(0.2)
    assert list(configs.answers) == ["n000"]


async def test_cancelling_keeps_what_came_and_asks_no_further() -> None:
    bench = Bench(lambda node: configz() if node < "n010" else None)
    configs = await bench.fetch()
    configs.cancel()
    await settle()
    assert (len(configs.answers), configs.running, configs.cancelled) == (10, False, True)
    assert bench.kubelets.now == 0
    assert len(bench.kubelets.asked) == 10 + AT_ONCE


async def test_a_failure_leaves_what_was_known_before() -> None:
    broken = False
    bench = Bench(lambda node: Overloaded("get", "500: oops", status=500) if broken else configz())
    await bench.fetch(["n000"])
    at = bench.configs.answers["n000"].at
    broken = True
    await bench.fetch(["n000"], seconds=60)
    assert bench.configs.answers["n000"].at == at
    assert bench.configs.failures["n000"].why is Why.FAILED
    broken = False
    await bench.fetch(["n000"])
    assert bench.configs.failures == {}
    assert bench.configs.answers["n000"].at > at


async def test_nodes_that_are_no_more_are_forgotten_with_their_documents() -> None:
    bench = Bench(lambda node: configz(maxPods=int(node[1:])))
    configs = await bench.fetch()
    configs.keep(["n001"])
    assert list(configs.answers) == ["n001"]
    assert len(configs._documents) == 1


@given(st.binary(max_size=200))
def test_whatever_comes_back_is_an_answer_or_a_failure(body: bytes) -> None:
    async def read() -> None:
        bench = Bench(lambda node: body)
        answer = await bench.configs.read("n000")
        assert (answer.document is None) is (answer.why is not None)

    asyncio.run(read())
