"""The latest changes: bounded, in order, without telling one change twice."""

from __future__ import annotations

from kubetui.insight.finding import Target
from kubetui.insight.timeline import MOST, Change, Timeline
from kubetui.kinds.kind import Meaning

AT = 1_795_266_240


def change(subject: str, words: str, at: int, group: str = "") -> Change:
    return Change(AT + at, subject, words, Meaning.LOOK, Target("nodes", (("", subject),)), group)


def told(timeline: Timeline) -> list[str]:
    return [f"{one.at - AT} {one.subject} {one.words}" for one in timeline.newest(100)]


def test_the_newest_comes_first_whatever_the_order_of_telling() -> None:
    timeline = Timeline()
    for at in (5, 90, 30):
        timeline.note(change(f"n{at}", "joined", at))
    assert told(timeline) == ["90 n90 joined", "30 n30 joined", "5 n5 joined"]


def test_an_object_and_an_event_that_tell_the_same_are_one_change() -> None:
    timeline = Timeline()
    timeline.note(change("n1", "Ready → NotReady", 10))
    timeline.note(change("n1", "Ready → NotReady", 12))
    timeline.note(change("n1", "Ready → NotReady", 400))
    assert told(timeline) == ["400 n1 Ready → NotReady", "10 n1 Ready → NotReady"]


def test_steps_that_follow_each_other_are_one_way() -> None:
    timeline = Timeline()
    for at, words in ((0, "3/3 → 2/3"), (5, "2/3 → 1/3"), (9, "1/3 → 0/3")):
        timeline.amend(change("coredns ready", words, at), 60)
    timeline.amend(change("coredns ready", "0/3 → 3/3", 500), 60)
    assert told(timeline) == ["500 coredns ready 0/3 → 3/3", "9 coredns ready 3/3 → 0/3"]


def test_steps_that_lead_back_leave_nothing() -> None:
    timeline = Timeline()
    timeline.amend(change("coredns ready", "3/3 → 2/3", 0), 60)
    timeline.amend(change("coredns ready", "2/3 → 3/3", 8), 60)
    assert told(timeline) == []


def test_the_same_of_many_nodes_is_one_line_that_names_them_all() -> None:
    timeline = Timeline()
    for number in range(12):
        timeline.note(change(f"n{number}", "Ready → NotReady", number, "pool general"))
    timeline.note(change("other", "Ready → NotReady", 6, "pool spot"))

    first, *_ = timeline.newest(10)

    assert told(timeline)[0] == "11 5 nodes of pool general Ready → NotReady"
    assert len(first.target.keys) == 5
    assert [line.partition(" ")[2] for line in told(timeline)[1:]] == [
        "other Ready → NotReady",
        "7 nodes of pool general Ready → NotReady",
    ]


def test_it_is_bounded_and_keeps_the_newest() -> None:
    timeline = Timeline()
    for at in range(MOST + 50):
        timeline.note(change(f"n{at}", "joined", at))
    timeline.note(change("old", "joined", -1))
    assert len(timeline) == MOST
    assert told(timeline)[0] == f"{MOST + 49} n{MOST + 49} joined"
    assert not any("old" in line for line in told(timeline))
