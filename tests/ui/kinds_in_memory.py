"""A cluster in memory that has discovery and prints Tables: Services, ConfigMaps, Secrets, a custom resource."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.transport import Answer, Request
from tests.ui.cluster_in_memory import CREATED, ClusterInMemory, node, pod

READ = ["get", "list", "watch"]
AGE = None
"""No text: one that fits the machine's own clock would be another each day."""
COLUMNS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "services": (("Name", "string", 0), ("Type", "string", 0), ("Cluster-IP", "string", 0), ("Age", "string", 0),
                 ("Selector", "string", 1)),
    "configmaps": (("Name", "string", 0), ("Data", "string", 0), ("Age", "string", 0)),
    "secrets": (("Name", "string", 0), ("Type", "string", 0), ("Data", "string", 0), ("Age", "string", 0)),
    "certificates": (("Name", "string", 0), ("Ready", "string", 0), ("Secret", "string", 0), ("Renewed", "string", 0),
                     ("Days", "integer", 0), ("Issuer", "string", 1), ("Age", "date", 0)),
    "statefulsets": (("Name", "string", 0), ("Ready", "string", 0), ("Age", "string", 0)),
    "namespaces": (("Name", "string", 0), ("Status", "string", 0), ("Age", "string", 0)),
    "customresourcedefinitions": (("Name", "string", 0), ("Created At", "date", 0)),
}  # fmt: skip
CELLS: dict[str, Callable[[Any], Sequence[Any]]] = {
    "services": lambda body: ("ClusterIP", body["spec"].get("clusterIP", "<none>"), AGE, _selector(body)),
    "configmaps": lambda body: (len(body.get("data", {})) + len(body.get("binaryData", {})), AGE),
    "secrets": lambda body: (body["type"], len(body["data"]), AGE),
    "statefulsets": lambda body: ("3/3", AGE),
    "namespaces": lambda body: (body["status"]["phase"], AGE),
    "customresourcedefinitions": lambda body: (CREATED,),
    "certificates": lambda body: (body["ready"], f"{body['metadata']['name']}-tls", "5m", body["days"], "ca", AGE),
}


def _selector(body: Any) -> str:
    return ",".join(f"{key}={value}" for key, value in (body["spec"].get("selector") or {}).items()) or "<none>"


def meta(name: str, namespace: str = "team-04", **more: Any) -> dict[str, Any]:
    """Metadata of an object."""
    return {"name": name, "namespace": namespace, "creationTimestamp": CREATED, **more}


def service(name: str, **spec: Any) -> Any:
    """A Service of pods with the label ``app: <name>``."""
    ports = [{"port": 80, "protocol": "TCP"}]
    usual = {"type": "ClusterIP", "clusterIP": "10.0.0.9", "selector": {"app": name}, "ports": ports}
    return {"kind": "Service", "metadata": meta(name), "spec": usual | spec}


def endpoint_slice(name: str, of: str, *endpoints: Any, ports: Any = None) -> Any:
    """An EndpointSlice of a Service."""
    found = [{"name": "http", "port": 8080, "protocol": "TCP"}] if ports is None else ports
    labels = {"kubernetes.io/service-name": of}
    return {"kind": "EndpointSlice", "metadata": meta(name, labels=labels), "addressType": "IPv4",
            "endpoints": list(endpoints), "ports": found}  # fmt: skip


def endpoint(address: str, of: str, on: str, **conditions: bool) -> Any:
    """A pod's address."""
    target = {"kind": "Pod", "name": of, "namespace": "team-04"}
    return {"addresses": [address], "conditions": conditions, "nodeName": on, "zone": "westeurope-1",
            "targetRef": target}  # fmt: skip


def config_map(name: str, data: dict[str, str], **binary: bytes) -> Any:
    """A ConfigMap."""
    encoded = {key: base64.b64encode(value).decode() for key, value in binary.items()}
    return {"kind": "ConfigMap", "metadata": meta(name), "data": data, "binaryData": encoded}


def secret(name: str, **values: bytes) -> Any:
    """A Secret, with kubectl's own copy of it in an annotation."""
    data = {key: base64.b64encode(value).decode() for key, value in values.items()}
    copy = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"data": data})}
    return {"kind": "Secret", "metadata": meta(name, annotations=copy), "type": "Opaque", "data": data}


def certificate(name: str, ready: str, days: int) -> Any:
    """A custom resource."""
    return {"kind": "Certificate", "metadata": meta(name), "ready": ready, "days": days}


def _resource(plural: str, kind: str, *short: str, verbs: Sequence[str] = READ, namespaced: bool = True) -> Any:
    return {
        "resource": plural,
        "responseKind": {"kind": kind},
        "scope": "Namespaced" if namespaced else "Cluster",
        "singularResource": kind.lower(),
        "shortNames": list(short),
        "verbs": list(verbs),
    }


DISCOVERY: dict[str, dict[str, Any]] = {
    "/api": {"": [_resource("pods", "Pod", "po"), _resource("services", "Service", "svc"),
                  _resource("configmaps", "ConfigMap", "cm"), _resource("secrets", "Secret"),
                  _resource("nodes", "Node", "no", namespaced=False),
                  _resource("namespaces", "Namespace", "ns", namespaced=False),
                  _resource("bindings", "Binding", verbs=["create"])]},
    "/apis": {"apps": [_resource("deployments", "Deployment", "deploy"),
                       _resource("statefulsets", "StatefulSet", "sts")],
              "apiextensions.k8s.io": [
                  _resource("customresourcedefinitions", "CustomResourceDefinition", "crd", namespaced=False)],
              "discovery.k8s.io": [_resource("endpointslices", "EndpointSlice")],
              "cert-manager.io": [_resource("certificates", "Certificate", "cert", "certs")],
              "metrics.k8s.io": None},
}  # fmt: skip
WHY = {
    "type": "Available",
    "status": "False",
    "reason": "MissingEndpoints",
    "message": "no addresses for metrics-server",
}


class KindsInMemory(ClusterInMemory):
    """Prints what it has as Tables to who asks for them."""

    refuses_objects: ClusterError | None = None
    """What whoever gets a whole ConfigMap is told."""

    async def send(self, request: Request) -> Answer:
        """Discovery, Tables, and all that the plain one answers."""
        if request.path in DISCOVERY:
            self.asked.append(request)
            if "discovery" in self.refuses:
                raise self.refuses["discovery"]
            return _answer(_discovery(request.path))
        if request.path.endswith("/apiservices/v1.metrics.k8s.io"):
            return _answer({"status": {"conditions": [WHY]}})
        if self.refuses_objects is not None and "/configmaps/" in request.path:
            raise self.refuses_objects
        if "as=Table" not in request.accept:
            return await super().send(request)
        plain = await super().send(replace(request, accept="application/json"))
        self.asked[-1] = request
        found = json.loads(plain.body)
        plural = request.path.rpartition("/")[2]
        return _answer(table(plural, found["items"], found["metadata"]["resourceVersion"]))

    async def events_after(self, request: Request) -> AsyncIterator[bytes]:
        """Events as Tables with one row, where that was asked for."""
        plural = request.path.rpartition("/")[2]
        async for line in super().events_after(request):
            if "as=Table" not in request.accept:
                yield line
                continue
            event = json.loads(line)
            printed = table(plural, [event["object"]], event["object"]["metadata"]["resourceVersion"])
            yield json.dumps({"type": event["type"], "object": printed}).encode() + b"\n"


def table(plural: str, items: Sequence[Any], version: str) -> Any:
    """A Table of these objects, with their metadata."""
    names = ("name", "type", "priority")
    columns = [dict(zip(names, column, strict=True)) for column in COLUMNS[plural]]
    columns[0]["format"] = "name"
    rows = [
        {"cells": [item["metadata"]["name"], *CELLS[plural](item)], "object": {"metadata": item["metadata"]}}
        for item in items
    ]
    return {"kind": "Table", "metadata": {"resourceVersion": version}, "columnDefinitions": columns, "rows": rows}


def _discovery(path: str) -> Any:
    items = [
        {
            "metadata": {"name": group} if group else {},
            "versions": [
                {
                    "version": "v1",
                    "resources": resources or [],
                    "freshness": "Current" if resources is not None else "Stale",
                }
            ],
        }
        for group, resources in DISCOVERY[path].items()
    ]
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": items}


def _answer(found: Any) -> Answer:
    return Answer(200, json.dumps(found).encode(), "application/json", {})


def shop() -> KindsInMemory:
    """A Service with endpoints in every state, an odd one, settings, a secret, certificates."""
    nodes = [node(f"aks-general-00000{n}", "general") for n in range(2)]
    pods = [pod(f"web-{n}", "team-04", node=f"aks-general-00000{n % 2}", labels={"app": "web"}) for n in range(3)]
    cluster = KindsInMemory(pods, nodes, ["team-04", "team-05"])
    cluster.add(
        "services",
        service("web"),
        service("nobody", selector={"app": "nobody", "track": "canary"}),
        service(
            "partner", type="ExternalName", clusterIP=None, externalName="pay.example.com", selector=None, ports=[]
        ),
        service("by-hand", selector=None),
    )
    cluster.add(
        "endpointslices",
        endpoint_slice(
            "web-x7k2p",
            "web",
            endpoint("10.244.0.7", "web-0", "aks-general-000000", ready=True, serving=True),
            endpoint("10.244.1.8", "web-1", "aks-general-000001", ready=False, serving=False),
            endpoint("10.244.0.9", "web-2", "aks-general-000000", ready=False, serving=True, terminating=True),
        ),
    )
    cluster.add(
        "configmaps",
        config_map("settings", {"app.yaml": "listen: :8080\ndebug: false\n", "empty": ""}, logo=b"\x89PNG\r\n\x00\x01"),
    )
    cluster.add("secrets", secret("db", password=b"hunter2 hunter2", ca=b"\xff\x00\xff"))
    stateful = {"kind": "StatefulSet", "metadata": meta("web"), "spec": {"selector": {"matchLabels": {"app": "web"}}}}
    cluster.add("statefulsets", stateful, {"kind": "StatefulSet", "metadata": meta("bare"), "spec": {}})
    definition = {"name": "certificates.cert-manager.io", "creationTimestamp": CREATED}
    cluster.add("customresourcedefinitions", {"kind": "CustomResourceDefinition", "metadata": definition})
    cluster.add("certificates", certificate("web", "True", 90), certificate("shop", "False", 9))
    return cluster
