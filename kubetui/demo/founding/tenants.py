"""The tenants' namespaces, workloads and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubetui.demo import catalog
from kubetui.demo import resources as kinds
from kubetui.demo.documents import metadata, own
from kubetui.demo.founding.system import found_namespace_contents, put_account, put_config_map
from kubetui.demo.founding.volumes import found_volume
from kubetui.demo.founding.workload import Past, found_workload
from kubetui.demo.system.cluster_objects import namespace
from kubetui.demo.tenants import CLAIM, SHIPPER, App, Placement, app_spec, placements, team, team_count
from kubetui.demo.workload import Workload

if TYPE_CHECKING:
    from kubetui.demo.world import World

DAY = 86_400.0
_PORTS = ({"name": "http", "protocol": "TCP", "port": 8080, "targetPort": 8080},)


def found_tenants(world: World, pods: int) -> None:
    """Workloads with ``pods`` pods together, the completed ones of Jobs included."""
    teams = team_count(pods)
    created = [world.created + world.rng.uniform(0.1, 20) * DAY for _ in range(teams)]
    for number in range(teams):
        _found_team(world, number, created[number])
    pods -= _found_shipper(world, pods, created[0])
    pods -= world.cron.found(teams, pods)
    for placement in placements(max(0, pods), world.rng):
        found_app(world, placement, created[int(placement.namespace[-2:])])


def _found_team(world: World, number: int, created: float) -> None:
    name = team(number)
    labels = {"team": name, "pod-security.kubernetes.io/enforce": "baseline"}
    catalog.put(world.storage, kinds.NAMESPACES, namespace(name, world.rng.getrandbits(128), created, labels))
    found_namespace_contents(world, name, created)
    about = metadata("default-deny", world.rng.getrandbits(128), created, namespace=name)
    spec: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Ingress"]}
    body = {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1", "metadata": about, "spec": spec}
    catalog.put(world.storage, kinds.NETWORK_POLICIES, own(body, "helm"))


def _found_shipper(world: World, pods: int, created: float) -> int:
    """One pod on each tenants' node, if that is not most of the pods."""
    if len(world.fleet.nodes) * 4 > pods:
        return 0
    workload = _workload(world, SHIPPER, team(0), 0, created)
    found_workload(world, workload, Past(world.began - 11 * DAY, troubles=True))
    return len(workload.pods)


def found_app(world: World, placement: Placement, team_created: float) -> Workload:
    """An app's workload with its Service, settings and claims."""
    app, name = placement.app, placement.namespace
    rng = world.rng
    created = team_created + rng.uniform(0.01, 2) * DAY
    workload = _workload(world, app, name, placement.replicas, created)
    _settings(world, app, name, created)
    if app.budget:
        put_account(world, name, app.name, created)
    days = min((world.began - created) / DAY, rng.lognormvariate(0.9, 1.2))
    past = Past(world.began - max(days * DAY, 900), older=min(3, rng.randrange(5)), troubles=True)
    public = f"20.31.{rng.randrange(4, 250)}.{rng.randrange(4, 250)}" if app.public else ""
    world.services.add(workload, _PORTS, load_balancer=public, headless=app.kind == "StatefulSet")
    if app.kind == "StatefulSet":
        world.workloads.claims[workload.key] = CLAIM
    found_workload(world, workload, past)
    for pod in workload.pods.values() if app.kind == "StatefulSet" else ():
        found_volume(world, pod, created)
    if app.public:
        _found_ingress(world, name, created, public)
    if app.scales:
        world.autoscaling.found(workload)
    return workload


def _workload(world: World, app: App, namespace_name: str, replicas: int, created: float) -> Workload:
    rng = world.rng
    tag = f"2026.{rng.randrange(8, 12):02d}.{rng.randrange(1, 29):02d}-{rng.getrandbits(28):07x}"
    selector = {"app.kubernetes.io/instance": app.name, "app.kubernetes.io/name": app.name}
    labels = {
        **selector,
        "app": app.name,
        "app.kubernetes.io/managed-by": "Helm",
        "helm.sh/chart": f"{app.name}-4.{rng.randrange(30)}.{rng.randrange(9)}",
        "team": namespace_name,
    }
    return Workload(
        app.kind,
        namespace_name,
        app.name,
        rng.getrandbits(128),
        int(created),
        replicas,
        selector,
        labels,
        {**selector, "app": app.name, "team": namespace_name, "app.kubernetes.io/version": tag},
        {
            "checksum/config": f"{rng.getrandbits(256):064x}",
            "prometheus.io/path": "/metrics",
            "prometheus.io/port": "9090",
            "prometheus.io/scrape": "true",
        },
        app_spec(app, namespace_name, tag),
        annotations={
            "meta.helm.sh/release-name": app.name,
            "meta.helm.sh/release-namespace": namespace_name,
        },
        service="" if app.kind == "DaemonSet" else app.name,
        budget=max(1, replicas // 2) if app.budget else 0,
    )


def _settings(world: World, app: App, namespace_name: str, created: float) -> None:
    settings = {
        "app.yaml": (
            f"name: {app.name}\nlisten: :8080\nupstreams:\n  ledger: http://ledger:8080\n"
            f"cache:\n  size: {64 + world.rng.randrange(8) * 32}Mi\n  ttl: 30s\n"
        )
    }
    put_config_map(world, namespace_name, f"{app.name}-cfg", settings, created)
    about = metadata(f"{app.name}-db", world.rng.getrandbits(128), created, namespace=namespace_name)
    data = {"password": "c2ltdWxhdGVk", "username": "c2ltdWxhdGVk"}  # "simulated"
    body = {"kind": "Secret", "apiVersion": "v1", "metadata": about, "data": data, "type": "Opaque"}
    catalog.put(world.storage, kinds.SECRETS, own(body, "helm"))


def _found_ingress(world: World, namespace_name: str, created: float, address: str) -> None:
    host = f"{namespace_name}.shop.example.com"
    backend = {"service": {"name": "gateway", "port": {"number": 8080}}}
    about = metadata("gateway", world.rng.getrandbits(128), created, namespace=namespace_name, generation=1)
    body = {
        "kind": "Ingress",
        "apiVersion": "networking.k8s.io/v1",
        "metadata": about,
        "spec": {
            "ingressClassName": "webapprouting.kubernetes.azure.com",
            "tls": [{"hosts": [host], "secretName": "gateway-tls"}],
            "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}],
        },
        "status": {"loadBalancer": {"ingress": [{"ip": address}]}},
    }
    catalog.put(world.storage, kinds.INGRESSES, own(body, "helm", "nginx-ingress-controller"))
