"""Reading /readyz and /livez: what they took, what fails, and how often they are asked."""

from __future__ import annotations

import asyncio
from random import Random

from kubetui.cluster.errors import ClusterError, Forbidden, Overloaded, SignInFailed, TlsFailed, Unreachable
from kubetui.cluster.health import MOST, PERIOD, HealthPoll, checks_of, read
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from tests.fake_clock import FakeClock, settle
from tests.unit.cluster.silent_transport import SilentTransport

VERBOSE = "[+]ping ok\n[{}]etcd {}\n[+]poststarthook/rbac/bootstrap-roles ok\nreadyz check {}\n"
PASSES = VERBOSE.format("+", "ok", "passed")
FAILS = VERBOSE.format("-", "failed: reason withheld", "failed")


class Checked(SilentTransport):
    """Answers each path by what the test says."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.says: str | ClusterError = PASSES
        self.takes = 0.0
        self.asked: list[Request] = []

    async def send(self, request: Request) -> Answer:
        self.asked.append(request)
        self.clock._elapsed += self.takes
        if isinstance(self.says, ClusterError):
            raise self.says
        return Answer(200, self.says.encode(), "text/plain", {})


def session(clock: FakeClock, server: Checked) -> Session:
    return Session("test", server, Traffic(clock), clock, Random(1))


async def test_a_verbose_answer_is_read_check_by_check() -> None:
    clock = FakeClock()
    server = Checked(clock)
    server.takes = 0.012
    found = await read(session(clock, server), "/readyz", clock)
    assert [check.name for check in found.checks] == ["ping", "etcd", "poststarthook/rbac/bootstrap-roles"]
    assert (found.ok, found.failing, found.at) == (True, (), clock.now())
    assert found.seconds is not None
    assert round(found.seconds, 3) == 0.012
    assert server.asked[0].query == (("verbose", ""),)


async def test_where_nothing_comes_back_the_errors_advice_is_kept() -> None:
    clock = FakeClock()
    server = Checked(clock)
    server.says = TlsFailed("get /readyz", "TLS failed: self-signed certificate", "get the kubeconfig anew")
    found = await read(session(clock, server), "/readyz", clock)
    assert (found.seconds, found.advice) == (None, "get the kubeconfig anew")


async def test_what_fails_before_anything_is_asked_is_named_and_not_laid_to_the_server() -> None:
    clock = FakeClock()
    server = Checked(clock)
    server.says = SignInFailed("sign in as me with kubelogin", "it ended with code 1", "run it by hand")
    found = await read(session(clock, server), "/readyz", clock)
    assert (found.asked, found.error) == (False, "sign in as me with kubelogin: it ended with code 1")
    server.says = Unreachable("get /readyz", "connection refused")
    assert (await read(session(clock, server), "/readyz", clock)).asked


async def test_a_failing_check_is_named() -> None:
    clock = FakeClock()
    server = Checked(clock)
    server.says = Overloaded("get /readyz", "500: …", status=500, body=FAILS)
    found = await read(session(clock, server), "/readyz", clock)
    assert (found.ok, found.failing) == (False, ("etcd",))


async def test_no_right_and_no_answer_are_told_apart() -> None:
    clock = FakeClock()
    server = Checked(clock)
    here = session(clock, server)
    server.says = Forbidden("get /readyz", 'cannot get path "/readyz"', status=403)
    refused = await read(here, "/readyz", clock)
    server.says = Unreachable("get /readyz", "connection refused")
    gone = await read(here, "/readyz", clock)
    assert (refused.forbidden, refused.ok) == (True, False)
    assert (gone.forbidden, gone.ok, gone.seconds, gone.error) == (False, False, None, "connection refused")


async def test_it_asks_four_times_a_minute_and_keeps_a_bounded_number() -> None:
    clock = FakeClock()
    server = Checked(clock)
    poll = HealthPoll(session(clock, server), clock)
    running = asyncio.create_task(poll.run())
    await settle()
    await clock.advance(59)
    assert [request.path for request in server.asked] == ["/readyz", "/livez", "/readyz", "/livez"]
    await clock.advance(PERIOD * MOST * 3)
    assert len(poll.latencies) == 2 * MOST
    running.cancel()


async def test_both_are_asked_at_once_and_a_slow_one_keeps_nobody_waiting_for_the_other() -> None:
    clock = FakeClock()
    answered = asyncio.Event()

    class Slow(Checked):
        async def send(self, request: Request) -> Answer:
            if request.path == "/readyz":
                await answered.wait()
            return await super().send(request)

    poll = HealthPoll(session(clock, Slow(clock)), clock)
    running = asyncio.create_task(poll.run())
    await settle()
    assert (poll.live is None, poll.ready is None) == (False, True)
    answered.set()
    await settle()
    assert poll.ready is not None
    running.cancel()


async def test_it_knows_since_when_readyz_fails() -> None:
    clock = FakeClock()
    server = Checked(clock)
    poll = HealthPoll(session(clock, server), clock)
    running = asyncio.create_task(poll.run())
    await clock.advance(40)
    assert poll.failing_since == 0
    server.says = Overloaded("get /readyz", "500", status=500, body=FAILS)
    await clock.advance(200)
    assert clock.now() - poll.failing_since <= 200
    assert clock.now() - poll.failing_since >= 150
    server.says = PASSES
    await clock.advance(40)
    assert poll.failing_since == 0
    running.cancel()


def test_what_is_no_verbose_answer_has_no_checks() -> None:
    assert checks_of("ok") == ()
    assert checks_of("<html>[+] nothing</html>") == ()
    assert len(checks_of("[+]" + "x" * 500)) == 1
