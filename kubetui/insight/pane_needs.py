"""Which rights each pane needs: data, for the panes that say what is missing and the doctor that asks beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from kubetui.cluster.rights import Need

MOST_NAMESPACES = 5
"""Namespaces that are asked about one by one; of more, the first."""


@dataclass(frozen=True, slots=True)
class PaneNeed:
    """A right that a pane needs."""

    need: Need
    namespaced: bool = True
    """It is asked for in the namespaces in view."""
    without: str = ""
    """What the pane does without it; ``""``: it stays empty."""


def _followed(resource: str, group: str = "", *, namespaced: bool = True, without: str = "") -> tuple[PaneNeed, ...]:
    """Listed, and watched."""
    return (
        PaneNeed(Need("list", resource, group), namespaced, without),
        PaneNeed(Need("watch", resource, group), namespaced, "it is listed every 30 s instead"),
    )


PANE_NEEDS: Final[Mapping[str, tuple[PaneNeed, ...]]] = {
    "Nodes": _followed(
        "nodes", namespaced=False, without="names come from metrics and pods, without versions and conditions"
    ),
    "DaemonSets": _followed("daemonsets", "apps"),
    "Deployments": (*_followed("deployments", "apps"), *_followed("replicasets", "apps", without="no revisions")),
    "Pods": _followed("pods"),
    "Logs": (PaneNeed(Need("get", "pods/log")),),
    "Configz": (PaneNeed(Need("get", "nodes/proxy"), namespaced=False),),
    "Top": (
        PaneNeed(Need("list", "nodes", "metrics.k8s.io"), namespaced=False, without="no figures of nodes"),
        PaneNeed(Need("list", "pods", "metrics.k8s.io"), without="no figures of pods"),
    ),
    "Events": _followed("events"),
    "Namespaces": _followed("namespaces", namespaced=False, without="a namespace's name has to be typed (n)"),
    "Control plane": (
        PaneNeed(Need("list", "leases", "coordination.k8s.io", "kube-system"), namespaced=False, without="no leases"),
    ),
}
"""Pane, as it is titled, to its rights."""


def needs_in(pane: str, namespaces: frozenset[str] | None) -> Iterator[PaneNeed]:
    """The rights that a pane needs for the namespaces in view; None: all."""
    for wanted in PANE_NEEDS[pane]:
        if not wanted.namespaced or not namespaces:
            yield wanted
            continue
        for namespace in sorted(namespaces)[:MOST_NAMESPACES]:
            yield replace(wanted, need=replace(wanted.need, namespace=namespace))


def missing_in(
    pane: str, namespaces: frozenset[str] | None, known: Mapping[Need, bool | None]
) -> tuple[list[PaneNeed], list[PaneNeed]]:
    """The rights that are missing, and those that are not known. What can't be listed need not be watched."""
    needs = list(needs_in(pane, namespaces))
    missing = [one for one in needs if known.get(one.need) is False]
    unlisted = {replace(one.need, verb="watch") for one in missing if one.need.verb == "list"}
    return [one for one in missing if one.need not in unlisted], [one for one in needs if known.get(one.need) is None]
