"""What controllers make of a workload before they make pods of it: ReplicaSets and ControllerRevisions."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.cluster.bulk import BulkApi, Object
from tests.cluster.shape import Workload
from tests.cluster.stamping import timestamp

_APPS = "/apis/apps/v1"
_SECONDS = 120.0
_AGE = timedelta(days=40)  # workloads are older than every pod
_GENERATION_LABEL = "pod-template-generation"  # DaemonSets' own, deprecated and still written


class NoRevision(Exception):
    """The controllers made no revision of some workload in time; the text names one."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A workload with its pods' owner (a ReplicaSet, or itself), and the labels which that adds to its pods.

    ``stored``: the objects that hold its replicas, as the server gave them.
    """

    workload: Workload
    owner: Object
    labels: dict[str, str]
    stored: tuple[Object, ...]


async def revisions(api: BulkApi, workloads: Iterable[Workload]) -> list[Revision]:
    """Wait until every workload has its revision; raises ``NoRevision`` after two minutes."""
    wanted, deadline = list(workloads), time.monotonic() + _SECONDS
    while True:
        found = await _found(api)
        missing = [w for w in wanted if (w.kind, w.namespace, w.name) not in found]
        if not missing:
            return [_revision(w, *found[w.kind, w.namespace, w.name]) for w in wanted]
        if time.monotonic() > deadline:
            raise NoRevision(f"{len(missing)} workloads without a revision, {missing[0].namespace}/{missing[0].name}")
        await asyncio.sleep(0.5)


def raised(revisions: Iterable[Revision]) -> Iterator[tuple[str, bytes]]:
    """Workloads and ReplicaSets with the replicas they are to have, as old as they are to be, keyed for etcd."""
    created = timestamp(datetime.now(UTC) - _AGE)
    for revision in revisions:
        for stored in revision.stored:
            stored["metadata"].pop("resourceVersion")
            stored["metadata"]["creationTimestamp"] = created
            if revision.workload.replicas:
                stored["spec"]["replicas"] = revision.workload.replicas
                stored["metadata"]["generation"] += 1
            yield _key(stored), json.dumps(stored).encode()


async def _found(api: BulkApi) -> dict[tuple[str, str, str], tuple[Object, Object]]:
    """(kind, namespace, name) of every workload → itself and its ReplicaSet or ControllerRevision."""
    workloads: dict[str, Object] = {}
    for kind in ("Deployment", "StatefulSet", "DaemonSet"):
        for item in await api.items(f"{_APPS}/{kind.lower()}s"):
            workloads[item["metadata"]["uid"]] = {"apiVersion": "apps/v1", "kind": kind} | item
    found = {}
    for kind in ("ReplicaSet", "ControllerRevision"):
        for item in await api.items(f"{_APPS}/{kind.lower()}s"):
            owner = workloads.get(item["metadata"]["ownerReferences"][0]["uid"])
            if owner:
                where = (owner["kind"], owner["metadata"]["namespace"], owner["metadata"]["name"])
                found[where] = (owner, {"apiVersion": "apps/v1", "kind": kind} | item)
    return found


def _revision(workload: Workload, itself: Object, made: Object) -> Revision:
    if workload.kind == "Deployment":
        return Revision(workload, made, {}, (itself, made))
    label = {"controller-revision-hash": made["metadata"]["name"]}
    if workload.kind == "DaemonSet":
        label = {"controller-revision-hash": made["metadata"]["labels"]["controller-revision-hash"]}
        label[_GENERATION_LABEL] = "1"
    return Revision(workload, itself, label, (itself,))


def _key(stored: Object) -> str:
    metadata = stored["metadata"]
    return f"/registry/{stored['kind'].lower()}s/{metadata['namespace']}/{metadata['name']}"
