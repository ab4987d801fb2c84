"""Machines of the simulated cluster that are resources of their own: Flexible scale sets', single VMs, Karpenter's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from kubetui.demo import resource_documents as documents
from kubetui.demo.machine_fates import MachineFate
from kubetui.demo.pools import Pool, PoolKind
from kubetui.demo.world import World

Items = Sequence[Callable[[], dict[str, Any]]]
"""Of a list, each made when its page is asked for."""
_OF_SET: Final = re.compile(r"'virtualMachineScaleSet/id' eq '(?P<id>[^']+)'", re.IGNORECASE)


class _Machine(NamedTuple):
    pool: Pool
    number: int
    created: float
    fate: MachineFate


class VirtualMachines:
    """As Azure Resource Manager lists them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def items(self, wanted: str, *, views: bool) -> Items:
        """All, or those that the filter ``wanted`` lets through."""
        match = _OF_SET.fullmatch(wanted)
        scale_set = match["id"].rpartition("/")[2].casefold() if match else ""
        return [
            partial(documents.virtual_machine, *one, views)
            for one in self._all()
            if not wanted or (one.pool.kind is PoolKind.FLEXIBLE and one.pool.scale_set.casefold() == scale_set)
        ]

    def view(self, name: str) -> dict[str, Any] | None:
        """The instance view of one; None where there is no such machine."""
        found = (one for one in self._all() if one.pool.vm_name(one.number).casefold() == name.casefold())
        one = next(found, None)
        document = documents.virtual_machine(*one, view=True) if one is not None else None
        view: dict[str, Any] | None = document["properties"]["instanceView"] if document is not None else None
        return view

    def _all(self) -> Iterator[_Machine]:
        world = self._world
        for pool in world.fleet.pools.values():
            if pool.kind is not PoolKind.UNIFORM:
                for node in world.fleet.of_pool(pool.name):
                    yield _Machine(node.pool, node.instance, node.state.created, world.machines.of(node.name))
        for lone in world.machines.lone.values():
            if lone.pool.kind is not PoolKind.UNIFORM:
                yield _Machine(lone.pool, lone.number, lone.created, lone.fate)
