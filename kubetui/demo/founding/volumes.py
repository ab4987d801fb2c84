"""A StatefulSet pod's disk: claim, volume, attachment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubetui.demo import catalog
from kubetui.demo import resources as kinds
from kubetui.demo.documents import metadata, own
from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.pools import NODE_RESOURCE_GROUP, REGION, SUBSCRIPTION
from kubetui.demo.tenants import CLAIM

if TYPE_CHECKING:
    from kubetui.demo.world import World

_DRIVER = "disk.csi.azure.com"


def found_volume(world: World, pod: PodEntry, created: float) -> None:
    """Claim ``data-<pod>``, bound to a disk in the node's zone that is attached to the node."""
    uid = world.rng.getrandbits(128)
    claim, volume = f"data-{pod.name}", f"pvc-{uid_text(uid)}"
    node = world.pods.node_of(pod)
    zone = node.state.own_labels["topology.kubernetes.io/zone"] if node else f"{REGION}-1"
    size = CLAIM["resources"]["requests"]
    about = metadata(
        claim,
        uid,
        created,
        namespace=pod.namespace,
        labels=dict(pod.template.labels),
        annotations={
            "pv.kubernetes.io/bind-completed": "yes",
            "pv.kubernetes.io/bound-by-controller": "yes",
            "volume.kubernetes.io/selected-node": pod.host.name if pod.host else "",
            "volume.kubernetes.io/storage-provisioner": _DRIVER,
        },
    )
    body = {
        "kind": "PersistentVolumeClaim",
        "apiVersion": "v1",
        "metadata": about,
        "spec": {**CLAIM, "volumeName": volume},
        "status": {"phase": "Bound", "accessModes": CLAIM["accessModes"], "capacity": dict(size)},
    }
    catalog.put(world.storage, kinds.VOLUME_CLAIMS, own(body, "kube-controller-manager"))
    _found_disk(world, volume, pod, claim, uid, zone, created)
    if node is not None:
        _attach(world, volume, node.name, created)


def _found_disk(
    world: World, volume: str, pod: PodEntry, claim: str, claim_uid: int, zone: str, created: float
) -> None:
    disk = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{NODE_RESOURCE_GROUP.lower()}/providers/"
        f"Microsoft.Compute/disks/{volume}"
    )
    zones = [{"key": "topology.disk.csi.azure.com/zone", "operator": "In", "values": [zone]}]
    reference = {
        "kind": "PersistentVolumeClaim",
        "namespace": pod.namespace,
        "name": claim,
        "uid": uid_text(claim_uid),
        "apiVersion": "v1",
    }
    body = {
        "kind": "PersistentVolume",
        "apiVersion": "v1",
        "metadata": metadata(
            volume, world.rng.getrandbits(128), created, annotations={"pv.kubernetes.io/provisioned-by": _DRIVER}
        ),
        "spec": {
            "capacity": dict(CLAIM["resources"]["requests"]),
            "csi": {"driver": _DRIVER, "volumeHandle": disk, "volumeAttributes": {"skuname": "Premium_LRS"}},
            "accessModes": CLAIM["accessModes"],
            "claimRef": reference,
            "persistentVolumeReclaimPolicy": "Delete",
            "storageClassName": CLAIM["storageClassName"],
            "volumeMode": "Filesystem",
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": zones}]}},
        },
        "status": {"phase": "Bound"},
    }
    catalog.put(world.storage, kinds.VOLUMES, own(body, "csi-provisioner"))


def _attach(world: World, volume: str, node: str, created: float) -> None:
    name = f"csi-{world.rng.getrandbits(256):064x}"
    body = {
        "kind": "VolumeAttachment",
        "apiVersion": "storage.k8s.io/v1",
        "metadata": metadata(name, world.rng.getrandbits(128), created),
        "spec": {"attacher": _DRIVER, "source": {"persistentVolumeName": volume}, "nodeName": node},
        "status": {"attached": True, "attachmentMetadata": {"LUN": "0"}},
    }
    catalog.put(world.storage, kinds.VOLUME_ATTACHMENTS, own(body, "kube-controller-manager", "csi-attacher"))
