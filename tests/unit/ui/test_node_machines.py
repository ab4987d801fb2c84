"""What the panes' join remembers between two looks at Azure, of which one may be at a single scale set."""

from __future__ import annotations

from dataclasses import replace

from kubetui.azure.machine_feed import Look, MachineFeed
from kubetui.azure.machines import Machines
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_row import NodeRow
from kubetui.ui.node_machines import NodeMachines
from tests.fake_clock import FakeClock
from tests.unit.insight.test_instances import NOW, instance, machines, node


class Given:
    """A join over looks that the test gives."""

    def __init__(self, look: Machines) -> None:
        self.feed = MachineFeed(lambda: None, FakeClock(NOW))
        self.machines = NodeMachines(self.feed, lambda: None)
        self.look(look)

    def look(self, look: Machines) -> None:
        self.feed.look = Look(look)

    def follow(self, *nodes: NodeRow, moved: bool = True, now: float = NOW) -> None:
        self.machines.follow(nodes, now, moved=moved)

    def meaning(self) -> Meaning:
        (lone,) = self.machines.joined.lone["apps"]
        return lone.trouble.meaning


def read(at: float) -> Machines:
    """One old instance, read at ``at``."""
    given = machines(instance())
    return replace(given, at=at, sets=(replace(given.sets[0], at=at),))


async def test_an_instance_whose_node_went_is_no_alarm_while_its_set_was_not_read_again() -> None:
    given = Given(read(NOW))
    given.follow(node())
    given.follow()
    assert given.meaning() is Meaning.PLANNED

    # Another scale set was read since: nothing new is known of this one.
    given.look(replace(read(NOW), budget=7))
    given.follow(moved=False)
    assert given.meaning() is Meaning.PLANNED

    given.look(read(NOW + 60))
    given.follow(moved=False)
    assert given.meaning() is Meaning.LOOK
    given.machines.rest()


async def test_what_moved_in_a_large_cluster_is_joined_later_not_never() -> None:
    many = [node(provider_id="", name=f"other-{number}", pool="other") for number in range(400)]
    given = Given(read(NOW))
    given.follow(*many)
    assert "apps" in given.machines.joined.lone

    given.follow(*many, node(), now=NOW + 1)
    assert "apps" in given.machines.joined.lone, "not so soon"
    given.follow(*many, node(), moved=False, now=NOW + 6)
    assert "apps" not in given.machines.joined.lone
    given.machines.rest()
