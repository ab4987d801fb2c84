"""Several namespaces in one store, each kept by a reflector of its own."""

from __future__ import annotations

from kubetui.store.part import parts_of
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from tests.unit.store.rows import Thing


def test_each_part_replaces_its_own_rows_only() -> None:
    whole: Store[Thing] = Store()
    parts = parts_of(whole, ["blue", "green"])
    parts["blue"].put([Thing("a", "blue"), Thing("b", "blue")])
    parts["green"].put([Thing("a", "green")])

    parts["blue"].keep_only({("blue", "b")})

    assert {row.key for row in whole} == {("blue", "b"), ("green", "a")}
    assert (len(parts["blue"]), len(parts["green"]), len(whole)) == (1, 1, 2)


def test_the_whole_is_live_only_when_all_parts_are() -> None:
    whole: Store[Thing] = Store()
    parts = parts_of(whole, ["blue", "green"])
    parts["blue"].state = SyncState(Phase.LIVE)
    assert whole.state.phase is Phase.CONNECTING

    parts["green"].state = SyncState(Phase.SYNCING, held=5, total=9)
    assert whole.state == SyncState(Phase.SYNCING, held=5, total=9)

    parts["green"].state = SyncState(Phase.FORBIDDEN, missing="list pods")
    assert whole.state.missing == "list pods"


def test_readers_of_the_whole_hear_of_every_part() -> None:
    whole: Store[Thing] = Store()
    parts = parts_of(whole, ["blue", "green"])
    reader = whole.reader()
    parts["blue"].put([Thing("a", "blue")])
    parts["green"].put([Thing("a", "green")])

    assert set(reader.take()) == {("blue", "a"), ("green", "a")}
