"""Keeps what a description is made from up to date: the object, its events, its owners, and what its kind needs.

The object is read whole when it changed; whether it did is seen in a store: the one that the person came from, or a
watch of this one object.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any, Final

import msgspec

from kubetui.cluster.errors import ClusterError, NotFound, Unreachable
from kubetui.cluster.gather import gather
from kubetui.cluster.object_at import ObjectAt, read_object
from kubetui.cluster.owner_chain import owner_chain
from kubetui.cluster.session import Lease, Scope, Session
from kubetui.insight.describe.facts import Facts, Link, Need, Part
from kubetui.insight.describe.owners import link_of
from kubetui.insight.describe.reading import text
from kubetui.insight.describe.registry import description_of
from kubetui.kinds.event import EVENT, EventRow
from kubetui.kinds.kind import Key, Kind, Meaning
from kubetui.kinds.wire import PlainMetaWire, Wire, version_of
from kubetui.store.state import Phase
from kubetui.store.store import Store

log = logging.getLogger(__name__)

PAUSE: Final = 0.5
"""Seconds between two reads at least: an object that starts changes many times a second."""
REST: Final = 4.0
"""A read that took long, because thousands of pods belong to it, is not repeated before four times as long."""
_NOT_YET: Final = -2
"""Of a version: nothing was looked at."""
_MISSING: Final = -1
"""Of a version: the store has no such row."""
_MIRROR: Final = "kubernetes.io/config.mirror"
"""Static pods: their events carry this annotation's value as uid."""


class ChangeWire(Wire):
    """Any object, as far as its version goes."""

    metadata: PlainMetaWire


class ChangeRow(msgspec.Struct, frozen=True, gc=False):
    """That an object is there, at a version."""

    namespace: str
    name: str
    version: int
    provisional: bool = False


def _change_row(wire: ChangeWire) -> ChangeRow:
    meta = wire.metadata
    return ChangeRow(meta.namespace or "", meta.name, version_of(meta.resource_version))


class ObjectFacts:
    """The facts about one object; ``changed`` is called whenever they are others."""

    def __init__(self, session: Session, at: ObjectAt, held: Store[Any] | None, changed: Callable[[], None]) -> None:
        """``held``: a store of the object's kind that the caller keeps in step."""
        self._session, self._at, self._held, self._tell = session, at, held, changed
        self.facts: Facts | None = None
        """None until the object came."""
        self.error: ClusterError | None = None
        """Why the last read failed; what was known stays."""
        self.gone = False
        self._key: Key = (at.namespace, at.name)
        self._row: Lease[Any] | None = None
        self._events: Lease[EventRow] | None = None
        self._due = asyncio.Event()
        self._seen = _NOT_YET
        self._asked = True
        self._unwatch: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None

    # --- coming and going

    def start(self) -> None:
        """Read, and follow."""
        if self._held is None:
            self._row = self._session.open(kind_at(self._at), _only(self._at))
            self._held = self._row.store
        self._unwatch.append(self._held.on_change(self._due.set))
        self._due.set()
        self._task = asyncio.create_task(self._follow(self._held), name=f"describe {self._at.where}")

    def stop(self) -> None:
        """Give everything back; no task stays."""
        for end in self._unwatch:
            end()
        self._unwatch.clear()
        for lease in (self._row, self._events):
            if lease is not None:
                lease.close()
        if self._row is not None:
            self._held = None
        self._row = self._events = None
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def again(self) -> None:
        """Read everything anew."""
        self._asked = True
        self._due.set()

    @property
    def follows(self) -> bool:
        """Whether a change would be seen."""
        return self._held is not None and self._held.state.phase not in (Phase.FORBIDDEN, Phase.FAILED)

    @property
    def store_state(self) -> Any:
        """How far the store is in step in which changes are seen."""
        return self._held.state if self._held is not None else None

    # --- following

    async def _follow(self, held: Store[Any]) -> None:
        try:
            while True:
                await self._due.wait()
                self._due.clear()
                began = perf_counter()
                if self._is_due(held):
                    await self._read()
                await self._session.clock.sleep(max(PAUSE, REST * (perf_counter() - began)))
        except Exception as error:
            # The boundary at which a defect becomes words on the screen instead of a text that stands still.
            log.exception("describing %s", self._at.where)
            what = f"{type(error).__name__}, a defect of kubetui"
            self.error = ClusterError(
                f"describe {self._at.kind} {self._at.where}", what, "the log file has the details"
            )
            self._tell()

    def _is_due(self, held: Store[Any]) -> bool:
        """Not read yet, or another version is held than the last time, or none any more."""
        row, live = held.get(self._key), held.state.phase is Phase.LIVE
        before = self._seen
        if row is not None and not row.provisional:
            self._seen = row.version
        elif row is None and live:
            self._seen = _MISSING
        if self._asked or isinstance(self.error, Unreachable):
            self._asked = False
            return True
        if self._seen in (before, _MISSING):
            return self._seen != before
        read = version_of(text(self.facts.found, "metadata", "resourceVersion")) if self.facts else 0
        return self.gone or not read or self._seen > read

    async def _read(self) -> None:
        try:
            found = await read_object(self._session, self._at)
        except NotFound as error:
            self.gone, self.error = self.facts is not None, error
            self._tell()
            return
        except ClusterError as error:
            self.error = error
            self._tell()
            return
        self.error, self.gone = None, False
        before = self.facts
        if before is None or text(before.found, "metadata", "uid") != text(found, "metadata", "uid"):
            self.facts = Facts(found, 0.0, owners_loading=True)
            self._follow_events(found)
        else:
            self.facts = replace(before, found=found)
        self._tell()
        await self._read_more(found)

    async def _read_more(self, found: dict[str, Any]) -> None:
        """Whatever stands beside the object; each part is shown as soon as it is there."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read_owners(found))
            for need in description_of(found).needs(found):
                group.create_task(self._read_part(need))

    async def _read_part(self, need: Need) -> None:
        found = await gather(self._session, need)
        if self.facts is not None:
            part = Part(found.items, found.trouble, more=found.more)
            self.facts = replace(self.facts, parts={**self.facts.parts, need.name: part})
            self._tell()

    async def _read_owners(self, found: dict[str, Any]) -> None:
        chain = await owner_chain(self._session, found)
        links = [
            Link(one.kind, one.name, trouble=one.trouble, meaning=Meaning.LOOK)
            if one.trouble
            else link_of(one.found, one.kind, one.name)
            for one in chain
        ]
        if self.facts is not None:
            self.facts = replace(self.facts, owners=links, owners_loading=False)
            self._tell()

    # --- events

    def _follow_events(self, found: dict[str, Any]) -> None:
        if self._events is not None:
            self._events.close()
            self._events = None
        if not description_of(found).has_events:
            return
        # The events of cluster-scoped objects stand in ``default``: the API server lets them be nowhere else but
        # there and in ``kube-system``, and Kubernetes' own recorders write them there.
        scope = Scope(frozenset({self._at.namespace or "default"}), fields=involved(self._at, found))
        self._events = self._session.open(EVENT, scope)
        self._unwatch.append(self._events.store.on_change(self._take_events))
        self._take_events()

    def _take_events(self) -> None:
        if self._events is None or self.facts is None:
            return
        store = self._events.store
        trouble = ""
        if store.state.phase in (Phase.FORBIDDEN, Phase.FAILED):
            word = f"forbidden: {store.state.missing}" if store.state.phase is Phase.FORBIDDEN else ""
            trouble = "; ".join(part for part in (word or store.state.reason, store.state.advice) if part)
        loading = store.state.phase in (Phase.CONNECTING, Phase.SYNCING)
        self.facts = replace(self.facts, events=Part(tuple(store), trouble, loading))
        self._tell()


def involved(at: ObjectAt, found: dict[str, Any]) -> str:
    """The field selector of an object's events, as kubectl writes it."""
    uid = text(found, "metadata", "annotations", _MIRROR) or text(found, "metadata", "uid")
    fields = {"kind": at.kind, "name": at.name, "namespace": at.namespace, "uid": uid}
    if at.kind == "Node":
        # The kubelet writes the node's name for its uid, controllers the uid itself.
        del fields["uid"]
    return ",".join(f"involvedObject.{name}={value}" for name, value in fields.items() if value)


def kind_at(at: ObjectAt) -> Kind[ChangeRow]:
    """The kind of what is there, whatever the server has; of its rows only versions are held."""
    return Kind(
        name=at.kind,
        plural=at.plural,
        group=at.group,
        api_version=at.version,
        namespaced=bool(at.namespace),
        wire=ChangeWire,
        row=_change_row,
        columns=(),
    )


def _only(at: ObjectAt) -> Scope:
    # ``==``: the same to the server, and another store than one of this object's rows, which may be open too.
    namespaces = frozenset({at.namespace}) if at.namespace else None
    return Scope(namespaces, fields=f"metadata.name=={at.name}")
