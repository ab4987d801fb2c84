"""The machines under the Overview's nodes: followed once its own rows are in, joined, dropped when they grow old."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kubetui.azure.machine_feed import MachineFeed
from kubetui.insight.mismatch_book import MachineEvidence, MismatchBook
from kubetui.insight.node_book import NodeBook
from kubetui.kinds.age import human_duration
from kubetui.ui.node_machines import NodeMachines

TOO_OLD: Final = 180.0
"""Seconds after which what Azure said explains nothing any more: two looks have failed since."""

STEP: Final = 15
"""Seconds in which the age of the data grows: an idle screen stays idle."""


class OverviewMachines:
    """Shares the feed with the Nodes pane: one look a minute, however many panes are open."""

    def __init__(self, feed: MachineFeed | None, changed: Callable[[], None]) -> None:
        self._feed = feed
        self._machines = NodeMachines(feed, changed)
        self._book = MismatchBook()
        self._evidence: MachineEvidence | None = None
        self._moves = -1
        """How often nodes had moved when they were joined."""

    def follow(self, nodes: NodeBook, now: float) -> None:
        """Nodes as they are now; called only once what is watched is known, so that Azure slows no first row."""
        if self._feed is None:
            return
        if not self._machines.follow(nodes.rows, now, moved=nodes.moves != self._moves):
            return
        self._moves = nodes.moves
        machines = self._feed.look.machines
        if machines is not None:
            self._evidence = self._book.note(self._machines.joined, now, machines.clusters)

    def evidence(self, now: float) -> MachineEvidence | None:
        """For findings; None where Azure is not known, or not any more."""
        look = self._feed.look.machines if self._feed is not None else None
        return self._evidence if look is not None and now - look.at <= TOO_OLD else None

    def words(self, now: float) -> str:
        """How old the data are, in steps; ``""`` without any: why there are none is the Nodes pane's to say."""
        look = self._feed.look.machines if self._feed is not None else None
        if look is None or self._evidence is None:
            return ""
        age = max(0.0, now - look.at) // STEP * STEP
        return f"Azure {human_duration(age)} ago" if age else "Azure just now"

    def rest(self) -> None:
        """Nobody looks at the Overview."""
        self._moves = -1
        self._machines.rest()

    def retry_now(self) -> None:
        """A person asks for fresh data."""
        self._machines.retry_now()
