"""Restarts in the last hour: exact where they were seen, a lower bound where pods only tell of their life."""

from __future__ import annotations

from typing import Any

import msgspec

from kubetui.insight.pod_trouble import Owner
from kubetui.insight.restarts import WINDOW, Restarts
from kubetui.kinds.pod_row import PodRow

NOW = 1_795_266_240
OWNER = Owner("kube-system", "DaemonSet", "kube-proxy")


def pod(**more: Any) -> PodRow:
    row = PodRow("kube-system", "kube-proxy-1", 1, owner_kind="DaemonSet", owner="kube-proxy", created=NOW - 90_000)
    return msgspec.structs.replace(row, **more)


def text(restarts: Restarts, now: float = NOW) -> str:
    return restarts.of(OWNER, now).text


def test_no_restarts_are_known_to_be_none() -> None:
    restarts = Restarts()
    restarts.fold(None, pod())
    assert text(restarts) == "0"


def test_an_old_pod_tells_its_last_restart_and_that_there_may_be_more() -> None:
    restarts = Restarts()
    restarts.fold(None, pod(restarts=7, restarted=NOW - 100))
    restarts.fold(None, pod(name="kube-proxy-2", restarts=1, restarted=NOW - 200))
    restarts.fold(None, pod(name="kube-proxy-3", restarts=9, restarted=NOW - 7200))
    assert text(restarts) == "2+"


def test_a_young_pod_tells_all() -> None:
    restarts = Restarts()
    restarts.fold(None, pod(restarts=7, restarted=NOW - 100, created=NOW - 1800))
    assert text(restarts) == "7"


def test_what_is_seen_is_counted_and_leaves_the_window() -> None:
    restarts = Restarts()
    before = pod(restarts=3, restarted=NOW - 7200)
    restarts.fold(None, before)
    after = pod(restarts=5, restarted=NOW)
    restarts.fold(before, after)
    assert text(restarts) == "2"
    restarts.fold(after, None)
    assert text(restarts, NOW + 10) == "2", "they happened, though the pod is gone"
    assert text(restarts, NOW + WINDOW + 1) == "0"


def test_rows_that_come_again_after_a_pause_are_not_counted_again() -> None:
    restarts = Restarts()
    restarts.fold(None, pod(restarts=2, restarted=NOW - 100, created=NOW - 200))
    restarts.fold(None, pod(restarts=2, restarted=NOW - 100, created=NOW - 200))
    restarts.fold(None, pod(restarts=3, restarted=NOW, created=NOW - 200))
    assert text(restarts) == "3"


def test_pods_that_went_during_a_pause_are_forgotten() -> None:
    restarts = Restarts()
    restarts.fold(None, pod(restarts=1, restarted=NOW - 100))
    restarts.keep_only(set())
    assert restarts._known == {}
    assert text(restarts) == "1"


def test_a_row_made_from_a_table_is_not_believed() -> None:
    restarts = Restarts()
    restarts.fold(None, pod(restarts=2, restarted=NOW - 100, provisional=True))
    assert text(restarts) == "0"
