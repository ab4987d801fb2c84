"""Metrics are listed as often as their samples come: found out by looking, and found out anew when that changes."""

from __future__ import annotations

import pytest

from kubetui.cluster.polling import DOUBT, LEAST, MANY, MOST, Polling

_START = 1_790_000_000


class Watcher:
    """Lists again and again, against samples that are taken every ``resolution`` seconds and served ``late``."""

    def __init__(self, resolution: int, late: int = 3, objects: int = 12) -> None:
        self.polling = Polling()
        self.resolution, self.late, self.objects = resolution, late, objects
        self.at = float(_START)
        self.pauses: list[float] = []

    def look(self, times: int = 1) -> Watcher:
        for _ in range(times):
            newest = (int(self.at) - self.late) // self.resolution * self.resolution
            self.polling.begin(self.objects)
            self.polling.saw(newest)
            self.pauses.append(self.polling.pause())
            self.at += self.pauses[-1]
        return self


@pytest.mark.parametrize("resolution", [10, 15])
def test_samples_that_come_as_fast_as_lists_are_listed_as_often_as_may_be(resolution: int) -> None:
    assert set(Watcher(resolution).look(40).pauses) == {LEAST}


@pytest.mark.parametrize("resolution", [20, 30, 60])
def test_the_pace_of_slower_samples_is_found(resolution: int) -> None:
    watcher = Watcher(resolution).look(8)
    pauses = watcher.look(5 * DOUBT).pauses[8:]
    # Now and then one looks early; else as often as there is something new.
    assert pauses.count(float(resolution)) > len(pauses) / 2
    assert set(pauses) <= {LEAST, float(resolution)}


def test_samples_slower_than_any_pause_are_listed_at_most_as_rarely_as_that() -> None:
    assert max(Watcher(300).look(60).pauses) <= MOST


@pytest.mark.parametrize("before", [1, 2, 3])
def test_an_outage_is_no_pace(before: int) -> None:
    # given: samples every 15 s, and no list that worked for five minutes
    watcher = Watcher(15).look(before)
    watcher.at += 300
    # when: metrics-server answers again
    # then: it is asked as often as before
    assert set(watcher.look(20).pauses) == {LEAST}


def test_an_outage_while_one_waits_for_a_sample_is_no_pace_either() -> None:
    watcher = Watcher(30).look(3)
    while watcher.pauses[-1] != LEAST:  # until a list found nothing new
        watcher.look()
    watcher.at += 300
    assert max(watcher.look(20).pauses) == 30.0


def test_samples_that_come_faster_by_now_are_noticed() -> None:
    # given: a metrics-server that sampled every minute
    watcher = Watcher(60).look(10)
    assert MOST in watcher.pauses[-4:]
    # when: it is set to 15 s
    watcher.resolution = 15
    # then: some lists later they are asked for as fast as they come
    assert set(watcher.look(2 * DOUBT + 4).pauses[-4:]) == {LEAST}


def test_very_many_are_listed_rarely_from_the_first_on() -> None:
    assert set(Watcher(15, objects=MANY + 1).look(5).pauses) == {MOST}
