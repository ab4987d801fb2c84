"""Objects of AKS's custom resources: a NodeNetworkConfig for each node, snapshots of a few disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubetui.demo import catalog
from kubetui.demo.custom_resources import (
    NODE_NETWORK_CONFIG,
    SNAPSHOT,
    SNAPSHOT_CONTENT,
    SNAPSHOTS_GROUP,
)
from kubetui.demo.documents import metadata, own
from kubetui.demo.entries.identity import uid_of, uid_text
from kubetui.demo.moment import rfc3339
from kubetui.demo.resources import VOLUME_CLAIMS

if TYPE_CHECKING:
    from kubetui.demo.fleet import Node
    from kubetui.demo.world import World

DAY = 86_400.0
_MOST = 6
"""Claims that are kept in snapshots: not every team does."""
_NIGHTS = 3
_ADDRESSES = 256
"""A node's /24 of the overlay."""


def put_network_config(world: World, node: Node) -> None:
    """What the node's azure-cns reads: its share of the overlay network."""
    name = node.name
    about = metadata(
        name,
        uid_of("nnc", name),
        node.state.created,
        namespace="kube-system",
        generation=1,
        owners=[{"apiVersion": "v1", "kind": "Node", "name": name, "uid": world.fleet.owner(node)[1]}],
    )
    container = {
        "id": uid_text(uid_of("nc", name)),
        "assignmentMode": "static",
        "type": "overlay",
        "subnetName": "routingdomain_overlay",
        "subnetAddressSpace": "10.244.0.0/16",
        "version": 0,
        "status": "NCUpdateSuccess",
    }
    body = {
        "kind": "NodeNetworkConfig",
        "apiVersion": "acn.azure.com/v1alpha",
        "metadata": about,
        "spec": {"requestedIPCount": 0, "availabilityZone": 1 + node.instance % 3},
        "status": {"assignedIPCount": _ADDRESSES, "status": "Updated", "networkContainers": [container]},
    }
    catalog.put(world.storage, NODE_NETWORK_CONFIG.resource, own(body, "dnc-rc"))


def delete_network_config(world: World, node: Node) -> None:
    """The node is gone."""
    world.storage.delete(NODE_NETWORK_CONFIG.resource, "kube-system", node.name)


def found_snapshots(world: World) -> None:
    """A few claims with their last nights; the youngest snapshot is not ready yet."""
    claims = list(world.storage.entries(VOLUME_CLAIMS))[:_MOST]
    midnight = world.began - world.began % DAY
    for place, claim in enumerate(claims):
        for night in range(_NIGHTS):
            when = midnight - night * DAY + 10_800 + place * 61
            if when < world.began:
                ready = bool(place or night)
                _put_snapshot(world, claim.namespace, claim.name, when, ready=ready)


def _put_snapshot(world: World, namespace: str, claim: str, when: float, *, ready: bool) -> None:
    name = f"{claim}-{rfc3339(when)[:10].replace('-', '')}"
    uid = uid_of("snapshot", namespace, name)
    content = f"snapcontent-{uid_text(uid)}"
    status: dict[str, Any] = {"boundVolumeSnapshotContentName": content, "readyToUse": ready}
    if ready:
        status |= {"creationTime": rfc3339(when + 4), "restoreSize": "32Gi"}
    body = {
        "kind": "VolumeSnapshot",
        "apiVersion": f"{SNAPSHOTS_GROUP}/v1",
        "metadata": metadata(name, uid, when, namespace=namespace, labels={"backup": "nightly"}, generation=1),
        "spec": {
            "source": {"persistentVolumeClaimName": claim},
            "volumeSnapshotClassName": "csi-azuredisk-vsc",
        },
        "status": status,
    }
    catalog.put(world.storage, SNAPSHOT.resource, own(body, "backup", "snapshot-controller"))
    _put_content(world, content, (namespace, name, uid), when, ready=ready)


def _put_content(world: World, content: str, of: tuple[str, str, int], when: float, *, ready: bool) -> None:
    namespace, name, uid = of
    reference = {
        "apiVersion": f"{SNAPSHOTS_GROUP}/v1",
        "kind": "VolumeSnapshot",
        "name": name,
        "namespace": namespace,
        "uid": uid_text(uid),
    }
    status: dict[str, Any] = {"readyToUse": ready}
    if ready:
        status |= {"creationTime": int((when + 4) * 1e9), "restoreSize": 32 << 30}
    body = {
        "kind": "VolumeSnapshotContent",
        "apiVersion": f"{SNAPSHOTS_GROUP}/v1",
        "metadata": metadata(content, uid_of("content", content), when, generation=1),
        "spec": {
            "deletionPolicy": "Delete",
            "driver": "disk.csi.azure.com",
            "source": {},
            "volumeSnapshotClassName": "csi-azuredisk-vsc",
            "volumeSnapshotRef": reference,
        },
        "status": status,
    }
    catalog.put(world.storage, SNAPSHOT_CONTENT.resource, own(body, "snapshot-controller"))
