"""What a command is about: one object, as much of it as a line needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from kubetui.kinds.container import ContainerKind
from kubetui.kinds.daemon_set_row import DaemonSetRow
from kubetui.kinds.deployment_row import DeploymentRow
from kubetui.kinds.kind import Kind, Row
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.pod_row import PodRow
from kubetui.kinds.provider_id import Machine, machine_of
from kubetui.kinds.replica_set import ReplicaSetRow

NODE_GROUP: Final = "kubernetes.azure.com/cluster"
"""The node label with the node resource group, cut at 63 characters."""
NODE_POOL: Final = "Node pool"
"""Stands where a kind's name does: a pool is no object of the API server."""
INSTANCE: Final = "VM"
"""The same of a machine without a node."""
_POOL_LABELS: Final = ("kubernetes.azure.com/agentpool", "agentpool", "karpenter.sh/nodepool",
                       "eks.amazonaws.com/nodegroup", "cloud.google.com/gke-nodepool")  # fmt: skip
_PLAIN_GROUPS: Final = frozenset({"", "apps", "batch", "autoscaling", "policy"})
"""Their kinds are never meant otherwise, so that ``pod/x`` is enough."""


_NO_MACHINE: Final = Machine()


class Resource(NamedTuple):
    """A kind as the API serves it."""

    kind: str
    """``Pod``."""
    plural: str = ""
    group: str = ""
    version: str = ""
    namespaced: bool = True

    @property
    def word(self) -> str:
        """How ``kubectl`` is told the kind: ``pod``, ``certificates.cert-manager.io``."""
        if self.group in _PLAIN_GROUPS or not self.plural:
            return self.kind.lower()
        return f"{self.plural}.{self.group}"

    def path_of(self, namespace: str, name: str) -> str:
        """The API path of one object; ``""`` where the resource is not known well enough for one."""
        if not self.plural or not self.version:
            return ""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        inside = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{root}{inside}/{self.plural}/{name}"


def resource_of(kind: Kind[Any]) -> Resource:
    """A kind's."""
    return Resource(kind.name, kind.plural, kind.group, kind.api_version, kind.namespaced)


class Container(NamedTuple):
    """One container of a pod or of a pod template."""

    name: str
    image: str = ""
    kind: ContainerKind = "container"
    ports: tuple[int, ...] = ()
    """TCP only: nothing else can be forwarded."""
    id: str = ""
    """The runtime's, without ``containerd://``; ``""`` before it ran, and in a template."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One object. What is not known is empty; a command then shows a place to fill in, or is left out."""

    resource: Resource
    name: str
    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    containers: tuple[Container, ...] = ()
    container: str = ""
    """The one that is looked at; ``""``: all."""
    replicas: int | None = None
    selector: str = ""
    """Of its pods, as ``kubectl get -l`` takes it."""
    ports: tuple[int, ...] = ()
    """A Service's, TCP only."""
    owner: str = ""
    """The controller's kind."""
    node: str = ""
    """Where a pod runs."""
    os: str = ""
    """``linux``, ``windows``."""
    machine: Machine = _NO_MACHINE
    pool: str = ""
    complete: bool = False
    """Read from the whole object: what is empty is empty there too."""

    @property
    def kind(self) -> str:
        """The kind's name."""
        return self.resource.kind

    @property
    def title(self) -> str:
        """``pod team-04/checkout-0``."""
        where = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {where}"


def subject_of(kind: Kind[Any], row: Row) -> Subject:
    """What a row tells of its object."""
    labels = dict(kind.labels(row)) if kind.labels is not None else {}
    subject = Subject(resource_of(kind), row.name, row.namespace, labels)
    if isinstance(row, PodRow):
        return replace(subject, containers=_containers(row.containers, row.images), owner=row.owner_kind, node=row.node)
    if isinstance(row, NodeRow):
        return replace(subject, labels=dict(row.labels), os=row.os, machine=row.machine, pool=row.pool)
    if isinstance(row, DeploymentRow | ReplicaSetRow):
        return replace(
            subject,
            containers=_containers(row.containers, row.images),
            selector=row.selector,
            replicas=row.desired,
            owner=row.owner_kind if isinstance(row, ReplicaSetRow) else "",
        )
    if isinstance(row, DaemonSetRow):
        return replace(subject, containers=_containers(row.containers, row.images), selector=row.selector)
    return subject


def pool_subject(name: str, member: NodeRow, nodes: int) -> Subject:
    """A node pool, seen through one of its nodes."""
    labels = dict(member.labels)
    label = next((key for key in _POOL_LABELS if labels.get(key) == name), "")
    return Subject(
        Resource(NODE_POOL, namespaced=False),
        name,
        labels=labels,
        replicas=nodes,
        selector=f"{label}={name}" if label else "",
        machine=member.machine,
        pool=name,
        complete=True,
    )


def machine_subject(resource: str, label: str, computer_name: str, pool: str) -> Subject:
    """A machine that no node is on: its resource id, its id in the scale set or its name, what its node would be."""
    found = machine_of(f"azure://{resource}", computer_name, pool)
    # Azure shouts the group in some answers, and takes it in any case.
    machine = found._replace(resource_group=found.resource_group.lower())
    name = computer_name or label
    labels = {NODE_GROUP: machine.resource_group}
    return Subject(Resource(INSTANCE, namespaced=False), name, labels=labels, machine=machine, pool=pool, complete=True)


def _containers(names: tuple[str, ...], images: tuple[str, ...]) -> tuple[Container, ...]:
    return tuple(Container(name, image) for name, image in zip(names, images, strict=False))
