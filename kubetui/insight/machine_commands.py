"""Lines to copy about machines. What differs comes last: a narrow screen cuts the middle, the subscription."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import NamedTuple

from kubetui.azure.machines import Instance, ManagedCluster


class _Place(NamedTuple):
    subscription: str
    group: str
    scale_set: str


def _place(resource_id: str) -> _Place:
    parts = resource_id.split("/")
    named = {key.casefold(): value for key, value in zip(parts[1::2], parts[2::2], strict=False)}
    return _Place(
        named.get("subscriptions", ""), named.get("resourcegroups", ""), named.get("virtualmachinescalesets", "")
    )


def _in(place: _Place) -> str:
    return f"--subscription {shlex.quote(place.subscription)} -g {shlex.quote(place.group)}"


def view_command(one: Instance) -> str:
    """What Azure says of the machine now; ``""`` where the id is not one of a machine."""
    place = _place(one.id)
    if not place.subscription or not place.group:
        return ""
    if place.scale_set:
        held = f"-n {shlex.quote(place.scale_set)} --instance-id {shlex.quote(one.number)}"
        return f"az vmss get-instance-view {_in(place)} {held}"
    return f"az vm get-instance-view {_in(place)} -n {shlex.quote(one.number)}"


def power_command(verb: str, machines: Sequence[Instance]) -> str:
    """``start``, ``restart``, ``reimage`` or ``delete`` machines of one scale set, or the first of single ones."""
    if not machines:
        return ""
    place = _place(machines[0].id)
    if not place.subscription or not place.group:
        return ""
    if not place.scale_set:
        return f"az vm {verb} {_in(place)} -n {shlex.quote(machines[0].number)}"
    same = [one for one in machines if one.scale_set == machines[0].scale_set]
    numbers = " ".join(shlex.quote(one.number) for one in same)
    verb = "delete-instances" if verb == "delete" else verb
    return f"az vmss {verb} {_in(place)} -n {shlex.quote(place.scale_set)} --instance-ids {numbers}"


def activity_command(one: Instance) -> str:
    """Who did what within the hour in the machine's resource group."""
    place = _place(one.id)
    return f"az monitor activity-log list {_in(place)} --offset 1h -o table" if place.group else ""


def pool_command(verb: str, pool: str, cluster: ManagedCluster | None) -> str:
    """``az aks nodepool …``; ``""`` where the managed cluster is not known."""
    place = _place(cluster.id) if cluster is not None else _Place("", "", "")
    if cluster is None or not place.group:
        return ""
    return f"az aks nodepool {verb} {_in(place)} --cluster-name {shlex.quote(cluster.name)} -n {shlex.quote(pool)}"
