"""The managed cluster in words: its state, tier, versions, network. What is not known is left out. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from kubetui.azure.machines import ManagedCluster
from kubetui.insight.describe.page import Entry, Field, Heading
from kubetui.insight.pool_troubles import SETTLED
from kubetui.kinds.kind import Meaning


def cluster_words(one: ManagedCluster | None) -> str:
    """``cluster upgrading``, ``cluster failed``, ``cluster stopped``; ``""`` while nothing is to be said of it."""
    if one is None:
        return ""
    state = one.provisioning.casefold()
    if state not in ("", "succeeded"):
        return f"cluster {state}"
    return "cluster stopped" if one.power.casefold() == "stopped" else ""


def cluster_page(one: ManagedCluster) -> Iterator[Entry]:
    """State and error first, then how it is made."""
    net = one.network
    bad = one.provisioning.casefold() == "failed"
    state = ", ".join(part for part in (one.provisioning, one.power.lower()) if part)
    settled = one.provisioning.casefold() in SETTLED
    meaning = Meaning.ACT if bad else Meaning.PLAIN if settled else Meaning.PLANNED
    yield Heading(f"Cluster {one.name}")
    if state:
        yield Field("State", state, 1, meaning=meaning)
    if one.error:
        yield Field("Error", one.error, 1, meaning=Meaning.ACT)
    behind = one.current and one.version and one.current != one.version
    plugin = " ".join(part for part in (net.plugin, net.mode) if part)
    outbound = net.outbound + (f", {net.outbound_ports} ports a node" if net.outbound_ports else "")
    told = (
        ("Tier", one.tier + (", no uptime promised" if one.tier.casefold() == "free" else "")),
        ("Kubernetes", f"{one.current}, to be {one.version}" if behind else one.version or one.current),
        ("Upgrades", _upgrades(one)),
        ("API server", "private address" if one.private else ""),
        ("Karpenter", "makes nodes (node auto-provisioning)" if one.provisioner.casefold() == "auto" else ""),
        ("Node group", one.node_group),
        ("Network", plugin),
        ("Data plane", net.data_plane + (", no kube-proxy" if net.data_plane.casefold() == "cilium" else "")),
        ("Policy", net.policy if net.policy.casefold() != "none" else ""),
        ("Pods", ", ".join(net.pods)),
        ("Services", ", ".join(net.services)),
        ("DNS", net.dns),
        ("Outbound", outbound),
    )
    yield from (Field(label, value, 1) for label, value in told if value)


def _upgrades(one: ManagedCluster) -> str:
    parts = (
        f"Kubernetes {one.upgrades}" if one.upgrades else "",
        f"node images {one.images}" if one.images else "",
    )
    return ", ".join(part for part in parts if part)
