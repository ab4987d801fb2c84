"""The tenants: namespaces ``team-00`` … with a shop's services, and how big each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from kubetui.demo.pod_spec import config_map, container, field_ref, http_probe, pod_spec, port, resources

REGISTRY = "acrprod.azurecr.io"
MOST_TEAMS = 100


@dataclass(frozen=True)
class App:
    """One service that a team may run."""

    name: str
    kind: Literal["Deployment", "StatefulSet", "DaemonSet"] = "Deployment"
    requests: str = "100m/128Mi"
    limits: str = "500m/512Mi"
    weight: int = 3
    """How many replicas in comparison with the others; a StatefulSet's replicas."""
    sidecar: bool = False
    spot: bool = False
    migrates: bool = False
    """An init container prepares it."""
    scales: bool = False
    """A HorizontalPodAutoscaler."""
    public: bool = False
    """A load balancer's address."""
    budget: bool = False


APPS: tuple[App, ...] = (
    App("checkout", weight=4, sidecar=True, scales=True, budget=True),
    App("cart", weight=4, sidecar=True, budget=True),
    App("search", requests="150m/256Mi", limits="1/1Gi", weight=5, scales=True),
    App("ledger", "StatefulSet", requests="200m/512Mi", limits="1/1Gi", weight=3),
    App("gateway", weight=3, sidecar=True, scales=True, public=True, budget=True),
    App("mailer", requests="50m/96Mi", limits="200m/256Mi", weight=2, spot=True),
    App("auth", weight=3, migrates=True, budget=True),
    App("feed", weight=3),
    App("ranker", requests="150m/256Mi", limits="1/768Mi", weight=4, spot=True),
    App("ingest", weight=3, spot=True),
    App("catalog", weight=3, migrates=True),
    App("pricing", weight=2),
    App("session-store", "StatefulSet", requests="100m/256Mi", limits="500m/512Mi", weight=3),
    App("invoices", weight=2),
    App("reviews", weight=2),
    App("images", requests="100m/192Mi", limits="1/512Mi", weight=3, spot=True),
    App("notify", requests="50m/64Mi", limits="200m/128Mi", weight=2),
    App("export", weight=1, spot=True),
    App("stock", weight=2, migrates=True),
    App("shipping", weight=2),
)
SHIPPER = App("log-shipper", "DaemonSet", requests="50m/64Mi", limits="200m/256Mi")
"""The only DaemonSet that is not AKS's, in the first team's namespace."""

SPOT_KEY = "kubernetes.azure.com/scalesetpriority"


@dataclass(frozen=True)
class Placement:
    """An app in a team's namespace."""

    namespace: str
    app: App
    replicas: int


def team(number: int) -> str:
    """``team-07``"""
    return f"team-{number:02d}"


def team_count(pods: int) -> int:
    """How many teams share so many pods."""
    return max(3, min(MOST_TEAMS, pods // 40))


def placements(pods: int, rng: Random) -> Iterator[Placement]:
    """Who runs what, ``pods`` replicas together."""
    teams = team_count(pods)
    each = max(2, min(len(APPS), pods // teams // 6))
    chosen = [(number, APPS[(number * 3 + place) % len(APPS)]) for number in range(teams) for place in range(each)]
    fixed = sum(app.weight for _, app in chosen if app.kind == "StatefulSet")
    weights = [app.weight * rng.uniform(0.4, 1.8) if app.kind == "Deployment" else 0.0 for _, app in chosen]
    rest, total = max(0, pods - fixed), sum(weights) or 1.0
    shares = [int(rest * weight / total) for weight in weights]
    missing = rest - sum(shares)
    for place, (number, app) in enumerate(chosen):
        if app.kind == "StatefulSet":
            yield Placement(team(number), app, min(app.weight, pods))
            continue
        more = missing // len(chosen) + 1 if missing > 0 else 0
        more = min(more, missing)
        missing -= more
        yield Placement(team(number), app, shares[place] + more)


def app_spec(app: App, namespace: str, tag: str) -> Mapping[str, Any]:
    """The pod template's spec of an app at a version."""
    image = f"{REGISTRY}/shop/{app.name}:{tag}"
    containers = [_main(app, namespace, image)]
    if app.sidecar:
        containers.append(_sidecar(app))
    tolerations: Sequence[dict[str, Any]] = ()
    selector = {"kubernetes.io/os": "linux"}
    if app.spot:
        tolerations = [{"key": SPOT_KEY, "operator": "Equal", "value": "spot", "effect": "NoSchedule"}]
        selector[SPOT_KEY] = "spot"
    if app.kind == "DaemonSet":
        tolerations = [{"key": SPOT_KEY, "operator": "Exists", "effect": "NoSchedule"}]
    volumes = [config_map("cfg", f"{app.name}-cfg"), {"name": "cache", "emptyDir": {}}]
    if app.kind == "DaemonSet":
        volumes.append({"name": "logs", "hostPath": {"path": "/var/log", "type": ""}})
    return pod_spec(
        *containers,
        init=[_migration(app, image)] if app.migrates else [],
        volumes=volumes,
        account=app.name if app.budget else "",
        selector=selector,
        tolerations=tolerations,
    )


def _main(app: App, namespace: str, image: str) -> dict[str, Any]:
    env: dict[str, Any] = {
        "APP_ENV": "production",
        "LOG_LEVEL": "info",
        "OTEL_SERVICE_NAME": app.name,
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel-collector.observability:4317",
        "LEDGER_URL": f"http://ledger.{namespace}.svc.cluster.local:8080",
        "DATABASE_PASSWORD": {"secretKeyRef": {"name": f"{app.name}-db", "key": "password"}},
        "POD_IP": field_ref("status.podIP"),
        "POD_NAME": field_ref("metadata.name"),
    }
    mounts = {"/etc/app": "cfg:ro", "/var/cache/app": "cache"}
    if app.kind == "StatefulSet":
        mounts["/var/lib/data"] = "data"
    if app.kind == "DaemonSet":
        mounts["/var/log"] = "logs:ro"
    return container(
        app.name,
        image,
        args=("--config=/etc/app/app.yaml", "--listen=:8080"),
        ports=(port(8080, "http"), port(9090, "metrics")),
        env=env,
        limits=resources(app.requests, app.limits),
        mounts=mounts,
        liveness=http_probe("/healthz", "http", delay=10),
        readiness=http_probe("/ready", "http", period=5),
        security={"allowPrivilegeEscalation": False, "runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}},
    )


def _sidecar(app: App) -> dict[str, Any]:
    return container(
        "mesh-proxy",
        f"{REGISTRY}/mesh/proxy:1.29.1",
        args=("proxy", "sidecar", f"--serviceCluster={app.name}"),
        ports=(port(15090, "http-envoy"),),
        env={"POD_NAME": field_ref("metadata.name"), "INSTANCE_IP": field_ref("status.podIP")},
        limits=resources("20m/64Mi", "500m/256Mi"),
        readiness=http_probe("/healthz/ready", 15021, period=15),
    )


def _migration(app: App, image: str) -> dict[str, Any]:
    return container(
        "migrate",
        image,
        args=("migrate", "--wait"),
        env={"DATABASE_PASSWORD": {"secretKeyRef": {"name": f"{app.name}-db", "key": "password"}}},
        limits=resources("50m/64Mi", "200m/128Mi"),
        mounts={"/etc/app": "cfg:ro"},
    )


CLAIM: Mapping[str, Any] = {
    "accessModes": ["ReadWriteOnce"],
    "resources": {"requests": {"storage": "32Gi"}},
    "storageClassName": "managed-csi-premium",
    "volumeMode": "Filesystem",
}
"""The volume claim template of the tenants' StatefulSets."""
