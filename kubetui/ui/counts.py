"""How many nodes and pods the header may claim: what a store of all of them knows, and nothing else."""

from __future__ import annotations

from kubetui.ui.connector import Connected


def node_count(connected: Connected | None) -> str:
    """``99/101`` ready, where a store knows."""
    if connected is None:
        return ""
    from kubetui.kinds.node import NODE

    store = connected.session.store_of(NODE)
    if store is None:
        return ""
    return f"{sum(row.ready == 'True' for row in store)}/{len(store)}"


def pod_count(connected: Connected | None) -> str:
    """How many pods, where a store of all of them knows."""
    if connected is None:
        return ""
    from kubetui.kinds.pod import POD

    store = connected.session.store_of(POD)
    return f"{len(store):,}" if store is not None else ""
