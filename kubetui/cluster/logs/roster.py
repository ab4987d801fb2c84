"""The containers that are meant, live: pods join and leave, containers start and restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from kubetui.cluster.logs.choice import Choice
from kubetui.cluster.session import Lease, Session
from kubetui.expression import Expression
from kubetui.kinds.kind import Key
from kubetui.kinds.log_pod import LOG_POD, LogContainer, LogPodRow
from kubetui.store.logs.sources import SourceKey
from kubetui.store.part import combined
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Changes

_KEYS_KNOWN: Final = frozenset({Phase.LIVE, Phase.DETAILS, Phase.STALE})


class Member(NamedTuple):
    """How one container stands now."""

    key: SourceKey
    uid: str
    """The pod's: a pod made anew under its old name has another."""
    node: str
    container: LogContainer | None
    """None: the pod is gone."""
    joined: bool
    """Its pod came after the first look, so nothing of its log is old."""


@dataclass(eq=False)
class _Watched:
    choice: Choice
    lease: Lease[LogPodRow]
    changes: Changes[LogPodRow]
    begun: bool = False
    exact: bool = False

    def keeps(self, row: LogPodRow) -> bool:
        return row.name == self.choice.whole_name if self.exact else self.choice.keep(row)


class Roster:
    """Opens the stores of ``choices``; ``close`` gives them back."""

    def __init__(
        self, session: Session, choices: Sequence[Choice], containers: Expression[str], wake: Callable[[], None]
    ) -> None:
        self._containers = containers
        self._watched: list[_Watched] = []
        self._ends: list[Callable[[], None]] = []
        self._members: dict[Key, dict[str, Member]] = {}
        for choice in choices:
            lease = session.open(LOG_POD, choice.scope)
            self._watched.append(_Watched(choice, lease, lease.store.reader()))
            self._ends.append(lease.store.on_change(wake))

    @property
    def state(self) -> SyncState:
        """How the pods' stores stand, the worst first."""
        return combined(watched.lease.store.state for watched in self._watched)

    @property
    def settled(self) -> bool:
        """All that was there at the beginning is known."""
        return all(watched.begun for watched in self._watched)

    @property
    def pods(self) -> int:
        """Pods that are meant."""
        return len(self._members)

    def changes(self) -> Iterator[Member]:
        """What changed since the last call; at the first one that knows all pods, all of them."""
        for watched in self._watched:
            store = watched.lease.store
            if watched.begun:
                for key in watched.changes.take():
                    yield from self._of_pod(watched, key, store.get(key), joined=True)
            elif store.state.phase in _KEYS_KNOWN:
                watched.begun = True
                watched.changes.take()
                name = watched.choice.whole_name
                watched.exact = bool(name) and any(row.name == name for row in store)
                for row in store:
                    yield from self._of_pod(watched, (row.namespace, row.name), row, joined=False)

    def _of_pod(self, watched: _Watched, key: Key, row: LogPodRow | None, *, joined: bool) -> Iterator[Member]:
        known = self._members.get(key, {})
        if row is None or (known and next(iter(known.values())).uid != row.uid):
            for member in known.values():
                yield member._replace(container=None)
            self._members.pop(key, None)
            known = {}
        if row is None or not (known or watched.keeps(row)):
            return
        for container in row.containers:
            if self._containers.matches(container.name):
                before = known.get(container.name)
                new = Member(
                    SourceKey(row.namespace, row.name, container.name),
                    row.uid,
                    row.node,
                    container,
                    joined if before is None else before.joined,
                )
                if new != before:
                    self._members.setdefault(key, {})[container.name] = new
                    yield new

    def close(self) -> None:
        """Give the stores back; what is known stays readable."""
        for end in self._ends:
            end()
        for watched in self._watched:
            watched.lease.store.leave(watched.changes)
            watched.lease.close()
        self._ends = []
