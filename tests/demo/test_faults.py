"""Faults to order, the control calls, and a server that goes away and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from kubetui.demo.call import Answer, Call
from kubetui.demo.faults import Close, Cut, Delay, Effect, Fault, Html, Reject, Stall
from kubetui.demo.handlers.control import PATH, Control
from tests.demo.serving import PATIENCE, Demo, demo_server
from tests.demo.synthetic import PODS, Thing
from tests.fake_clock import settle

PODS_PATH = "/api/v1/namespaces/default/pods"


def arm(demo: Demo, effect: Effect, path: str = PODS_PATH, verb: str = "", count: int = 1) -> None:
    demo.server.faults.arm(Fault(effect, path, verb, count))


async def until(true: Callable[[], bool]) -> None:
    """Let the loop turn until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            await settle()


async def test_the_next_requests_of_a_shape_are_rejected_and_no_others() -> None:
    async with demo_server() as demo:
        arm(demo, Reject(429, retry_after=7), path="/api/v1/*pods", verb="list", count=2)
        assert (await demo.get("/api/v1/nodes")).status == 200
        for _ in range(2):
            refused = await demo.get(PODS_PATH)
            assert (refused.status, refused.headers["Retry-After"]) == (429, "7")
            assert refused.json["reason"] == "TooManyRequests"
        assert (await demo.get(PODS_PATH)).status == 200


async def test_a_gateway_that_answers_html() -> None:
    async with demo_server() as demo:
        arm(demo, Html(502))
        answer = await demo.get(PODS_PATH)
        assert (answer.status, answer.headers["Content-Type"]) == (502, "text/html")
        assert b"<html>" in answer.raw


async def test_an_unavailable_server() -> None:
    async with demo_server() as demo:
        arm(demo, Reject(503))
        answer = await demo.get(PODS_PATH)
        assert (answer.status, answer.json["reason"]) == (503, "ServiceUnavailable")


async def test_a_body_cut_after_some_bytes() -> None:
    async with demo_server() as demo:
        demo.storage.put(PODS, Thing("a", note="x" * 1000))
        arm(demo, Cut(after_bytes=100))
        headers = demo.headers()
        async with demo.session.get(demo.server.url + PODS_PATH, headers=headers) as response:
            with pytest.raises(aiohttp.ClientError):
                await response.read()
        assert (await demo.get(PODS_PATH)).names == ["a"]


async def test_watches_that_close_at_once_and_in_the_middle() -> None:
    async with demo_server() as demo:
        for name in "abc":
            demo.storage.put(PODS, Thing(name))
        arm(demo, Close(), verb="watch", count=2)
        for _ in range(2):
            async with demo.watch(PODS_PATH) as watch:
                assert watch.response.status == 200
                assert await watch.event() is None
        line = len(demo.storage.page(PODS, "default").entries[0].encode())
        arm(demo, Close(after_bytes=line * 3 // 2), verb="watch")  # in the middle of the second event
        async with demo.watch(PODS_PATH) as watch:
            assert await watch.rest() == ["ADDED a"]


async def test_a_stream_that_stalls_without_closing() -> None:
    async with demo_server() as demo:
        demo.storage.put(PODS, Thing("a"))
        arm(demo, Stall(after_bytes=10), verb="watch")
        async with demo.watch(PODS_PATH) as watch:
            assert len(await watch.response.content.readexactly(10)) == 10
            reading = asyncio.create_task(watch.response.content.readany())
            await settle()
            assert not reading.done()
            reading.cancel()


async def test_a_delay_passes_with_the_clients_clock() -> None:
    async with demo_server() as demo:
        arm(demo, Delay(5))
        asked = asyncio.create_task(demo.get(PODS_PATH))
        await until(lambda: bool(demo.pace._sleepers))
        assert not asked.done()
        await demo.pace.advance(5)
        assert (await asked).status == 200


KNOWN = ("coredns-crash-loop", "node-not-ready")


class Script:
    """Incidents that only note what was asked."""

    def __init__(self) -> None:
        self.running: tuple[str, ...] = ()

    def start(self, name: str) -> None:
        if name not in KNOWN:
            raise ValueError(f"there is no incident {name!r}; there are: {', '.join(KNOWN)}")
        self.running += (name,)

    def stop(self, name: str) -> None:
        self.running = tuple(one for one in self.running if one != name)


def control(demo: Demo) -> Control:
    server = demo.server
    made = Control(
        demo.storage, server.gate, server.faults, server.health, demo.clock, Script(), KNOWN, server.refuse_for
    )
    server.route_open(PATH, made.answer)
    return made


async def test_control_needs_its_own_token() -> None:
    async with demo_server() as demo:
        control(demo)
        assert (await demo.get(PATH)).status == 401
        assert (await demo.get(PATH, token="")).status == 401


async def test_control_carries_out_commands_and_tells_the_state() -> None:
    async with demo_server() as demo:
        token = control(demo).token

        async def do(**command: Any) -> Any:
            answer = await demo.post(PATH, command, token=token)
            assert answer.status == 200, answer.raw
            return answer.json

        assert (await do(do="incident", name="node-not-ready"))["running_incidents"] == ["node-not-ready"]
        assert (await do(do="end-incident", name="node-not-ready"))["running_incidents"] == []
        fault = {"effect": {"kind": "reject", "status": 503}, "path": "/api/v1/pods", "count": 3}
        assert (await do(do="fault", fault=fault))["faults"][0]["count"] == 3
        assert (await demo.get("/api/v1/pods")).status == 503
        assert (await do(do="clear-faults"))["faults"] == []
        assert (await do(do="fail-check", check="etcd"))["failing_checks"] == ["etcd"]
        assert (await do(do="pass-check", check="etcd"))["failing_checks"] == []
        version = demo.storage.put(PODS, Thing("a"))
        demo.storage.put(PODS, Thing("b"))
        assert (await do(do="compact"))["resource_version"] == version + 1
        assert demo.storage.floor(PODS) == version + 1
        async with demo.watch(f"{PODS_PATH}?resourceVersion={version + 1}") as watch:
            await do(do="close-watches")
            assert await watch.event() is None
        await do(do="expire-token", user="cluster-reader")
        assert (await demo.get("/api")).status == 401


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"do": "nothing"}, "Invalid value 'nothing'"),
        ({"do": "incident", "name": "meteor"}, "there are: coredns-crash-loop, node-not-ready"),
        ({"do": "fault", "fault": {"effect": {"kind": "reject", "status": 200}}}, ">= 400"),
        ({"do": "fault", "fault": {"effect": {"kind": "html"}, "pth": "/"}}, "unknown field `pth`"),
        ({"do": "expire-token", "user": "nobody"}, "there are: cluster-reader"),
        ({"do": "fail-check", "check": "nothing"}, "no health check"),
        ({"do": "speed", "speed": 0}, "> 0"),
        ({"do": "speed", "speed": 2}, "turned by hand"),
        ([], "Expected `object`"),
    ],
)
async def test_control_says_what_is_wrong_with_a_command(body: object, words: str) -> None:
    async with demo_server() as demo:
        token = control(demo).token
        refused = await demo.post(PATH, body, token=token)
        assert refused.status == 400
        assert refused.json["message"].startswith("the demo cannot do that: ")
        assert words in refused.json["message"]


async def test_a_server_that_refuses_connections_comes_back_on_its_port() -> None:
    async with demo_server() as demo:
        token, port = control(demo).token, demo.server.port
        assert (await demo.post(PATH, {"do": "refuse", "seconds": 20}, token=token)).status == 200
        await until(lambda: not demo.server.serving)
        with pytest.raises(aiohttp.ClientConnectorError):
            await demo.get("/readyz")
        await until(lambda: bool(demo.pace._sleepers))
        await demo.pace.advance(20)
        assert (await demo.get("/readyz")).status == 200
        assert demo.server.port == port


async def test_routes_answer_before_stored_resources_and_after_rights() -> None:
    async def log(call: Call) -> Answer:
        return Answer(f"{call.match['namespace']}/{call.match['name']}".encode(), content_type="text/plain")

    async def proxy(call: Call) -> Answer:
        return Answer(call.match["path"].encode(), content_type="text/plain")

    async with demo_server() as demo:
        demo.server.route("/api/v1/namespaces/{namespace}/pods/{name}/log", log)
        demo.server.route("/api/v1/nodes/{name}/proxy/{path:path}", proxy)
        assert (await demo.get(f"{PODS_PATH}/web/log")).raw == b"default/web"
        assert (await demo.get("/api/v1/nodes/n/proxy/stats/summary")).raw == b"stats/summary"
        assert (await demo.get(f"{PODS_PATH}/web/log", token="wrong")).status == 401
