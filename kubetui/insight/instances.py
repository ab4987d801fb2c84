"""Nodes joined with the machines under them, and where the two don't fit. Pure: rows and a look at Azure in, words out.

``latestModelApplied=false`` alone is no mismatch: AKS moves a scale set's model ahead of its instances.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from kubetui.azure.machines import AgentPool, Instance, Machines, Place, ScaleSet
from kubetui.insight.bootstrap_exits import exit_words
from kubetui.insight.maintenance import Under, under_maintenance
from kubetui.insight.pool_troubles import changing, counts_of, pool_troubles, updated
from kubetui.insight.trouble import Mismatch, Trouble
from kubetui.kinds.age import human_duration
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_meaning import conditions_meaning, node_meaning, worst
from kubetui.kinds.node_meaning import planned as node_planned
from kubetui.kinds.node_row import NodeRow

__all__ = ["NOTHING", "Joined", "Lone", "Mismatch", "PoolMachines", "Trouble", "join", "joined_meaning", "places_of"]

JOIN_S: Final = 900
"""Seconds within which an instance becomes a node, or never will: AKS gives its extensions 16 minutes."""
_OLD_S: Final = 86_400
"""An instance as old as this was a node once, in all likelihood: nothing says that it never joined."""
_GOING: Final = frozenset({"deallocating", "stopping"})
_OFF: Final = frozenset({"deallocated", "stopped"})
_NOT_ON: Final = _OFF | _GOING
_MADE_ANEW: Final = frozenset({"updating", "creating"})
"""Provisioning states of a machine that is started or given another image."""
_NAME: Final = "name:"


class Lone(NamedTuple):
    """An instance without a node."""

    instance: Instance
    pool: str
    trouble: Trouble
    """When nodes and machines were joined."""
    changing: str = ""
    """What happens to its pool."""

    def trouble_at(self, now: float) -> Trouble:
        """The same as time goes by: for how long it has been joining, until that is too long."""
        return self.trouble if self.trouble is _JUST_GONE else _lone(self.instance, self.changing, now)


@dataclass(frozen=True, slots=True)
class PoolMachines:
    """A pool's machines together."""

    name: str
    sets: tuple[ScaleSet, ...]
    agent: AgentPool | None
    machines: int
    """Instances there are; -1 where they could not be read."""
    capacity: int
    """Instances that the scale sets are to have."""
    nodes: int
    changing: str
    """What Azure does with the pool now: ``Upgrading``; ``""``: nothing."""
    updated: int
    """Of the machines, how many have the newest image."""
    troubles: tuple[Trouble, ...]
    """Of the pool as a whole."""
    singles: tuple[Instance, ...] = ()
    """Machines without a scale set: Karpenter's, and those of a pool of single VMs."""
    under: Under | None = None
    """The maintenance window that was open when nodes and machines were joined."""

    @property
    def instances(self) -> tuple[Instance, ...]:
        """All that are known."""
        return (*(each for one in self.sets for each in one.instances or ()), *self.singles)

    @property
    def happening(self) -> str:
        """What Azure does with it, or may do now: ``upgrading``, ``in its maintenance window until 06:00Z``."""
        return self.changing.lower() or (f"in its {self.under.words}" if self.under else "")

    @property
    def limits(self) -> str:
        """``3–80 auto``; ``""`` without an autoscaler."""
        return f"{self.agent.least}–{self.agent.most} auto" if self.agent and self.agent.autoscaled else ""


@dataclass(frozen=True, slots=True)
class Joined:
    """Nodes and machines, joined."""

    of_node: Mapping[str, Instance]
    """By the node's name."""
    troubles: Mapping[str, Trouble]
    """By the node's name."""
    lone: Mapping[str, tuple[Lone, ...]]
    """By pool, oldest first."""
    pools: Mapping[str, PoolMachines]


NOTHING: Final = Joined({}, {}, {}, {})


def places_of(nodes: Iterable[NodeRow]) -> dict[Place, frozenset[str]]:
    """The node resource groups that the nodes' providerIDs name, each with its machines that no scale set is named for.

    A Flexible scale set's machines are among those: their providerIDs don't name it.
    """
    found: dict[Place, set[str]] = {}
    for node in nodes:
        machine = node.machine
        if machine.subscription and machine.resource_group:
            place = Place(machine.subscription.lower(), machine.resource_group.lower())
            singles = found.setdefault(place, set())
            if machine.vm:
                singles.add(machine.vm.casefold())
    return {place: frozenset(singles) for place, singles in found.items()}


def asking_of(nodes: Iterable[NodeRow]) -> frozenset[str]:
    """Names of machines that no scale set is named for, and whose nodes are not ready: Azure is asked of them first."""
    return frozenset(node.machine.vm.casefold() for node in nodes if node.machine.vm and node.ready != "True")


def join(
    nodes: Collection[NodeRow],
    machines: Machines,
    now: float,
    had_node: frozenset[str] = frozenset(),
    uneven: Mapping[str, float] | None = None,
) -> Joined:
    """Nodes and machines by providerID, by the instance in a node's name where it has none yet, by computer name.

    ``had_node``: keys of instances that had a node since ``machines`` were read; Azure may have deleted them by now.
    ``uneven``: since when each pool's instances have differed from its capacity (``uneven_since``).
    """
    known = _Known(machines)
    of_node: dict[str, Instance] = {}
    for node in nodes:
        found = known.of(node)
        if found is not None:
            of_node[node.name] = found
    pool_of_set = _pools_of_sets(machines, nodes, of_node)
    singles = _singles_of_pools(machines, nodes, of_node)
    members: dict[str, list[NodeRow]] = {}
    for node in nodes:
        members.setdefault(node.pool, []).append(node)
    agents = {pool.name: pool for cluster in machines.clusters for pool in cluster.pools}
    under = under_maintenance(machines.clusters, now)
    pools = {
        name: _pool(
            name,
            sets,
            agents.get(name),
            members.get(name, []),
            _uneven(uneven, name, machines.at),
            singles.get(name),
            under.get(name),
        )
        for name, sets in _sets_of_pools(machines, pool_of_set, (*members, *agents, *singles)).items()
    }
    taken = {one.id for one in of_node.values()}
    lone: dict[str, list[Lone]] = {}
    for name, pool in pools.items():
        for each in pool.instances:
            if each.id not in taken:
                why = _JUST_GONE if each.key in had_node else _lone(each, pool.happening, now)
                lone.setdefault(name, []).append(Lone(each, name, why, pool.happening))
    troubles = {
        node.name: trouble
        for node in nodes
        if (trouble := _trouble(node, of_node.get(node.name), known, pools.get(node.pool), machines.at)) is not None
    }
    ordered = {pool: tuple(sorted(found, key=lambda one: one.instance.created)) for pool, found in lone.items()}
    return Joined(of_node, troubles, ordered, pools)


class _Known:
    """Machines by every way in which a node names its own."""

    def __init__(self, machines: Machines) -> None:
        self._by_key: dict[str, Instance] = {}
        self._by_name: dict[str, Instance] = {}
        self._read = {one.name.casefold() for one in machines.sets if one.instances is not None and not one.unreadable}
        self._sets = {one.name.casefold() for one in machines.sets}
        self._places, self._listed = machines.places, machines.listed
        for one in machines.sets:
            for each in one.instances or ():
                self._add(each)
        for each in machines.singles:
            self._add(each)

    def _add(self, one: Instance) -> None:
        self._by_key[one.key] = one
        if one.scale_set:
            self._by_name[f"{one.scale_set}/{one.number}".casefold()] = one
        if one.computer_name:
            self._by_name[_NAME + one.computer_name.casefold()] = one

    def of(self, node: NodeRow) -> Instance | None:
        """The node's machine."""
        if node.provider_id:
            return self._by_key.get(node.provider_id.casefold().removeprefix("azure://"))
        named = self._by_name.get(f"{node.machine.vmss}/{node.machine.instance}".casefold())
        return named or self._by_name.get(_NAME + node.name.casefold())

    def gone(self, node: NodeRow) -> bool:
        """Whether what should hold the node's machine was read to its end and has none, or is gone itself."""
        machine = node.machine
        place = Place(machine.subscription.lower(), machine.resource_group.lower())
        if machine.vm:
            return place in self._listed
        if not machine.vmss or place not in self._places:
            return False
        name = machine.vmss.casefold()
        return name in self._read or name not in self._sets


def _pools_of_sets(machines: Machines, nodes: Collection[NodeRow], of_node: Mapping[str, Instance]) -> dict[str, str]:
    """Scale set's id to its pool: by the tag, else by its nodes' label, else ``""``."""
    by_nodes = {of_node[node.name].scale_set: node.pool for node in nodes if node.name in of_node and node.pool}
    return {one.id: one.pool or by_nodes.get(one.name, "") for one in machines.sets}


def _singles_of_pools(
    machines: Machines, nodes: Collection[NodeRow], of_node: Mapping[str, Instance]
) -> dict[str, list[Instance]]:
    """Machines without a scale set: by their nodes, else by their tags. Others in the resource group are not ours."""
    if not machines.singles:
        return {}
    by_node = {of_node[node.name].key: node.pool for node in nodes if node.name in of_node}
    found: dict[str, list[Instance]] = {}
    for one in machines.singles:
        pool = by_node.get(one.key, one.pool)
        if pool or one.key in by_node:
            found.setdefault(pool, []).append(one)
    return found


def _sets_of_pools(
    machines: Machines, pool_of_set: Mapping[str, str], names: Iterable[str]
) -> dict[str, list[ScaleSet]]:
    found: dict[str, list[ScaleSet]] = {name: [] for name in names}
    for one in machines.sets:
        found.setdefault(pool_of_set[one.id], []).append(one)
    return found


def _uneven(since: Mapping[str, float] | None, name: str, at: float) -> float | None:
    began = since.get(name, at) if since is not None else 0.0
    return at - began if began else None


def _pool(
    name: str,
    sets: Sequence[ScaleSet],
    agent: AgentPool | None,
    nodes: Sequence[NodeRow],
    uneven: float | None,
    singles: Sequence[Instance] | None,
    under: Under | None,
) -> PoolMachines:
    counts = counts_of(sets, agent, uneven, len(singles) if singles is not None else None)
    return PoolMachines(
        name=name,
        sets=tuple(sets),
        agent=agent,
        machines=-1 if counts.instances is None else counts.instances,
        capacity=counts.capacity,
        nodes=len(nodes),
        changing=changing(sets, agent),
        updated=updated(sets),
        troubles=tuple(pool_troubles(sets, agent, counts, under)),
        singles=tuple(singles or ()),
        under=under,
    )


_JUST_GONE: Final = Trouble(Meaning.PLANNED, "its node has just gone", Mismatch.DELETING)


def _lone(one: Instance, changing: str, now: float) -> Trouble:
    """What to think of an instance without a node."""
    state, age = one.provisioning.casefold(), max(0.0, now - one.created) if one.created else 0.0
    for_ = f" {human_duration(age)}" if one.created else ""
    if state == "deleting":
        return Trouble(Meaning.PLANNED, "being deleted", Mismatch.DELETING)
    if one.power in _NOT_ON:
        # A pool that deallocates on scale-in keeps such instances; a spot set does so with evicted ones.
        return Trouble(Meaning.PLANNED, f"VM {one.power}, no node", Mismatch.KEPT)
    if why := failure_words(one):
        words = f"never joined{for_}: {why}" if age < _OLD_S else f"no node: {why}"
        return Trouble(Meaning.ACT, words, Mismatch.NEVER_JOINED)
    if age > _OLD_S:
        # An upgrade deletes the node before its VM.
        if changing:
            return Trouble(Meaning.PLANNED, f"no node, pool {changing}", Mismatch.DELETING)
        return Trouble(Meaning.LOOK, f"no node, VM {one.power or 'state not known'}", Mismatch.NO_NODE)
    if age > JOIN_S:
        return Trouble(Meaning.ACT, f"never joined{for_}, VM {one.power or 'state not known'}", Mismatch.NEVER_JOINED)
    surge = f", pool {changing}" if changing else ""
    return Trouble(Meaning.PLANNED, f"joining{for_}{surge}", Mismatch.JOINING)


def failure_words(one: Instance) -> str:
    """Why the machine failed, the bootstrap's error first; ``""`` where it did not."""
    if one.bootstrap:
        return exit_words(one.bootstrap)
    if one.provisioning.casefold() == "failed":
        return exit_words(one.message) if one.message else "provisioning failed"
    return ""


def _trouble(
    node: NodeRow, one: Instance | None, known: _Known, pool: PoolMachines | None, looked: float
) -> Trouble | None:
    """Where a node and its machine don't fit."""
    changing = pool.happening if pool else ""
    young = node.created and looked - node.created < JOIN_S
    if changing and young and node.ready != "True":
        return Trouble(Meaning.PLANNED, f"joining, pool {changing}", Mismatch.JOINING)
    if one is None:
        # A node younger than the look at Azure may well be missing in it.
        if node.created >= looked or not known.gone(node):
            return None
        meant = bool(changing or node_planned(node))
        return Trouble(Meaning.PLANNED if meant else Meaning.LOOK, "its VM is gone", Mismatch.NO_VM)
    if one.provisioning.casefold() == "deleting":
        return Trouble(Meaning.PLANNED, "VM being deleted", Mismatch.DELETING)
    if one.power in _NOT_ON:
        return _off(node, one, pool)
    if why := failure_words(one):
        return Trouble(Meaning.LOOK, f"VM failed: {why}", Mismatch.FAILED)
    if one.health == "unhealthy":
        return Trouble(Meaning.LOOK, "VM unhealthy", Mismatch.UNHEALTHY)
    if changing and node.ready != "True" and one.provisioning.casefold() in _MADE_ANEW:
        return Trouble(Meaning.PLANNED, f"VM {one.provisioning.casefold()}, pool {changing}", Mismatch.CHANGING)
    if node.ready == "True" and (words := maintenance_words(one, looked)):
        return Trouble(Meaning.PLANNED, f"Azure {words}", Mismatch.MAINTENANCE)
    return None


def _off(node: NodeRow, one: Instance, pool: PoolMachines | None) -> Trouble:
    """Deallocated on purpose, by Azure's taking a spot machine back, or by nobody knows whom."""
    spot = pool is not None and any(each.spot and each.name == one.scale_set for each in pool.sets)
    evicted = (spot or node.spot) and one.power not in ("stopping", "stopped")
    meant = bool(node_planned(node) or node.unschedulable)
    meaning = Meaning.PLANNED if meant else Meaning.LOOK if evicted else Meaning.ACT
    return Trouble(meaning, f"VM {one.power}" + (", evicted perhaps" if evicted else ""), Mismatch.OFF)


def joined_meaning(node: NodeRow, trouble: Trouble | None) -> Meaning:
    """The node together with its machine: what Azure does on purpose makes a node that is not ready no fault."""
    if trouble is None:
        return node_meaning(node)
    if trouble.meaning is Meaning.PLANNED:
        return worst({Meaning.PLANNED, conditions_meaning(node)})
    return worst({node_meaning(node), trouble.meaning})


def maintenance_words(one: Instance, now: float) -> str:
    """``maintenance in 120m`` until its window begins, ``maintenance may come within 3d`` in it; else ``""``."""
    if one.maintenance > now:
        return f"maintenance in {human_duration(one.maintenance - now)}"
    if one.maintenance and one.maintenance_ends > now:
        return f"maintenance may come within {human_duration(one.maintenance_ends - now)}"
    return ""


def vm_words(one: Instance) -> str:
    """The machine's state in a word: its power while it is settled, else what Azure does with it."""
    state = one.provisioning.casefold()
    if state not in ("", "succeeded"):
        return state if state != "failed" or one.power in ("", "running") else f"{one.power}, failed"
    return one.power or state or "–"
