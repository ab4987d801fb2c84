"""Events, as components record them: the same again counts up, each is gone an hour after it was last seen."""

from __future__ import annotations

from collections import OrderedDict
from random import Random

from kubetui.demo.agenda import Agenda
from kubetui.demo.entries.event import EventEntry, Reference
from kubetui.demo.resources import EVENTS
from kubetui.demo.storage import Storage

TTL_SECONDS = 3600
"""How long AKS keeps events."""
MOST = 20_000
"""Events held; the oldest go first."""

_Key = tuple[Reference, str, str, str]


class Recorder:
    """Writes events to the storage and prunes them."""

    def __init__(self, storage: Storage, agenda: Agenda, rng: Random) -> None:
        self._storage = storage
        self._agenda = agenda
        self._rng = rng
        self._known: OrderedDict[_Key, EventEntry] = OrderedDict()
        agenda.every(60, self.prune)

    def record(
        self,
        about: Reference,
        reason: str,
        message: str,
        *,
        component: str,
        host: str = "",
        warning: bool = False,
        at: float | None = None,
    ) -> None:
        """One event now, or at a moment that has been (Unix seconds)."""
        moment = int(self._agenda.now if at is None else at)
        key = (about, reason, message, host)
        known = self._known.pop(key, None)
        if known is not None:
            entry = known.again(max(moment, known.last))
        else:
            kind = "Warning" if warning else "Normal"
            name = f"{about.name}.{self._rng.getrandbits(64):016x}"
            entry = EventEntry(
                name, self._rng.getrandbits(128), about, kind, reason, message, component, moment, host=host
            )
        self._known[key] = entry
        self._storage.put(EVENTS, entry)
        if len(self._known) > MOST:
            self._forget(next(iter(self._known)))

    def prune(self) -> None:
        """Drop what nobody has seen for an hour."""
        oldest = self._agenda.now - TTL_SECONDS
        while self._known:
            key, entry = next(iter(self._known.items()))
            if entry.last > oldest:
                return
            self._forget(key)

    def _forget(self, key: _Key) -> None:
        entry = self._known.pop(key)
        self._storage.delete(EVENTS, entry.namespace, entry.name)
