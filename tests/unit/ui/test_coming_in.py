"""A poll is put in order once: not while it still comes in, and not never."""

from __future__ import annotations

from kubetui.ui.coming_in import MANY, PATIENCE, ComingIn

SHOWN = 150_000


def test_while_more_comes_in_at_each_look_it_goes_on_and_then_it_is_over() -> None:
    coming = ComingIn()
    assert [coming.goes_on(waiting, SHOWN, 0.0) for waiting in (5_000, 40_000, 150_000)] == [True, True, True]
    assert not coming.goes_on(150_000, SHOWN, 0.1)


def test_few_changes_and_first_rows_wait_for_nothing() -> None:
    assert not ComingIn().goes_on(MANY, SHOWN, 0.0)
    assert not ComingIn().goes_on(100_000, 0, 0.0)


def test_what_never_ends_is_shown_all_the_same() -> None:
    coming = ComingIn()
    assert coming.goes_on(5_000, SHOWN, 0.0)
    assert coming.goes_on(6_000, SHOWN, PATIENCE - 0.1)
    assert not coming.goes_on(7_000, SHOWN, PATIENCE)
