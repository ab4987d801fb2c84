"""Events folded by object and reason: counts, first and last seen, the newest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubetui.insight.event_fold import EventFolds, fold_key, newest_first, summary
from kubetui.kinds.event import EVENT, EventRow
from kubetui.kinds.kind import Key


def event(name: str, pod: str = "p", reason: str = "BackOff", *, count: int = 1, first: int = 10, last: int = 20,
          kind: str = "Warning") -> EventRow:  # fmt: skip
    return EventRow(
        "team-04", name, last, type=kind, reason=reason, object_kind="Pod", object_namespace="team-04",
        object_name=pod, message=f"of {name}", count=count, first=first, last=last,
    )  # fmt: skip


def folded(*rows: EventRow) -> EventFolds:
    folds = EventFolds()
    for row in rows:
        folds.fold(None, row)
    return folds


def order(folds: EventFolds, most: int = 100) -> list[EventRow]:
    return [row for key in folds.order(None, reverse=False, most=most) if (row := folds.of(key)) is not None]


def test_events_of_one_object_and_reason_are_one_line_of_all_their_counts() -> None:
    [row] = order(folded(event("a", count=3, first=5, last=20), event("b", count=4, first=9, last=30)))

    assert (row.count, row.first, row.last, row.folded) == (7, 5, 30, 2)
    assert (row.name, row.message) == ("b", "of b")


def test_another_object_reason_or_type_is_another_line_and_the_newest_comes_first() -> None:
    rows = order(
        folded(
            event("a", last=20),
            event("b", pod="q", last=40),
            event("c", reason="Killing", last=30),
            event("d", kind="Normal", last=10),
        )
    )
    assert [row.name for row in rows] == ["b", "c", "a", "d"]


def test_an_event_that_expires_leaves_its_fold() -> None:
    folds = folded(event("a", count=3), event("b", count=4))
    folds.fold(event("b", count=4), None)
    assert [row.count for row in order(folds)] == [3]

    folds.fold(event("a", count=3), None)
    assert order(folds) == []
    assert len(folds) == 0


def test_a_filter_chooses_events_and_forgets_those_it_no_longer_keeps() -> None:
    folds = EventFolds(keep=lambda row: row.count > 2)
    folds.fold(None, event("a", count=3))
    folds.fold(None, event("b", count=1))
    assert [row.folded for row in order(folds)] == [1]

    folds.fold(event("a", count=3), event("a", count=2))
    assert order(folds) == []


def test_of_too_many_folds_the_newest_are_shown_in_the_order_asked_for() -> None:
    folds = folded(*(event(f"e{n}", pod=f"p{n}", last=n, count=100 - n) for n in range(50)))
    count = next(column for column in EVENT.columns if column.title == "COUNT")

    newest = folds.order(None, reverse=False, most=3)
    assert [key.object_name for key in newest] == ["p49", "p48", "p47"]
    by_count = folds.order(count.sort, reverse=False, most=3)
    assert [key.object_name for key in by_count] == ["p47", "p48", "p49"]


_events = st.builds(
    event,
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(["p", "q"]),
    st.sampled_from(["BackOff", "Killing"]),
    count=st.integers(1, 9),
    first=st.integers(0, 9),
    last=st.integers(0, 9),
)


@given(st.lists(st.tuples(_events, st.booleans()), max_size=40))
def test_following_changes_comes_to_the_same_as_folding_all(steps: list[tuple[EventRow, bool]]) -> None:
    folds, held = EventFolds(keep=lambda row: row.count != 5), dict[Key, EventRow]()
    for row, there in steps:
        key = (row.namespace, row.name)
        before = held.pop(key, None)
        if there:
            held[key] = row
        folds.fold(before, row if there else None)
        order(folds)

    kept = [row for row in held.values() if row.count != 5]
    for fold in {fold_key(row) for row in kept}:
        members = [row for row in kept if fold_key(row) == fold]
        assert folds.members(fold) == sorted(members, key=newest_first)
        total = folds.of(fold)
        assert total is not None
        assert (total.count, total.last) == (sum(row.count for row in members), max(row.last for row in members))
        assert total.folded == len(members)
    assert len(folds) == len({fold_key(row) for row in kept})


def test_one_event_is_its_own_summary() -> None:
    row = event("a")
    assert summary([row]) is row
