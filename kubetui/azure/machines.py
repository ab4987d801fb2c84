"""What Azure says of the machines under the nodes: scale sets, their instances, the managed cluster and its pools.

Final values without a package of Azure's behind them, so that what folds them needs none. Times are Unix seconds, 0
where there is none; ``""`` and None mean not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """A node resource group."""

    subscription: str
    resource_group: str
    """In lower case: Azure Resource Manager spells it in any."""


class Instance(NamedTuple):
    """One virtual machine, of a scale set or by itself."""

    id: str
    """The resource id as Azure spells it; compare with ``key``."""
    scale_set: str
    """The scale set's name; ``""`` for a machine by itself."""
    number: str
    """Decimal id in a Uniform scale set, else the machine's name."""
    computer_name: str = ""
    """What the node is called, but for capitals."""
    provisioning: str = ""
    """``Succeeded``, ``Creating``, ``Updating``, ``Deleting``, ``Failed``."""
    power: str = ""
    """``running``, ``starting``, ``stopping``, ``stopped`` (still paid for), ``deallocating``, ``deallocated``."""
    health: str = ""
    """Of the Application Health extension, where it is on."""
    image: str = ""
    """Version of the image: ``202610.12.0``."""
    zone: str = ""
    created: int = 0
    latest_model: bool | None = None
    """False is common on AKS, which moves the model ahead of the instances: no alarm."""
    message: str = ""
    """What the worst status says."""
    at: int = 0
    """When that status was written."""
    bootstrap: str = ""
    """What the extension says that makes the machine a node (vmssCSE), where it failed."""
    maintenance: int = 0
    """When a scheduled maintenance begins."""

    @property
    def key(self) -> str:
        """The id as it is compared: Azure's own spellings differ in case."""
        return self.id.casefold()


@dataclass(frozen=True, slots=True)
class ScaleSet:
    """One VM scale set with its instances."""

    id: str
    name: str
    pool: str
    """The tag ``aks-managed-poolName``; ``""`` where there is none."""
    size: str = ""
    capacity: int = 0
    provisioning: str = ""
    flexible: bool = False
    spot: bool = False
    eviction: str = ""
    """``Delete`` or ``Deallocate``."""
    image: str = ""
    """Version of the model's image."""
    zones: tuple[str, ...] = ()
    instances: tuple[Instance, ...] | None = None
    """None: they could not be read."""
    unreadable: int = 0
    """Entries that were not understood."""


@dataclass(frozen=True, slots=True)
class AgentPool:
    """A pool as the managed cluster describes it."""

    name: str
    count: int = 0
    autoscaled: bool = False
    least: int = 0
    most: int = 0
    provisioning: str = ""
    power: str = ""
    version: str = ""
    """Kubernetes wanted."""
    current: str = ""
    """Kubernetes present; another one while an upgrade is under way or was broken off."""
    image: str = ""
    surge: str = ""
    error: str = ""


class ManagedCluster(NamedTuple):
    """The AKS cluster."""

    id: str
    name: str
    provisioning: str = ""
    tier: str = ""
    pools: tuple[AgentPool, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Machines:
    """One look at all node resource groups of a cluster."""

    at: float
    sets: tuple[ScaleSet, ...] = ()
    singles: tuple[Instance, ...] = ()
    """Machines without a scale set; power is not known of them."""
    clusters: tuple[ManagedCluster, ...] = ()
    places: frozenset[Place] = frozenset()
    """Those that were read."""
    gaps: tuple[str, ...] = ()
    """What could not be read and why, a sentence each."""
    budget: int | None = None
    """Reads that the subscription has left before Azure makes it wait; None: not said."""
