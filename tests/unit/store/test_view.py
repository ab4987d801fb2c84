"""A view shows, after any history of its store, what sorting and filtering the whole store would show."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.store import pairs, view
from kubetui.store.store import Store
from kubetui.store.view import View
from tests.unit.store.rows import Thing

CHANGE = st.tuples(st.sampled_from("abcdefgh"), st.one_of(st.none(), st.integers(0, 5)))
Change = list[tuple[str, int | None]]
STEP: st.SearchStrategy[Change | str] = st.one_of(
    st.lists(CHANGE, max_size=6), st.sampled_from(["step", "by value", "only even", "plain"])
)


def settle(view: View[Thing]) -> None:
    while view.step():
        pass


def arrangement(name: str) -> tuple[Callable[[Thing], int] | None, Callable[[Thing], bool] | None]:
    if name == "by value":
        return (lambda thing: thing.value), None
    if name == "only even":
        return None, (lambda thing: thing.value % 2 == 0)
    return None, None


class Sum:
    """What is shown, counted and summed."""

    def __init__(self) -> None:
        self.members = self.value = 0

    def add(self, rows: Iterable[Thing]) -> None:
        for row in rows:
            self.members += 1
            self.value += row.value

    def remove(self, rows: Iterable[Thing]) -> None:
        for row in rows:
            self.members -= 1
            self.value -= row.value


@pytest.fixture(params=["as it is", "small"])
def _sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps, chunks and what counts as many as they are, and so small that a handful of rows meets all of them."""
    if request.param == "small":
        for module, name, value in (
            (pairs, "STEP", 2), (view, "PAIRS", 2), (view, "STEP", 2), (view, "CHUNK", 2), (view, "LITTLE", 1)
        ):  # fmt: skip
            monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("_sizes")
@given(st.lists(STEP, max_size=15), st.booleans())
def test_after_any_history_the_view_equals_the_sorted_and_filtered_store(
    steps: list[Change | str], reverse: bool
) -> None:
    store: Store[Thing] = Store()
    view = View(store, reverse=reverse, tally=Sum)
    sort, keep = arrangement("plain")
    for step in steps:
        if step == "step":
            view.step()
        elif isinstance(step, str):
            sort, keep = arrangement(step)
            view.arrange(sort=sort, keep=keep)
        else:
            for name, value in step:
                if value is None:
                    store.remove([("default", name)])
                else:
                    store.put([Thing(name, value=value)])
        assert [view.index_of(thing.key) for thing in view] == list(range(len(view)))
        assert isinstance(view.tally, Sum)
        assert (view.tally.members, view.tally.value) == (len(view), sum(thing.value for thing in view))
    settle(view)

    def order(thing: Thing) -> tuple[int, str]:
        return (sort(thing) if sort else 0, thing.name)

    expected = sorted((thing for thing in store if keep is None or keep(thing)), key=order, reverse=reverse)
    assert list(view) == expected
    assert [view[i] for i in range(len(view))] == expected
    assert [view.index_of(thing.key) for thing in expected] == list(range(len(expected)))
    assert view.hidden == len(store) - len(expected)


def test_when_most_rows_change_the_old_ones_stay_to_be_seen_until_all_have_their_new_place() -> None:
    # Given a view of more rows than one step handles, by what they use
    store: Store[Thing] = Store()
    store.put(Thing(f"t{n:05}", value=n) for n in range(10_000))
    view = View(store, sort=lambda thing: thing.value)
    settle(view)

    # When each of them uses something else, and only some steps are done
    store.put(Thing(f"t{n:05}", value=-n) for n in range(10_000))
    for _ in range(3):
        assert view.step()

    # Then the old ones are still to be seen and to be found, and the new ones once all steps are done
    assert [thing.value for thing in view] == list(range(10_000))
    assert view.index_of(("default", "t00007")) == 7
    settle(view)
    assert [thing.value for thing in view] == list(range(-9_999, 1))
    assert view.index_of(("default", "t00007")) == 9_992


def test_while_a_new_order_is_built_the_old_rows_stay_to_be_seen() -> None:
    # Given a view of more rows than one step handles
    store: Store[Thing] = Store()
    store.put(Thing(f"t{n:05}", value=-n) for n in range(10_000))
    view = View(store)
    settle(view)

    # When another order is asked for and only one step is done
    view.arrange(sort=lambda thing: thing.value)
    assert view.step()

    # Then the old order is still whole, and the new one stands once all steps are done
    assert len(view) == 10_000
    assert view[0].name == "t00000"
    settle(view)
    assert view[0].name == "t09999"


def test_a_change_between_the_take_and_the_look_is_not_lost() -> None:
    store: Store[Thing] = Store()
    view = View(store, sort=lambda thing: thing.value)
    settle(view)
    store.put([Thing("a", value=1)])
    store.put([Thing("a", value=5), Thing("b", value=3)])
    settle(view)
    store.put([Thing("a", value=2)])
    settle(view)

    assert [thing.name for thing in view] == ["a", "b"]


def test_a_closed_view_costs_the_store_nothing() -> None:
    store: Store[Thing] = Store()
    view = View(store)
    view.close()
    store.put([Thing("a")])

    assert not view.step()
