"""A node pool in words, as Azure and Kubernetes both see it. Pure; what is not known is left out."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from kubetui.azure.machines import AgentPool
from kubetui.cluster.autoscaler_status import CONFIG_MAP, NodeGroup
from kubetui.insight.cluster_page import cluster_page
from kubetui.insight.describe.page import Entry, Field, Heading, Words
from kubetui.insight.maintenance_page import maintenance_page
from kubetui.insight.node_groups import ready_words
from kubetui.insight.pool_facts import PoolFacts
from kubetui.insight.pool_machines_page import announced, misfits, scale_sets, states
from kubetui.insight.pool_troubles import SETTLED
from kubetui.insight.pools import spread
from kubetui.kinds.age import human_duration
from kubetui.kinds.kind import Meaning


def pool_page(facts: PoolFacts) -> list[list[Entry]]:
    """The sections in the order they are read: what is wrong first, commands last."""
    sections = (_now, misfits, announced, _size, _versions, scale_sets, states, _cluster, _further)
    return [list(section(facts)) for section in sections]


def _fields(*fields: tuple[str, str]) -> Iterator[Field]:
    return (Field(label, value) for label, value in fields if value)


# --- what is going on


def _now(facts: PoolFacts) -> Iterator[Entry]:
    yield from (Words(trouble.words, meaning=trouble.meaning) for trouble in facts.state)
    if not facts.state:
        yield Words("nothing is the matter with it", style="dim")
    yield from (Words(text, style="dim") for text in facts.azure if text)
    if facts.agent is not None and len(facts.agent.error) > _SHORT:
        yield Field("Error", facts.agent.error, meaning=Meaning.ACT)


_SHORT: Final = 60


def _size(facts: PoolFacts) -> Iterator[Entry]:
    pool, agent, machines = facts.pool, facts.agent, facts.machines
    yield from _fields(
        ("Mode", (agent.mode if agent else "") or pool.mode.capitalize()),
        ("Type", agent.kind if agent else ""),
        ("State", _states_of(agent)),
        ("VM size", ", ".join(pool.sizes) or (agent.size if agent else "")),
        ("OS", ", ".join(pool.os_skus) or (agent.os if agent else "")),
        ("Zones", _zones(facts)),
        ("Spot", _spot(facts)),
        ("Most pods", f"{agent.max_pods} a node" if agent and agent.max_pods else ""),
    )
    ready = "" if pool.meaning is Meaning.UNKNOWN else f"{pool.ready} of {pool.nodes} ready"
    cordoned = f", {pool.cordoned} cordoned" if pool.cordoned else ""
    yield Field("Nodes", f"{ready}{cordoned}" if ready else f"{pool.nodes}, only their names are known")
    if machines is not None and (machines.sets or machines.singles):
        there = str(machines.machines) if machines.machines >= 0 else "not read"
        yield Field("Instances", f"{there}, capacity {machines.capacity}")
    elif agent is not None and agent.count:
        yield Field("Instances", f"{agent.count}, as the cluster counts")
    yield from _limits(facts)


def _states_of(agent: AgentPool | None) -> str:
    return ", ".join(part for part in (agent.provisioning, agent.power.lower()) if part) if agent else ""


def _zones(facts: PoolFacts) -> str:
    """``1 (24 instances), 2 (23 instances)``, or where it may be."""
    counted = Counter(one.zone for one in facts.instances if one.zone)
    if counted:
        first, *rest = sorted(counted.items())
        parts = [f"{first[0]} ({first[1]} instance{'s' if first[1] != 1 else ''})"]
        return ", ".join([*parts, *(f"{zone} ({number})" for zone, number in rest)])
    told = facts.agent.zones if facts.agent else ()
    return ", ".join(told or tuple(zone.rpartition("-")[2] for zone in facts.pool.zones))


def _spot(facts: PoolFacts) -> str:
    agent = facts.agent
    if not (facts.pool.spot or (agent and agent.spot) or any(one.spot for one in facts.sets)):
        return ""
    eviction = next((one.eviction for one in facts.sets if one.eviction), agent.eviction if agent else "")
    does = {"delete": "an evicted machine is deleted", "deallocate": "an evicted machine stays, off and unpaid"}
    parts = ["yes", does.get(eviction.casefold(), eviction)]
    price = agent.price if agent else ""
    if price:
        parts.append("at most the price of others" if price == "-1" else f"at most ${price} an hour")
    return ", ".join(part for part in parts if part)


def _limits(facts: PoolFacts) -> Iterator[Entry]:
    agent, groups = facts.agent, facts.groups
    if agent is not None:
        yield Field("Limits", f"{agent.least} to {agent.most}, cluster autoscaler" if agent.autoscaled else _BY_HAND)
        if agent.autoscaled and agent.scale_in:
            kept = "deallocated" if agent.scale_in.casefold() == "deallocate" else "deleted"
            yield Field("Scale-in", f"machines that are not needed are {kept}")
    elif groups is not None and groups.limits:
        yield Field("Limits", f"{groups.least} to {groups.most}", note=f"from {CONFIG_MAP}")
    for group in groups.groups if groups is not None else ():
        yield from _group(group, facts)
    if groups is None and facts.autoscaler and (agent is None or agent.autoscaled):
        yield Field("Autoscaler", facts.autoscaler)


_BY_HAND: Final = "none: it is scaled by hand"


def _group(group: NodeGroup, facts: PoolFacts) -> Iterator[Entry]:
    does = [group.health.lower(), _scaling(group, facts.now)]
    counts = [
        ready_words(group),
        f"wants {group.target}" if group.target is not None else "",
        f"{group.missing} yet to join" if group.missing else "",
        f"{group.candidates} not needed any more" if group.candidates else "",
    ]
    lines = [", ".join(part for part in parts if part) for parts in (does, counts)]
    bad = group.health.casefold() == "unhealthy" or group.scale_up.casefold() == "backoff"
    text = [line for line in lines if line] or ["says nothing of it"]
    yield Field("Autoscaler", text, meaning=Meaning.LOOK if bad else Meaning.PLAIN)
    if group.error:
        yield Field("Its error", group.error, meaning=Meaning.LOOK)
    if facts.autoscaler:
        yield Field("Its status", facts.autoscaler)


def _scaling(group: NodeGroup, now: float) -> str:
    words = {"inprogress": "scales up", "backoff": "backs off from scaling up", "needed": "has to scale up"}
    found = words.get(group.scale_up.casefold(), "")
    since = f" for {human_duration(now - group.scale_up_since)}" if 0 < group.scale_up_since <= now else ""
    return found + since if found else ""


# --- versions


def _versions(facts: PoolFacts) -> Iterator[Entry]:
    agent, instances = facts.agent, facts.instances
    if agent is not None and agent.version:
        if agent.current and agent.current != agent.version:
            going = agent.provisioning.casefold() not in SETTLED
            meaning = Meaning.PLANNED if going else Meaning.LOOK
            yield Field("Kubernetes", f"{agent.current}, to be {agent.version}", meaning=meaning)
        else:
            yield Field("Kubernetes", agent.version)
    yield from _fields(("Kubelets", _counted(facts.pool.versions)))
    if agent is not None:
        yield from _fields(("Node image", agent.image))
    images = spread(one.image for one in instances)
    yield from _fields(("Images", _counted(images or facts.pool.images)))
    model = [one.latest_model for one in instances if one.latest_model is not None]
    if model:
        behind = "" if all(model) else "fewer than all is usual: AKS moves the model ahead of the instances"
        yield Field("Latest model", f"applied on {sum(model)} of {len(model)}", note=behind)
    if agent is not None:
        yield from _fields(("Upgrade", _upgrade(agent)))


def _counted(found: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{value} on {number}" for value, number in found)


def _upgrade(agent: AgentPool) -> str:
    """How an upgrade goes through it."""
    parts = [
        f"{agent.surge} surge" if agent.surge else "",
        f"{agent.unavailable} unavailable" if agent.unavailable not in ("", "0", "0%") else "",
        f"drains for {agent.drain} min at most" if agent.drain else "",
        f"waits {agent.soak} min after each" if agent.soak else "",
        f"nodes that can't be drained: {agent.undrainable.lower()}" if agent.undrainable else "",
    ]
    return ", ".join(part for part in parts if part)


def _cluster(facts: PoolFacts) -> Iterator[Entry]:
    if facts.cluster is not None:
        yield from cluster_page(facts.cluster)
        yield from maintenance_page(facts.cluster, facts.now)


# --- further


def _further(facts: PoolFacts) -> Iterator[Entry]:
    """Lines that name all they need; kubectl's, with its context, are among the commands to copy."""
    lines = [*_az(facts), facts.portal]
    if any(lines):
        yield Heading("Look further")
        yield from (Words(line, 1) for line in lines if line)


def _az(facts: PoolFacts) -> Iterator[str]:
    if facts.cluster is not None and facts.pool.name:
        place = _place(facts.cluster.id)
        name, pool = shlex.quote(facts.cluster.name), shlex.quote(facts.pool.name)
        if place:
            yield f"az aks nodepool show -n {pool} --cluster-name {name} {place}"
    for one in facts.sets:
        if place := _place(one.id):
            yield f"az vmss list-instances -n {shlex.quote(one.name)} --expand instanceView -o table {place}"


def _place(resource_id: str) -> str:
    parts = resource_id.split("/")
    named = {key.casefold(): value for key, value in zip(parts[1::2], parts[2::2], strict=False)}
    subscription, group = named.get("subscriptions", ""), named.get("resourcegroups", "")
    return f"-g {shlex.quote(group)} --subscription {shlex.quote(subscription)}" if subscription and group else ""
