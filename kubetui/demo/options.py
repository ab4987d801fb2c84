"""What the demo's world is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WorldOptions:
    """Sizes and pace of the simulated cluster. Bad values raise ValueError with what is allowed."""

    nodes: int = 12
    """In all Linux pools together, 2 to 5,000 (AKS's limit)."""
    pods: int = 240
    """At the start, AKS's own included; nodes that are full leave the rest Pending."""
    changes: float = 0.1
    """Plain pod status changes each second, on top of what happens by itself."""
    seed: int = 7
    """The same seed makes the same world."""
    windows: bool = False
    """One Windows pool of two nodes more."""
    every_kind: bool = False
    """Pools of every kind: two nodes each of Karpenter, of single VMs, and of a Flexible scale set more."""
    incidents: tuple[str, ...] = ()
    """Names of incidents that begin with the world."""

    def __post_init__(self) -> None:
        if not 2 <= self.nodes <= 5000:
            raise ValueError(f"the demo has 2 to 5000 nodes, not {self.nodes}")
        if not 0 <= self.pods <= 500_000:
            raise ValueError(f"the demo has 0 to 500000 pods, not {self.pods}")
        if not 0 <= self.changes <= 20_000:
            raise ValueError(f"the demo makes 0 to 20000 changes a second, not {self.changes}")
