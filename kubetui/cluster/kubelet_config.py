"""Kubelets' running configuration, ``/configz``, through the API server: few at a time, kept with its age.

Equal answers are kept once: thousands of nodes have a handful of them. ``/configz`` is no stable API
(kubernetes/kubernetes#58151), so that nothing is expected of it but an object.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

import msgspec

from kubetui.cluster.clock import Late, within
from kubetui.cluster.errors import (
    ApiError,
    ClusterError,
    Forbidden,
    NotFound,
    NotKubernetes,
    Overloaded,
    TimedOut,
)
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request

AT_ONCE: Final = 4
"""Kubelets asked at a time: each goes through the API server's tunnel, which others need too."""
PATIENCE: Final = 20.0
"""Seconds that a kubelet has; a node that is gone keeps the API server's dial waiting for some ten."""
MOST_BYTES: Final = 1 << 20
"""Of one answer. A kubelet's has 4 to 6 KiB."""
ENOUGH: Final = 8
"""So many nodes in a row that can't be reached, and none that can, are the tunnel's fault."""
TRIES: Final = 3
"""Of one node while the API server answers 429."""
OWN: Final = ("providerID",)
"""Fields that are each node's own; without them equal nodes have equal documents."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


class Why(Enum):
    """Why there is no configuration of a node."""

    FORBIDDEN = "forbidden"
    UNREACHED = "not reached"
    """The API server's proxy did not get through to the kubelet."""
    SILENT = "no answer"
    WRONG = "wrong answer"
    """Something answered that is no kubelet's configuration."""
    FAILED = "failed"
    GONE = "gone"
    """There is no such node."""


class Document:
    """One configuration, without what is each node's own. Compared by identity: equal ones are one."""

    __slots__ = ("body", "content")

    def __init__(self, body: bytes, content: Mapping[str, Any]) -> None:
        self.body = body
        self.content = content
        """As the kubelet serves it under ``kubeletconfig``."""


class KubeletAnswer(NamedTuple):
    """What came back from one node."""

    node: str
    at: float
    """Unix seconds."""
    document: Document | None = None
    own: tuple[tuple[str, Any], ...] = ()
    """The fields of ``OWN``."""
    why: Why | None = None
    error: ClusterError | None = None

    @property
    def whole(self) -> dict[str, Any]:
        """The configuration as it was served, in any order; empty where there is none."""
        return {**self.document.content, **dict(self.own)} if self.document is not None else {}


class KubeletConfigs:
    """The answers of one session's nodes. ``fetch`` runs in a task of its own until done, ``cancel`` or ``close``."""

    def __init__(self, session: Session, changed: Callable[[], None] = lambda: None) -> None:
        self._session, self._changed = session, changed
        self._documents: dict[bytes, Document] = {}
        self._run: asyncio.Task[None] | None = None
        self._reached = False
        self._missed = 0
        self.answers: dict[str, KubeletAnswer] = {}
        """By node. A failure does not replace a configuration that was read before; see ``failures``."""
        self.failures: dict[str, KubeletAnswer] = {}
        """The last attempt's, where it failed."""
        self.asked = 0
        """Of the present or last run."""
        self.done = 0
        self.stopped: ClusterError | None = None
        """Why the last run ended before its end: no right, no tunnel, no server."""
        self.cancelled = False
        self.version = 0
        """Grows with each answer."""

    @property
    def running(self) -> bool:
        """Whether nodes are being asked."""
        return self._run is not None and not self._run.done()

    def fetch(self, nodes: Iterable[str]) -> None:
        """Ask these nodes, in this order; a run that goes on is given up for it."""
        self.cancel()
        wanted = list(dict.fromkeys(nodes))
        self.asked, self.done, self.stopped, self.cancelled = len(wanted), 0, None, False
        self._reached, self._missed = False, 0
        if wanted:
            self._run = asyncio.create_task(self._fetch(wanted), name="configz")
        self._changed()

    def cancel(self) -> None:
        """Ask no further; what came stays."""
        if self._run is not None and not self._run.done():
            self._run.cancel()
            self.cancelled = True
            self._changed()

    async def wait(self) -> None:
        """Until the run is over."""
        if self._run is not None:
            await asyncio.wait([self._run])

    async def close(self) -> None:
        """End the run."""
        if self._run is not None:
            self._run.cancel()
            await asyncio.wait([self._run])

    def keep(self, nodes: Iterable[str]) -> None:
        """Forget nodes that are no more: ``nodes`` are those that are."""
        kept = set(nodes)
        for held in (self.answers, self.failures):
            for gone in held.keys() - kept:
                del held[gone]
                self.version += 1
        if len(self._documents) > 2 * len(self.answers) + AT_ONCE:
            used = {answer.document for answer in self.answers.values()}
            self._documents = {body: one for body, one in self._documents.items() if one in used}

    async def _fetch(self, nodes: list[str]) -> None:
        waiting = iter(nodes)
        workers = [asyncio.create_task(self._work(waiting), name="configz worker") for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            self._changed()

    async def _work(self, waiting: Iterable[str]) -> None:
        for node in waiting:
            if self.stopped is not None:
                return
            answer = await self.read(node)
            self._take(answer)
            self._judge(answer)
            self.done += 1
            self.version += 1
            self._changed()

    def _take(self, answer: KubeletAnswer) -> None:
        if answer.why is None:
            self.answers[answer.node] = answer
            self.failures.pop(answer.node, None)
        else:
            self.failures[answer.node] = answer
            if answer.why is Why.GONE:
                self.answers.pop(answer.node, None)

    def _judge(self, answer: KubeletAnswer) -> None:
        """Whether it is of any use to go on."""
        if answer.error is not None and not _of_one_node(answer.error):
            self.stopped = answer.error
        elif answer.why in (None, Why.WRONG, Why.FAILED, Why.GONE):
            self._reached = True
        elif not self._reached:
            self._missed += 1
            hopeless = answer.why is Why.FORBIDDEN or self._missed >= min(ENOUGH, self.asked) > 1
            self.stopped = answer.error if hopeless else None

    async def read(self, node: str) -> KubeletAnswer:
        """Ask one node, now. Never raises ClusterError types: what went wrong is in the answer."""
        tried = f"get nodes/proxy of {node} (configz)"
        try:
            body = await self._politely(Request(f"/api/v1/nodes/{node}/proxy/configz", tried))
            document, own = self._document(body, tried)
        except ClusterError as error:
            return KubeletAnswer(node, self._session.clock.now(), why=why_of(error), error=error)
        return KubeletAnswer(node, self._session.clock.now(), document, own)

    async def _politely(self, request: Request) -> bytes:
        """An API server that is busy is asked again when it says so, a few times."""
        for _ in range(TRIES - 1):
            try:
                return await self._patiently(request)
            except Overloaded as error:
                if error.status != 429:
                    raise
                await self._session.clock.sleep(min(error.retry_after or 1.0, PATIENCE))
        return await self._patiently(request)

    async def _patiently(self, request: Request) -> bytes:
        try:
            answer = await within(self._session.send(request), self._session.clock, PATIENCE)
        except Late:
            words, advice = f"no answer within {PATIENCE:.0f} s", "the kubelet hangs, or the node is gone"
            raise TimedOut(request.tried, words, advice) from None
        return answer.body

    def _document(self, body: bytes, tried: str) -> tuple[Document, tuple[tuple[str, Any], ...]]:
        content = _content(body, tried)
        own = tuple((key, content.pop(key)) for key in OWN if key in content)
        canonical = _encode(content)
        document = self._documents.get(canonical)
        if document is None:
            document = self._documents[canonical] = Document(canonical, content)
        return document, own


def _content(body: bytes, tried: str) -> dict[str, Any]:
    """What stands under ``kubeletconfig``. Raises NotKubernetes where that is none."""
    if len(body) > MOST_BYTES:
        raise NotKubernetes(tried, f"the answer has {len(body):,} bytes, which is no kubelet's configuration")
    try:
        found = _decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotKubernetes(tried, f"the answer is no JSON: {error}", "does a proxy answer for the kubelet?") from None
    content = found.get("kubeletconfig")
    if not isinstance(content, dict) or not content:
        raise NotKubernetes(tried, "the answer holds no kubeletconfig", "does a proxy answer for the kubelet?")
    return content


def why_of(error: ClusterError) -> Why:
    """What kind of failure it is."""
    if isinstance(error, Forbidden):
        return Why.FORBIDDEN
    if isinstance(error, NotFound):
        # The API server's own 404 names the node; a kubelet's says that it has no such page.
        return Why.GONE if error.reason == "NotFound" else Why.WRONG
    if isinstance(error, TimedOut):
        return Why.SILENT
    if isinstance(error, NotKubernetes):
        return Why.WRONG
    if isinstance(error, ApiError) and error.status in (500, 502, 503, 504):
        return Why.UNREACHED if unreached(error) else Why.FAILED
    return Why.FAILED


def unreached(error: ApiError) -> bool:
    """Whether the API server could not get through to the node: its proxy says so (``error trying to reach
    service``), and its tunnel (``No agent available``, ``proxy error from … while dialing``)."""
    words = error.answer.lower()
    return any(sign in words for sign in ("trying to reach service", "no agent available", "while dialing", "dial tcp"))


def next_step(error: ClusterError) -> str:
    """What the person can do about a kubelet that was not reached, where the error itself does not say."""
    if error.advice or not (isinstance(error, ApiError) and unreached(error)):
        return error.advice
    return "see the node, and konnectivity-agent in kube-system: the API server reaches kubelets through it"


def _of_one_node(error: ClusterError) -> bool:
    """Whether another node may answer though this one did not."""
    if isinstance(error, ApiError):
        return error.status != 401
    return isinstance(error, TimedOut | NotKubernetes)
