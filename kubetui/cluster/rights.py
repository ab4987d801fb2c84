"""What the account may do, as the server says when asked: access reviews, remembered for an hour.

A rules review would answer everything at once, but says ``incomplete`` where rights come from a webhook (Azure RBAC,
k8s.io/apiserver ``authorizer/webhook.go``), so each need is asked for by itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import msgspec

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import ClusterError, Forbidden, NotKubernetes
from kubetui.cluster.transport import Answer, Request, Stream, Transport

KEPT_S = 3600.0
"""Seconds that an answer counts; Azure needs up to five minutes to spread a change of roles."""
AT_ONCE = 4
"""Reviews in flight."""
_MOST_KEPT = 1000
_PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


@dataclass(frozen=True, slots=True)
class Need:
    """One right: ``list`` on ``nodes``, ``get`` on ``pods/log``."""

    verb: str
    resource: str
    """With its subresource: ``pods/log``."""
    group: str = ""
    namespace: str = ""
    """``""``: in the whole cluster."""

    @property
    def words(self) -> str:
        """As it is asked for: ``list deployments.apps in team-04``."""
        resource, _, subresource = self.resource.partition("/")
        whole = f"{resource}.{self.group}" if self.group else resource
        whole += f"/{subresource}" if subresource else ""
        return f"{self.verb} {whole}" + (f" in {self.namespace}" if self.namespace else "")


class _Status(msgspec.Struct):
    allowed: bool = False
    denied: bool = False
    reason: str = ""


class _Review(msgspec.Struct):
    status: _Status = msgspec.field(default_factory=_Status)


class Rights:
    """The answers of one session's account. All methods may be called as often as wanted: each need is asked once."""

    def __init__(self, send: Callable[[Request], Awaitable[Answer]], clock: Clock) -> None:
        self._send, self._clock = send, clock
        self._known: dict[Need, tuple[float, bool]] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def may(self, need: Need) -> bool:
        """Whether the account has the right. Raises ClusterError types where that can't be told."""
        known = self._known.get(need)
        if known is not None and self._clock.monotonic() - known[0] < KEPT_S:
            return known[1]
        async with self._turn:
            allowed = await self._ask(need)
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[need] = (self._clock.monotonic(), allowed)
        return allowed

    async def may_all(self, needs: Iterable[Need]) -> Mapping[Need, bool | None]:
        """All of them; None where it can't be told."""
        wanted = list(dict.fromkeys(needs))
        answers = await asyncio.gather(*(self._maybe(need) for need in wanted))
        return dict(zip(wanted, answers, strict=True))

    def forget(self) -> None:
        """Something was refused, or the person asks anew: what was known before may be so no more."""
        self._known.clear()

    async def _maybe(self, need: Need) -> bool | None:
        try:
            return await self.may(need)
        except ClusterError:
            return None

    async def _ask(self, need: Need) -> bool:
        resource, _, subresource = need.resource.partition("/")
        attributes = {
            "verb": need.verb,
            "group": need.group,
            "resource": resource,
            "subresource": subresource,
            "namespace": need.namespace,
        }
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {name: value for name, value in attributes.items() if value}},
        }
        tried = f"ask whether the account may {need.words}"
        answer = await self._send(Request(_PATH, tried, method="POST", body=json.dumps(review).encode()))
        try:
            return msgspec.json.decode(answer.body, type=_Review).status.allowed
        except msgspec.DecodeError as error:
            raise NotKubernetes(tried, f"the answer is no review: {error}") from error


class HearsRefusals:
    """A transport that tells when the server refuses something, and is otherwise the one it wraps."""

    def __init__(self, transport: Transport, refused: Callable[[], None]) -> None:
        self._transport, self._refused = transport, refused

    async def send(self, request: Request) -> Answer:
        """See ``Transport``."""
        try:
            return await self._transport.send(request)
        except Forbidden:
            self._refused()
            raise

    def stream(self, request: Request) -> AbstractAsyncContextManager[Stream]:
        """See ``Transport``."""
        return self._stream(request)

    @asynccontextmanager
    async def _stream(self, request: Request) -> AsyncIterator[Stream]:
        try:
            async with self._transport.stream(request) as stream:
                yield stream
        except Forbidden:
            self._refused()
            raise

    async def close(self) -> None:
        """See ``Transport``."""
        await self._transport.close()
