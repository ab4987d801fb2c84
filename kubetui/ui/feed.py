"""One store read by its changes into a fold, in bounded steps; with another scope where the first is forbidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from kubetui.cluster.session import Lease, Scope, Session
from kubetui.kinds.kind import Kind, Row
from kubetui.store.pairs import Pairs
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)

KNOWN = frozenset({Phase.DETAILS, Phase.LIVE, Phase.STALE})
"""Phases in which a store holds every object's key."""


class Feed(Generic[R]):
    """Holds a store open and tells ``fold`` what becomes of each row: (before, after), None where there was none.

    Times are not passed: who needs one takes it where it folds.
    """

    def __init__(
        self,
        session: Session,
        kind: Kind[R],
        scope: Scope,
        fold: Callable[[R | None, R | None], None],
        wake: Callable[[], None],
        *,
        instead: Scope | None = None,
        complete: Callable[[Store[R]], None] = lambda store: None,
    ) -> None:
        """``instead``: the scope to fall back to where ``scope`` is forbidden; ``complete`` is called once, when all
        rows of a store that is in step were folded."""
        self._session, self._kind, self._fold, self._wake = session, kind, fold, wake
        self._instead, self._complete = instead, complete
        self._take(scope)

    def _take(self, scope: Scope) -> None:
        self._lease: Lease[R] = self._session.open(self._kind, scope)
        self._pairs = Pairs(self._lease.store)
        self._unwatch = self._lease.store.on_change(self._wake)
        self._first = True
        self._told = False

    @property
    def store(self) -> Store[R]:
        """The store that is read."""
        return self._lease.store

    @property
    def state(self) -> SyncState:
        """The store's."""
        return self._lease.store.state

    @property
    def known(self) -> bool:
        """The store is in step, and all it held then has been folded; what came since may be on its way."""
        return self._told and self.state.phase in KNOWN

    def step(self) -> bool:
        """One bounded step; True while more is waiting."""
        if self.state.phase is Phase.FORBIDDEN and self._instead is not None:
            scope, self._instead = self._instead, None
            self.close()
            self._take(scope)
        if self._first:
            rows = self._pairs.first()
            for row in rows:
                self._fold(None, row)
            self._first = bool(rows)
            return True
        for before, after in self._pairs.changes():
            self._fold(before, after)
        if self._pairs:
            return True
        if not self._told and self.state.phase in KNOWN:
            self._told = True
            self._complete(self.store)
        return False

    def close(self) -> None:
        """Give the store back."""
        self._unwatch()
        self._pairs.close()
        self._lease.close()
