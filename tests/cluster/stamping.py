"""Thousands of pods out of one: a pod that the API server accepted is copied as text, what is its own made new.

Creating a pod through the API server costs it some ten milliseconds, and a kubelet's status as much again: minutes
for a large cluster. Instead one pod of each workload goes that way, so that defaults, admission and managed fields
are the server's own; the others differ from it in names, addresses, ids and times only and go into etcd directly,
which the server reads as it reads its own (it stores protobuf but decodes by content, and these are JSON). To let it
store them again in its own encoding took three minutes for 33,000 and saved five seconds of its later starts.
"""

from __future__ import annotations

import json
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.cluster.nodes import Place

Object = dict[str, Any]  # a Kubernetes object as JSON

_NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789"  # those of Kubernetes' generated names
_RESTARTED = 0.03  # the part of the pods whose first container was restarted
_ADDRESS = "10.244.255.254"  # a sample's own address; never one of a stamped pod's
_CREATED, _STARTED, _READY = (f"2001-01-01T00:00:0{n}Z" for n in range(3))
_ZONE_LABEL = '"topology.kubernetes.io/zone":"{}"'
_INDEX_LABEL = '"apps.kubernetes.io/pod-index":"'


@dataclass(frozen=True, slots=True)
class Sample:
    """A pod as the server gave it back, as text, and the parts of it that are its own."""

    key: str
    text: str
    name: str
    uid: str
    place: Place
    host_network: bool
    container_ids: tuple[str, ...]


def timestamp(moment: datetime) -> str:
    """RFC 3339 with whole seconds, as Kubernetes writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def generated_name(prefix: str, chance: random.Random) -> str:
    """A name as a ReplicaSet or DaemonSet gives its pods."""
    return f"{prefix}-{''.join(chance.choices(_NAME_LETTERS, k=5))}"


def pod_status(pod: Object, place: Place) -> Object:
    """The status that a kubelet reports of a pod that runs and is ready, with times to be replaced."""
    address = place.address if pod["spec"].get("hostNetwork") else _ADDRESS
    steps = (
        ("PodReadyToStartContainers", _STARTED),
        ("Initialized", _CREATED),
        ("Ready", _READY),
        ("ContainersReady", _READY),
        ("PodScheduled", _CREATED),
    )
    return {
        "observedGeneration": 1,
        "phase": "Running",
        "hostIP": place.address,
        "hostIPs": [{"ip": place.address}],
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": _CREATED,
        "qosClass": pod["status"]["qosClass"],
        "conditions": [
            {
                "type": kind,
                "status": "True",
                "observedGeneration": 1,
                "lastProbeTime": None,
                "lastTransitionTime": moment,
            }
            for kind, moment in steps
        ],
        "containerStatuses": [_container_status(container) for container in pod["spec"]["containers"]],
    }


def _container_status(container: Object) -> Object:
    digest = uuid.uuid4().hex + uuid.uuid4().hex
    mounts = [
        mount | ({"recursiveReadOnly": "Disabled"} if mount.get("readOnly") else {})
        for mount in container.get("volumeMounts", [])
    ]
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": f"{container['image'].rpartition(':')[0]}@sha256:{digest}",
        "containerID": f"containerd://{digest[::-1]}",
        "ready": True,
        "started": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": _STARTED}},
        "lastState": {},
        "allocatedResources": container["resources"]["requests"],
        "resources": container["resources"],
        "volumeMounts": mounts,
    }


def sample(pod: Object, place: Place) -> Sample:
    """Make a sample of a pod that the server gave back, its status written."""
    metadata: Object = pod["metadata"]
    metadata.pop("resourceVersion")
    metadata["creationTimestamp"] = _CREATED
    for entry in metadata["managedFields"]:
        entry["time"] = _CREATED
    return Sample(
        key=f"/registry/pods/{metadata['namespace']}/",
        text=json.dumps(pod, separators=(",", ":")),
        name=metadata["name"],
        uid=metadata["uid"],
        place=place,
        host_network=bool(pod["spec"].get("hostNetwork")),
        container_ids=tuple(status["containerID"] for status in pod["status"]["containerStatuses"]),
    )


def stamped(
    sample: Sample, name: str, place: Place, number_on_node: int, created: datetime, chance: random.Random
) -> tuple[str, bytes]:
    """A copy under another name on another node: its key in etcd and what to store there."""
    text = sample.text
    changes = [
        (sample.name, name),
        (sample.uid, str(uuid.UUID(int=chance.getrandbits(128), version=4))),
        (sample.place.name, place.name),
        (_ZONE_LABEL.format(sample.place.zone), _ZONE_LABEL.format(place.zone)),  # put on by admission
        (_ADDRESS, place.pod_address(number_on_node)),
        (sample.place.address, place.address),
        (_CREATED, timestamp(created)),
        (_STARTED, timestamp(created + timedelta(seconds=4))),
        (_READY, timestamp(created + timedelta(seconds=14))),
        *((old, f"containerd://{chance.getrandbits(256):064x}") for old in sample.container_ids),
    ]
    for old, new in changes:
        text = text.replace(old, new)
    if _INDEX_LABEL in text:
        text = text.replace(f'{_INDEX_LABEL}0"', f'{_INDEX_LABEL}{name.rpartition("-")[2]}"')
    if chance.random() < _RESTARTED:
        text = _restarted(text, created, chance)
    return sample.key + name, text.encode()


def _restarted(text: str, created: datetime, chance: random.Random) -> str:
    """The first container was restarted some times, the last time a minute after its start."""
    code, reason = chance.choice(((137, "OOMKilled"), (1, "Error"), (143, "Error")))
    ended = {
        "exitCode": code,
        "reason": reason,
        "startedAt": timestamp(created + timedelta(seconds=1)),
        "finishedAt": timestamp(created + timedelta(seconds=3)),
        "containerID": f"containerd://{chance.getrandbits(256):064x}",
    }
    text = text.replace('"lastState":{}', f'"lastState":{json.dumps({"terminated": ended}, separators=(",", ":"))}', 1)
    return text.replace('"restartCount":0', f'"restartCount":{chance.randint(1, 12)}', 1)
