"""Spot machines that Azure took back within the hour: expected of spot, and worth knowing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kubetui.insight.evictions import Eviction
from kubetui.insight.evidence import Evidence
from kubetui.insight.finding import Finding, Target, count_of, some
from kubetui.kinds.kind import Meaning

_POOL: Final = re.compile(r"aks-(?P<pool>[a-z0-9]+)-\d{8}-vmss[0-9a-z]{6}", re.ASCII)
"""Of a node's name: the node itself is gone, and its labels with it."""


def evictions(evidence: Evidence) -> Iterator[Finding]:
    """One a pool."""
    by_pool: dict[str, list[Eviction]] = {}
    for one in evidence.evictions:
        match = _POOL.fullmatch(one.node)
        by_pool.setdefault(match["pool"] if match else "", []).append(one)
    for pool, found in sorted(by_pool.items()):
        left = len(evidence.nodes.of_pool(pool)) if pool else 0
        room = f"; {count_of(left, 'node')} {'is' if left == 1 else 'are'} left" if pool else ""
        yield Finding(
            subject=f"evictions in {pool}",
            meaning=Meaning.PLANNED,
            title=f"{count_of(len(found), 'spot eviction')}{f' in pool {pool}' if pool else ''} within the hour",
            since=found[-1].at,
            detail=f"Azure took back {some((one.node for one in found), 2)}{room}",
            advice="the autoscaler asks for new ones; where they don't come, another size or zone has room",
            target=Target("nodes", owner=pool),
        )
