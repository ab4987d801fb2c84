"""Everything about one cluster: its transport, its stores, its traffic. Nothing of it is global."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from random import Random
from typing import Any, Generic, TypeVar, cast

import msgspec

from kubetui.cluster.clock import Clock
from kubetui.cluster.discovery import Discovery
from kubetui.cluster.errors import ClusterError, NotKubernetes
from kubetui.cluster.foreground import Foreground
from kubetui.cluster.list_watch import ListWatch, Selection
from kubetui.cluster.one_object import OneObject, name_in
from kubetui.cluster.polled_list import PolledList
from kubetui.cluster.pulse import Pulse
from kubetui.cluster.reflector import Reflector
from kubetui.cluster.rights import HearsRefusals, Rights
from kubetui.cluster.source import Source
from kubetui.cluster.table_list_watch import TableListWatch
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request, Stream, Transport
from kubetui.kinds.kind import Kind, Reading, Row
from kubetui.store.part import parts_of
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)

log = logging.getLogger(__name__)

LINGER = 180.0
"""Seconds that a store nobody uses any more stays in step, so that coming back is instant."""
LINGER_ONE = 20.0
"""The same for a store of one object or of its events: many are opened one after the other, each a watch."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of namespaces, or all (None); with selectors that the server applies."""

    namespaces: frozenset[str] | None = None
    labels: str = ""
    fields: str = ""

    @property
    def of_one(self) -> bool:
        """Whether it is about one object."""
        return "metadata.name=" in self.fields or "involvedObject.name=" in self.fields


EVERYWHERE = Scope()

_KEYS_UNKNOWN = frozenset({Phase.CONNECTING, Phase.SYNCING, Phase.FAILED, Phase.FORBIDDEN, Phase.NOT_INSTALLED})


class Version(msgspec.Struct):
    """What ``/version`` says."""

    git_version: str = msgspec.field(default="", name="gitVersion")


@dataclass(eq=False)
class Lease(Generic[R]):
    """A user's hold on a store; the store is kept in step until ``close``, and a while longer."""

    store: Store[R]
    _release: Callable[[], None]
    _closed: bool = False

    def close(self) -> None:
        """Give the store back."""
        if not self._closed:
            self._closed = True
            self._release()


@dataclass(eq=False)
class _Kept:
    store: Store[Any]
    reflectors: dict[Reflector[Any], asyncio.Task[None]]
    users: int = 0
    linger: float = LINGER
    lingering: asyncio.Task[None] | None = None


class Session:
    """One cluster, as one context's user sees it. ``close`` leaves no task and no connection."""

    def __init__(self, context: str, transport: Transport, traffic: Traffic, clock: Clock, random: Random) -> None:
        self.context = context
        """The kubeconfig context's name."""
        self.traffic = traffic
        self.foreground = Foreground(clock)
        """Claimed while a person waits for the screen: lists that come in wait meanwhile."""
        self.clock, self.random = clock, random
        self.rights = Rights(self.send, clock)
        """What the account may do; asked anew after a refusal."""
        self._transport: Transport = HearsRefusals(transport, self.rights.forget)
        self._kept: dict[Hashable, _Kept] = {}
        self._pulse: asyncio.Task[None] | None = None
        self._silence_misleads = False
        self._closed = False

    def open(self, kind: Kind[R], scope: Scope = EVERYWHERE) -> Lease[R]:
        """A store of this kind and scope; the first asker starts its reflector."""
        place = (kind.path, kind.wire, kind.reading, scope)
        kept = self._kept.get(place)
        if kept is None:
            kept = self._kept[place] = self._start(kind, scope)
        if kept.lingering is not None:
            kept.lingering.cancel()
            kept.lingering = None
        kept.users += 1
        return Lease(cast(Store[R], kept.store), lambda: self._release(place))

    def store_of(self, kind: Kind[R]) -> Store[R] | None:
        """The store of all of a kind, where one is kept and its keys are in; starts nothing."""
        kept = self._kept.get((kind.path, kind.wire, kind.reading, EVERYWHERE))
        if kept is None or kept.store.state.phase in _KEYS_UNKNOWN:
            return None
        return cast(Store[R], kept.store)

    async def send(self, request: Request) -> Answer:
        """One request, through the gate. Raises ClusterError types."""
        return await self._transport.send(request)

    def stream(self, request: Request) -> AbstractAsyncContextManager[Stream]:
        """A stream on a connection of its own, through the gate. Raises ClusterError types on entering."""
        return self._transport.stream(request)

    async def version(self) -> str:
        """The API server's version: ``v1.36.3``. Raises ClusterError types."""
        answer = await self.send(Request("/version", "read the server's version"))
        try:
            return msgspec.json.decode(answer.body, type=Version).git_version
        except msgspec.DecodeError as error:
            raise NotKubernetes("read the server's version", f"the answer is none: {error}") from error

    def _nudge(self) -> None:
        """One reflector is back in step: the others try now."""
        for kept in self._kept.values():
            for reflector in kept.reflectors:
                reflector.nudge()

    def feel_pulse(self) -> None:
        """Ask from now on whether the server is there: where a proxy or tunnel would keep a dead connection open."""
        self._silence_misleads = True
        self._start_pulse()

    def _start_pulse(self) -> None:
        pulse = Pulse(self.send, lambda: bool(self._in_doubt()), self._doubt, self.clock)
        self._pulse = self._pulse or asyncio.create_task(pulse.run(), name="pulse")

    def _in_doubt(self) -> list[Reflector[Any]]:
        """Those that would not notice by themselves that the server is gone."""
        if self._silence_misleads:
            return [reflector for kept in self._kept.values() for reflector in kept.reflectors]
        used = [kept for kept in self._kept.values() if kept.users]
        return [reflector for kept in used for reflector in kept.reflectors if reflector.resting]

    def _doubt(self, error: ClusterError) -> None:
        for reflector in self._in_doubt():
            reflector.doubt(error)

    def retry_now(self) -> None:
        """Reconnect whatever is not in step, at once."""
        for kept in self._kept.values():
            for reflector in kept.reflectors:
                reflector.retry_now()

    @property
    def open_stores(self) -> int:
        """How many stores are kept in step, lingering ones included."""
        return len(self._kept)

    async def close(self) -> None:
        """End everything: tasks first, then connections."""
        self._closed = True
        if self._pulse is not None:
            self._pulse.cancel()
            await asyncio.wait([self._pulse])
        kept, self._kept = list(self._kept.values()), {}
        for one in kept:
            await _end(one)
        await self._transport.close()

    def _start(self, kind: Kind[R], scope: Scope) -> _Kept:
        store: Store[R] = Store()
        kept = _Kept(store, {}, linger=LINGER_ONE if scope.of_one else LINGER)
        if scope.namespaces is None or not kind.namespaced:
            parts: list[tuple[str | None, Store[R]]] = [(None, store)]
        else:
            parts = [*parts_of(store, sorted(scope.namespaces)).items()]
        for namespace, part in parts:
            reflector = Reflector(
                self._source(kind, Selection(namespace, scope.labels, scope.fields)),
                part,
                resource=kind.resource,
                clock=self.clock,
                random=self.random,
                foreground=self.foreground,
                recovered=self._nudge,
            )
            kept.reflectors[reflector] = asyncio.create_task(
                _supervised(reflector.run, part, kind.plural), name=f"reflector {kind.plural}"
            )
        return kept

    def _source(self, kind: Kind[Any], selection: Selection) -> Source[Any]:
        """Where the rows of a kind come from."""
        if kind.reading is Reading.DISCOVERY:
            self._start_pulse()  # minutes lie between two readings
            return Discovery(self._transport, self.clock)
        if kind.reading is Reading.OBJECTS and name_in(selection):
            return OneObject(self._transport, kind, selection, self.clock, self.foreground)
        return _LISTINGS[kind.reading](self._transport, kind, selection, self.clock, self.foreground)

    def _release(self, place: Hashable) -> None:
        kept = self._kept.get(place)
        if kept is None:
            return
        kept.users -= 1
        if not kept.users and not self._closed:
            kept.lingering = asyncio.create_task(self._linger(place, kept), name="linger")

    async def _linger(self, place: Hashable, kept: _Kept) -> None:
        await self.clock.sleep(kept.linger)
        kept.lingering = None
        if self._kept.get(place) is kept and not kept.users:
            del self._kept[place]
            await _end(kept)


_LISTINGS: Mapping[Reading, type[ListWatch[Any]]] = {
    Reading.OBJECTS: ListWatch,
    Reading.OBJECTS_POLLED: PolledList,
    Reading.TABLE: TableListWatch,
    Reading.TABLE_POLLED: TableListWatch,
}


async def _supervised(run: Callable[[], Awaitable[None]], store: Store[Any], resource: str) -> None:
    """A reflector never ends by itself. If a defect ends one, its pane says so instead of looking live."""
    try:
        await run()
    except asyncio.CancelledError:
        raise
    except Exception as error:  # the boundary at which a defect becomes a state word
        log.exception("the reflector of %s stopped", resource)
        store.state = SyncState(
            Phase.FAILED,
            held=len(store),
            reason=f"keep {resource} in step: {type(error).__name__}, a defect of kubetui",
            advice="the log file has the details; ^r does not help, opening the context again does",
        )


async def _end(kept: _Kept) -> None:
    if kept.lingering is not None:
        kept.lingering.cancel()
    for reflector, task in kept.reflectors.items():
        task.cancel()
        await asyncio.wait([task])
        await reflector.close()
