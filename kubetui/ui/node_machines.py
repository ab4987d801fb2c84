"""The machines under the Nodes pane's rows: asks the feed while the pane is open, joins, and says how old that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from kubetui.azure.machine_feed import Look, MachineFeed
from kubetui.azure.machines import Instance, ScaleSet
from kubetui.cluster.errors import Forbidden, Overloaded
from kubetui.insight.instances import NOTHING, Joined, Lone, join, joined_meaning, places_of
from kubetui.insight.pool_troubles import PoolCounts, uneven_since
from kubetui.insight.pools import Pool
from kubetui.insight.trouble import Trouble
from kubetui.kinds.age import human_duration
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_meaning import worst
from kubetui.kinds.node_row import NodeRow
from kubetui.ui.state_words import count

PAUSE: Final = 5.0
"""Seconds between two joins of many nodes; a new look at Azure is joined at once."""
_MANY: Final = 300
_STEP: Final = 15
"""Steps in which an age grows that is no longer than it should be, in seconds: an idle screen stays idle."""
_FEW_READS: Final = 200
_ASK: Final = (Meaning.ACT, Meaning.LOOK)


class NodeMachines:
    """Of one pane. Without a feed, or without nodes of Azure, it says nothing."""

    def __init__(self, feed: MachineFeed | None, changed: Callable[[], None]) -> None:
        self.joined: Joined = NOTHING
        self._feed, self._changed = feed, changed
        self._look = Look()
        self._joined_at = 0.0
        self._had_node: frozenset[str] = frozenset()
        """Instances that had a node since Azure was read."""
        self._uneven: dict[str, float] | None = None
        """Since when pools have had other than the instances they are to have; None before the first look."""
        self._asked = False

    @property
    def known(self) -> bool:
        """Whether Azure has been read."""
        return self._look.machines is not None

    @property
    def limits_known(self) -> bool:
        """Whether Azure told the autoscaler's limits."""
        return self._look.machines is not None and bool(self._look.machines.clusters)

    def follow(self, nodes: Sequence[NodeRow], now: float, *, moved: bool) -> bool:
        """Bring the join up to date; ``moved``: nodes changed. True where lines have to be laid out anew."""
        if self._feed is None:
            return False
        self._feed.seen()
        looked = self._feed.look is not self._look
        due = moved and (len(nodes) < _MANY or now - self._joined_at >= PAUSE)
        if not looked and not due:
            return False
        if due and (wanted := places_of(nodes)):
            self._asked = True
            self._feed.follow(wanted, self._changed, self)
        self._look = self._feed.look
        if self._look.machines is None:
            return looked
        self._joined_at = now
        if looked:
            self._had_node = frozenset()
        self.joined = join(nodes, self._look.machines, now, self._had_node, self._uneven)
        if looked:
            self._note_uneven(self._look.machines.at)
        self._had_node |= {one.key for one in self.joined.of_node.values()}
        return True

    def _note_uneven(self, at: float) -> None:
        counts = {
            name: PoolCounts(one.machines if one.machines >= 0 else None, one.capacity)
            for name, one in self.joined.pools.items()
        }
        self._uneven = uneven_since(self._uneven, counts, at)

    def rest(self) -> None:
        """Nobody looks."""
        self._asked = False
        if self._feed is not None:
            self._feed.rest(self)

    def retry_now(self) -> None:
        """A person asks for fresh data."""
        if self._feed is not None and self._asked:
            self._feed.retry_now()

    # --- of one node

    def instance(self, node: str) -> Instance | None:
        """The node's machine."""
        return self.joined.of_node.get(node)

    def trouble(self, node: str) -> Trouble | None:
        """Where the node and its machine don't fit."""
        return self.joined.troubles.get(node)

    def meaning(self, row: NodeRow) -> Meaning:
        """Of the node together with its machine."""
        return joined_meaning(row, self.trouble(row.name))

    def meant(self, pools: Iterable[Pool], nodes: Iterable[NodeRow]) -> list[Pool]:
        """The pools with the worst meaning of their nodes and machines together."""
        found: dict[str, set[Meaning]] = {}
        for node in nodes:
            found.setdefault(node.pool, set()).add(self.meaning(node))
        return [pool._replace(meaning=worst(found.get(pool.name, set()))) for pool in pools]

    def problem(self, row: NodeRow) -> bool:
        """Whether the machine makes the node a problem."""
        trouble = self.trouble(row.name)
        return trouble is not None and trouble.meaning is not Meaning.PLAIN

    def lone(self, *, problems_only: bool) -> Mapping[str, Sequence[Lone]]:
        """Instances without a node, by pool."""
        if not problems_only:
            return self.joined.lone
        asking = {pool: [o for o in found if o.trouble.meaning in _ASK] for pool, found in self.joined.lone.items()}
        return {pool: found for pool, found in asking.items() if found}

    def scale_set(self, lone: Lone) -> ScaleSet | None:
        """The instance's scale set."""
        pool = self.joined.pools.get(lone.pool)
        sets = pool.sets if pool is not None else ()
        return next((one for one in sets if one.name == lone.instance.scale_set), None)

    # --- what is said

    def words(self, now: float) -> str:
        """For the heading: the data's age, or why there are none and what would help; ``""`` without Azure."""
        if self._feed is None or not self._asked:
            return ""
        look = self._feed.look
        parts = [self._age(look, now), _failure(look, now)]
        if look.machines is not None:
            asking = sum(lone.trouble.meaning in _ASK for found in self.joined.lone.values() for lone in found)
            parts += [f"{count(asking)} without a node" if asking else "", *look.machines.gaps[:1]]
            left = look.machines.budget
            parts.append(f"{left} Azure reads left" if left is not None and left < _FEW_READS else "")
        return " · ".join(part for part in parts if part)

    @staticmethod
    def _age(look: Look, now: float) -> str:
        if look.machines is None:
            return "" if look.error or look.signed_out else "Azure: reading …"
        age = max(0.0, now - look.machines.at)
        if age < _STEP:
            return "Azure just now"
        return f"Azure {human_duration(age // _STEP * _STEP)} ago"


def _failure(look: Look, now: float) -> str:
    error = look.error
    if look.signed_out:
        return "Azure: az login adds VM states and scale sets"
    if error is None:
        return ""
    if isinstance(error, Forbidden):
        return f"Azure: no right – {error.advice or error.answer}"
    again = f"again in {human_duration(max(0.0, look.next_at - now) // _STEP * _STEP + _STEP)}"
    if isinstance(error, Overloaded):
        return f"Azure asks to wait, {again}" if error.status == 429 else f"Azure: {error.answer}, {again}"
    return f"Azure: {error.answer}" + (f" – {error.advice}" if error.advice else f", {again}")
