"""The demo's API server: HTTP on 127.0.0.1, the same answers as kube-apiserver for everything that is read."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from aiohttp import web

from kubetui.demo.access import Gate, User, bearer_token
from kubetui.demo.call import Answer, Call, Handler
from kubetui.demo.clock import Clock, WallClock
from kubetui.demo.delivery import deliver
from kubetui.demo.faults import Delay, Effect, Faults, Html, Reject, html_page
from kubetui.demo.handlers.discovery import Discovery
from kubetui.demo.handlers.health import Health, is_health_path
from kubetui.demo.handlers.objects import Objects
from kubetui.demo.handlers.reviews import Reviews
from kubetui.demo.handlers.watches import Watches
from kubetui.demo.request_info import RequestInfo, read_request
from kubetui.demo.status import (
    ApiError,
    NoSuchPath,
    method_not_allowed,
    no_such_resource,
    service_unavailable,
    too_many_requests,
)
from kubetui.demo.storage import Storage

_HOST = "127.0.0.1"
_SHUTDOWN_SECONDS = 1.0
"""What a request under way gets to end; watches end at once."""
_KEEPALIVE_SECONDS = 180.0
"""Idle connections are kept as long as Go's server keeps them."""
_BACKLOG = 128
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_READ_ONLY = "the demo's API server is read-only: it serves get, list, watch and the self reviews"
_FLOW_HEADERS = {
    "X-Kubernetes-Pf-Flowschema-Uid": str(uuid.UUID(int=0x8FF35708_847F_4FDC_B0DF_B6FA64F4C79B)),
    "X-Kubernetes-Pf-Prioritylevel-Uid": str(uuid.UUID(int=0x45B7AF0E_8B16_4358_9458_5AB31B51E519)),
}


class ApiServer:
    """Serves a ``Storage``; the world writes into the storage, clients read here."""

    def __init__(
        self,
        storage: Storage,
        users: Iterable[User],
        *,
        clock: Clock | None = None,
        pace: Clock | None = None,
        random: Random | None = None,
    ) -> None:
        """``clock`` is the world's time, ``pace`` the clients', both the machine's unless given."""
        self.storage = storage
        self.gate = Gate(users)
        self.health = Health()
        self.faults = Faults()
        self.discovery = Discovery(storage)
        self._clock = clock or WallClock()
        self._pace = pace or WallClock()
        self._random = random or Random()  # noqa: S311  jitter, no secret
        self._objects = Objects(storage, self._clock, self._pace)
        self._watches = Watches(storage, self._clock, self._pace, self._random)
        self._reviews = Reviews(self._clock)
        self._routes: list[tuple[re.Pattern[str], Handler]] = []
        self._open_routes: dict[str, Handler] = {}
        self._endings: list[Callable[[], None]] = []
        self._http: web.Server | None = None
        self._listener: asyncio.Server | None = None
        self._tls: ssl.SSLContext | None = None
        self._pause: asyncio.Task[None] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where it serves, once started."""
        return f"{'http' if self._tls is None else 'https'}://{_HOST}:{self.port}"

    @property
    def serving(self) -> bool:
        """Whether connections are accepted."""
        return self._listener is not None

    def route(self, pattern: str, handler: Handler) -> None:
        """Let a handler answer a path: ``/api/v1/namespaces/{namespace}/pods/{name}/log``.

        ``{name}`` stands for one part, ``{name:path}`` for the rest. Rights are checked before; routes come before
        stored resources, the first that fits wins.
        """
        self._routes.append((_compile(pattern), handler))

    def route_open(self, path: str, handler: Handler) -> None:
        """Let a handler answer one path that has its own way of checking who calls."""
        self._open_routes[path] = handler

    def on_refusal(self, end: Callable[[], None]) -> None:
        """What ends the streams of a routed handler when the server closes its connections."""
        self._endings.append(end)

    async def start(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        """Begin to serve; raises OSError when the port is taken. kubectl sends its token over TLS only."""
        self._tls = tls
        self._http = web.Server(
            self._serve,
            handler_cancellation=True,
            access_log=None,
            keepalive_timeout=_KEEPALIVE_SECONDS,
        )
        self.port = port
        await self.listen()

    async def listen(self) -> None:
        """Accept connections, again on the same port after ``refuse``."""
        if self._http is None or self._listener is not None:
            return
        listening = socket.create_server((_HOST, self.port), backlog=_BACKLOG)
        self._listener = await asyncio.get_running_loop().create_server(self._http, sock=listening, ssl=self._tls)
        self.port = listening.getsockname()[1]

    def refuse_for(self, seconds: float) -> None:
        """Refuse connections for that many real seconds, then serve again; ``stop`` ends the wait."""
        if self._pause is not None:
            self._pause.cancel()
        self._pause = asyncio.create_task(self._refuse_for(seconds))

    async def _refuse_for(self, seconds: float) -> None:
        await asyncio.sleep(0)  # let the request that asked for it be answered first
        await self.refuse()
        await self._pace.sleep(seconds)
        await self.listen()

    async def refuse(self) -> None:
        """Refuse connections and close the open ones, as an API server that restarts."""
        if self._listener is None or self._http is None:
            return
        self._listener.close()
        self._listener = None
        self.storage.close_watches()
        for end in self._endings:
            end()
        await self._http.shutdown(_SHUTDOWN_SECONDS)

    async def stop(self) -> None:
        """End all watches cleanly, close all connections, serve no more."""
        if self._pause is not None:
            self._pause.cancel()
        await self.refuse()
        self._http = None

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = {"Audit-Id": str(uuid.uuid4()), "Cache-Control": "no-cache, private"}
        effect: Effect | None = None
        try:
            info = read_request(request.method, request.path, request.query)
            effect = self.faults.strike(info)
            answer = await self._answer(request, info, effect, headers)
        except ApiError as refusal:
            answer = _refused(refusal)
        except NoSuchPath:
            answer = Answer(
                b"404 page not found\n",
                404,
                "text/plain; charset=utf-8",
                {"X-Content-Type-Options": "nosniff"},
            )
        return await deliver(request, answer, headers, effect)

    async def _answer(
        self, request: web.BaseRequest, info: RequestInfo, effect: Effect | None, headers: dict[str, str]
    ) -> Answer:
        if isinstance(effect, Delay):
            await self._pace.sleep(effect.seconds)
        elif isinstance(effect, Html):
            return Answer(html_page(effect.status), effect.status, "text/html")
        elif isinstance(effect, Reject):
            raise _rejection(effect)
        token = bearer_token(request.headers.get("Authorization", ""))
        open_handler = self._open_routes.get(info.path)
        if open_handler is not None:
            return await open_handler(_call(request, info, token, None))
        user = self.gate.identify(token, info.path, self._clock.now())
        headers |= _FLOW_HEADERS
        self.gate.authorize(user, info)
        return await self._dispatch(_call(request, info, token, user))

    async def _dispatch(self, call: Call) -> Answer:
        info = call.info
        for pattern, handler in self._routes:
            if (found := pattern.fullmatch(info.path)) is not None:
                return await handler(replace(call, match=found.groupdict()))
        if not info.is_resource:
            if info.verb != "get":
                raise method_not_allowed()
            return self.health.answer(call) if is_health_path(info.path) else self.discovery.answer(call)
        if self._reviews.serves(call):
            return await self._reviews.answer(call)
        return await self._resource(call)

    async def _resource(self, call: Call) -> Answer:
        info = call.info
        resource = self.storage.find(info.group, info.version, info.resource)
        if resource is None or info.subresource or not _fits(info, resource.namespaced):
            if resource is None and not self.discovery.serves_group(info.group):
                raise NoSuchPath(info.path)
            raise no_such_resource()
        if call.method in _WRITES or info.verb not in resource.verbs:
            raise method_not_allowed(_READ_ONLY)
        if call.method != "GET":
            raise method_not_allowed()
        if info.verb == "watch":
            return await self._watches.watch(call, resource)
        return await (self._objects.get if info.verb == "get" else self._objects.list)(call, resource)


def _fits(info: RequestInfo, namespaced: bool) -> bool:
    """An object of a namespaced kind has a namespace in its path; one without has none, but for namespaces."""
    if namespaced:
        return bool(info.namespace) or info.verb != "get"
    return not info.namespace or info.resource == "namespaces"


def _call(request: web.BaseRequest, info: RequestInfo, token: str, user: User | None) -> Call:
    return Call(request.method, info, request.query, request.headers.get("Accept", ""), token, user, request.read)


def _compile(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(:path)?\}", pattern)
    expression = re.escape(parts[0])
    for name, rest, literal in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        expression += f"(?P<{name}>{'.*' if rest else '[^/]+'})" + re.escape(literal)
    return re.compile(expression)


def _refused(refusal: ApiError) -> Answer:
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    if refusal.code == 403:
        headers["X-Content-Type-Options"] = "nosniff"
    return Answer(refusal.body(), refusal.code, headers=headers)


def _rejection(effect: Reject) -> ApiError:
    if effect.status == 429:
        return too_many_requests(effect.retry_after)
    if effect.status == 503:
        return service_unavailable(effect.retry_after)
    return ApiError(effect.status, "InternalError", "Internal error occurred", retry_after=effect.retry_after)
