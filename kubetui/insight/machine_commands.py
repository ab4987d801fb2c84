"""Lines to copy about machines. The machine comes first and the subscription last: a narrow screen cuts the end."""

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


def _tail(place: _Place) -> str:
    return f"-g {shlex.quote(place.group)} --subscription {shlex.quote(place.subscription)}"


def view_command(one: Instance) -> str:
    """What Azure says of the machine now; ``""`` where the id is not one of a machine."""
    place = _place(one.id)
    if not place.subscription or not place.group:
        return ""
    if place.scale_set:
        held = f"--instance-id {shlex.quote(one.number)} -n {shlex.quote(place.scale_set)}"
        return f"az vmss get-instance-view {held} {_tail(place)}"
    return f"az vm get-instance-view -n {shlex.quote(one.number)} {_tail(place)}"


def power_command(verb: str, machines: Sequence[Instance]) -> str:
    """``start``, ``restart``, ``reimage`` or ``delete`` machines of one scale set, or the first of single ones."""
    if not machines:
        return ""
    place = _place(machines[0].id)
    if not place.subscription or not place.group:
        return ""
    if not place.scale_set:
        return f"az vm {verb} -n {shlex.quote(machines[0].number)} {_tail(place)}"
    same = [one for one in machines if one.scale_set == machines[0].scale_set]
    numbers = " ".join(shlex.quote(one.number) for one in same)
    verb = "delete-instances" if verb == "delete" else verb
    return f"az vmss {verb} --instance-ids {numbers} -n {shlex.quote(place.scale_set)} {_tail(place)}"


def activity_command(one: Instance) -> str:
    """Who did what within the hour in the machine's resource group."""
    place = _place(one.id)
    return f"az monitor activity-log list --offset 1h -o table {_tail(place)}" if place.group else ""


def pool_command(verb: str, pool: str, cluster: ManagedCluster | None) -> str:
    """``az aks nodepool …``; ``""`` where the managed cluster is not known."""
    place = _place(cluster.id) if cluster is not None else _Place("", "", "")
    if cluster is None or not place.group:
        return ""
    return f"az aks nodepool {verb} -n {shlex.quote(pool)} --cluster-name {shlex.quote(cluster.name)} {_tail(place)}"
