"""All that is known of one node pool, from Kubernetes, Azure and the cluster autoscaler, in one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kubetui.azure.machines import AgentPool, Instance, ManagedCluster, ScaleSet
from kubetui.insight.instances import Joined, Lone, PoolMachines
from kubetui.insight.node_groups import PoolGroups
from kubetui.insight.pools import Pool
from kubetui.insight.trouble import Trouble
from kubetui.kinds.node_row import NodeRow


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """All that is known of one pool."""

    pool: Pool
    nodes: Sequence[NodeRow] = ()
    joined: Joined | None = None
    """None: Azure was not read."""
    cluster: ManagedCluster | None = None
    groups: PoolGroups | None = None
    state: tuple[Trouble, ...] = ()
    azure: Sequence[str] = ()
    """How old Azure's data are, or why there are none, and what could not be read; a sentence each."""
    autoscaler: str = ""
    """How old the autoscaler's status is, or why there is none."""
    portal: str = ""
    """The address of the cluster's page."""
    now: float = 0.0

    @property
    def machines(self) -> PoolMachines | None:
        """As Azure has it."""
        return self.joined.pools.get(self.pool.name) if self.joined is not None else None

    @property
    def agent(self) -> AgentPool | None:
        """As the managed cluster has it."""
        return self.machines.agent if self.machines is not None else None

    @property
    def sets(self) -> tuple[ScaleSet, ...]:
        """Its scale sets."""
        return self.machines.sets if self.machines is not None else ()

    @property
    def instances(self) -> tuple[Instance, ...]:
        """All there are, of scale sets and by themselves."""
        return self.machines.instances if self.machines is not None else ()

    @property
    def lone(self) -> Sequence[Lone]:
        """Instances without a node."""
        return self.joined.lone.get(self.pool.name, ()) if self.joined is not None else ()
