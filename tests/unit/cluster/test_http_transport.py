"""The transport against real sockets: what it sends, what it takes, and what each failure says."""

from __future__ import annotations

import asyncio
import gzip
import json
import math
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from kubetui import __version__
from kubetui.cluster import http_transport
from kubetui.cluster.errors import (
    ClusterError,
    Expired,
    Forbidden,
    KubeconfigError,
    NotFound,
    NotKubernetes,
    Overloaded,
    Refused,
    SignInFailed,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from kubetui.cluster.http_transport import HttpTransport, Timeouts
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import UserEntry
from kubetui.cluster.token import Credential
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Request, Transport
from tests.fake_clock import FakeClock
from tests.unit.cluster.api_server_double import Handler, serving, talking

PODS = Request("/api/v1/pods", "list pods")
WATCH = Request("/api/v1/pods", "watch pods", (("watch", "true"),))


class Tokens:
    """A token source with a list of tokens; rejecting one moves on."""

    def __init__(self, *tokens: str) -> None:
        self.left = list(tokens)
        self.rejected: list[str | None] = []

    async def credential(self) -> Credential:
        return Credential(token=self.left[0]) if self.left else Credential()

    def reject(self, credential: Credential) -> None:
        self.rejected.append(credential.token)
        if len(self.left) > 1:
            self.left.pop(0)

    def describe(self) -> str:
        return "a test's tokens"


class Lab:
    """Builds transports and closes them."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.traffic = Traffic(self.clock)
        self.open: list[HttpTransport] = []

    def transport(
        self,
        url: str,
        tokens: Tokens | None = None,
        timeouts: Timeouts | None = None,
        user: UserEntry | None = None,
        **fields: Any,
    ) -> HttpTransport:
        entry = User("joe", user, Path("/")) if user else None
        target = Target("lab", "default", url, entry, **fields)
        made = HttpTransport(target, tokens or Tokens("tok"), self.clock, self.traffic, None, timeouts)
        self.open.append(made)
        return made


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    lab = Lab()
    yield lab
    for transport in lab.open:
        await transport.close()


def always(body: bytes | str, status: int = 200, content_type: str = "application/json", **headers: str) -> Handler:
    raw = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def handler(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=raw, status=status, content_type=content_type, headers=named)

    return handler


def status_object(code: int, message: str, reason: str = "") -> str:
    return json.dumps({"kind": "Status", "code": code, "message": message, "reason": reason})


async def error_of(lab: Lab, handler: Handler, request: Request = PODS, **fields: Any) -> ClusterError:
    """The error that sending gives; opening a stream must give the same."""
    async with serving(handler) as server:
        transport = lab.transport(server.url, **fields)
        with pytest.raises(ClusterError) as caught:
            await transport.send(request)
        with pytest.raises(type(caught.value)):
            async with transport.stream(request):
                pass
    return caught.value


async def collect(transport: Transport, request: Request = WATCH) -> bytes:
    async with transport.stream(request) as stream:
        return b"".join([chunk async for chunk in stream.chunks()])


class TestAsking:
    async def test_a_call_says_who_asks_and_takes_gzip(self, lab: Lab) -> None:
        async with serving(always("{}")) as server:
            answer = await lab.transport(server.url).send(PODS)
        assert (answer.status, answer.body) == (200, b"{}")
        assert answer.content_type.startswith("application/json")
        assert "content-length" in answer.headers
        headers = server.requests[0].headers
        assert headers["User-Agent"] == f"kubetui/{__version__}"
        assert headers["Authorization"] == "Bearer tok"
        assert headers["Accept"] == "application/json"
        assert headers["Accept-Encoding"] == "gzip"

    async def test_a_stream_asks_for_no_compression(self, lab: Lab) -> None:
        async with serving(always("{}")) as server:
            assert await collect(lab.transport(server.url)) == b"{}"
        assert server.requests[0].headers["Accept-Encoding"] == "identity"

    async def test_a_kubeconfig_may_turn_compression_off(self, lab: Lab) -> None:
        async with serving(always("{}")) as server:
            await lab.transport(server.url, disable_compression=True).send(PODS)
        assert server.requests[0].headers["Accept-Encoding"] == "identity"

    async def test_path_and_query_arrive_as_they_were_meant(self, lab: Lab) -> None:
        query = (("labelSelector", "a in (b, c),x!=1"), ("continue", "tok+/="), ("fieldSelector", "metadata.name=ü&y"))
        request = Request("/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node ü", "get it", query)
        async with serving(always("{}")) as server:
            await lab.transport(f"{server.url}/k8s/clusters/c-1").send(request)
        got = server.requests[0]
        assert got.path == f"/k8s/clusters/c-1{request.path}"
        assert tuple(got.query.items()) == query

    async def test_an_access_review_is_posted_as_json(self, lab: Lab) -> None:
        seen: list[bytes] = []

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            seen.append(await request.read())
            return web.json_response({}, status=201)

        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        async with serving(handler) as server:
            answer = await lab.transport(server.url).send(Request(path, "ask", method="POST", body=b'{"spec": {}}'))
        assert answer.status == 201
        assert (server.requests[0].method, seen) == ("POST", [b'{"spec": {}}'])
        assert server.requests[0].headers["Content-Type"] == "application/json"

    async def test_a_user_may_act_as_another(self, lab: Lab) -> None:
        user = UserEntry(
            impersonate="ada", impersonate_uid="7", impersonate_groups=["a", "b"], impersonate_extra={"X/y": ["1", "2"]}
        )
        async with serving(always("{}")) as server:
            await lab.transport(server.url, user=user).send(PODS)
        headers = server.requests[0].headers
        assert (headers["Impersonate-User"], headers["Impersonate-Uid"]) == ("ada", "7")
        assert headers.getall("Impersonate-Group") == ["a", "b"]
        assert headers.getall("Impersonate-Extra-X%2Fy") == ["1", "2"]

    async def test_groups_of_nobody_are_an_error(self, lab: Lab) -> None:
        with pytest.raises(KubeconfigError, match="need as"):
            lab.transport("http://127.0.0.1:1", user=UserEntry(impersonate_groups=["a"]))

    async def test_the_gate_comes_before_the_network(self, lab: Lab) -> None:
        async with serving(always("{}")) as server:
            transport = lab.transport(server.url)
            for request in (
                Request("/api/v1/nodes/x", "delete", method="DELETE"),
                Request("/api/v1/namespaces/a/pods/x/exec", "exec"),
            ):
                with pytest.raises(Refused):
                    await transport.send(request)
                with pytest.raises(Refused):
                    async with transport.stream(request):
                        pass
        assert server.requests == []
        assert lab.traffic.requests_per_minute() == 0

    async def test_a_netrc_at_home_does_not_matter(
        self, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        netrc = tmp_path / ".netrc"
        netrc.write_text("default login me password s3cret\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("NETRC", str(netrc))
        async with serving(always("{}")) as server:
            await lab.transport(server.url).send(PODS)
            await lab.transport(server.url, Tokens()).send(PODS)
        assert server.tokens == ["Bearer tok", ""]

    async def test_a_token_that_fits_no_header_is_not_sent_and_not_shown(self, lab: Lab) -> None:
        async with serving(always("{}")) as server:
            with pytest.raises(SignInFailed) as caught:
                await lab.transport(server.url, Tokens("s3cret\r\nX: y")).send(PODS)
        assert "s3cret" not in str(caught.value)
        assert server.requests == []


class TestSigningIn:
    @staticmethod
    def accepts(token: str) -> Handler:
        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            if request.headers.get("Authorization") == f"Bearer {token}":
                return web.json_response({})
            return web.Response(status=401, text=status_object(401, "Unauthorized"), content_type="application/json")

        return handler

    async def test_a_401_signs_in_anew_and_asks_once_more(self, lab: Lab) -> None:
        tokens = Tokens("old", "new")
        async with serving(self.accepts("new")) as server:
            assert (await lab.transport(server.url, tokens).send(PODS)).status == 200
        assert server.tokens == ["Bearer old", "Bearer new"]
        assert tokens.rejected == ["old"]

    async def test_a_stream_does_the_same(self, lab: Lab) -> None:
        async with serving(self.accepts("new")) as server:
            assert await collect(lab.transport(server.url, Tokens("old", "new"))) == b"{}"

    async def test_a_second_401_is_told(self, lab: Lab) -> None:
        async with serving(self.accepts("none of them")) as server:
            with pytest.raises(Unauthorized) as caught:
                await lab.transport(server.url, Tokens("1", "2", "3")).send(PODS)
        assert server.tokens == ["Bearer 1", "Bearer 2"]
        assert "a test's tokens" in caught.value.advice

    async def test_the_same_token_is_not_sent_twice(self, lab: Lab) -> None:
        async with serving(self.accepts("other")) as server:
            with pytest.raises(Unauthorized):
                await lab.transport(server.url, Tokens("only")).send(PODS)
        assert len(server.requests) == 1


class TestStatuses:
    @pytest.mark.parametrize(
        ("status", "kind"), [(403, Forbidden), (404, NotFound), (410, Expired), (429, Overloaded), (503, Overloaded)]
    )
    async def test_they_are_errors_before_anything_is_read_as_a_stream(
        self, lab: Lab, status: int, kind: type[ClusterError]
    ) -> None:
        error = await error_of(lab, always(status_object(status, "because"), status, retry_after="7"))
        assert type(error) is kind
        assert error.answer == f"{status}: because"
        assert getattr(error, "retry_after", None) == 7

    async def test_a_proxys_page_is_no_api_server(self, lab: Lab) -> None:
        page = "<html><head><title>Bad gateway</title></head></html>"
        error = await error_of(lab, always(page, 502, "text/html"))
        assert isinstance(error, NotKubernetes)
        assert "“Bad gateway”" in error.answer

    async def test_a_login_page_with_status_200_is_none_either(self, lab: Lab) -> None:
        error = await error_of(lab, always("<title>Sign in</title>", 200, "text/html"))
        assert isinstance(error, NotKubernetes)
        assert "“Sign in”" in error.answer

    async def test_redirects_are_not_followed(self, lab: Lab) -> None:
        async with serving(always("{}")) as elsewhere:
            error = await error_of(lab, always("", 302, location=f"{elsewhere.url}/api/v1/pods"))
        assert isinstance(error, NotKubernetes)
        assert elsewhere.requests == []

    async def test_an_endless_error_body_is_not_waited_for(self, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse(status=503)
            await response.prepare(request)
            while True:
                await response.write(b"x" * 65536)

        assert isinstance(await error_of(lab, handler), Overloaded)


class TestBodies:
    async def test_gzip_is_unpacked_and_counted_as_it_came(self, lab: Lab) -> None:
        body = b'{"items": []}' * 1000
        packed = gzip.compress(body)
        async with serving(always(packed, content_encoding="gzip")) as server:
            assert (await lab.transport(server.url).send(PODS)).body == body
        assert lab.traffic.received_bytes == len(packed)

    async def test_gzip_of_many_members_is_unpacked_to_its_end(self, lab: Lab) -> None:
        events = [f'{{"type":"ADDED","n":{number}}}\n'.encode() * 50 for number in range(40)]

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Encoding": "gzip"})
            await response.prepare(request)
            for event in events:
                await response.write(gzip.compress(event))  # a member for each flush, as API servers 1.37 do
            return response

        async with serving(handler) as server:
            transport = lab.transport(server.url)
            assert await collect(transport) == b"".join(events)
            assert (await transport.send(PODS)).body == b"".join(events)

    async def test_what_is_no_gzip_is_an_error_of_ours(self, lab: Lab) -> None:
        async with serving(always(b"not gzip", content_encoding="gzip")) as server:
            with pytest.raises(Unreachable):
                await lab.transport(server.url).send(PODS)

    async def test_a_body_without_end_is_given_up(self, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http_transport, "MOST_BODY", 1000)
        async with serving(always("x" * 2000)) as server:
            with pytest.raises(Unreachable, match="larger than"):
                await lab.transport(server.url).send(PODS)

    async def test_a_stream_gives_bytes_as_they_come(self, lab: Lab) -> None:
        go_on = asyncio.Event()

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"one\n")
            await go_on.wait()
            await response.write(b"two\n")
            return response

        async with serving(handler) as server, lab.transport(server.url).stream(WATCH) as stream:
            chunks = stream.chunks()
            assert await anext(chunks) == b"one\n"
            go_on.set()
            assert [chunk async for chunk in chunks] == [b"two\n"]

    async def test_leaving_a_stream_closes_its_connection(self, lab: Lab) -> None:
        gone = asyncio.Event()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
            assert await reader.read() == b""
            gone.set()

        async with talking(talk) as port:
            async with lab.transport(f"http://127.0.0.1:{port}").stream(WATCH) as stream:
                assert await anext(stream.chunks()) == b"one"
            async with asyncio.timeout(10):
                await gone.wait()

    async def test_streams_do_not_starve_calls(self, lab: Lab) -> None:
        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            if "watch" not in request.query_string:
                return web.json_response({})
            response = web.StreamResponse()
            await response.prepare(request)
            await asyncio.Event().wait()
            return response

        async with serving(handler) as server:
            transport = lab.transport(server.url)
            streams = [transport.stream(WATCH) for _ in range(20)]
            for stream in streams:
                await stream.__aenter__()
            assert (await transport.send(PODS)).status == 200
            for stream in streams:
                await stream.__aexit__(None, None, None)


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def says(raw: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()

    return talk


class TestBrokenConnections:
    @pytest.mark.parametrize(
        "raw",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        ],
    )
    async def test_a_cut_in_the_middle_is_unreachable(self, lab: Lab, raw: bytes) -> None:
        async with talking(says(raw)) as port:
            transport = lab.transport(f"http://127.0.0.1:{port}")
            with pytest.raises(Unreachable, match="cut the answer short"):
                await transport.send(PODS)
            with pytest.raises(Unreachable, match="cut the answer short"):
                await collect(transport)

    async def test_closing_at_once_is_unreachable(self, lab: Lab) -> None:
        async with talking(says(b"")) as port:
            with pytest.raises(Unreachable, match="closed the connection without an answer"):
                await lab.transport(f"http://127.0.0.1:{port}").send(PODS)

    @pytest.mark.parametrize(
        "raw", [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"HTTP/1.1 999999 x\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x16\r\n"]
    )
    async def test_what_speaks_no_http_is_no_api_server(self, lab: Lab, raw: bytes) -> None:
        async with talking(says(raw)) as port:
            with pytest.raises(NotKubernetes, match="speaks no HTTP"):
                await lab.transport(f"http://127.0.0.1:{port}").send(PODS)

    async def test_a_refused_connection_says_what_to_look_at(self, lab: Lab) -> None:
        port = free_port()
        with pytest.raises(Unreachable, match=f"127.0.0.1:{port} refused the connection") as caught:
            await lab.transport(f"http://127.0.0.1:{port}").send(PODS)
        assert "is the API server running" in caught.value.advice

    async def test_a_name_that_is_not_known_says_vpn_and_private_cluster(
        self, lab: Lab, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
        with pytest.raises(Unreachable, match=r"the name api\.invalid was not found") as caught:
            await lab.transport("https://api.invalid:6443").send(PODS)
        assert "VPN" in caught.value.advice
        assert "private cluster" in caught.value.advice

    async def test_a_silent_server_times_out_in_a_call(self, lab: Lab) -> None:
        async with talking(forever) as port:
            transport = lab.transport(f"http://127.0.0.1:{port}", timeouts=Timeouts(call=0.05))
            with pytest.raises(TimedOut):
                await transport.send(PODS)
            with pytest.raises(TimedOut):
                await transport.send(Request("/version", "get version"))

    async def test_a_stream_that_falls_silent_times_out(self, lab: Lab) -> None:
        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await response.write(b"x")
            await asyncio.Event().wait()
            return response

        async with serving(handler) as server:
            transport = lab.transport(server.url, timeouts=Timeouts(silence=0.05))
            with pytest.raises(TimedOut):
                await collect(transport)

    async def test_a_request_may_set_its_own_silence(self, lab: Lab) -> None:
        async def slowly(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await asyncio.sleep(0.2)
            await response.write(b"late")
            return response

        async with serving(slowly) as server:
            transport = lab.transport(server.url, timeouts=Timeouts(silence=0.05))
            patient = Request("/api/v1/namespaces/a/pods/x/log", "read logs", silence=math.inf)
            assert await collect(transport, patient) == b"late"

    async def test_a_server_that_takes_the_connection_and_is_silent_in_tls_is_told_from_one_that_is_not_there(
        self, lab: Lab
    ) -> None:
        # Given a listener that hangs in the TLS handshake
        async with talking(forever) as port:
            transport = lab.transport(
                f"https://127.0.0.1:{port}", timeouts=Timeouts(connect=0.05), insecure_skip_tls_verify=True
            )
            with pytest.raises(TimedOut, match="took the connection, and TLS with it got no answer") as caught:
                await transport.send(PODS)
            assert "does the server hang" in caught.value.advice

    async def test_failures_are_counted(self, lab: Lab) -> None:
        with pytest.raises(Unreachable):
            await lab.transport(f"http://127.0.0.1:{free_port()}").send(PODS)
        assert lab.traffic.shapes()["GET /api/v1/pods"].failures == 1

    async def test_giving_up_a_call_gives_its_connection_back(self, lab: Lab) -> None:
        entered = asyncio.Event()

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            if request.path == "/version":
                return web.json_response({})
            entered.set()
            await asyncio.Event().wait()
            return web.Response()

        async with serving(handler) as server:
            transport = lab.transport(server.url)
            for _ in range(http_transport.CALLS_AT_ONCE + 2):
                call = asyncio.ensure_future(transport.send(PODS))
                await entered.wait()
                entered.clear()
                call.cancel()
                await asyncio.gather(call, return_exceptions=True)
            assert (await transport.send(Request("/version", "get version"))).status == 200


async def forever(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
