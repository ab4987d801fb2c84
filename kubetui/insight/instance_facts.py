"""All that is known of one instance, as labels and values in the order they are read; and how to look further."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime

from kubetui.azure.machines import Instance, ScaleSet
from kubetui.insight.instances import Trouble, vm_words
from kubetui.kinds.age import human_duration

Facts = list[tuple[str, str]]
"""Label and value; values may have several lines. What is not known is left out."""


def instance_facts(one: Instance, scale_set: ScaleSet | None, trouble: Trouble | None, now: float) -> Facts:
    """What is wrong first, then what it is. Azure's texts are as they came."""
    model = {True: "applied", False: "not applied (usual on AKS)", None: ""}[one.latest_model]
    facts = [
        ("Now", trouble.words if trouble else ""),
        ("State", vm_words(one)),
        ("Provisioning", one.provisioning),
        ("Power", one.power),
        ("Health", one.health),
        ("Last status", _moment(one.at, now)),
        ("Message", one.message),
        ("Bootstrap", one.bootstrap),
        ("Made", _moment(one.created, now)),
        ("Computer name", one.computer_name),
        ("Image", one.image),
        ("Latest model", model),
        ("Zone", one.zone),
        *(_set_facts(scale_set) if scale_set is not None else ()),
        ("Resource id", one.id),
        ("Look further", az_command(one)),
    ]
    return [(label, value) for label, value in facts if value]


def _set_facts(one: ScaleSet) -> Facts:
    kind = "Flexible" if one.flexible else "Uniform"
    spot = f", spot ({one.eviction.lower() or 'eviction not said'})" if one.spot else ""
    return [
        ("Scale set", f"{one.name}, {kind}, {one.size}{spot}, capacity {one.capacity}"),
        ("Pool", one.pool),
        ("Model's image", one.image),
    ]


def _moment(at: int, now: float) -> str:
    if not at:
        return ""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%SZ}, {human_duration(max(0.0, now - at))} ago"


def az_command(one: Instance) -> str:
    """The read that shows the instance's view; ``""`` where the id is not one of a machine."""
    parts = one.id.split("/")
    named = {key.casefold(): value for key, value in zip(parts[1::2], parts[2::2], strict=False)}
    subscription, group = named.get("subscriptions", ""), named.get("resourcegroups", "")
    if not subscription or not group:
        return ""
    place = f"--subscription {shlex.quote(subscription)} -g {shlex.quote(group)}"
    held = named.get("virtualmachinescalesets")
    if held:
        return f"az vmss get-instance-view {place} -n {shlex.quote(held)} --instance-id {shlex.quote(one.number)}"
    return f"az vm get-instance-view {place} -n {shlex.quote(one.number)}"
