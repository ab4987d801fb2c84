"""Services, and what the endpoint controllers make of their pods: EndpointSlices and Endpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from kubetui.demo import catalog
from kubetui.demo.agenda import Agenda
from kubetui.demo.documents import endpoints_of, metadata, own
from kubetui.demo.entries.identity import suffix, uid_text
from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.moment import rfc3339
from kubetui.demo.resources import DISRUPTION_BUDGETS, ENDPOINT_SLICES, ENDPOINTS, NODES, SERVICES
from kubetui.demo.storage import Storage
from kubetui.demo.workload import Workload

SLICE_SIZE = 100
"""Endpoints in one EndpointSlice at most."""
_MOST_ENDPOINTS = 1000


@dataclass(eq=False)
class ServiceRecord:
    """A Service and how its endpoints are called."""

    namespace: str
    name: str
    uid: int
    created: int
    ports: Sequence[Mapping[str, Any]]
    slices: list[tuple[str, int]] = field(default_factory=list)
    """Name and UID of each EndpointSlice."""
    says: tuple[Any, ...] = ()


class Services:
    """Writes Services; a follower of workloads."""

    def __init__(self, storage: Storage, agenda: Agenda, rng: Random) -> None:
        self._storage = storage
        self._agenda = agenda
        self._rng = rng
        self._records: dict[tuple[str, str], ServiceRecord] = {}
        self._budgets: dict[tuple[str, str, str], tuple[int, int, tuple[Any, ...]]] = {}
        self._addresses = 20

    def address(self) -> str:
        """The next address of 10.0.0.0/16."""
        self._addresses += 1
        return f"10.0.{self._addresses // 250}.{self._addresses % 250 + 1}"

    def add(
        self,
        workload: Workload,
        ports: Sequence[Mapping[str, Any]],
        *,
        labels: Mapping[str, str] | None = None,
        address: str = "",
        load_balancer: str = "",
        headless: bool = False,
    ) -> None:
        """The workload's Service; ``ports`` as ``spec.ports``; ``load_balancer``: its public address."""
        kind = "LoadBalancer" if load_balancer else "ClusterIP"
        ip = "None" if headless else address or self.address()
        uid = self._rng.getrandbits(128)
        spec: dict[str, Any] = {
            "ports": [self._node_port(port) if load_balancer else dict(port) for port in ports],
            "selector": dict(workload.selector),
            "clusterIP": ip,
            "clusterIPs": [ip],
            "type": kind,
            "sessionAffinity": "None",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "internalTrafficPolicy": "Cluster",
        }
        if load_balancer:
            spec |= {"externalTrafficPolicy": "Cluster", "allocateLoadBalancerNodePorts": True}
        status = {"ingress": [{"ip": load_balancer, "ipMode": "VIP"}]} if load_balancer else {}
        body = {
            "kind": "Service",
            "apiVersion": "v1",
            "metadata": metadata(
                workload.service,
                uid,
                workload.created,
                namespace=workload.namespace,
                labels=labels if labels is not None else workload.labels,
            ),
            "spec": spec,
            "status": {"loadBalancer": status},
        }
        catalog.put(self._storage, SERVICES, own(body, workload.manager, "cloud-controller-manager"))
        record = ServiceRecord(workload.namespace, workload.service, uid, workload.created, ports)
        self._records[(workload.namespace, workload.service)] = record

    def _node_port(self, port: Mapping[str, Any]) -> dict[str, Any]:
        return {**port, "nodePort": 30000 + self._rng.randrange(2767)}

    def follow(self, workload: Workload) -> None:
        """Write endpoints and budget, where they say something else now."""
        if workload.service:
            self._follow_endpoints(workload, self._records[(workload.namespace, workload.service)])
        if workload.budget:
            self._follow_budget(workload)

    def _follow_endpoints(self, workload: Workload, record: ServiceRecord) -> None:
        pods = sorted((pod for pod in workload.pods.values() if pod.ip and pod.phase == "Running"), key=_by_name)
        says = tuple((pod.uid, pod.ready, bool(pod.rare.deleted)) for pod in pods)
        if says == record.says and record.slices:
            return
        record.says = says
        ports = [
            {
                **({"name": port["name"]} if "name" in port else {"name": ""}),
                "port": port["targetPort"] if isinstance(port["targetPort"], int) else port["port"],
                "protocol": port["protocol"],
            }
            for port in record.ports
        ]
        points, subset = endpoints_of(pods, ports, self._zones(pods))
        self._write_slices(record, workload, points, ports)
        about = self._about(record, workload, record.name, record.uid + 1, {"endpoints.kubernetes.io/managed-by": _BY})
        subsets = [{**subset, "addresses": subset["addresses"][:_MOST_ENDPOINTS]}] if "addresses" in subset else []
        body = {"kind": "Endpoints", "apiVersion": "v1", "metadata": about, "subsets": subsets}
        catalog.put(self._storage, ENDPOINTS, body)

    def _zones(self, pods: Sequence[PodEntry]) -> Mapping[str, str]:
        """The zones of the nodes that these pods are on."""
        nodes = {pod.host.name for pod in pods if pod.host}
        found = {name: self._storage.get(NODES, "", name) for name in nodes}
        return {name: node.labels.get(_ZONE, "") for name, node in found.items() if node is not None}

    def _write_slices(
        self, record: ServiceRecord, workload: Workload, points: list[dict[str, Any]], ports: list[dict[str, Any]]
    ) -> None:
        chunks = [points[start : start + SLICE_SIZE] for start in range(0, len(points), SLICE_SIZE)] or [[]]
        while len(record.slices) < len(chunks):
            uid = self._rng.getrandbits(128)
            record.slices.append((f"{record.name}-{suffix(uid)}", uid))
        while len(record.slices) > len(chunks):
            name, _ = record.slices.pop()
            self._storage.delete(ENDPOINT_SLICES, record.namespace, name)
        for (name, uid), chunk in zip(record.slices, chunks, strict=True):
            labels = {
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
                "kubernetes.io/service-name": record.name,
            }
            about = self._about(record, workload, name, uid, labels)
            about["ownerReferences"] = [
                {
                    "apiVersion": "v1",
                    "kind": "Service",
                    "name": record.name,
                    "uid": uid_text(record.uid),
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ]
            body = {
                "kind": "EndpointSlice",
                "apiVersion": "discovery.k8s.io/v1",
                "metadata": about,
                "addressType": "IPv4",
                "endpoints": chunk,
                "ports": ports,
            }
            catalog.put(self._storage, ENDPOINT_SLICES, body)

    def _about(
        self, record: ServiceRecord, workload: Workload, name: str, uid: int, labels: Mapping[str, str]
    ) -> dict[str, Any]:
        return metadata(
            name,
            uid,
            record.created,
            namespace=record.namespace,
            labels={**workload.selector, **labels},
            annotations={"endpoints.kubernetes.io/last-change-trigger-time": rfc3339(self._agenda.now)},
        )

    def _follow_budget(self, workload: Workload) -> None:
        healthy = sum(pod.ready for pod in workload.living())
        says = (healthy, workload.replicas)
        uid, created, said = self._budgets.get(workload.key, (self._rng.getrandbits(128), workload.created, ()))
        if says == said:
            return
        self._budgets[workload.key] = (uid, created, says)
        allowed = max(0, healthy - workload.budget)
        when = rfc3339(self._agenda.now)
        condition = {
            "type": "DisruptionAllowed",
            "status": "True" if allowed else "False",
            "observedGeneration": 1,
            "lastTransitionTime": when,
            "reason": "SufficientPods" if allowed else "InsufficientPods",
            "message": "",
        }
        name = f"{workload.name}-pdb" if workload.name in _BUDGET_SUFFIX else workload.name
        body = {
            "kind": "PodDisruptionBudget",
            "apiVersion": "policy/v1",
            "metadata": metadata(
                name, uid, created, namespace=workload.namespace, labels=workload.labels, generation=1
            ),
            "spec": {"minAvailable": workload.budget, "selector": {"matchLabels": dict(workload.selector)}},
            "status": {
                "observedGeneration": 1,
                "disruptionsAllowed": allowed,
                "currentHealthy": healthy,
                "desiredHealthy": workload.budget,
                "expectedPods": workload.replicas,
                "conditions": [condition],
            },
        }
        catalog.put(self._storage, DISRUPTION_BUDGETS, own(body, workload.manager, when=when))


_BY = "endpoint-controller"
_ZONE = "topology.kubernetes.io/zone"
_BUDGET_SUFFIX = frozenset(("coredns",))


def _by_name(pod: Any) -> str:
    return str(pod.name)
