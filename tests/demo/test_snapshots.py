"""A list in pages equals the state at its first page, whatever is written between the pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.demo.key_order import Key
from kubetui.demo.storage import Storage
from tests.demo.synthetic import PODS, Thing

KEYS = st.tuples(st.sampled_from(["a", "a-b", "b"]), st.sampled_from(["v", "w", "x", "y", "z"]))
WRITES = st.lists(st.tuples(KEYS, st.booleans()), max_size=12)


def write(storage: Storage, writes: list[tuple[Key, bool]]) -> None:
    for (namespace, name), delete in writes:
        if delete:
            storage.delete(PODS, namespace, name)
        else:
            storage.put(PODS, Thing(name, namespace))


@given(before=WRITES, between=st.lists(WRITES, max_size=8), namespace=st.sampled_from(["", "a", "b"]))
def test_pages_are_one_snapshot(
    before: list[tuple[Key, bool]], between: list[list[tuple[Key, bool]]], namespace: str
) -> None:
    storage = Storage([PODS])
    write(storage, before)
    state = [entry.encode() for entry in storage.entries(PODS, namespace)]
    page = storage.page(PODS, namespace, limit=2)
    version, seen = page.version, [entry.encode() for entry in page.entries]
    pauses = iter(between)
    while page.next_key is not None:
        assert page.remaining == len(state) - len(seen)
        write(storage, next(pauses, []))
        page = storage.page_at(PODS, namespace, version, after=page.next_key, limit=2)
        seen += [entry.encode() for entry in page.entries]
    assert seen == state
