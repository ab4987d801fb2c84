"""Objects that every AKS cluster has from its first day and that hardly change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from kubetui.demo import resources as kinds
from kubetui.demo.custom_resources import CUSTOM, SNAPSHOT_CLASS
from kubetui.demo.documents import metadata, own
from kubetui.demo.entries.identity import uid_of
from kubetui.demo.entry import Resource
from kubetui.demo.moment import rfc3339
from kubetui.demo.resources import RESOURCES

Json = dict[str, Any]
_ADDON = {"addonmanager.kubernetes.io/mode": "EnsureExists", "kubernetes.azure.com/managedby": "aks"}
_RECONCILED = {"addonmanager.kubernetes.io/mode": "Reconcile", "kubernetes.azure.com/managedby": "aks"}
SYSTEM_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


def namespace(name: str, uid: int, created: float, labels: Mapping[str, str] | None = None) -> Json:
    """A Namespace."""
    about = metadata(name, uid, created, labels={**(labels or {}), "kubernetes.io/metadata.name": name})
    return own(
        {
            "kind": "Namespace",
            "apiVersion": "v1",
            "metadata": about,
            "spec": {"finalizers": ["kubernetes"]},
            "status": {"phase": "Active"},
        },
        "kube-apiserver",
    )


def cluster_objects(rng: Random, created: float) -> Iterator[tuple[Resource, Json]]:
    """Kind and object, in the order in which they are made."""
    for name in SYSTEM_NAMESPACES:
        yield kinds.NAMESPACES, namespace(name, rng.getrandbits(128), created)
    for maker in (_priority_classes, _storage_classes, _drivers, _api_services, _definitions, _snapshot_classes):
        yield from maker(rng, created)


def _uid(rng: Random, group: str, name: str) -> int:
    """Of what belongs to an API group. Azure's own came later: the rest of a seed's world stays as it was."""
    return uid_of(name) if group.endswith(".azure.com") else rng.getrandbits(128)


def _about(rng: Random, name: str, created: float, labels: Mapping[str, str] | None = None) -> Json:
    return metadata(name, rng.getrandbits(128), created, labels=labels)


_CLUSTER_CRITICAL = (
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."
)


def _priority_classes(rng: Random, created: float) -> Iterator[tuple[Resource, Json]]:
    described = {
        "system-cluster-critical": (
            2_000_000_000,
            _CLUSTER_CRITICAL,
        ),
        "system-node-critical": (
            2_000_001_000,
            "Used for system critical pods that must not be moved from their current node.",
        ),
    }
    for name, (value, words) in described.items():
        yield (
            kinds.PRIORITY_CLASSES,
            {
                "kind": "PriorityClass",
                "apiVersion": "scheduling.k8s.io/v1",
                "metadata": _about(rng, name, created),
                "value": value,
                "description": words,
                "preemptionPolicy": "PreemptLowerPriority",
            },
        )


_CLASSES = {
    "azurefile": ("file.csi.azure.com", {"skuName": "Standard_LRS"}, "Immediate"),
    "azurefile-csi": ("file.csi.azure.com", {"skuName": "Standard_LRS"}, "Immediate"),
    "azurefile-csi-premium": ("file.csi.azure.com", {"skuName": "Premium_LRS"}, "Immediate"),
    "azurefile-premium": ("file.csi.azure.com", {"skuName": "Premium_LRS"}, "Immediate"),
    "default": ("disk.csi.azure.com", {"skuname": "StandardSSD_LRS"}, "WaitForFirstConsumer"),
    "managed": ("disk.csi.azure.com", {"skuname": "StandardSSD_LRS"}, "WaitForFirstConsumer"),
    "managed-csi": ("disk.csi.azure.com", {"skuname": "StandardSSD_LRS"}, "WaitForFirstConsumer"),
    "managed-csi-premium": ("disk.csi.azure.com", {"skuname": "Premium_LRS"}, "WaitForFirstConsumer"),
    "managed-premium": ("disk.csi.azure.com", {"skuname": "Premium_LRS"}, "WaitForFirstConsumer"),
}


def _storage_classes(rng: Random, created: float) -> Iterator[tuple[Resource, Json]]:
    for name, (provisioner, parameters, binding) in _CLASSES.items():
        labels = {**_ADDON, "kubernetes.io/cluster-service": "true"}
        about = _about(rng, name, created, labels)
        if name == "default":
            about["annotations"] = {"storageclass.kubernetes.io/is-default-class": "true"}
        yield (
            kinds.STORAGE_CLASSES,
            {
                "kind": "StorageClass",
                "apiVersion": "storage.k8s.io/v1",
                "metadata": about,
                "provisioner": provisioner,
                "parameters": parameters,
                "reclaimPolicy": "Delete",
                "allowVolumeExpansion": True,
                "volumeBindingMode": binding,
            },
        )


def _drivers(rng: Random, created: float) -> Iterator[tuple[Resource, Json]]:
    for name, attach, info, modes in (
        ("disk.csi.azure.com", True, False, ["Persistent"]),
        ("file.csi.azure.com", False, True, ["Persistent", "Ephemeral"]),
    ):
        yield (
            kinds.CSI_DRIVERS,
            {
                "kind": "CSIDriver",
                "apiVersion": "storage.k8s.io/v1",
                "metadata": _about(rng, name, created, _RECONCILED),
                "spec": {
                    "attachRequired": attach,
                    "podInfoOnMount": info,
                    "volumeLifecycleModes": modes,
                    "storageCapacity": False,
                    "fsGroupPolicy": "File" if attach else "ReadWriteOnceWithFSType",
                    "requiresRepublish": False,
                    "seLinuxMount": False,
                },
            },
        )


def csi_node(name: str, uid: int, created: float, owner: tuple[str, str], disks: int, zone: str) -> Json:
    """What a node's CSI drivers registered; ``disks``: how many can be attached."""
    keys = ["topology.disk.csi.azure.com/zone", "topology.kubernetes.io/zone"]
    owners = [{"apiVersion": "v1", "kind": "Node", "name": owner[0], "uid": owner[1]}]
    drivers: list[Json] = [
        {"name": "disk.csi.azure.com", "nodeID": name, "topologyKeys": keys, "allocatable": {"count": disks}},
        {"name": "file.csi.azure.com", "nodeID": name, "topologyKeys": None},
    ]
    about = metadata(name, uid, created, annotations={"storage.alpha.kubernetes.io/zone": zone}, owners=owners)
    return {"kind": "CSINode", "apiVersion": "storage.k8s.io/v1", "metadata": about, "spec": {"drivers": drivers}}


METRICS_API = "v1beta1.metrics.k8s.io"


def metrics_api(uid: int, created: float, since: str, reason: str = "", message: str = "") -> Json:
    """The APIService of metrics-server; with a ``reason`` it is not available."""
    condition = {
        "type": "Available",
        "status": "False" if reason else "True",
        "lastTransitionTime": since,
        "reason": reason or "Passed",
        "message": message or "all checks passed",
    }
    return own(
        {
            "kind": "APIService",
            "apiVersion": "apiregistration.k8s.io/v1",
            "metadata": metadata(METRICS_API, uid, created, labels={**_RECONCILED, "k8s-app": "metrics-server"}),
            "spec": {
                "service": {"namespace": "kube-system", "name": "metrics-server", "port": 443},
                "group": "metrics.k8s.io",
                "version": "v1beta1",
                "insecureSkipTLSVerify": True,
                "groupPriorityMinimum": 100,
                "versionPriority": 100,
            },
            "status": {"conditions": [condition]},
        },
        "kube-addon-manager",
        "kube-apiserver",
    )


def _api_services(rng: Random, created: float) -> Iterator[tuple[Resource, Json]]:
    automanaged = {"kube-aggregator.kubernetes.io/automanaged": "onstart"}
    for group, version in sorted({(resource.group, resource.version) for resource in RESOURCES}):
        name = f"{version}.{group}" if group else f"{version}."
        condition = {
            "type": "Available",
            "status": "True",
            "lastTransitionTime": metadata("", 0, created)["creationTimestamp"],
            "reason": "Local",
            "message": "Local APIServices are always available",
        }
        yield (
            kinds.API_SERVICES,
            {
                "kind": "APIService",
                "apiVersion": "apiregistration.k8s.io/v1",
                "metadata": metadata(name, _uid(rng, group, name), created, labels=automanaged),
                "spec": {
                    **({"group": group} if group else {}),
                    "version": version,
                    "groupPriorityMinimum": 18000 if not group else 17000,
                    "versionPriority": 1 if not group else 15,
                },
                "status": {"conditions": [condition]},
            },
        )
    yield kinds.API_SERVICES, metrics_api(rng.getrandbits(128), created, rfc3339(created + 140))


_APPROVED = {
    "api-approved.kubernetes.io": "https://github.com/kubernetes-csi/external-snapshotter/pull/814",
}
"""What a definition in a group of ``*.k8s.io`` has to say."""


def _definitions(rng: Random, created: float) -> Iterator[tuple[Resource, Json]]:
    for custom in CUSTOM:
        resource = custom.resource
        names = {
            "plural": resource.plural,
            "singular": resource.singular,
            "shortNames": list(resource.short_names),
            "kind": resource.kind,
            "listKind": f"{resource.kind}List",
        }
        version = {
            "name": resource.version,
            "served": True,
            "storage": True,
            "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            "additionalPrinterColumns": [printer.declared() for printer in custom.printers],
        }
        when = metadata("", 0, created)["creationTimestamp"]
        conditions = [
            {"type": kind_, "status": "True", "lastTransitionTime": when, "reason": reason, "message": words}
            for kind_, reason, words in (
                ("NamesAccepted", "NoConflicts", "no conflicts found"),
                ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
            )
        ]
        name = f"{resource.plural}.{resource.group}"
        about = metadata(name, _uid(rng, resource.group, name), created, labels=_RECONCILED)
        if resource.group.endswith(".k8s.io"):
            about["annotations"] = dict(_APPROVED)
        yield (
            kinds.CUSTOM_RESOURCE_DEFINITIONS,
            {
                "kind": "CustomResourceDefinition",
                "apiVersion": "apiextensions.k8s.io/v1",
                "metadata": about,
                "spec": {
                    "group": resource.group,
                    "names": names,
                    "scope": "Namespaced" if resource.namespaced else "Cluster",
                    "versions": [version],
                    "conversion": {"strategy": "None"},
                },
                "status": {
                    "conditions": conditions,
                    "acceptedNames": names,
                    "storedVersions": [resource.version],
                },
            },
        )


def _snapshot_classes(rng: Random, created: float) -> Iterator[tuple[Resource, Json]]:
    for name, driver in (("csi-azuredisk-vsc", "disk.csi.azure.com"), ("csi-azurefile-vsc", "file.csi.azure.com")):
        yield (
            SNAPSHOT_CLASS.resource,
            {
                "kind": "VolumeSnapshotClass",
                "apiVersion": "snapshot.storage.k8s.io/v1",
                "metadata": _about(rng, name, created, _RECONCILED),
                "driver": driver,
                "deletionPolicy": "Delete",
                "parameters": {"incremental": "true"} if "disk" in name else {},
            },
        )
