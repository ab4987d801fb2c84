"""The custom resources that AKS has, as their definitions declare them.

Columns: kubernetes-csi/external-snapshotter's ``client/config/crd``; Azure/azure-container-networking's
``crd/nodenetworkconfig``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kubetui.demo.entries.object import Since
from kubetui.demo.entry import Resource, TableColumn

Body = Mapping[str, Any]


class Printer(NamedTuple):
    """One of a version's ``additionalPrinterColumns``."""

    name: str
    type: str
    path: str
    """``.status.containers[*].id``: keys and ``[*]``, no more."""
    priority: int = 0

    def declared(self) -> dict[str, Any]:
        """As it stands in the CustomResourceDefinition."""
        priority = {"priority": self.priority} if self.priority else {}
        return {"name": self.name, "type": self.type, "jsonPath": self.path, **priority}


class Custom(NamedTuple):
    """A custom resource: how it is served, and how it is printed."""

    resource: Resource
    printers: tuple[Printer, ...]

    def cells(self, body: Body) -> Sequence[Any]:
        """Its Table row, as the API server prints it: null where there is no such value."""
        return (body["metadata"]["name"], *(_cell(printer, body) for printer in self.printers))


_AGE = Printer("Age", "date", ".metadata.creationTimestamp")
_NAME = TableColumn("Name", format="name")


def _custom(
    kind: str, plural: str, group: str, version: str, *, namespaced: bool, short: tuple[str, ...], printers: Any
) -> Custom:
    columns = (_NAME, *(TableColumn(one.name, one.type, priority=one.priority) for one in printers))
    return Custom(Resource(kind, plural, group, version, namespaced, short, kind.lower(), columns=columns), printers)


SNAPSHOTS_GROUP = "snapshot.storage.k8s.io"
SNAPSHOT_CLASS = _custom(
    "VolumeSnapshotClass", "volumesnapshotclasses", SNAPSHOTS_GROUP, "v1", namespaced=False,
    short=("vsclass", "vsclasses"),
    printers=(Printer("Driver", "string", ".driver"), Printer("DeletionPolicy", "string", ".deletionPolicy"), _AGE),
)  # fmt: skip
SNAPSHOT_CONTENT = _custom(
    "VolumeSnapshotContent", "volumesnapshotcontents", SNAPSHOTS_GROUP, "v1", namespaced=False, short=("vsc", "vscs"),
    printers=(
        Printer("ReadyToUse", "boolean", ".status.readyToUse"),
        Printer("RestoreSize", "integer", ".status.restoreSize"),
        Printer("DeletionPolicy", "string", ".spec.deletionPolicy"),
        Printer("Driver", "string", ".spec.driver"),
        Printer("VolumeSnapshotClass", "string", ".spec.volumeSnapshotClassName"),
        Printer("VolumeSnapshot", "string", ".spec.volumeSnapshotRef.name"),
        Printer("VolumeSnapshotNamespace", "string", ".spec.volumeSnapshotRef.namespace"),
        _AGE,
    ),
)  # fmt: skip
SNAPSHOT = _custom(
    "VolumeSnapshot", "volumesnapshots", SNAPSHOTS_GROUP, "v1", namespaced=True, short=("vs",),
    printers=(
        Printer("ReadyToUse", "boolean", ".status.readyToUse"),
        Printer("SourcePVC", "string", ".spec.source.persistentVolumeClaimName"),
        Printer("SourceSnapshotContent", "string", ".spec.source.volumeSnapshotContentName"),
        Printer("RestoreSize", "string", ".status.restoreSize"),
        Printer("SnapshotClass", "string", ".spec.volumeSnapshotClassName"),
        Printer("SnapshotContent", "string", ".status.boundVolumeSnapshotContentName"),
        Printer("CreationTime", "date", ".status.creationTime"),
        _AGE,
    ),
)  # fmt: skip
NODE_NETWORK_CONFIG = _custom(
    "NodeNetworkConfig", "nodenetworkconfigs", "acn.azure.com", "v1alpha", namespaced=True, short=("nnc",),
    printers=(
        Printer("Requested IPs", "integer", ".spec.requestedIPCount", 1),
        Printer("Availability Zone", "string", ".spec.availabilityZone", 1),
        Printer("Allocated IPs", "integer", ".status.assignedIPCount"),
        Printer("Subnet", "string", ".status.networkContainers[*].subnetName", 1),
        Printer("Subnet CIDR", "string", ".status.networkContainers[*].subnetAddressSpace", 1),
        Printer("NC ID", "string", ".status.networkContainers[*].id", 1),
        Printer("NC Mode", "string", ".status.networkContainers[*].assignmentMode"),
        Printer("NC Type", "string", ".status.networkContainers[*].type", 1),
        Printer("NC Version", "integer", ".status.networkContainers[*].version"),
    ),
)  # fmt: skip
CUSTOM = (SNAPSHOT_CLASS, SNAPSHOT_CONTENT, SNAPSHOT, NODE_NETWORK_CONFIG)


def _cell(printer: Printer, body: Body) -> Any:
    found = _values(body, printer.path)
    if not found:
        return None
    if printer.type == "date":
        return Since(datetime.fromisoformat(found[0]).timestamp())
    return str(found[0]) if printer.type == "string" else found[0]


def _values(body: Any, path: str) -> list[Any]:
    found = [body]
    for part in path.lstrip(".").split("."):
        key, every, _ = part.partition("[*]")
        found = [one[key] for one in found if isinstance(one, Mapping) and key in one]
        if every:
            found = [inner for one in found for inner in one]
    return found


CELLS: Mapping[Resource, Callable[[Body], Sequence[Any]]] = {custom.resource: custom.cells for custom in CUSTOM}
