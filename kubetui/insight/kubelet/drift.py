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
from kubetui.kinds.node import version_key

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
    """Nodes with one configuration that are in all as their pools, or differ from these in the same fields."""

    letter: str
    """Of the configuration: ``A`` is the most frequent."""
    flat: Flat
    nodes: tuple[str, ...]
    """Sorted."""
    pools: tuple[str, ...]
    """Sorted; ``""`` for nodes without one."""
    differs: frozenset[str]
    """Paths where it is not as the majority of its nodes' pools."""
    wrong: Mapping[str, str]
    """Paths whose value can't be what AKS set, to what AKS sets."""
    shapes: frozenset[NodeShape]

    @property
    def versions(self) -> tuple[str, ...]:
        """Of the kubelets, the newest first."""
        return tuple(sorted({shape.version for shape in self.shapes}, key=version_key, reverse=True))

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

    @property
    def configurations(self) -> int:
        """How many different ones there are."""
        return len({variant.letter for variant in self.variants})

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
    base = groups[0].flat
    paths = {path for group in groups[1:] for path, _ in group.flat.items() ^ base.items()}
    majorities = _majorities(groups, paths)
    variants = tuple(
        variant for place, group in enumerate(groups) for variant in _variants(letter(place), group, paths, majorities)
    )
    drifting: Counter[str] = Counter()
    for variant in variants:
        drifting.update(dict.fromkeys(variant.differs, len(variant.nodes)))
    every = dict.fromkeys(path for group in groups for path in group.flat)
    places = {path: place for place, path in enumerate(every)}
    order = sorted(paths, key=lambda path: (-drifting[path], places[path]))
    return Drift(
        variants=variants,
        differing=tuple(order),
        drifting=tuple(path for path in order if drifting[path]),
        alike=len(every) - len(paths),
        nodes=sum(group.size for group in groups),
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


class _Like(NamedTuple):
    """Nodes with one configuration, in one pool, of one size. There are few of them, whatever number of nodes."""

    flat: Flat
    peers: Peers
    shape: NodeShape
    nodes: list[str]


class _Group(NamedTuple):
    """Nodes with one configuration."""

    flat: Flat
    likes: list[_Like]

    @property
    def size(self) -> int:
        return sum(len(like.nodes) for like in self.likes)


def _groups(configured: Iterable[Configured]) -> list[_Group]:
    """The largest first. Nodes that share flat and shape are not looked at twice."""
    shared: dict[tuple[int, int, str], _Like] = {}
    for one in configured:
        place = (id(one.flat), id(one.shape), one.pool)
        like = shared.get(place)
        if like is None:
            like = shared[place] = _Like(one.flat, one.peers, one.shape, [])
        like.nodes.append(one.node)
    equal: dict[int, frozenset[tuple[str, str]]] = {}
    groups: dict[frozenset[tuple[str, str]], _Group] = {}
    for like in shared.values():
        content = equal.get(id(like.flat))
        if content is None:
            content = equal[id(like.flat)] = frozenset(like.flat.items())
        groups.setdefault(content, _Group(like.flat, [])).likes.append(like)
    return sorted(groups.values(), key=_largest_first)


def _largest_first(group: _Group) -> tuple[int, str]:
    return -group.size, min(min(like.nodes) for like in group.likes)


_Majorities = Mapping[Peers, Mapping[str, str | None]]


def _majorities(groups: Sequence[_Group], paths: Iterable[str]) -> _Majorities:
    held: dict[Peers, Counter[int]] = {}
    for place, group in enumerate(groups):
        for like in group.likes:
            held.setdefault(like.peers, Counter())[place] += len(like.nodes)
    found: dict[Peers, dict[str, str | None]] = {peers: {} for peers in held}
    for path in paths:
        texts = [group.flat.get(path) for group in groups]
        everywhere: Counter[str | None] = Counter()
        for text, group in zip(texts, groups, strict=True):
            everywhere[text] += group.size
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


def _variants(name: str, group: _Group, paths: Iterable[str], majorities: _Majorities) -> list[Variant]:
    """One, or several where the same configuration is some pools' own and drift in others."""
    parts: dict[frozenset[str], list[_Like]] = {}
    for like in group.likes:
        majority = majorities[like.peers]
        differs = frozenset(path for path in paths if _off(group.flat, path, majority))
        parts.setdefault(differs, []).append(like)
    found = [_variant(name, group.flat, differs, likes) for differs, likes in parts.items()]
    return sorted(found, key=lambda variant: (-len(variant.nodes), variant.nodes))


def _variant(name: str, flat: Flat, differs: frozenset[str], likes: Sequence[_Like]) -> Variant:
    shapes = frozenset(like.shape for like in likes)
    return Variant(
        letter=name,
        flat=flat,
        nodes=tuple(sorted(node for like in likes for node in like.nodes)),
        pools=tuple(sorted({like.peers.pool for like in likes})),
        differs=differs,
        wrong=wrong_reservations(flat, shapes),
        shapes=shapes,
    )


def _off(flat: Flat, path: str, majority: Mapping[str, str | None]) -> bool:
    return path not in majority or flat.get(path) != majority[path]


def _drifted(groups: Sequence[_Group], paths: Iterable[str], majorities: _Majorities) -> int:
    return sum(
        len(like.nodes)
        for group in groups
        for like in group.likes
        if any(_off(group.flat, path, majorities[like.peers]) for path in paths)
    )


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
