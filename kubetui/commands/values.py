"""The names that templates use, and where their values come from."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kubetui.commands.place import ClusterPlace, ManagedCluster, managed_by_label
from kubetui.commands.subject import NODE_GROUP, Container, Subject

_NAME: Final = re.compile(r"\{(\w+)\}")
_NO_CONTAINER: Final = Container("")


@dataclass(frozen=True, slots=True)
class Scene:
    """All that one line is made from."""

    place: ClusterPlace
    subjects: Sequence[Subject]
    """One or several of one kind, in one namespace."""
    container: Container = _NO_CONTAINER
    port: int = 0

    @property
    def subject(self) -> Subject:
        """The first, which stands for all in what they share."""
        return self.subjects[0]

    @property
    def managed(self) -> ManagedCluster:
        """The AKS cluster, as far as kubeconfig or a node's label tells."""
        known = self.place.managed
        return known if known.resource_group else managed_by_label(self.subject.labels.get(NODE_GROUP, ""), known.name)


Value = str | tuple[str, ...]


def _node_group(scene: Scene) -> str:
    """The machine's; the label's only where it can't have been cut."""
    label = scene.subject.labels.get(NODE_GROUP, "")
    return scene.subject.machine.resource_group or (label if len(label) < 63 else "")


def _local_port(port: int) -> str:
    """A port that needs no root: 80 becomes 8080, 443 8443."""
    return str(port if port >= 1024 else 8000 + port)


VALUES: Final[Mapping[str, Callable[[Scene], Value]]] = {
    "kubectl": lambda scene: scene.place.kubectl,
    "ns": lambda scene: ("-n", scene.subject.namespace) if scene.subject.namespace else (),
    # What has no namespace has its events in ``default``.
    "events_ns": lambda scene: ("-n", scene.subject.namespace or "default"),
    "name": lambda scene: scene.subject.name,
    "names": lambda scene: tuple(subject.name for subject in scene.subjects),
    "object": lambda scene: f"{scene.subject.resource.word}/{scene.subject.name}",
    "objects": lambda scene: tuple(f"{one.resource.word}/{one.name}" for one in scene.subjects),
    "container": lambda scene: scene.container.name,
    "container_id": lambda scene: scene.container.id,
    "image": lambda scene: scene.container.image,
    "port": lambda scene: str(scene.port),
    "local_port": lambda scene: _local_port(scene.port),
    "replicas": lambda scene: "" if scene.subject.replicas is None else str(scene.subject.replicas),
    "selector": lambda scene: scene.subject.selector,
    "node": lambda scene: scene.subject.node,
    "subscription": lambda scene: ("--subscription", scene.subject.machine.subscription)
                                  if scene.subject.machine.subscription else (),
    "node_group": _node_group,
    "vmss": lambda scene: scene.subject.machine.vmss,
    "vm": lambda scene: scene.subject.machine.vm,
    "instance": lambda scene: scene.subject.machine.instance,
    "instances": lambda scene: tuple(one.machine.instance for one in scene.subjects),
    "group": lambda scene: scene.managed.resource_group,
    "cluster": lambda scene: scene.managed.name,
    "pool": lambda scene: scene.subject.pool,
    # Only the person knows these.
    "count": lambda scene: "",
    "label": lambda scene: "",
    "taint": lambda scene: "",
}  # fmt: skip

PLACES: Final[Mapping[str, str]] = {
    "container": "<container>",
    "container_id": "<container-id>",
    "image": "<image>",
    "replicas": "<count>",
    "selector": "<selector>",
    "node": "<node>",
    "node_group": "<node-resource-group>",
    "vmss": "<vmss>",
    "vm": "<vm>",
    "instance": "<instance-id>",
    "group": "<resource-group>",
    "cluster": "<cluster>",
    "pool": "<node-pool>",
    "count": "<count>",
    "label": "<key=value>",
    "taint": "<key=value:Effect>",
}
"""What stands for a value that is not known, to be filled in."""


@lru_cache(maxsize=512)
def _template(line: str) -> tuple[str, ...]:
    return tuple(shlex.split(line))


def fill(line: str, scene: Scene) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words of the line, places that are left to fill in)."""
    words: list[str] = []
    missing: dict[str, None] = {}

    def text(name: str) -> str:
        value = VALUES[name](scene)
        assert isinstance(value, str), f"{{{name}}} is several words and stands alone"
        if not value and name in PLACES:
            missing[PLACES[name]] = None
            return PLACES[name]
        return value

    for word in _template(line):
        alone = _NAME.fullmatch(word)
        value = VALUES[alone[1]](scene) if alone else ""
        if isinstance(value, tuple):
            words += value
        else:
            words.append(_NAME.sub(lambda match: text(match[1]), word))
    return tuple(words), tuple(missing)
