"""How many nodes and pods the header may claim: what a store of all of them knows, and nothing else."""

from __future__ import annotations

from typing import Any, Final

from kubetui.ui.connector import Connected

MANY: Final = 500
"""Nodes that are counted once a second at most: some 0.1 ms."""


class NodeCount:
    """``99/101`` ready, where a store knows."""

    def __init__(self) -> None:
        self._of: Any = None
        self._at = 0.0
        self._text = ""

    def text(self, connected: Connected | None, now: float) -> str:
        """For the header; ``""`` where nothing is known. ``now`` in Unix seconds."""
        if connected is None:
            return ""
        from kubetui.kinds.node import NODE

        store = connected.session.store_of(NODE)
        if store is None:
            return ""
        if store is not self._of or len(store) < MANY or abs(now - self._at) >= 1.0:
            self._of, self._at = store, now
            self._text = f"{sum(row.ready == 'True' for row in store)}/{len(store)}"
        return self._text


def pod_count(connected: Connected | None) -> str:
    """How many pods, where a store of all of them knows."""
    if connected is None:
        return ""
    from kubetui.kinds.pod import POD

    store = connected.session.store_of(POD)
    return f"{len(store):,}" if store is not None else ""
