"""One store read into a fold: in bounded steps, known only when all of it was folded, elsewhere where forbidden."""

from __future__ import annotations

from typing import Any, cast

from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.store.pairs import STEP
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.feed import Feed

LIVE, SYNCING = SyncState(Phase.LIVE), SyncState(Phase.SYNCING)


class Stores:
    """A session with nothing but stores."""

    def __init__(self) -> None:
        self.opened: dict[Scope, Store[NodeRow]] = {}
        self.closed: list[Scope] = []

    def open(self, kind: Any, scope: Scope) -> Lease[NodeRow]:
        store = self.opened.setdefault(scope, Store[NodeRow]())
        return Lease(store, lambda: self.closed.append(scope))


class Folded:
    def __init__(self, instead: Scope | None = None) -> None:
        self.stores = Stores()
        self.seen: list[str] = []
        self.complete: list[int] = []
        self.feed = Feed(
            cast(Session, self.stores),
            NODE,
            EVERYWHERE,
            self._fold,
            lambda: None,
            instead=instead,
            complete=lambda store: self.complete.append(len(store)),
        )

    def _fold(self, before: NodeRow | None, after: NodeRow | None) -> None:
        self.seen.append(f"{before.name if before else ''}>{after.name if after else ''}")

    def is_known(self) -> bool:
        return self.feed.known

    def through(self) -> None:
        while self.feed.step():
            pass


def test_a_store_in_step_is_not_known_until_its_rows_were_folded() -> None:
    here = Folded()
    here.through()
    store = here.feed.store
    store.put([NodeRow("n1", 1), NodeRow("n2", 1)])
    store.state = LIVE
    assert not here.is_known()
    here.through()
    assert here.is_known()
    assert here.seen == [">n1", ">n2"]
    assert here.complete == [2]


def test_changes_follow_and_completeness_is_told_once() -> None:
    here = Folded()
    here.feed.store.put([NodeRow("n1", 1)])
    here.feed.store.state = LIVE
    here.through()
    here.feed.store.put([NodeRow("n1", 2)])
    here.feed.store.remove([("", "n1")])
    here.through()
    assert here.seen == [">n1", "n1>"]
    assert here.complete == [1]


def test_a_step_is_bounded() -> None:
    here = Folded()
    here.feed.store.put(NodeRow(f"n{number}", 1) for number in range(3 * STEP))
    here.feed.step()
    assert len(here.seen) <= STEP


def test_a_store_that_is_lost_is_still_known_and_one_that_begins_anew_is_not() -> None:
    here = Folded()
    here.feed.store.state = LIVE
    here.through()
    here.feed.store.state = SyncState(Phase.STALE)
    assert here.is_known()
    here.feed.store.state = SYNCING
    assert not here.is_known()


def test_what_is_forbidden_everywhere_is_read_where_it_may_be() -> None:
    inside = Scope(frozenset({"team-01"}))
    here = Folded(instead=inside)
    here.feed.store.state = SyncState(Phase.FORBIDDEN)
    here.through()
    assert here.stores.closed == [EVERYWHERE]
    assert here.feed.store is here.stores.opened[inside]
    here.feed.store.put([NodeRow("n1", 1)])
    here.feed.store.state = LIVE
    here.through()
    assert here.seen == [">n1"]
    here.feed.close()
    assert here.stores.closed == [EVERYWHERE, inside]
