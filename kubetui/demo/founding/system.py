"""AKS's own workloads and settings in kube-system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubetui.demo import catalog
from kubetui.demo import resources as kinds
from kubetui.demo.documents import metadata, own
from kubetui.demo.founding.workload import Past, found_workload
from kubetui.demo.pools import allocatable_millicpu
from kubetui.demo.system.cluster_objects import SYSTEM_NAMESPACES, cluster_objects
from kubetui.demo.system.components import DEPLOYMENTS, MANAGED_BY_AKS, Component
from kubetui.demo.system.config_maps import ROOT_CA, config_maps
from kubetui.demo.system.daemons import DAEMON_SETS
from kubetui.demo.workload import Workload

if TYPE_CHECKING:
    from kubetui.demo.world import World

NAMESPACE = "kube-system"
DAY = 86_400.0
_PORTS = {
    "kube-dns": (
        {"name": "dns", "protocol": "UDP", "port": 53, "targetPort": 53},
        {"name": "dns-tcp", "protocol": "TCP", "port": 53, "targetPort": 53},
    ),
    "metrics-server": ({"protocol": "TCP", "port": 443, "targetPort": "https"},),
}
_SERVICE_LABELS = {
    "kube-dns": {"k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"},
    "metrics-server": {"kubernetes.io/cluster-service": "true", "kubernetes.io/name": "Metrics-server"},
}


def found_cluster_objects(world: World) -> None:
    """Namespaces, classes, drivers, definitions."""
    for resource, body in cluster_objects(world.rng, world.created):
        catalog.put(world.storage, resource, body)
    for name in SYSTEM_NAMESPACES:
        found_namespace_contents(world, name, world.created)


def found_namespace_contents(world: World, namespace: str, created: float) -> None:
    """What every namespace has: the default ServiceAccount and the cluster's certificate authority."""
    put_account(world, namespace, "default", created)
    if namespace != NAMESPACE:
        put_config_map(world, namespace, "kube-root-ca.crt", ROOT_CA, created)


def put_account(world: World, namespace: str, name: str, created: float) -> None:
    """A ServiceAccount."""
    about = metadata(name, world.rng.getrandbits(128), created, namespace=namespace)
    catalog.put(
        world.storage, kinds.SERVICE_ACCOUNTS, {"kind": "ServiceAccount", "apiVersion": "v1", "metadata": about}
    )


def put_config_map(
    world: World,
    namespace: str,
    name: str,
    data: dict[str, str],
    created: float,
    labels: dict[str, str] | None = None,
) -> None:
    """A ConfigMap."""
    about = metadata(name, world.rng.getrandbits(128), created, namespace=namespace, labels=labels)
    body = {"kind": "ConfigMap", "apiVersion": "v1", "metadata": about, **({"data": data} if data else {})}
    catalog.put(world.storage, kinds.CONFIG_MAPS, own(body, "kube-addon-manager"))


def found_system(world: World) -> None:
    """Everything in kube-system."""
    for name, (mode, data) in config_maps(110).items():
        labels = {**MANAGED_BY_AKS, "addonmanager.kubernetes.io/mode": mode} if mode else None
        put_config_map(world, NAMESPACE, name, dict(data), world.created, labels)
    _put_secret(world, "konnectivity-certs", ("ca.crt", "client.crt", "client.key"))
    _found_policy(world)
    nodes = len(world.fleet.nodes)
    cores = sum(-(-allocatable_millicpu(node.pool) // 1000) for node in world.fleet.nodes.values())
    for component in (*DAEMON_SETS, *DEPLOYMENTS):
        _found_component(world, component, component.replicas(nodes, cores))
    _found_api_server_service(world)


def _found_component(world: World, component: Component, replicas: int) -> None:
    account = component.spec.get("serviceAccountName")
    if account and world.storage.get(kinds.SERVICE_ACCOUNTS, NAMESPACE, account) is None:
        put_account(world, NAMESPACE, account, world.created)
    rng = world.rng
    workload = Workload(
        component.kind,
        NAMESPACE,
        component.name,
        rng.getrandbits(128),
        int(world.created + rng.uniform(100, 200)),
        replicas,
        component.selector,
        {**MANAGED_BY_AKS, **component.selector, **component.labels},
        {**component.selector, **component.pod_labels},
        component.annotations,
        component.spec,
        service=component.service,
        budget=component.budget,
        manager="kube-addon-manager",
    )
    if component.service:
        world.services.add(
            workload,
            _PORTS[component.service],
            labels={**MANAGED_BY_AKS, **_SERVICE_LABELS[component.service]},
            address="10.0.0.10" if component.service == "kube-dns" else "",
        )
    found_workload(world, workload, Past(world.began - rng.uniform(5, 12) * DAY, older=3))


def _put_secret(world: World, name: str, keys: tuple[str, ...]) -> None:
    about = metadata(name, world.rng.getrandbits(128), world.created, namespace=NAMESPACE, labels=MANAGED_BY_AKS)
    data = dict.fromkeys(keys, "c2ltdWxhdGVk")  # "simulated"
    body = {"kind": "Secret", "apiVersion": "v1", "metadata": about, "data": data, "type": "Opaque"}
    catalog.put(world.storage, kinds.SECRETS, own(body, "kube-addon-manager"))


def _found_policy(world: World) -> None:
    about = metadata(
        "konnectivity-agent", world.rng.getrandbits(128), world.created, namespace=NAMESPACE, labels=MANAGED_BY_AKS
    )
    spec = {
        "podSelector": {"matchLabels": {"app": "konnectivity-agent"}},
        "egress": [{}],
        "policyTypes": ["Egress"],
    }
    body = {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1", "metadata": about, "spec": spec}
    catalog.put(world.storage, kinds.NETWORK_POLICIES, own(body, "kube-addon-manager"))


def _found_api_server_service(world: World) -> None:
    """``default/kubernetes``, whose endpoint is the control plane's public address."""
    labels = {"component": "apiserver", "provider": "kubernetes"}
    about = metadata("kubernetes", world.rng.getrandbits(128), world.created, namespace="default", labels=labels)
    spec = {
        "clusterIP": "10.0.0.1",
        "clusterIPs": ["10.0.0.1"],
        "type": "ClusterIP",
        "sessionAffinity": "None",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "internalTrafficPolicy": "Cluster",
        "ports": [{"name": "https", "protocol": "TCP", "port": 443, "targetPort": 443}],
    }
    service = {"kind": "Service", "apiVersion": "v1", "metadata": about, "spec": spec, "status": {"loadBalancer": {}}}
    catalog.put(world.storage, kinds.SERVICES, service)
    address, port = "20.93.12.77", {"name": "https", "port": 443, "protocol": "TCP"}
    slice_labels = {"kubernetes.io/service-name": "kubernetes"}
    endpoint_slice = {
        "kind": "EndpointSlice",
        "apiVersion": "discovery.k8s.io/v1",
        "metadata": metadata(
            "kubernetes", world.rng.getrandbits(128), world.created, namespace="default", labels=slice_labels
        ),
        "addressType": "IPv4",
        "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
        "ports": [port],
    }
    catalog.put(world.storage, kinds.ENDPOINT_SLICES, endpoint_slice)
    endpoints = {
        "kind": "Endpoints",
        "apiVersion": "v1",
        "metadata": metadata("kubernetes", world.rng.getrandbits(128), world.created, namespace="default"),
        "subsets": [{"addresses": [{"ip": address}], "ports": [port]}],
    }
    catalog.put(world.storage, kinds.ENDPOINTS, endpoints)
