"""Fill a control plane with nodes and running pods, as their controllers and kubelets would have left them.

Workloads are created empty while the controllers run, which make their revisions (and so the hashes that pods
carry). Then the controllers are stopped, nodes and pods are written, and the controllers find on their return all
that they would have made themselves: they only count it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.cluster.bulk import BulkApi, Object, bulk_api, each, write
from tests.cluster.control_plane import ControlPlane
from tests.cluster.nodes import Place, node, node_status, places
from tests.cluster.revisions import Revision, raised, revisions
from tests.cluster.shape import Shape, team_name
from tests.cluster.stamping import Sample, generated_name, pod_status, sample, stamped, timestamp
from tests.cluster.workloads import collection, pod_object, workload_object

_KUBELET = {"User-Agent": "kubelet/v1.36.3 (linux/amd64)"}
_CONTROLLER = {"User-Agent": "kube-controller-manager/v1.36.3 (linux/amd64)"}
_MERGE = {"Content-Type": "application/strategic-merge-patch+json"}
_NOT_READY = "node.kubernetes.io/not-ready"
_SETTLE_SECONDS = 600.0
_SILENCE_SECONDS = 3.0
_MINUTES_A_MONTH = 30 * 24 * 60

Report = Callable[[str], None]


class NotSettled(Exception):
    """The controllers did not come to rest in time; the text says what is still missing."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A pod to be: its name, its node, its number among that node's pods, and when it was created."""

    name: str
    place: Place
    number: int
    created: datetime


async def populate(plane: ControlPlane, shape: Shape, report: Report) -> None:
    """Fill an empty, started control plane; its controllers are stopped afterwards."""
    begun = time.monotonic()

    def say(what: str) -> None:
        report(f"{time.monotonic() - begun:6.1f} s  {what}")

    async with bulk_api(plane) as api:
        for team in range(shape.teams):
            await asyncio.to_thread(plane.create_namespace, team_name(team))
        await each(shape.workloads, lambda w: api.request("POST", collection(w), workload_object(w)))
        made = await revisions(api, shape.workloads)
        say(f"{len(made)} workloads created, their controllers made revisions of them")
        plane.stop_controllers()
        await asyncio.to_thread(write, plane.etcd, raised(made))
        nodes = list(places(shape))
        ages = await _create_nodes(api, plane, nodes)
        say(f"{len(nodes)} nodes created")
        stands = [(revision, pods) for revision, pods in _stands(made, nodes, ages) if pods]
        samples = await each(stands, lambda pair: _create_sample(api, *pair))
        say(f"{len(samples)} pods created as samples")
        written = await asyncio.to_thread(write, plane.etcd, _pods(stands, samples))
        say(f"{written} pods written")


async def settled(plane: ControlPlane, report: Report) -> None:
    """Wait until the controllers have counted everything and change nothing more; raises ``NotSettled``."""
    deadline, before, uncounted = time.monotonic() + _SETTLE_SECONDS, 0, ["everything"]
    async with bulk_api(plane) as api:
        while time.monotonic() < deadline:
            uncounted, newest = await _uncounted(api)
            if not uncounted and newest == before:
                return
            report(f"waiting for the controllers: {len(uncounted)} not counted")
            before = newest
            await asyncio.sleep(_SILENCE_SECONDS)
    raise NotSettled(f"still uncounted after {_SETTLE_SECONDS:.0f} s: {', '.join(uncounted[:10])}")


async def _create_nodes(api: BulkApi, plane: ControlPlane, nodes: list[Place]) -> dict[str, datetime]:
    """Create nodes with their kubelets' status, then let them be older; gives each name's time of creation."""
    chance, now = random.Random(11), datetime.now(UTC)
    ages = {place.name: now - timedelta(minutes=chance.randint(60, _MINUTES_A_MONTH)) for place in nodes}

    async def create(place: Place) -> tuple[str, bytes]:
        await api.request("POST", "/api/v1/nodes", node(place), _KUBELET)
        status = {"status": node_status(place, timestamp(now))}
        made = await api.request("PATCH", f"/api/v1/nodes/{place.name}/status", status, _KUBELET | _MERGE)
        return _aged_node(made, ages[place.name])

    aged = await each(nodes, create)
    await asyncio.to_thread(write, plane.etcd, aged)
    return ages


def _aged_node(made: Object, created: datetime) -> tuple[str, bytes]:
    made["metadata"].pop("resourceVersion")
    made["metadata"]["creationTimestamp"] = timestamp(created)
    # Put on by admission at creation and taken off when the node gets ready, which it is from the start here.
    made["spec"]["taints"] = [taint for taint in made["spec"].get("taints", []) if taint["key"] != _NOT_READY]
    for condition in made["status"]["conditions"]:
        condition["lastTransitionTime"] = timestamp(created + timedelta(seconds=40))
    return f"/registry/minions/{made['metadata']['name']}", json.dumps(made).encode()


def _stands(
    revisions: list[Revision], nodes: list[Place], ages: dict[str, datetime]
) -> Iterator[tuple[Revision, list[Stand]]]:
    """Which pods every workload has and on which nodes: round robin over the nodes that it may use."""
    chance, numbers, now = random.Random(13), Counter[str](), datetime.now(UTC)
    system = [place for place in nodes if place.pool.mode == "System"]
    user = [place for place in nodes if place.pool.mode != "System"] or system
    turns = {True: itertools.cycle(system), False: itertools.cycle(user)}

    def stand(name: str, place: Place, created: datetime) -> Stand:
        numbers[place.name] += 1
        return Stand(name, place, numbers[place.name], created)

    for revision in revisions:
        workload, prefix = revision.workload, revision.owner["metadata"]["name"]
        if workload.replicas is None:
            yield revision, [stand(generated_name(prefix, chance), place, ages[place.name]) for place in nodes]
            continue
        pods = []
        for index in range(workload.replicas):
            place = next(turns[workload.system])
            name = f"{prefix}-{index}" if workload.kind == "StatefulSet" else generated_name(prefix, chance)
            age = (now - ages[place.name]) * chance.uniform(0.02, 1)
            pods.append(stand(name, place, now - age))
        yield revision, pods


async def _create_sample(api: BulkApi, revision: Revision, pods: list[Stand]) -> Sample:
    """Let the API server create a workload's first pod, and write its status as its kubelet would."""
    first, owner = pods[0], revision.owner
    pod = pod_object(owner["spec"]["template"], owner, revision.labels, first.name, first.place)
    path = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods"
    made = await api.request("POST", path, pod, _CONTROLLER)
    status = {"status": pod_status(made, first.place)}
    return sample(await api.request("PATCH", f"{path}/{first.name}/status", status, _KUBELET | _MERGE), first.place)


def _pods(stands: list[tuple[Revision, list[Stand]]], samples: list[Sample]) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(17)
    for (_, pods), model in zip(stands, samples, strict=True):
        for pod in pods:
            yield stamped(model, pod.name, pod.place, pod.number, pod.created, chance)


async def _uncounted(api: BulkApi) -> tuple[list[str], int]:
    """Workloads whose controller has not seen all their pods ready, and the newest version of what it writes."""
    uncounted, newest = [], 0
    for path in ("apps/v1/deployments", "apps/v1/replicasets", "apps/v1/statefulsets", "apps/v1/daemonsets"):
        for item in await api.items(f"/apis/{path}"):
            newest = max(newest, int(item["metadata"]["resourceVersion"]))
            if not _counted(item):
                uncounted.append(f"{path} {item['metadata']['namespace']}/{item['metadata']['name']}")
    for item in await api.items("/api/v1/nodes"):
        newest = max(newest, int(item["metadata"]["resourceVersion"]))
    return uncounted, newest


def _counted(item: Object) -> bool:
    status, metadata = item["status"], item["metadata"]
    wanted = status.get("desiredNumberScheduled", 0) if "numberReady" in status else item["spec"]["replicas"]
    ready = status.get("numberReady", status.get("readyReplicas", 0))
    return bool(status.get("observedGeneration") == metadata["generation"] and ready == wanted)
