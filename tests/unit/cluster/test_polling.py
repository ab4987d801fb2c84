"""Metrics are listed as often as they are sampled, not oftener than every 15 s nor rarer than every 60 s."""

from __future__ import annotations

import pytest

from kubetui.cluster.polling import LEAST, MANY, MOST, Polling


def listed(polling: Polling, at: int, count: int = 3) -> float:
    polling.begin(count)
    for back in range(count):
        polling.saw(at - back)
    return polling.pause()


@pytest.mark.parametrize(("resolution", "pause"), [(10, LEAST), (15, 15.0), (30, 30.0), (60, 60.0), (300, MOST)])
def test_the_pause_is_what_the_samples_move_by(resolution: int, pause: float) -> None:
    polling = Polling()
    listed(polling, 1_000)

    assert listed(polling, 1_000 + resolution) == pause


def test_samples_that_did_not_move_are_asked_for_again_soon_and_the_pace_is_kept() -> None:
    polling = Polling()
    listed(polling, 1_000)
    assert listed(polling, 1_060) == 60.0

    assert listed(polling, 1_060) == LEAST
    assert listed(polling, 1_120) == 60.0


def test_a_large_cluster_is_asked_once_a_minute_from_the_start() -> None:
    polling = Polling()
    polling.begin(MANY + 1)
    polling.saw(1_000)

    assert polling.pause() == MOST


def test_nothing_listed_is_asked_for_again_soon() -> None:
    assert listed(Polling(), 0, count=0) == LEAST
