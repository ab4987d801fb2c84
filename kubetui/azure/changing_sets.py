"""Which scale sets change just now, and what was read of them put in the place of what was known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from kubetui.azure.machines import Machines, ScaleSet

SETTLED: Final = frozenset({"", "succeeded", "failed", "canceled"})
"""Provisioning states, in lower case, that last; all others pass: Creating, Updating, Upgrading, Scaling, Deleting."""
MOST: Final = 4
"""Scale sets that are read often at once."""


def changing_sets(machines: Machines, among: Collection[str]) -> list[ScaleSet]:
    """Of the scale sets with the ids ``among``, those that Azure changes now; those read longest ago first.

    It does so where the set or its node pool is neither done nor failed, or one of its instances is not.
    """
    moving = {
        pool.name for cluster in machines.clusters for pool in cluster.pools if _moves(pool.provisioning)
    }  # fmt: skip
    found = [one for one in machines.sets if one.id in among and (one.pool in moving or _set_moves(one))]
    return sorted(found, key=lambda one: one.at)[:MOST]


def _moves(provisioning: str) -> bool:
    return provisioning.casefold() not in SETTLED


def _set_moves(one: ScaleSet) -> bool:
    return _moves(one.provisioning) or any(_moves(each.provisioning) for each in one.instances or ())


def with_read(machines: Machines, asked: Sequence[ScaleSet], found: Sequence[ScaleSet], budget: int | None) -> Machines:
    """``machines`` with what was ``found`` of the sets ``asked`` for; one that was not found is gone."""
    gone = {one.id for one in asked} - {one.id for one in found}
    newer = {one.id: one for one in found}
    sets = tuple(newer.get(one.id, one) for one in machines.sets if one.id not in gone)
    return replace(machines, sets=sets, budget=machines.budget if budget is None else budget)
