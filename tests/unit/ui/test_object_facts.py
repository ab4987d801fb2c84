"""The facts of a description are followed: read again when the object changed, and asked for no oftener than that."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from kubetui.cluster.errors import Forbidden, Unreachable
from kubetui.cluster.object_at import ObjectAt, object_at
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.object_facts import PAUSE, ObjectFacts, involved
from tests.fake_clock import FakeClock
from tests.ui.cluster_in_memory import ClusterInMemory, pod

AT = object_at(POD, ("team-00", "web-0"))
PATH = AT.path
LONG = 60.0


class Followed:
    """A cluster with one pod, followed; ``held`` plays the store of the pane that the person came from."""

    def __init__(self, *, held: bool = True) -> None:
        self.cluster = ClusterInMemory([pod("web-0")])
        self.clock = FakeClock()
        self.session = Session("test", self.cluster, Traffic(self.clock), self.clock, Random(1))
        self.held: Store[PodRow] | None = Store() if held else None
        self.told = 0
        self.facts = ObjectFacts(self.session, AT, self.held, self._changed)

    def _changed(self) -> None:
        self.told += 1

    async def start(self) -> None:
        if self.held is not None:
            self.row(self.cluster.version)
            self.held.state = SyncState(Phase.LIVE)
        self.facts.start()
        await self.clock.advance(PAUSE)

    def row(self, version: int, *, name: str = "web-0", provisional: bool = False) -> None:
        """The store has a row of this version."""
        assert self.held is not None
        self.held.put([PodRow("team-00", name, version, provisional=provisional)])

    @property
    def known(self) -> bool:
        """Whether the object came."""
        return self.facts.facts is not None

    @property
    def trouble(self) -> str:
        """What kind of error the last read ended with."""
        return type(self.facts.error).__name__ if self.facts.error is not None else ""

    @property
    def reads(self) -> int:
        """How often the object was read."""
        return Counter(request.path for request in self.cluster.asked)[PATH]

    async def close(self) -> None:
        self.facts.stop()
        await self.session.close()


async def test_a_change_is_read_once_and_others_changes_are_not() -> None:
    here = Followed()
    await here.start()
    assert here.reads == 1
    assert here.facts.facts is not None

    for number in range(50):
        here.row(100 + number, name="another")
        await here.clock.advance(PAUSE)
    assert here.reads == 1

    await here.cluster.put("pods", pod("web-0", restarts=3))
    here.row(here.cluster.version)
    await here.clock.advance(LONG)
    assert here.reads == 2
    assert here.facts.facts.found["status"]["containerStatuses"][0]["restartCount"] == 3
    await here.close()


async def test_many_changes_in_a_row_are_read_together() -> None:
    here = Followed()
    await here.start()
    for _ in range(20):
        await here.cluster.put("pods", pod("web-0"))
        here.row(here.cluster.version)
        await here.clock.advance(PAUSE / 50)
    await here.clock.advance(LONG)

    assert here.reads <= 3
    await here.close()


async def test_a_row_made_from_a_table_is_no_change() -> None:
    here = Followed()
    await here.start()
    here.row(10_000, provisional=True)
    await here.clock.advance(LONG)

    assert here.reads == 1
    await here.close()


async def test_an_object_that_is_gone_is_confirmed_once_and_keeps_what_was_known() -> None:
    here = Followed()
    await here.start()
    assert here.held is not None
    await here.cluster.delete("pods", "team-00", "web-0")
    here.held.remove([("team-00", "web-0")])
    await here.clock.advance(LONG)
    for number in range(20):
        here.row(200 + number, name="another")
        await here.clock.advance(PAUSE)

    assert (here.facts.gone, here.known, here.reads) == (True, True, 2)

    await here.cluster.put("pods", pod("web-0"))
    here.row(here.cluster.version)
    await here.clock.advance(LONG)
    assert (here.facts.gone, here.reads) == (False, 3)
    await here.close()


async def test_a_row_that_left_because_of_a_filter_is_not_taken_for_gone() -> None:
    here = Followed()
    await here.start()
    assert here.held is not None
    here.held.remove([("team-00", "web-0")])
    await here.clock.advance(LONG)

    assert not here.facts.gone
    await here.close()


async def test_what_could_not_be_reached_is_read_when_the_store_is_back() -> None:
    here = Followed()
    here.cluster.refuses["pods"] = Unreachable("get Pod", "no route")
    await here.start()
    assert (here.known, here.trouble) == (False, "Unreachable")

    del here.cluster.refuses["pods"]
    assert here.held is not None
    here.held.state = SyncState(Phase.STALE)
    here.held.state = SyncState(Phase.LIVE)
    await here.clock.advance(LONG)
    assert (here.known, here.trouble) == (True, "")
    await here.close()


async def test_what_may_not_be_read_is_not_asked_again_and_again() -> None:
    here = Followed()
    here.cluster.refuses["pods"] = Forbidden("get Pod", "no", status=403)
    await here.start()
    for number in range(20):
        here.row(300 + number, name="another")
        await here.clock.advance(PAUSE)
    assert here.reads == 1

    del here.cluster.refuses["pods"]
    here.facts.again()
    await here.clock.advance(LONG)
    assert here.facts.facts is not None
    await here.close()


async def test_without_a_store_the_object_itself_is_watched() -> None:
    here = Followed(held=False)
    await here.start()
    await here.clock.advance(LONG)
    assert here.facts.follows
    assert here.reads == 1

    await here.cluster.put("pods", pod("web-0", restarts=9))
    await here.clock.advance(LONG)
    assert here.reads == 2

    await here.cluster.delete("pods", "team-00", "web-0")
    await here.clock.advance(LONG)
    assert here.facts.gone
    await here.close()


async def test_changes_that_can_not_be_seen_are_known_not_to_be() -> None:
    here = Followed()
    await here.start()
    assert here.held is not None
    here.held.state = SyncState(Phase.FORBIDDEN, missing="list pods")

    assert not here.facts.follows
    await here.close()


async def test_a_defect_becomes_words(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    async def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("kubetui.ui.object_facts.read_object", broken)
    here = Followed()
    await here.start()

    assert here.facts.error is not None
    assert here.facts.error.answer == "ZeroDivisionError, a defect of kubetui"
    assert "ZeroDivisionError" in caplog.text
    await here.close()


async def test_stopping_leaves_no_watch_behind_for_long() -> None:
    here = Followed(held=False)
    await here.start()
    assert here.session.open_stores == 2

    here.facts.stop()
    await here.clock.advance(30)
    assert here.session.open_stores == 0
    await here.session.close()


@pytest.mark.parametrize(
    ("kind", "metadata", "selector"),
    [
        (
            "Pod",
            {"uid": "u"},
            "involvedObject.kind=Pod,involvedObject.name=x,involvedObject.namespace=t,involvedObject.uid=u",
        ),
        (
            "Pod",
            {"uid": "u", "annotations": {"kubernetes.io/config.mirror": "m"}},
            "involvedObject.kind=Pod,involvedObject.name=x,involvedObject.namespace=t,involvedObject.uid=m",
        ),
        ("Node", {"uid": "u"}, "involvedObject.kind=Node,involvedObject.name=x"),
    ],
)
def test_events_are_chosen_as_their_writers_name_the_object(kind: str, metadata: Any, selector: str) -> None:

    at = ObjectAt(kind, f"/api/v1/{kind.lower()}s", "" if kind == "Node" else "t", "x")
    assert involved(at, {"metadata": metadata}) == selector
