"""A workload that has been there for a while, with its ReplicaSets and its running pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kubetui.demo.entries.identity import suffix
from kubetui.demo.entries.pod import PodEntry, Rare
from kubetui.demo.entries.pod_status import ContainerState, Ended
from kubetui.demo.moment import rfc3339
from kubetui.demo.workload import Progress, Revision, Workload, make_template

if TYPE_CHECKING:
    from kubetui.demo.world import World

HOUR = 3600.0


class Past(NamedTuple):
    """What a workload has behind it."""

    rolled_out: float
    """When its newest revision came, Unix seconds."""
    older: int = 0
    """How many ReplicaSets without pods it still has."""
    troubles: bool = False
    """Some of its pods restarted, few are not well: tenants' workloads."""


def found_workload(world: World, workload: Workload, past: Past) -> None:
    """Register it with its revisions and place its pods; the objects are written when the world is complete."""
    for number in range(past.older, -1, -1):
        spread = (past.rolled_out - workload.created) / (past.older + 1)
        _add_revision(world, workload, past.rolled_out - number * spread, newest=not number)
    rolled_out = int(past.rolled_out)
    workload.generation = len(workload.revisions)
    workload.progress = Progress(since=workload.created, updated=rolled_out + 40)
    workload.available_since = workload.created + 60
    workload.pools = world.fleet.allowed_pools(workload.spec)
    world.workloads.add(workload)
    if workload.kind == "DaemonSet":
        _place_everywhere(world, workload, past)
        return
    for ordinal in range(workload.replicas):
        _place(world, workload, past, _pod_name(world, workload, ordinal))


def _add_revision(world: World, workload: Workload, created: float, *, newest: bool) -> None:
    uid = world.rng.getrandbits(128)
    hash_ = suffix(uid) + suffix(uid >> 30)
    deployment = workload.kind == "Deployment"
    name = f"{workload.name}-{hash_}" if deployment else workload.name
    number = len(workload.revisions) + 1
    template = make_template(workload, name, uid if deployment else workload.uid, hash_, number)
    if not newest:  # what no pod has any more: no two revisions have the same template
        template.annotations = {**template.annotations, "kubectl.kubernetes.io/restartedAt": rfc3339(created)}
    workload.revisions.append(Revision(number, name, uid, hash_, int(created), template))


def _pod_name(world: World, workload: Workload, ordinal: int) -> str:
    if workload.kind == "StatefulSet":
        return f"{workload.name}-{ordinal}"
    return world.pods.new_name(workload)


def _place_everywhere(world: World, workload: Workload, past: Past) -> None:
    nodes = [node for node in world.fleet.nodes.values() if world.controllers.wanted_on(workload, node)]
    workload.replicas = len(nodes)
    for node in nodes:
        created = max(past.rolled_out, node.state.created + 12)
        pod = world.pods.place(workload, world.pods.new_name(workload), created, node=node)
        if past.troubles:
            _trouble(world, pod)


def _place(world: World, workload: Workload, past: Past, name: str) -> None:
    rng = world.rng
    created = past.rolled_out + rng.uniform(0, 90)
    if rng.random() < 0.25:  # moved since: an eviction, a drain, a scale-up
        created = rng.uniform(past.rolled_out, world.began - 120)
    pod = world.pods.place(workload, name, created)
    if past.troubles and pod.host is not None:
        _trouble(world, pod)


_ENDINGS = (("Error", 1), ("OOMKilled", 137), ("Error", 2), ("Completed", 0))


def _trouble(world: World, pod: PodEntry) -> None:
    chance = world.rng.random()
    if chance < 0.06:
        _has_restarted(world, pod)
    elif chance > 0.998:
        _is_not_ready(world, pod)


def _has_restarted(world: World, pod: PodEntry) -> None:
    rng, now = world.rng, world.began
    count = min(1 + int(rng.expovariate(0.7)), 14)
    when = int(rng.uniform(pod.started, now - 60))
    reason, code = _ENDINGS[rng.randrange(len(_ENDINGS))]
    last = Ended(code, reason, max(pod.started, when - 4000), when)
    first = ContainerState("running", when + 1, True, count, last=last)
    others = (ContainerState("running", pod.started, True),) * (len(pod.template.containers) - 1)
    world.pods.put(pod.replace(containers=(first, *others), ready_at=when + 9))
    if now - when < HOUR:
        world.kubelets.tell_restart(pod, when + 1)


def _is_not_ready(world: World, pod: PodEntry) -> None:
    since = int(world.began - world.rng.uniform(60, 900))
    first = ContainerState("running", pod.started)
    others = (ContainerState("running", pod.started, True),) * (len(pod.template.containers) - 1)
    world.pods.put(pod.replace(containers=(first, *others), ready_at=since, rare=Rare()))
