"""Drift: nodes folded into variants of one configuration, and where a variant differs from its peers. Pure.

Peers are the nodes of one pool that are equally large: what is reserved depends on the size, and a Karpenter pool mixes
sizes. What most of them have, field by field, is the pool's majority; a tie is decided by all nodes, or has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from kubetui.insight.kubelet.aks import NodeShape, aks_values, reserved_values
from kubetui.insight.kubelet.flat import Flat, alike

OWN: Final = frozenset({"providerID"})
"""Fields that are each node's own: different everywhere, and rightly so."""
MUST_FIT: Final = ("kubeReserved.memory", "kubeReserved.cpu")
"""Fields that no setting of AKS changes: another value is wrong."""


class Configured(NamedTuple):
    """One node and its configuration. Nodes alike may share one ``flat``: that is what makes thousands cheap."""

    node: str
    pool: str
    flat: Flat
    shape: NodeShape = NodeShape()

    @property
    def peers(self) -> Peers:
        """Whom it is compared with."""
        return Peers(self.pool, self.shape.millicpu, self.shape.memory)


class Peers(NamedTuple):
    """Nodes of one pool that are equally large."""

    pool: str
    millicpu: int = 0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Variant:
    """Nodes with one configuration."""

    letter: str
    """``A`` is the most frequent."""
    flat: Flat
    nodes: tuple[str, ...]
    """Sorted."""
    pools: tuple[str, ...]
    """Sorted; ``""`` for nodes without one."""
    differs: frozenset[str]
    """Paths where it is not as the majority of a pool that its nodes are in."""
    wrong: Mapping[str, str]
    """Paths whose value can't be what AKS set, to what AKS sets."""
    shapes: frozenset[NodeShape]

    @property
    def max_pods(self) -> int:
        """0 where it does not say."""
        return number_in(self.flat, "maxPods")


@dataclass(frozen=True, slots=True)
class Drift:
    """All that is known together."""

    variants: tuple[Variant, ...] = ()
    differing: tuple[str, ...] = ()
    """Paths that are not the same everywhere: those that differ within a pool first, then in the document's order."""
    drifting: tuple[str, ...] = ()
    """Those of them that differ within a pool."""
    alike: int = 0
    """How many paths are the same everywhere."""
    nodes: int = 0
    drifted: int = 0
    """Nodes that are not in all as the majority of their pool."""
    majorities: Mapping[Peers, Mapping[str, str | None]] = field(default_factory=dict)
    """Of each pool, for the paths in ``differing``; a path that is missing has no majority."""

    def majority(self, peers: Peers, flat: Flat) -> dict[str, str]:
        """A whole configuration as the majority of ``peers`` has it; ``flat`` is one of theirs."""
        found = dict(flat)
        for path, text in self.majorities.get(peers, {}).items():
            if text is None:
                found.pop(path, None)
            else:
                found[path] = text
        return found


def drift(configured: Iterable[Configured]) -> Drift:
    """Fold the nodes. Paths in ``OWN`` must have been taken out of the flats."""
    groups = _groups(configured)
    if not groups:
        return Drift()
    groups.sort(key=lambda group: (-len(group), group[0].node))
    base = groups[0][0].flat
    paths = {path for group in groups[1:] for path, _ in group[0].flat.items() ^ base.items()}
    majorities = _majorities(groups, paths)
    variants = tuple(_variant(letter(place), group, paths, majorities) for place, group in enumerate(groups))
    drifting: Counter[str] = Counter()
    for variant in variants:
        drifting.update(dict.fromkeys(variant.differs, len(variant.nodes)))
    places = {path: place for place, path in enumerate({path: None for group in groups for path in group[0].flat})}
    order = sorted(paths, key=lambda path: (-drifting[path], places[path]))
    everything = len(places)
    return Drift(
        variants=variants,
        differing=tuple(order),
        drifting=tuple(path for path in order if drifting[path]),
        alike=everything - len(paths),
        nodes=sum(len(group) for group in groups),
        drifted=_drifted(groups, paths, majorities),
        majorities=majorities,
    )


def letter(place: int) -> str:
    """``A`` … ``Z``, ``AA`` …"""
    text = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def _groups(configured: Iterable[Configured]) -> list[list[Configured]]:
    """Nodes with equal configurations; those that share one are not looked at twice."""
    shared: dict[int, list[Configured]] = {}
    for one in configured:
        shared.setdefault(id(one.flat), []).append(one)
    equal: dict[frozenset[tuple[str, str]], list[Configured]] = {}
    for group in shared.values():
        equal.setdefault(frozenset(group[0].flat.items()), []).extend(group)
    return [*equal.values()]


_Majorities = Mapping[Peers, Mapping[str, str | None]]


def _majorities(groups: Sequence[Sequence[Configured]], paths: Iterable[str]) -> _Majorities:
    held: dict[Peers, Counter[int]] = {}
    for place, group in enumerate(groups):
        for one in group:
            held.setdefault(one.peers, Counter())[place] += 1
    found: dict[Peers, dict[str, str | None]] = {peers: {} for peers in held}
    for path in paths:
        texts = [group[0].flat.get(path) for group in groups]
        everywhere: Counter[str | None] = Counter()
        for text, group in zip(texts, groups, strict=True):
            everywhere[text] += len(group)
        for peers, places in held.items():
            values: Counter[str | None] = Counter()
            for place, nodes in places.items():
                values[texts[place]] += nodes
            votes = sorted(((nodes, everywhere[text], text) for text, nodes in values.items()), key=_vote, reverse=True)
            if len(votes) == 1 or _vote(votes[0]) > _vote(votes[1]):
                found[peers][path] = votes[0][2]
    return found


def _vote(vote: tuple[int, int, str | None]) -> tuple[int, int]:
    """Nodes of the pool; where these are as many, those of all pools decide."""
    return vote[:2]


def _variant(name: str, group: Sequence[Configured], paths: Iterable[str], majorities: _Majorities) -> Variant:
    flat = group[0].flat
    peers = {one.peers for one in group}
    return Variant(
        letter=name,
        flat=flat,
        nodes=tuple(sorted(one.node for one in group)),
        pools=tuple(sorted({one.pool for one in peers})),
        differs=frozenset(path for path in paths if any(_off(flat, path, majorities[one]) for one in peers)),
        wrong=wrong_reservations(flat, {one.shape for one in group}),
        shapes=frozenset(one.shape for one in group),
    )


def _off(flat: Flat, path: str, majority: Mapping[str, str | None]) -> bool:
    return path not in majority or flat.get(path) != majority[path]


def _drifted(groups: Sequence[Sequence[Configured]], paths: Iterable[str], majorities: _Majorities) -> int:
    count = 0
    for group in groups:
        flat = group[0].flat
        for peers, nodes in Counter(one.peers for one in group).items():
            majority = majorities[peers]
            count += nodes * any(_off(flat, path, majority) for path in paths)
    return count


def wrong_reservations(flat: Flat, shapes: Iterable[NodeShape]) -> Mapping[str, str]:
    """What of ``MUST_FIT`` does not fit to a node's size, to what AKS sets there; a Node object's ``reserved.memory``
    holds the eviction threshold too."""
    configured = "maxPods" in flat
    max_pods = number_in(flat, "maxPods" if configured else "capacity.pods")
    found: dict[str, str] = {}
    for shape in shapes:
        wanted = aks_values(shape, max_pods) if configured else reserved_values(shape, max_pods)
        held = MUST_FIT if configured else tuple(wanted)
        found |= {path: wanted[path] for path in held if path in wanted and not alike(flat.get(path), wanted[path])}
    return found


def number_in(flat: Flat, path: str) -> int:
    """A whole number that is not negative; 0 where there is none."""
    text = flat.get(path, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
