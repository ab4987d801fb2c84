"""The commands for the objects at hand: declarations, filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from kubetui.commands.any_object import ANY, DELETE
from kubetui.commands.command import Command, Offer, OfferedSection, Section
from kubetui.commands.instance import INSTANCE_SECTIONS
from kubetui.commands.managed_by_aks import managed_component
from kubetui.commands.node import DELETE_NODE, NODE
from kubetui.commands.node_pool import NODE_POOL_SECTIONS
from kubetui.commands.place import ClusterPlace
from kubetui.commands.pod import DELETE_POD, POD
from kubetui.commands.service import SERVICE
from kubetui.commands.subject import INSTANCE, NODE_POOL, Container, Subject
from kubetui.commands.values import Scene, fill
from kubetui.commands.workload import CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, REPLICA_SET, STATEFUL_SET

SECTIONS: Final[Mapping[tuple[str, str], tuple[Section, ...]]] = {
    ("", "Node"): NODE,
    ("", "Pod"): POD,
    ("", "Service"): SERVICE,
    ("apps", "Deployment"): DEPLOYMENT,
    ("apps", "StatefulSet"): STATEFUL_SET,
    ("apps", "DaemonSet"): DAEMON_SET,
    ("apps", "ReplicaSet"): REPLICA_SET,
    ("batch", "Job"): JOB,
    ("batch", "CronJob"): CRON_JOB,
}
"""(API group, kind) to its own commands; what fits every object comes after them."""

MOST: Final = 100
"""Objects in one line at most: a longer one is no line that anybody checks before it runs."""

DELETIONS: Final[Mapping[str, Section]] = {"Pod": DELETE_POD, "Node": DELETE_NODE}
"""Kinds whose deletion means more than that of an object."""


def sections_for(subject: Subject) -> tuple[Section, ...]:
    """The declarations that fit the object's kind."""
    own = SECTIONS.get((subject.resource.group, subject.kind), ())
    if subject.kind == NODE_POOL:
        return NODE_POOL_SECTIONS
    if subject.kind == INSTANCE:
        return INSTANCE_SECTIONS
    component = managed_component(subject)
    kept = (Section("What AKS leaves to you", component.commands),) if component and component.commands else ()
    return (*kept, *own, ANY, DELETIONS.get(subject.kind, DELETE))


def offers_for(subjects: Sequence[Subject], place: ClusterPlace) -> list[OfferedSection]:
    """The commands for one object, or those that take several.

    Several objects are of one kind; a line is made for each namespace and each VM scale set among them.
    """
    if not subjects:
        return []
    found = []
    for section in sections_for(subjects[0]):
        offers = tuple(offer for command in section.commands for offer in _offers(command, subjects, place))
        if offers:
            found.append(OfferedSection(section.title, offers, section.note))
    return found


def _offers(command: Command, subjects: Sequence[Subject], place: ClusterPlace) -> Iterator[Offer]:
    if len(subjects) > 1:
        yield from _for_several(command, subjects, place)
    elif command.when(subjects[0]):
        yield from _for_one(command, subjects[0], place)


def _for_several(command: Command, subjects: Iterable[Subject], place: ClusterPlace) -> Iterator[Offer]:
    """A line for those that one line can name: of one namespace, and of one scale set where instances are named."""

    def shared(subject: Subject) -> tuple[str, ...]:
        machine = subject.machine
        return (machine.resource_group, machine.vmss) if "{instances}" in command.line else (subject.namespace,)

    fitting = [subject for subject in subjects if command.several and command.when(subject)]
    for where, group in groupby(sorted(fitting, key=lambda one: (shared(one), one.name)), shared):
        part = list(group)
        told = f" in {where[-1]}" if where[-1] else ""
        yield _offer(command, Scene(place, part), f"{command.title} ({len(part)}{told})", where[-1])


def _for_one(command: Command, subject: Subject, place: ClusterPlace) -> Iterator[Offer]:
    scene = Scene(place, (subject,))
    if not command.each:
        yield _offer(command, scene, command.title)
    elif command.each == "port":
        yield from _for_ports(command, scene)
    else:
        containers = _containers(command, subject)
        for container in containers:
            named = f"{command.title}: {container.name}" if container.name else command.title
            yield _offer(command, replace(scene, container=container), named, container.name)


def _for_ports(command: Command, scene: Scene) -> Iterator[Offer]:
    subject = scene.subject
    own = [port for one in _looked_at(subject, subject.containers) for port in one.ports]
    for port in dict.fromkeys((*subject.ports, *own)):
        yield _offer(command, replace(scene, port=port), f"{command.title} {port}", str(port))


def _containers(command: Command, subject: Subject) -> Sequence[Container]:
    """The containers that a command is made for; one to fill in where they are not known yet."""
    fitting = _looked_at(subject, subject.containers)
    if command.each == "running":
        fitting = [one for one in fitting if one.kind in ("container", "sidecar")]
    if fitting or subject.complete:
        return fitting
    return (Container(subject.container),)


def _looked_at(subject: Subject, containers: Sequence[Container]) -> Sequence[Container]:
    return [one for one in containers if not subject.container or one.name == subject.container]


def _offer(command: Command, scene: Scene, title: str, part: str = "") -> Offer:
    words, missing = fill(command.line, scene)
    identity = f"{command.id}:{part}" if part else command.id
    return Offer(identity, title, words, command.effect, command.note, missing, _short(words, scene))


_SHARED: Final = frozenset({"--subscription", "-g", "-n", "--cluster-name", "--nodepool-name"})
"""Options of ``az`` that say which cluster, pool or scale set."""


def _short(words: tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    shared = scene.place.kubectl
    if words[0] == "az":
        left = [at for at, word in enumerate(words) if word in _SHARED]
        return tuple(word for at, word in enumerate(words) if at not in left and at - 1 not in left)
    if words[: len(shared)] != shared:
        return words
    rest = words[len(shared) :]
    if rest[:1] == ("-n",):
        rest = rest[2:]
    if rest[0] == "debug" and rest[1].startswith("node/") and "--" in rest:
        rest = (*rest[:2], *rest[rest.index("--") :])
    return ("kubectl", *rest)
