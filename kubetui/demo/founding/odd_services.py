"""Services that select nothing, or nobody: an ExternalName, one with hand-made endpoints, one that no pod matches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kubetui.demo import catalog
from kubetui.demo.documents import metadata, own
from kubetui.demo.entries.identity import suffix, uid_of
from kubetui.demo.resources import ENDPOINT_SLICES, SERVICES
from kubetui.demo.tenants import team

if TYPE_CHECKING:
    from kubetui.demo.world import World

_POSTGRES = {"name": "postgres", "protocol": "TCP", "port": 5432, "targetPort": 5432}
_HTTP = {"name": "http", "protocol": "TCP", "port": 8080, "targetPort": "http"}


def found_odd_services(world: World) -> None:
    """In the first team's namespace."""
    place, created = team(0), world.created + 86_400.0
    external = {"type": "ExternalName", "externalName": "payments.partner.example.com", "sessionAffinity": "None"}
    _put(world, place, "payments", created, external)
    legacy = {**_cluster_ip("10.0.240.11"), "ports": [_POSTGRES]}
    _put(world, place, "legacy-db", created, legacy)
    machine = {"addresses": ["10.1.4.20"], "conditions": {"ready": True}}
    port = {"name": "postgres", "port": 5432, "protocol": "TCP"}
    _put_slice(world, place, "legacy-db-1", created, "legacy-db", endpoints=[machine], ports=[port])
    canary = {**_cluster_ip("10.0.240.12"), "ports": [_HTTP], "selector": {"app": "checkout", "track": "canary"}}
    _put(world, place, "checkout-canary", created, canary)
    by_controller = {"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}
    name = f"checkout-canary-{suffix(uid_of(place, 'checkout-canary'))}"
    _put_slice(world, place, name, created, "checkout-canary", by_controller, endpoints=None, ports=None)


def _cluster_ip(address: str) -> dict[str, Any]:
    return {
        "clusterIP": address,
        "clusterIPs": [address],
        "type": "ClusterIP",
        "sessionAffinity": "None",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "internalTrafficPolicy": "Cluster",
    }


def _put(world: World, namespace: str, name: str, created: float, spec: Mapping[str, Any]) -> None:
    about = metadata(name, uid_of(namespace, name), created, namespace=namespace)
    body = {"kind": "Service", "apiVersion": "v1", "metadata": about, "spec": spec, "status": {"loadBalancer": {}}}
    catalog.put(world.storage, SERVICES, own(body, "helm"))


def _put_slice(
    world: World,
    namespace: str,
    name: str,
    created: float,
    service: str,
    labels: Mapping[str, str] | None = None,
    **content: Any,
) -> None:
    about = metadata(
        name,
        uid_of(namespace, name, "slice"),
        created,
        namespace=namespace,
        labels={**(labels or {}), "kubernetes.io/service-name": service},
        generation=1,
    )
    head = {"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", "metadata": about, "addressType": "IPv4"}
    catalog.put(world.storage, ENDPOINT_SLICES, own({**head, **content}, "helm"))
