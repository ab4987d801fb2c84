"""A cluster in memory behind a real Session: what Pilot tests run the app on. It lists, watches and can go away."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.errors import ClusterError, Forbidden, NotFound
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request
from kubetui.commands.place import ClusterPlace
from kubetui.ui.connector import Connected

LISTS = {"/api/v1/pods": "pods", "/api/v1/nodes": "nodes", "/api/v1/namespaces": "namespaces"}
CREATED = "2026-11-01T00:00:00Z"
NOW = 1_795_266_240.0  # 2026-11-21 13:04Z


def pod(name: str, namespace: str = "team-00", *, node: str = "aks-general-27182818-vmss000000", **more: Any) -> Any:
    """A pod as the API serves it; ``waiting`` names a reason, ``ready`` and ``restarts`` speak for themselves."""
    ready, waiting = more.get("ready", True), more.get("waiting")
    state = {"waiting": {"reason": waiting}} if waiting else {"running": {"startedAt": CREATED}}
    status = {"name": "app", "ready": ready and not waiting, "restartCount": more.get("restarts", 0), "state": state}
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "creationTimestamp": CREATED,
            "labels": more.get("labels", {"app": name.partition("-")[0]}),
            "ownerReferences": more.get("owners", []),
        },
        "spec": {
            "nodeName": node,
            **more.get("spec", {}),
            "containers": [{"name": "app", "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}}}],
        },
        "status": {
            "phase": "Running",
            "podIP": "10.244.0.7",
            "qosClass": "Burstable",
            "containerStatuses": [status],
            **more.get("status", {}),
        },
    }


def node(name: str, pool: str, *, ready: bool = True, version: str = "v1.36.3", **more: Any) -> Any:
    """A node of an AKS pool."""
    conditions = [{"type": "Ready", "status": "True" if ready else "Unknown", "lastTransitionTime": CREATED}]
    conditions += [{"type": bad, "status": "True", "lastTransitionTime": CREATED} for bad in more.get("bad", ())]
    return {
        "kind": "Node",
        "apiVersion": "v1",
        "metadata": {
            "name": name,
            "creationTimestamp": CREATED,
            "labels": {
                "kubernetes.azure.com/agentpool": pool,
                "kubernetes.azure.com/mode": "system" if pool == "system" else "user",
                "node.kubernetes.io/instance-type": "Standard_D8s_v5",
                "kubernetes.azure.com/node-image-version": "AKSUbuntu-2204gen2containerd-202610.12.0",
                "topology.kubernetes.io/zone": "westeurope-1",
            },
        },
        "spec": {"unschedulable": more.get("cordoned", False), "taints": more.get("taints", [])},
        "status": {
            "conditions": conditions,
            "nodeInfo": {"kubeletVersion": version},
            "allocatable": {"cpu": "7820m", "memory": "29Gi", "pods": "110"},
        },
    }


class ClusterInMemory:
    """A Transport that is its own server."""

    def __init__(self, pods: Sequence[Any] = (), nodes: Sequence[Any] = (), namespaces: Sequence[str] = ()) -> None:
        self.version = 10
        self.history: list[tuple[int, str, str, Any]] = []
        self.objects: defaultdict[str, dict[tuple[str, str], Any]] = defaultdict(dict)
        self.refuses: dict[str, ClusterError] = {}
        self.asked: list[Request] = []
        self._changed = asyncio.Condition()
        for found in pods:
            self._put("pods", found)
        for found in nodes:
            self._put("nodes", found)
        for name in sorted({*namespaces, *(key[0] for key in self.objects["pods"])}):
            self._put("namespaces", {"metadata": {"name": name}, "status": {"phase": "Active"}})

    # --- what a test does

    def add(self, plural: str, *found: Any) -> None:
        """Objects that are there from the start."""
        for one in found:
            self._put(plural, one)

    def _put(self, plural: str, found: Any) -> None:
        self.version += 1
        found["metadata"]["resourceVersion"] = str(self.version)
        key = (found["metadata"].get("namespace", ""), found["metadata"]["name"])
        event = "MODIFIED" if key in self.objects[plural] else "ADDED"
        self.objects[plural][key] = found
        self.history.append((self.version, plural, event, found))

    async def put(self, plural: str, found: Any) -> None:
        """Create or change an object."""
        self._put(plural, found)
        async with self._changed:
            self._changed.notify_all()

    async def delete(self, plural: str, namespace: str, name: str) -> None:
        """Delete an object."""
        found = self.objects[plural].pop((namespace, name))
        self.version += 1
        found["metadata"]["resourceVersion"] = str(self.version)
        self.history.append((self.version, plural, "DELETED", found))
        async with self._changed:
            self._changed.notify_all()

    # --- Transport

    async def send(self, request: Request) -> Answer:
        """Lists, single objects, the version."""
        self.asked.append(request)
        await asyncio.sleep(0)
        if request.path == "/version":
            return _answer({"gitVersion": "v1.36.3"})
        plural, namespace, name = _place(request.path)
        if plural in self.refuses:
            raise self.refuses[plural]
        if name:
            found = self.objects[plural].get((namespace, name))
            if found is None:
                raise NotFound(request.tried, "not found", status=404)
            return _answer(found)
        items = [found for found in self.objects[plural].values() if _chosen(found, namespace, request)]
        return _answer({"metadata": {"resourceVersion": str(self.version)}, "items": items})

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[_Watch]:
        """A watch."""
        self.asked.append(request)
        plural, _, _ = _place(request.path)
        if plural in self.refuses:
            raise self.refuses[plural]
        yield _Watch(self, request)

    async def close(self) -> None:
        """Nothing to close."""

    async def events_after(self, request: Request) -> AsyncIterator[bytes]:
        """Events, for ever."""
        plural, namespace, _ = _place(request.path)
        seen = int(dict(request.query)["resourceVersion"])
        while True:
            for version, kind, event, found in self.history:
                if version <= seen or kind != plural:
                    continue
                if _chosen(found, namespace, request):
                    yield json.dumps({"type": event, "object": found}).encode() + b"\n"
                elif event == "MODIFIED" and _inside(found, namespace):
                    # To who selects it is gone, as a real server says.
                    yield json.dumps({"type": "DELETED", "object": found}).encode() + b"\n"
            seen = self.version
            async with self._changed:
                while self.version == seen:
                    await self._changed.wait()


class _Watch:
    def __init__(self, cluster: ClusterInMemory, request: Request) -> None:
        self._cluster, self._request = cluster, request

    def chunks(self) -> AsyncIterator[bytes]:
        return self._cluster.events_after(self._request)


def _answer(found: Any) -> Answer:
    return Answer(200, json.dumps(found).encode(), "application/json", {})


def _place(path: str) -> tuple[str, str, str]:
    """Plural, namespace and name of a resource's path, whatever its group."""
    parts = re.sub(r"^/(api|apis/[^/]+)/[^/]+/", "", path).split("/")
    namespace = ""
    if parts[0] == "namespaces" and len(parts) > 2:
        namespace, parts = parts[1], parts[2:]
    return parts[0], namespace, parts[1] if len(parts) > 1 else ""


def _inside(found: Any, namespace: str) -> bool:
    return not namespace or found["metadata"].get("namespace") == namespace


def _chosen(found: Any, namespace: str, request: Request) -> bool:
    metadata, query = found["metadata"], dict(request.query)
    if not _inside(found, namespace):
        return False
    labels = dict(pair.split("=", 1) for pair in query.get("labelSelector", "").split(",") if pair)
    if not labels.items() <= (metadata.get("labels") or {}).items():
        return False
    terms = [term for term in query.get("fieldSelector", "").split(",") if term]
    return all(_holds(found, *re.fullmatch(r"([^=!]+)(!=|==?)(.*)", term).groups()) for term in terms)  # type: ignore[union-attr]  # the app's own selectors


def _holds(found: Any, path: str, sign: str, value: str) -> bool:
    held = found
    for part in path.split("."):
        held = held.get(part, "") if isinstance(held, dict) else ""
    return (held == value) is (sign != "!=")


class Dated(SystemClock):
    """Waits as the machine does, on the tests' own day: what is on screen is the same whenever they run."""

    def now(self) -> float:
        """Always the same moment."""
        return NOW


class ConnectorInMemory:
    """Contexts by name; one whose cluster is an error can't be reached."""

    def __init__(self, clusters: dict[str, ClusterInMemory | ClusterError], namespace: str = "") -> None:
        self.clusters = clusters
        self._namespace = namespace
        self.opened: list[str] = []

    def hint(self) -> str:
        """The first context."""
        return next(iter(self.clusters), "")

    async def contexts(self) -> Sequence[str]:
        """All contexts."""
        return tuple(self.clusters)

    async def connect(self, context: str | None) -> Connected:
        """A session of the named context, else of the first."""
        name = context or self.hint()
        self.opened.append(name)
        cluster = self.clusters[name]
        if isinstance(cluster, ClusterError):
            raise cluster
        clock = Dated()
        session = Session(name, cluster, Traffic(clock), clock, Random(1))
        return Connected(session, self._namespace, place=ClusterPlace(name))

    def use_demo(self) -> None:
        """There is none."""

    async def close(self) -> None:
        """Nothing stands behind the sessions."""


def forbidden(plural: str) -> Forbidden:
    """What a server says to an account without rights."""
    return Forbidden(f"list {plural}", f'{plural} is forbidden: User "me" cannot list', status=403)
