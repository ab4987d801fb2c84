"""Whoever adds up the pairs has what the store holds, whenever the steps are taken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.store.pairs import Pairs
from kubetui.store.store import Store
from tests.unit.store.rows import Thing

CHANGE = st.tuples(st.sampled_from("abcdef"), st.one_of(st.none(), st.integers(0, 5)))


@given(st.lists(CHANGE, max_size=8), st.lists(st.one_of(CHANGE, st.just("step")), max_size=20))
def test_a_sum_over_pairs_equals_the_sum_over_the_store(
    before: list[tuple[str, int | None]], after: list[tuple[str, int | None] | str]
) -> None:
    store: Store[Thing] = Store()

    def change(name: str, value: int | None) -> None:
        if value is None:
            store.remove([("default", name)])
        else:
            store.put([Thing(name, value=value)])

    for name, value in before:
        change(name, value)
    pairs = Pairs(store)
    total = sum(row.value for row in pairs.first())
    for step in after:
        if isinstance(step, str):
            total += sum(
                (pair.after.value if pair.after else 0) - (pair.before.value if pair.before else 0)
                for pair in pairs.changes()
            )
        else:
            change(*step)
    while pairs:
        for pair in pairs.changes():
            total += (pair.after.value if pair.after else 0) - (pair.before.value if pair.before else 0)

    assert total == sum(row.value for row in store)
