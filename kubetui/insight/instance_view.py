"""One machine out of the join of all: itself, its scale set, the node on it, what ails the two."""

from __future__ import annotations

from typing import NamedTuple

from kubetui.azure.machines import Instance, ScaleSet
from kubetui.insight.instances import Joined, Lone
from kubetui.insight.trouble import Trouble
from kubetui.kinds.node_row import NodeRow


class InstanceView(NamedTuple):
    """A machine and what belongs to it."""

    instance: Instance
    scale_set: ScaleSet | None = None
    node: str = ""
    """The node's name; ``""``: it has none."""
    lone: Lone | None = None
    """Set where it has no node."""
    trouble: Trouble | None = None
    """Of the node and its machine."""
    pool: str = ""

    def trouble_at(self, now: float) -> Trouble | None:
        """What is the matter, as time goes by."""
        return self.lone.trouble_at(now) if self.lone is not None else self.trouble


def instance_view(joined: Joined, key: str) -> InstanceView | None:
    """The machine with the case-folded id ``key``; None where Azure has none, or was not read."""
    for name, one in joined.of_node.items():
        if one.key == key:
            pool, scale_set = _home(joined, one)
            return InstanceView(one, scale_set, name, None, joined.troubles.get(name), pool)
    for found in joined.lone.values():
        for lone in found:
            if lone.instance.key == key:
                return InstanceView(lone.instance, _home(joined, lone.instance)[1], lone=lone, pool=lone.pool)
    return None


def _home(joined: Joined, one: Instance) -> tuple[str, ScaleSet | None]:
    """The pool and the scale set of a machine."""
    for pool in joined.pools.values():
        for held in pool.sets:
            if one.scale_set and any(each is one for each in held.instances or ()):
                return pool.name, held
    return "", None


def machine_key(node: NodeRow) -> str:
    """The case-folded id of the machine that the node's providerID names; ``""`` for none of Azure's."""
    return _id_of(node).casefold()


def told_by_node(node: NodeRow) -> InstanceView | None:
    """The machine as far as the node's providerID tells of it; None where that names none of Azure's."""
    resource = _id_of(node)
    if not resource:
        return None
    machine = node.machine
    return InstanceView(Instance(resource, machine.vmss, machine.label), node=node.name, pool=node.pool)


def _id_of(node: NodeRow) -> str:
    named = node.machine.subscription and node.machine.label
    return node.provider_id.removeprefix("azure://") if named else ""
