"""The machines under the Nodes pane's rows: asks the feed while the pane is open, joins, and says how old that is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from kubetui.azure.machine_feed import Look, MachineFeed
from kubetui.azure.machines import Instance, Machines, ManagedCluster
from kubetui.cluster.errors import Forbidden, Overloaded, SignInFailed, Unauthorized
from kubetui.insight.cluster_page import cluster_words
from kubetui.insight.instances import NOTHING, Joined, Lone, asking_of, join, joined_meaning, places_of
from kubetui.insight.maintenance_page import window_words
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
        self._moved = False
        """Nodes changed since the last join."""
        self._asked = False

    @property
    def known(self) -> bool:
        """Whether Azure has been read."""
        return self._look.machines is not None

    @property
    def cluster(self) -> ManagedCluster | None:
        """The managed cluster; None where it was not read."""
        return next(iter(self._look.machines.clusters), None) if self._look.machines is not None else None

    @property
    def gaps(self) -> tuple[str, ...]:
        """What could not be read, a sentence each."""
        return self._look.machines.gaps if self._look.machines is not None else ()

    @property
    def limits_known(self) -> bool:
        """Whether Azure told the autoscaler's limits."""
        return self.cluster is not None

    def follow(self, nodes: Collection[NodeRow], now: float, *, moved: bool, pools: Iterable[str] = ()) -> bool:
        """Bring the join up to date; ``moved``: nodes changed. True where lines have to be laid out anew.

        ``pools``: those in view, whose scale sets are read more often while they change.
        """
        if self._feed is None:
            return False
        self._feed.seen(self._sets_of(pools))
        self._moved = self._moved or moved
        looked = self._feed.look is not self._look
        due = self._moved and (len(nodes) < _MANY or now - self._joined_at >= PAUSE)
        if not looked and not due:
            return False
        if due:
            self._moved = False
            if wanted := places_of(nodes):
                self._asked = True
                self._feed.follow(wanted, self._changed, self, asking_of(nodes))
        before, self._look = self._look.machines, self._feed.look
        if self._look.machines is None:
            return looked
        self._joined_at = now
        if looked:
            self._had_node &= _not_read_again(before, self._look.machines)
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

    def _sets_of(self, pools: Iterable[str]) -> frozenset[str]:
        known = (self.joined.pools.get(name) for name in pools)
        return frozenset(held.id for one in known if one is not None for held in one.sets)

    def rest(self) -> None:
        """Nobody looks."""
        self._asked = False
        if self._feed is not None:
            self._feed.rest(self)

    def retry_now(self) -> None:
        """A person asks for fresh data."""
        if self._feed is not None and self._asked:
            self._feed.retry_now()

    def page_of(self, resource: str) -> str:
        """Where a browser shows a resource of Azure."""
        return self._feed.cloud.page_of(resource) if self._feed is not None else ""

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
        troubles = self.joined.troubles
        if not troubles:
            return list(pools)
        rows = tuple(nodes)
        found: dict[str, set[Meaning]] = {row.pool: set() for row in rows if row.name in troubles}
        for row in rows:
            if row.pool in found:
                found[row.pool].add(self.meaning(row))
        return [one._replace(meaning=worst(found[one.name])) if one.name in found else one for one in pools]

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

    # --- what is said

    def words(self, now: float, sign_in: str = "") -> str:
        """For the heading: the data's age, or why there are none and what would help; ``""`` without Azure.

        ``sign_in``: the key that lets a person sign in.
        """
        if self._feed is None or not self._asked:
            return ""
        look = self._feed.look
        parts = [self.read_words(now, sign_in)]
        if look.machines is not None:
            asking = sum(lone.trouble_at(now).meaning in _ASK for found in self.joined.lone.values() for lone in found)
            parts += [f"{count(asking)} without a node" if asking else "", cluster_words(self.cluster)]
            parts.append(window_words(self.cluster, now))
            parts += look.machines.gaps[:1]
            left = look.machines.budget
            parts.append(f"{left} Azure reads left" if left is not None and left < _FEW_READS else "")
        return " · ".join(part for part in parts if part)

    def read_words(self, now: float, sign_in: str = "") -> str:
        """Of these words only how old the data are, or why there are none."""
        if self._feed is None or not self._asked:
            return ""
        look = self._feed.look
        told = (_age(look, now), _failure(look, now, sign_in if self._feed.by_hand is not None else ""))
        return " · ".join(part for part in told if part)


def _not_read_again(before: Machines | None, after: Machines) -> frozenset[str]:
    """Keys of the instances of which ``after`` says no more than ``before`` did."""
    old = {one.id: one.at for one in before.sets} if before is not None else {}
    same = (one for one in after.sets if old.get(one.id) == one.at)
    return frozenset(each.key for one in same for each in one.instances or ())


def _age(look: Look, now: float) -> str:
    """``Azure 45s ago, general just now``: of all, and of the sets that were read since because they change."""
    if look.machines is None:
        return "" if look.error or look.signed_out else "Azure: reading …"
    since = [one for one in look.machines.sets if one.at > look.machines.at]
    parts = [f"Azure {_ago(now - look.machines.at)}"]
    if since:
        names = ", ".join(sorted({one.pool or one.name for one in since}))
        parts.append(f"{names} {_ago(now - min(one.at for one in since))}")
    return ", ".join(parts)


def _ago(seconds: float) -> str:
    return "just now" if seconds < _STEP else f"{human_duration(seconds // _STEP * _STEP)} ago"


def _failure(look: Look, now: float, sign_in: str) -> str:
    error = look.error
    if look.signed_out:
        way = f"az login, or {sign_in} for a device code," if sign_in else "az login"
        return f"Azure: {way} adds VM states and scale sets"
    if error is None:
        return ""
    if isinstance(error, Forbidden):
        return f"Azure: no right – {error.advice or error.answer}"
    again = f"again in {human_duration(max(0.0, look.next_at - now) // _STEP * _STEP + _STEP)}"
    if isinstance(error, Overloaded):
        return f"Azure asks to wait, {again}" if error.status == 429 else f"Azure: {error.answer}, {again}"
    if sign_in and isinstance(error, SignInFailed | Unauthorized):
        return f"Azure: {error.answer} – {error.advice or 'run: az login'}; or {sign_in} for a device code"
    return f"Azure: {error.answer}" + (f" – {error.advice}" if error.advice else f", {again}")
