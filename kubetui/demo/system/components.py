"""kube-system's workloads on AKS: images, arguments, resources, priority classes as AKS deploys them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kubetui.demo.node_images import (
    ADDON_RESIZER,
    COREDNS,
    KONNECTIVITY_AGENT,
    METRICS_SERVER,
    PROPORTIONAL_AUTOSCALER,
)
from kubetui.demo.pod_spec import config_map, container, field_ref, http_probe, pod_spec, port, resources

MANAGED_BY_AKS = {"addonmanager.kubernetes.io/mode": "Reconcile", "kubernetes.azure.com/managedby": "aks"}
API_HOST = "aks-prod-dns-4f1e2d3c.hcp.westeurope.azmk8s.io"
"""The cluster's public API server."""
CRITICAL, NODE_CRITICAL = "system-cluster-critical", "system-node-critical"

Ladder = tuple[tuple[int, int], ...]
COREDNS_NODES: Ladder = ((1, 2), (8, 3), (16, 4), (32, 5))
COREDNS_CORES: Ladder = ((1, 2), (512, 3), (1024, 4), (2048, 5))
KONNECTIVITY_NODES: Ladder = ((1, 2), (100, 3), (250, 4), (500, 5), (1000, 6), (5000, 10))


def rung(ladder: Ladder, amount: int) -> int:
    """The replicas of the largest rung that is not above ``amount``."""
    return max(replicas for step, replicas in ladder if step <= max(amount, ladder[0][0]))


@dataclass(frozen=True)
class Component:
    """A workload of kube-system."""

    kind: Literal["Deployment", "DaemonSet"]
    name: str
    selector: Mapping[str, str]
    spec: Mapping[str, Any]
    labels: Mapping[str, str] = field(default_factory=dict)
    """Besides the selector's and those of AKS."""
    pod_labels: Mapping[str, str] = field(default_factory=dict)
    """Besides the selector's."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    """Of the pods."""
    replicas: Callable[[int, int], int] = lambda nodes, cores: 1
    """Of a Deployment, by nodes and allocatable cores."""
    service: str = ""
    budget: int = 0
    windows: bool = False


_SYSTEM_NODES: dict[str, Any] = {
    "nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [
                {
                    "matchExpressions": [
                        {"key": "kubernetes.azure.com/mode", "operator": "In", "values": ["system"]},
                        {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]},
                    ]
                }
            ]
        }
    }
}
_CRITICAL_ADDONS = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]


def _spread(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(labels)},
        }
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]


_TMP = "/tmp"  # noqa: S108 - a path in a container


_COREDNS = pod_spec(
    container(
        "coredns",
        COREDNS,
        args=("-conf", "/etc/coredns/Corefile"),
        ports=(port(53, "dns", "UDP"), port(53, "dns-tcp"), port(9153, "metrics")),
        limits=resources("100m/70Mi", "3/500Mi"),
        mounts={"/etc/coredns": "config-volume:ro", "/etc/coredns/custom": "custom-config-volume:ro", _TMP: "tmp"},
        liveness=http_probe("/health", 8080, delay=60, failures=5) | {"timeoutSeconds": 5},
        readiness=http_probe("/ready", 8181),
        security={
            "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
        },
    ),
    volumes=(
        {
            "name": "config-volume",
            "configMap": {
                "name": "coredns",
                "items": [{"key": "Corefile", "path": "Corefile"}],
                "defaultMode": 420,
            },
        },
        config_map("custom-config-volume", "coredns-custom", optional=True),
        {"name": "tmp", "emptyDir": {}},
    ),
    account="coredns",
    priority_class=NODE_CRITICAL,
    dns="Default",
    tolerations=_CRITICAL_ADDONS,
    affinity=_SYSTEM_NODES,
    spread=_spread({"k8s-app": "kube-dns"}),
)


def _proportional_autoscaler(target: str, ladder: str) -> dict[str, Any]:
    return pod_spec(
        container(
            "autoscaler",
            PROPORTIONAL_AUTOSCALER,
            command=("/cluster-proportional-autoscaler",),
            args=(
                "--namespace=kube-system",
                f"--configmap={target}-autoscaler",
                f"--target=deployment/{target}",
                f"--default-params={ladder}",
                "--logtostderr=true",
                "--v=2",
            ),
            limits=resources("20m/10Mi", "200m/500Mi"),
            liveness=http_probe("/last-poll", 8080, delay=10),
        ),
        account=f"{target}-autoscaler",
        priority_class=NODE_CRITICAL,
        tolerations=_CRITICAL_ADDONS,
        affinity=_SYSTEM_NODES,
    )


def ladder_text(nodes: Ladder, cores: Ladder = ()) -> str:
    """The parameters of a cluster-proportional-autoscaler, as its ConfigMap and arguments hold them."""

    def steps(ladder: Ladder) -> str:
        return f"[{','.join(f'[{step},{replicas}]' for step, replicas in ladder)}]"

    return (f'"coresToReplicas":{steps(cores)},' if cores else "") + f'"nodesToReplicas":{steps(nodes)}'


_KONNECTIVITY = pod_spec(
    container(
        "konnectivity-agent",
        KONNECTIVITY_AGENT,
        command=("/proxy-agent",),
        args=(
            f"--proxy-server-host={API_HOST}",
            "--proxy-server-port=443",
            "--health-server-port=8082",
            "--keepalive-time=30s",
            "--agent-key=/certs/client.key",
            "--agent-cert=/certs/client.crt",
            "--ca-cert=/certs/ca.crt",
            "--sync-forever=true",
            "--agent-identifiers=default-route=true",
            "--alpn-proto=konnectivity",
            "-v=2",
        ),
        ports=(port(8082, "healthport"),),
        env={"POD_NAME": field_ref("metadata.name"), "POD_NAMESPACE": field_ref("metadata.namespace")},
        limits=resources("20m/20Mi", "1/1Gi"),
        mounts={"/certs": "certs:ro"},
        liveness=http_probe("/healthz", 8082, delay=15, period=60),
        readiness=http_probe("/readyz", 8082),
    ),
    volumes=({"name": "certs", "secret": {"secretName": "konnectivity-certs", "defaultMode": 420}},),
    account="konnectivity-agent",
    priority_class=NODE_CRITICAL,
    tolerations=_CRITICAL_ADDONS,
    affinity=_SYSTEM_NODES,
    spread=_spread({"app": "konnectivity-agent"}),
)

_METRICS_SERVER = pod_spec(
    container(
        "metrics-server-vpa",
        ADDON_RESIZER,
        command=(
            "/pod_nanny",
            "--config-dir=/etc/config",
            "--cpu=150m",
            "--extra-cpu=0.5m",
            "--memory=100Mi",
            "--extra-memory=4Mi",
            "--threshold=5",
            "--deployment=metrics-server",
            "--container=metrics-server",
            "--poll-period=180000",
        ),
        env={"MY_POD_NAME": field_ref("metadata.name"), "MY_POD_NAMESPACE": field_ref("metadata.namespace")},
        limits=resources("5m/50Mi", "100m/300Mi"),
        mounts={"/etc/config": "metrics-server-config-volume"},
    ),
    container(
        "metrics-server",
        METRICS_SERVER,
        command=(
            "/metrics-server",
            "--kubelet-preferred-address-types=InternalIP",
            "--kubelet-insecure-tls",
            "--secure-port=4443",
            "--metric-resolution=15s",
        ),
        ports=(port(4443, "https"),),
        limits=resources("156m/152Mi", "256m/252Mi"),
        mounts={_TMP: "tmp-dir"},
        liveness=http_probe("/livez", "https") | {"httpGet": {"path": "/livez", "port": "https", "scheme": "HTTPS"}},
        readiness=http_probe("/readyz", "https", delay=20)
        | {"httpGet": {"path": "/readyz", "port": "https", "scheme": "HTTPS"}},
    ),
    volumes=(config_map("metrics-server-config-volume", "metrics-server-config"), {"name": "tmp-dir", "emptyDir": {}}),
    account="metrics-server",
    priority_class=CRITICAL,
    tolerations=_CRITICAL_ADDONS,
    affinity=_SYSTEM_NODES,
)

DEPLOYMENTS: tuple[Component, ...] = (
    Component(
        "Deployment",
        "coredns",
        {"k8s-app": "kube-dns", "version": "v20"},
        _COREDNS,
        labels={"kubernetes.io/name": "CoreDNS"},
        pod_labels={"kubernetes.azure.com/managedby": "aks"},
        annotations={"prometheus.io/port": "9153", "cluster-autoscaler.kubernetes.io/safe-to-evict": "true"},
        replicas=lambda nodes, cores: max(rung(COREDNS_NODES, nodes), rung(COREDNS_CORES, cores)),
        service="kube-dns",
        budget=1,
    ),
    Component(
        "Deployment",
        "coredns-autoscaler",
        {"k8s-app": "coredns-autoscaler"},
        _proportional_autoscaler("coredns", f'{{"ladder":{{{ladder_text(COREDNS_NODES, COREDNS_CORES)}}}}}'),
        pod_labels={"kubernetes.azure.com/managedby": "aks"},
    ),
    Component(
        "Deployment",
        "konnectivity-agent",
        {"app": "konnectivity-agent"},
        _KONNECTIVITY,
        pod_labels={"component": "tunnel", "kubernetes.azure.com/managedby": "aks"},
        annotations={"checksum/client-cert": "9b1c6f0e2d4a8c7b5e3f1a0d9c8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b"},
        replicas=lambda nodes, cores: rung(KONNECTIVITY_NODES, nodes),
        budget=1,
    ),
    Component(
        "Deployment",
        "konnectivity-agent-autoscaler",
        {"k8s-app": "konnectivity-agent-autoscaler"},
        _proportional_autoscaler("konnectivity-agent", f'{{"ladder":{{{ladder_text(KONNECTIVITY_NODES)}}}}}'),
        pod_labels={"kubernetes.azure.com/managedby": "aks"},
    ),
    Component(
        "Deployment",
        "metrics-server",
        {"k8s-app": "metrics-server"},
        _METRICS_SERVER,
        labels={"kubernetes.io/cluster-service": "true", "kubernetes.io/name": "Metrics-server"},
        pod_labels={"kubernetes.azure.com/managedby": "aks"},
        replicas=lambda nodes, cores: 2,
        service="metrics-server",
        budget=1,
    ),
)
