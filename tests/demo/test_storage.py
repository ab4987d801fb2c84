"""The storage: one line of versions, snapshots, history that ends, watchers that may be too slow."""

from __future__ import annotations

import pytest

from kubetui.demo.status import ApiError
from kubetui.demo.storage import Page, Storage
from tests.demo.synthetic import NODES, PODS, RESOURCES, Thing


def names(page: Page) -> list[str]:
    return [f"{entry.namespace}/{entry.name}" for entry in page.entries]


def test_every_write_of_any_kind_takes_the_next_version() -> None:
    storage = Storage(RESOURCES)
    first = storage.put(PODS, Thing("a"))
    second = storage.put(NODES, Thing("n", "", kind="Node"))
    assert second == first + 1 == storage.version


def test_the_same_entry_cannot_be_put_twice_because_history_holds_it() -> None:
    storage = Storage(RESOURCES)
    pod = Thing("a")
    storage.put(PODS, pod)
    with pytest.raises(ValueError, match="another entry"):
        storage.put(PODS, pod)


def test_objects_are_listed_in_etcds_order() -> None:
    storage = Storage(RESOURCES)
    for namespace, name in (("team", "b"), ("team-a", "x"), ("team", "a"), ("alpha", "z")):
        storage.put(PODS, Thing(name, namespace))
    assert names(storage.page(PODS, "")) == ["alpha/z", "team-a/x", "team/a", "team/b"]  # "-" sorts before "/"


def test_pages_show_the_state_of_their_version_whatever_happens_between() -> None:
    # given five pods, and a first page of two
    storage = Storage(RESOURCES)
    for name in "abcde":
        storage.put(PODS, Thing(name, phase="Pending"))
    first = storage.page(PODS, "default", limit=2)
    assert (names(first), first.remaining) == (["default/a", "default/b"], 3)
    # when one is deleted, one created, one changed
    storage.delete(PODS, "default", "c")
    storage.put(PODS, Thing("cc"))
    storage.put(PODS, Thing("d", phase="Running"))
    # then the next page does not know
    second = storage.page_at(PODS, "default", first.version, after=first.next_key, limit=2)
    assert (names(second), second.remaining) == (["default/c", "default/d"], 1)
    assert second.entries[1].field("status.phase") == "Pending"
    third = storage.page_at(PODS, "default", first.version, after=second.next_key, limit=2)
    assert (names(third), third.remaining, third.next_key) == (["default/e"], 0, None)


def test_a_snapshot_is_expired_after_compaction() -> None:
    storage = Storage(RESOURCES)
    version = storage.put(PODS, Thing("a"))
    storage.put(PODS, Thing("b"))
    storage.compact()
    with pytest.raises(ApiError, match="too old resource version"):
        storage.page_at(PODS, "", version)


def test_history_is_bounded_per_resource() -> None:
    # given room for three changes of pods
    storage = Storage(RESOURCES, history_capacity=3)
    start = storage.version
    for name in "abcd":
        storage.put(PODS, Thing(name))
    # then the oldest is forgotten
    with pytest.raises(ApiError) as refusal:
        storage.watch(PODS, "", start)
    assert refusal.value.code == 410
    assert refusal.value.message == f"too old resource version: {start} ({start + 1})"
    assert [change.key[1] for change in storage.watch(PODS, "", start + 1).take(9)] == ["b", "c", "d"]
    # and nodes' history is its own
    assert storage.watch(NODES, "", start).take(9) == []


def test_a_deletion_carries_the_last_state_with_its_own_version() -> None:
    storage = Storage(RESOURCES)
    pod = Thing("a", phase="Running")
    created = storage.put(PODS, pod)
    watcher = storage.watch(PODS, "", created)
    last = storage.delete(PODS, "default", "a")
    (change,) = watcher.take(9)
    assert change.deleted
    assert change.entry is last
    assert last is not None
    assert (last.version, last.field("status.phase"), pod.version) == (created + 1, "Running", created)


def test_deleting_what_is_not_there_changes_nothing() -> None:
    storage = Storage(RESOURCES)
    before = storage.version
    assert storage.delete(PODS, "default", "a") is None
    assert storage.version == before


def test_a_watcher_that_does_not_read_is_closed_and_holds_nothing() -> None:
    storage = Storage(RESOURCES, watcher_capacity=2)
    watcher = storage.watch(PODS, "", storage.version)
    for name in "abc":
        storage.put(PODS, Thing(name))
    assert watcher.closed
    assert watcher.take(9) == []


def test_a_watcher_of_one_namespace_is_not_filled_by_others() -> None:
    storage = Storage(RESOURCES, watcher_capacity=2)
    watcher = storage.watch(PODS, "quiet", storage.version)
    for name in "abc":
        storage.put(PODS, Thing(name, "busy"))
    storage.put(PODS, Thing("one", "quiet"))
    assert not watcher.closed
    assert [change.key for change in watcher.take(9)] == [("quiet", "one")]


def test_json_kept_for_watchers_stays_below_its_limit() -> None:
    storage = Storage(RESOURCES)
    storage.encoded._limit = 1000
    watcher = storage.watch(PODS, "", storage.version)
    for number in range(10):
        storage.put(PODS, Thing(f"p{number}", note="x" * 400))
    changes = watcher.take(99)
    for change in changes:
        assert storage.encoded.json(change) == change.entry.encode()
    assert sum(len(change.encoded) for change in changes) <= 1000


def test_json_larger_than_the_limit_is_rendered_and_not_kept() -> None:
    storage = Storage(RESOURCES)
    storage.encoded._limit = 10
    watcher = storage.watch(PODS, "", storage.version)
    storage.put(PODS, Thing("big"))
    (change,) = watcher.take(9)
    assert b'"big"' in storage.encoded.json(change)
    assert change.encoded == b""


def test_a_kind_served_no_more_ends_its_watches() -> None:
    storage = Storage(RESOURCES)
    watcher = storage.watch(PODS, "", storage.version)
    storage.unregister(PODS)
    assert watcher.closed
    assert storage.find("", "v1", "pods") is None
