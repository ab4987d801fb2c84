"""Since when nodes and machines don't fit: Azure tells states, not when they began, so the first sight is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kubetui.azure.machines import ManagedCluster
from kubetui.insight.instances import Joined
from kubetui.insight.trouble import Mismatch


class About(NamedTuple):
    """What a mismatch is of."""

    mismatch: Mismatch
    name: str
    """The node's, the instance's key, or the pool's."""


class Noticed(NamedTuple):
    """When it was seen first."""

    at: float
    """Unix seconds."""
    at_first_look: bool
    """It was so when Azure was looked at first: it may be far older."""


class MachineEvidence(NamedTuple):
    """Nodes and machines joined, and since when they are seen not to fit."""

    joined: Joined
    noticed: Mapping[About, Noticed]
    clusters: tuple[ManagedCluster, ...] = ()

    def since(self, mismatch: Mismatch, name: str) -> int:
        """Unix seconds; 0 where nobody saw it begin."""
        found = self.noticed.get(About(mismatch, name))
        return int(found.at) if found is not None and not found.at_first_look else 0

    def lasted(self, mismatch: Mismatch, name: str, now: float) -> float:
        """Seconds that it was watched."""
        found = self.noticed.get(About(mismatch, name))
        return now - found.at if found is not None else 0.0


class MismatchBook:
    """Fed with each join; what is gone is forgotten. Bound by nodes, instances and pools."""

    def __init__(self) -> None:
        self._noticed: dict[About, Noticed] = {}
        self._looked = False

    def note(self, joined: Joined, now: float, clusters: tuple[ManagedCluster, ...] = ()) -> MachineEvidence:
        """A new join, and what is known of it."""
        fresh = Noticed(now, not self._looked)
        self._noticed = {about: self._noticed.get(about, fresh) for about in _mismatches(joined)}
        self._looked = True
        return MachineEvidence(joined, self._noticed, clusters)


def _mismatches(joined: Joined) -> Iterator[About]:
    for name, trouble in joined.troubles.items():
        yield About(trouble.kind, name)
    for found in joined.lone.values():
        for one in found:
            yield About(one.trouble.kind, one.instance.key)
    for pool in joined.pools.values():
        for trouble in pool.troubles:
            yield About(trouble.kind, pool.name)
