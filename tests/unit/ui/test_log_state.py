"""Where no stream can be read the pane says so, and why; one that can be read is enough to be live."""

from __future__ import annotations

import pytest

from kubetui.store.logs.sources import LogPhase, LogState
from kubetui.store.state import Phase, SyncState
from kubetui.ui.log_state import stands

LIVE = SyncState(Phase.LIVE)
BROKEN = LogState(LogPhase.RECONNECTING, since=10.0, reason="read the log of a: 500: no agent", next_try=42.0)
FORBIDDEN = LogState(LogPhase.FORBIDDEN, reason="403", advice="ask for a role", missing="get pods/log")


@pytest.mark.parametrize("phase", [LogPhase.LIVE, LogPhase.OPENING, LogPhase.ENDED])
def test_one_stream_that_can_be_read_is_enough(phase: LogPhase) -> None:
    assert stands(LIVE, [BROKEN, LogState(phase), FORBIDDEN]) is LIVE


def test_streams_that_are_all_broken_are_the_pane_s_state() -> None:
    found = stands(LIVE, [BROKEN, LogState(LogPhase.THROTTLED, since=12.0, reason="429", next_try=40.0)])
    assert (found.phase, found.since, found.next_try) == (Phase.STALE, 10.0, 40.0)
    assert "no agent" in found.reason


@pytest.mark.parametrize("phase", [LogPhase.WAITING, LogPhase.GONE])
def test_what_is_not_to_be_read_hides_no_broken_stream(phase: LogPhase) -> None:
    found = stands(LIVE, [LogState(phase, reason="ImagePullBackOff"), BROKEN])
    assert (found.phase, found.reason) == (Phase.STALE, BROKEN.reason)


@pytest.mark.parametrize("phase", [LogPhase.WAITING, LogPhase.GONE])
def test_where_nothing_is_to_be_read_nothing_is_broken(phase: LogPhase) -> None:
    assert stands(LIVE, [LogState(phase), LogState(phase)]) is LIVE


def test_a_right_that_is_missing_is_named() -> None:
    found = stands(LIVE, [FORBIDDEN, FORBIDDEN])
    assert (found.phase, found.missing, found.advice) == (Phase.FORBIDDEN, "get pods/log", "ask for a role")


def test_the_list_of_pods_comes_first() -> None:
    syncing = SyncState(Phase.SYNCING)
    assert stands(syncing, [FORBIDDEN]) is syncing
    assert stands(LIVE, []) is LIVE
