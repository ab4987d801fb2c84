"""What decides where a pod goes: node selectors, tolerations, taints, spread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubetui.insight.describe.page import Entry, Field, Heading
from kubetui.insight.describe.reading import NONE, Json, get, items, mapping, number, pairs, selector_text, text


def tolerations(spec: Json, level: int = 0) -> Field:
    """By key, as kubectl writes them: ``key=value:Effect for 300s``."""
    found = sorted(items(spec, "tolerations"), key=lambda one: text(one, "key"))
    return Field("Tolerations", [_toleration(one) for one in found] or NONE, level)


def _toleration(one: Json) -> str:
    key, value, effect = text(one, "key"), text(one, "value"), text(one, "effect")
    words = key + (f"={value}" if value else "") + (f":{effect}" if effect else "")
    if text(one, "operator") == "Exists" and not value:
        words += " op=Exists" if words else "op=Exists"
    if get(one, "tolerationSeconds") is not None:
        words += f" for {number(one, 'tolerationSeconds')}s"
    return words


def taint_text(one: Json) -> str:
    """``key=value:Effect``, ``key:Effect``."""
    value = text(one, "value")
    return text(one, "key") + (f"={value}" if value else "") + (f":{text(one, 'effect')}" if one.get("effect") else "")


def taints(found: Sequence[Json]) -> Sequence[str]:
    """By effect, then key."""
    ordered = sorted(found, key=lambda one: f"{text(one, 'effect')},{text(one, 'key')}")
    return [taint_text(one) for one in ordered] or [NONE]


def node_selectors(spec: Json, level: int = 0) -> Field:
    """The labels a node must have."""
    return Field("Node-Selectors", pairs(spec, "nodeSelector"), level)


def spread(spec: Json, level: int = 0) -> Iterator[Entry]:
    """Topology spread constraints."""
    found = sorted(items(spec, "topologySpreadConstraints"), key=lambda one: text(one, "topologyKey"))
    if found:
        yield Field("Topology Spread Constraints", [_spread(one) for one in found], level)


def _spread(one: Json) -> str:
    words = f"{text(one, 'topologyKey')}:{text(one, 'whenUnsatisfiable')} when max skew {number(one, 'maxSkew')}"
    words += " is exceeded"
    selector = get(one, "labelSelector")
    return words if selector is None else f"{words} for selector {selector_text(selector)}"


def scheduling_group(spec: Json, level: int = 0) -> Iterator[Entry]:
    """The pod group it is scheduled with."""
    if get(spec, "schedulingGroup") is not None:
        yield Heading("SchedulingGroup", level)
        yield Field("PodGroupName", text(mapping(spec, "schedulingGroup"), "podGroupName"), level + 1)
