"""Leases: who is late, by the clock of this machine."""

from __future__ import annotations

from typing import Any

import msgspec

from kubetui.insight.control_plane import API_SERVER, LeaseBook
from kubetui.kinds.kind import Meaning
from kubetui.kinds.lease import LeaseRow

NOW = 1_795_266_240.0


def lease(renewed: float, name: str = "kube-scheduler", **more: Any) -> LeaseRow:
    row = LeaseRow("kube-system", name, 1, holder="scheduler-1", duration=15, renewed=renewed)
    return msgspec.structs.replace(row, **more)


def late(book: LeaseBook, now: float) -> float:
    found = book.leader("kube-scheduler", "scheduler", now)
    assert found is not None
    return found.late


def test_a_leader_that_renews_is_fine_and_one_that_stops_is_late_after_twice_its_duration() -> None:
    book = LeaseBook()
    book.fold(None, lease(NOW), NOW)
    book.fold(lease(NOW), lease(NOW + 2), NOW + 2)
    assert late(book, NOW + 30) == 0
    assert late(book, NOW + 40) == 38
    assert [leader.meaning for leader in book.leaders(NOW + 40)] == [Meaning.ACT]


def test_a_clock_that_goes_otherwise_makes_nobody_late() -> None:
    book = LeaseBook()
    for second in range(0, 120, 2):
        book.fold(None, lease(NOW - 100 + second), NOW + second)
    assert late(book, NOW + 120) == 0


def test_a_lease_that_is_old_at_the_first_look_is_late_at_once() -> None:
    book = LeaseBook()
    book.fold(None, lease(NOW - 900), NOW)
    assert late(book, NOW) == 900


def test_nothing_is_late_for_what_was_not_followed() -> None:
    book = LeaseBook()
    book.fold(None, lease(NOW), NOW)
    book.seen_anew(NOW + 600)
    assert late(book, NOW + 610) == 0


def test_leaders_that_show_no_lease_are_not_judged() -> None:
    book = LeaseBook()
    assert book.leader("kube-scheduler", "scheduler", NOW) is None
    book.fold(None, lease(NOW), NOW)
    book.fold(lease(NOW), None, NOW)
    assert book.leaders(NOW) == []


def test_api_servers_are_counted_by_their_own_leases() -> None:
    book = LeaseBook()
    for number in range(3):
        book.fold(None, lease(NOW, f"apiserver-{number}", labels=(API_SERVER,), duration=3600), NOW)
    book.fold(None, lease(NOW - 90_000, "apiserver-9", labels=(API_SERVER,), duration=3600), NOW)
    book.fold(None, lease(NOW), NOW)
    assert book.api_servers(NOW) == 3
