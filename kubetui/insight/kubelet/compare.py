"""One configuration beside others, field by field: its pool's majority, what AKS sets, the upstream defaults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from kubetui.insight.kubelet.aks import NodeShape, aks_values, formula, regressive_memory, reserved_values
from kubetui.insight.kubelet.drift import Configured, Drift, Variant, number_in
from kubetui.insight.kubelet.fields import field_at
from kubetui.insight.kubelet.fields_told import FIELDS_TOLD
from kubetui.insight.kubelet.flat import Flat, alike, shown
from kubetui.insight.kubelet.upstream import upstream_defaults
from kubetui.kinds.quantity import whole

AKS_ON_WINDOWS: Final = "what AKS sets on Windows nodes is not known to kubetui"


class FieldLine(NamedTuple):
    """One field, and what others have there. Values are JSON texts; None: it is not set."""

    path: str
    values: tuple[str | None, ...]
    """Of the configurations compared, in their order."""
    majority: str | None = None
    aks: str | None = None
    upstream: str | None = None
    own: bool = False
    """Each node's own, which no pool has in common."""

    @property
    def changed(self) -> bool:
        """The compared ones differ, or the one is not as its pool's majority."""
        if len(self.values) == 1:
            return not self.own and self.values[0] != self.majority
        return len(set(self.values)) > 1

    @property
    def off_aks(self) -> bool:
        """Not what AKS sets, where that is known."""
        return self.aks is not None and not all(alike(value, self.aks) for value in self.values)

    @property
    def off_upstream(self) -> bool:
        """Set, and not to the default."""
        return any(value is not None and not alike(value, self.upstream) for value in self.values)


class Side(NamedTuple):
    """One of the configurations compared."""

    title: str
    flat: Flat
    shape: NodeShape


def one_against_all(side: Side, drift: Drift, peers: Configured | None, own: Iterable[str] = ()) -> list[FieldLine]:
    """A node's or a variant's fields; ``peers``: the node whose pool's majority it is compared with; ``own``: paths
    that are not compared."""
    majority = drift.majority(peers.peers, side.flat) if peers is not None else side.flat
    lines, apart = _lines((side,), majority), frozenset(own)
    return [line._replace(majority=None, own=True) if line.path in apart else line for line in lines]


def side_by_side(sides: Sequence[Side]) -> list[FieldLine]:
    """Several; of what AKS sets and upstream defaults to, what holds for all of them."""
    return _lines(tuple(sides), {})


def _lines(sides: tuple[Side, ...], majority: Flat) -> list[FieldLine]:
    wanted = [_wanted(side) for side in sides]
    aks, upstream = _common([of_aks for of_aks, _ in wanted]), _common([defaults for _, defaults in wanted])
    flats = tuple(side.flat for side in sides)
    paths = dict.fromkeys(path for flat in (*flats, majority) for path in flat)
    paths |= dict.fromkeys(path for path in aks if path not in paths)
    return [
        FieldLine(
            path,
            tuple(flat.get(path) for flat in flats),
            majority.get(path),
            aks.get(path),
            upstream.get(path),
        )
        for path in paths
    ]


def _wanted(side: Side) -> tuple[Flat, Flat]:
    """What AKS sets on such a node, and the defaults of its kubelet."""
    if "maxPods" in side.flat:
        aks = aks_values(side.shape, number_in(side.flat, "maxPods"))
        return aks, upstream_defaults(side.shape.version, side.shape.os)
    # A Node object stands for it: what the kubelet is set to is not known.
    return reserved_values(side.shape, number_in(side.flat, "capacity.pods")), {}


def _common(all_wanted: Sequence[Flat]) -> Flat:
    first, *others = all_wanted
    return {path: text for path, text in first.items() if all(other.get(path) == text for other in others)}


def explained(path: str, shape: NodeShape, flat: Flat) -> str:
    """The field in a line: ``maxPods: pods that the node runs at most · pods · default 110``."""
    declared = field_at(path)
    if declared is None:
        return f"{path}: not known to this version of kubetui"
    parts = [f"{path}: {declared.means}", declared.unit]
    if declared not in FIELDS_TOLD:
        default = upstream_defaults(shape.version, shape.os).get(path)
        parts.append(f"default {shown(default)}" if default else "no default")
    if path == "kubeReserved.memory":
        parts.append(formula(shape, number_in(flat, "maxPods")))
    if shape.aks and shape.os != "linux":
        parts.append(AKS_ON_WINDOWS)
    return " · ".join(part for part in parts if part)


def note_of(path: str, variant: Variant) -> str:
    """Where a value that differs may come from: ``upstream default``, ``AKS before 1.29``; ``""``: not known."""
    text = variant.flat.get(path)
    shapes = sorted(variant.shapes, key=lambda shape: (shape.version, shape.memory))
    if text is None or not shapes:
        return ""
    shape = shapes[0]
    if _before_1_29(path, text, shape):
        return "AKS before 1.29"
    if alike(text, aks_values(shape, variant.max_pods).get(path)):
        return "as AKS sets it"
    return "upstream default" if alike(text, upstream_defaults(shape.version, shape.os).get(path)) else ""


def _before_1_29(path: str, text: str, shape: NodeShape) -> bool:
    if not shape.aks:
        return False
    if path == "evictionHard.memory.available":
        return text == '"750Mi"'
    return path == "kubeReserved.memory" and _mebibytes(text) == regressive_memory(shape.memory)


def _mebibytes(text: str) -> int:
    try:
        return whole(text.strip('"')) >> 20
    except ValueError:
        return -1


def differing_words(paths: Sequence[str], most: int = 4) -> str:
    """Fields by their first part: ``maxPods, evictionHard``; of more than ``most`` how many."""
    tops = list(dict.fromkeys(path.partition(".")[0] for path in paths))
    named = ", ".join(tops[:most])
    return named if len(tops) <= most else f"{named} and {len(tops) - most} more"
