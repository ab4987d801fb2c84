"""What Azure says of the machines under the nodes: scale sets, their instances, the managed cluster and its pools.

Final values without a package of Azure's behind them, so that what folds them needs none. Times are Unix seconds, 0
where there is none; ``""`` and None mean not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from kubetui.azure.maintenance import Maintenance


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
    bootstrap_state: str = ""
    """Of the same extension: ``succeeded``, ``transitioning``, ``failed/50``."""
    pool: str = ""
    """Of a machine by itself, as its tags say: the node pool, or Karpenter's."""
    spot: bool = False
    """Of a machine by itself."""
    viewed: float = 0.0
    """When the instance view of a machine by itself was read; 0: not lately, so that power and health are not known."""
    maintenance_ends: int = 0
    """When the window of that maintenance ends; days later, as a rule."""

    @property
    def key(self) -> str:
        """The id as it is compared: Azure's own spellings differ in case."""
        return self.id.casefold()


OF_VIEW: Final = (
    "power", "health", "message", "at", "bootstrap", "bootstrap_state", "maintenance", "maintenance_ends", "viewed",
)  # fmt: skip
"""Fields of an Instance that its instance view tells, and when that was read."""


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
    at: float = 0.0
    """When its instances were read: before the rest, where they could not be read with it."""


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
    """How many instances more an upgrade may make: ``10%``, ``3``."""
    error: str = ""
    kind: str = ""
    """``VirtualMachineScaleSets``, ``VirtualMachines`` or ``AvailabilitySet``."""
    mode: str = ""
    """``System``, ``User`` or ``Gateway``."""
    size: str = ""
    os: str = ""
    """``Ubuntu``, ``AzureLinux``, ``Windows2022``."""
    zones: tuple[str, ...] = ()
    spot: bool = False
    eviction: str = ""
    """``Delete`` or ``Deallocate``, of spot machines."""
    price: str = ""
    """The most that is paid for a spot machine and hour, in dollars; ``-1``: up to what others cost."""
    scale_in: str = ""
    """What the autoscaler does with machines it needs no more: ``Delete`` or ``Deallocate``."""
    unavailable: str = ""
    """How many nodes an upgrade may drain without making others first."""
    drain: int | None = None
    """Minutes that an upgrade waits for a node's pods to leave."""
    soak: int | None = None
    """Minutes between two nodes of an upgrade."""
    undrainable: str = ""
    """What an upgrade does with nodes that it can't drain: ``Schedule`` or ``Cordon``."""
    max_pods: int = 0


class Network(NamedTuple):
    """How pods and Services are reached, and how traffic leaves."""

    plugin: str = ""
    """``azure``, ``kubenet`` or ``none``."""
    mode: str = ""
    """``overlay``."""
    policy: str = ""
    data_plane: str = ""
    """``azure`` or ``cilium``, which brings no kube-proxy."""
    pods: tuple[str, ...] = ()
    """Address ranges."""
    services: tuple[str, ...] = ()
    dns: str = ""
    outbound: str = ""
    """``loadBalancer``, ``managedNATGateway``, ``userDefinedRouting`` …"""
    load_balancer: str = ""
    """Its SKU."""
    outbound_ports: int | None = None
    """SNAT ports of each node; 0: as many as Azure thinks right."""


class ManagedCluster(NamedTuple):
    """The AKS cluster."""

    id: str
    name: str
    provisioning: str = ""
    tier: str = ""
    """``Free`` (without a promise about the API server), ``Standard``, ``Premium``."""
    pools: tuple[AgentPool, ...] = ()
    error: str = ""
    power: str = ""
    """``Running`` or ``Stopped``."""
    version: str = ""
    """Kubernetes wanted of the control plane."""
    current: str = ""
    node_group: str = ""
    """The node resource group, as the cluster spells it."""
    support: str = ""
    upgrades: str = ""
    """Which Kubernetes versions come by themselves: ``patch``, ``stable``, ``none`` …"""
    images: str = ""
    """Which node images come by themselves: ``NodeImage``, ``SecurityPatch`` …"""
    private: bool = False
    """The API server has a private address only."""
    provisioner: str = ""
    """``Auto``: Karpenter makes nodes."""
    network: Network = Network()
    at: float = 0.0
    """When it was read: before the rest, where it could not be read with it."""
    maintenance: Maintenance = Maintenance()
    """When AKS may upgrade it."""


@dataclass(frozen=True, slots=True)
class Machines:
    """One look at all node resource groups of a cluster."""

    at: float
    sets: tuple[ScaleSet, ...] = ()
    singles: tuple[Instance, ...] = ()
    """Machines without a scale set; power is known of those whose view was read lately."""
    clusters: tuple[ManagedCluster, ...] = ()
    places: frozenset[Place] = frozenset()
    """Those whose scale sets were read, all of them."""
    listed: frozenset[Place] = frozenset()
    """Those whose machines without a scale set were listed, all of them."""
    gaps: tuple[str, ...] = ()
    """What could not be read and why, a sentence each."""
    budget: int | None = None
    """Reads that the subscription has left before Azure makes it wait; None: not said."""
