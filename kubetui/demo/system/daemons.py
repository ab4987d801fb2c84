"""kube-system's DaemonSets on AKS."""

from __future__ import annotations

from typing import Any

from kubetui.demo.node_images import (
    AZURE_CNS,
    AZURE_DISK,
    AZURE_FILE,
    IP_MASQ_AGENT,
    KUBE_PROXY,
    LIVENESS_PROBE,
    NODE_MANAGER,
    NODE_REGISTRAR,
)
from kubetui.demo.pod_spec import config_map, container, field_ref, host_path, http_probe, pod_spec, port, resources
from kubetui.demo.system.components import NODE_CRITICAL, Component

POD_CIDR = "10.244.0.0/16"


def _os(system: str) -> dict[str, Any]:
    expressions = [
        {"key": "kubernetes.azure.com/cluster", "operator": "Exists"},
        {"key": "type", "operator": "NotIn", "values": ["virtual-kubelet"]},
        {"key": "kubernetes.io/os", "operator": "In", "values": [system]},
    ]
    required = {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}


_EVERYWHERE = [
    {"key": "CriticalAddonsOnly", "operator": "Exists"},
    {"operator": "Exists", "effect": "NoExecute"},
    {"operator": "Exists", "effect": "NoSchedule"},
]
_NODE_NAME = {"NODE_NAME": field_ref("spec.nodeName")}


def _daemon(*containers: dict[str, Any], system: str = "linux", **more: Any) -> dict[str, Any]:
    return pod_spec(
        *containers,
        priority_class=NODE_CRITICAL,
        host_network=True,
        tolerations=_EVERYWHERE,
        affinity=_os(system),
        **more,
    )


_KUBE_PROXY = _daemon(
    container(
        "kube-proxy",
        KUBE_PROXY,
        command=(
            "kube-proxy",
            "--conntrack-max-per-core=0",
            "--metrics-bind-address=0.0.0.0:10249",
            "--kubeconfig=/var/lib/kubelet/kubeconfig",
            f"--cluster-cidr={POD_CIDR}",
            "--detect-local-mode=ClusterCIDR",
            "--pod-interface-name-prefix=azv",
            "--v=3",
        ),
        limits={"requests": {"cpu": "100m"}},
        mounts={
            "/var/lib/kubelet": "kubeconfig:ro",
            "/etc/kubernetes/certs": "certificates:ro",
            "/run/xtables.lock": "iptableslock",
            "/lib/modules": "kernelmodules:ro",
        },
        security={"privileged": True},
    ),
    init=(
        container(
            "kube-proxy-bootstrap",
            KUBE_PROXY,
            command=("/bin/sh", "-c", "nsenter -t 1 -m -- /bin/true; cp -f /xtables/* /usr/sbin/"),
            limits={"requests": {"cpu": "100m"}},
            mounts={"/lib/modules": "kernelmodules"},
            security={"privileged": True},
        ),
    ),
    volumes=(
        host_path("kubeconfig", "/var/lib/kubelet"),
        host_path("certificates", "/etc/kubernetes/certs"),
        host_path("iptableslock", "/run/xtables.lock", "FileOrCreate"),
        host_path("kernelmodules", "/lib/modules"),
    ),
    token=False,
)

_IP_MASQ = _daemon(
    container(
        "azure-ip-masq-agent",
        IP_MASQ_AGENT,
        args=("--v=2",),
        limits=resources("100m/50Mi", "500m/250Mi"),
        mounts={"/etc/config": "azure-ip-masq-agent-config-volume"},
        security={"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}, "privileged": False},
    ),
    volumes=(
        {
            "name": "azure-ip-masq-agent-config-volume",
            "projected": {
                "defaultMode": 420,
                "sources": [
                    {"configMap": {"name": name, "items": [{"key": key, "path": key, "mode": 444}], "optional": True}}
                    for name, key in (
                        ("azure-ip-masq-agent-config", "ip-masq-agent"),
                        ("azure-ip-masq-agent-config-reconciled", "ip-masq-agent-reconciled"),
                    )
                ],
            },
        },
    ),
    token=False,
)


def _node_manager(system: str) -> dict[str, Any]:
    return _daemon(
        container(
            "cloud-node-manager",
            NODE_MANAGER,
            command=("cloud-node-manager", "--node-name=$(NODE_NAME)"),
            env=_NODE_NAME,
            limits={"limits": {"memory": "512Mi"}, "requests": {"cpu": "50m", "memory": "50Mi"}},
        ),
        system=system,
        account="cloud-node-manager",
    )


def _csi(driver: str, image: str, health: int, metrics: int, memory: str, system: str) -> dict[str, Any]:
    short = image.rsplit("/", 1)[1].partition("-csi")[0]
    endpoint = "unix:///csi/csi.sock"
    registration = f"/var/lib/kubelet/plugins/{driver}/csi.sock"
    return _daemon(
        container(
            "liveness-probe",
            LIVENESS_PROBE,
            args=("--csi-address=/csi/csi.sock", "--probe-timeout=3s", f"--health-port={health}", "--v=2"),
            limits=resources("10m/20Mi", "-/100Mi"),
            mounts={"/csi": "socket-dir"},
        ),
        container(
            "node-driver-registrar",
            NODE_REGISTRAR,
            args=("--csi-address=$(ADDRESS)", "--kubelet-registration-path=$(DRIVER_REG_SOCK_PATH)", "--v=2"),
            env={"ADDRESS": "/csi/csi.sock", "DRIVER_REG_SOCK_PATH": registration},
            limits=resources("10m/20Mi", "-/100Mi"),
            mounts={"/csi": "socket-dir", "/registration": "registration-dir"},
        ),
        container(
            short,
            image,
            args=(
                "--v=5",
                "--endpoint=$(CSI_ENDPOINT)",
                "--nodeid=$(KUBE_NODE_NAME)",
                f"--metrics-address=0.0.0.0:{metrics}",
            ),
            ports=(port(health, "healthz"), port(metrics, "metrics")),
            env={
                "CSI_ENDPOINT": endpoint,
                "AZURE_CREDENTIAL_FILE": "/etc/kubernetes/azure.json",
                "KUBE_NODE_NAME": field_ref("spec.nodeName"),
            },
            limits=resources("10m/20Mi", f"-/{memory}"),
            mounts={"/csi": "socket-dir", "/var/lib/kubelet/": "mountpoint-dir", "/dev": "device-dir"},
            liveness=http_probe("/healthz", health, delay=30, period=30, failures=5) | {"timeoutSeconds": 30},
            security={"privileged": True},
        ),
        volumes=(
            host_path("socket-dir", f"/var/lib/kubelet/plugins/{driver}", "DirectoryOrCreate"),
            host_path("mountpoint-dir", "/var/lib/kubelet/", "DirectoryOrCreate"),
            host_path("registration-dir", "/var/lib/kubelet/plugins_registry/", "DirectoryOrCreate"),
            host_path("device-dir", "/dev", "Directory"),
        ),
        account=f"csi-{short}-node-sa",
        system=system,
        dns="Default",
    )


_CNS = _daemon(
    container(
        "cns-container",
        AZURE_CNS,
        args=("-c", "tcp://$(CNSIpAddress):$(CNSPort)", "-t", "$(CNSLogTarget)", "-o", "$(CNSLogDir)"),
        ports=(port(10090), port(10092, "metrics")),
        env={
            "CNSIpAddress": "127.0.0.1",
            "CNSPort": "10090",
            "CNSLogTarget": "stdoutfile",
            "CNSLogDir": "/var/log",
            "NODENAME": field_ref("spec.nodeName"),
        },
        limits=resources("40m/250Mi", "40m/250Mi"),
        mounts={"/var/log": "log", "/etc/azure-cns": "cns-config", "/var/run/azure-cns": "cns-state"},
        security={"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}},
    ),
    volumes=(
        host_path("log", "/var/log/azure-cns", "DirectoryOrCreate"),
        config_map("cns-config"),
        host_path("cns-state", "/var/run/azure-cns", "DirectoryOrCreate"),
    ),
    account="azure-cns",
)

_DISK, _FILE = "disk.csi.azure.com", "file.csi.azure.com"

DAEMON_SETS: tuple[Component, ...] = (
    Component("DaemonSet", "azure-cns", {"k8s-app": "azure-cns"}, _CNS),
    Component(
        "DaemonSet",
        "azure-ip-masq-agent",
        {"k8s-app": "azure-ip-masq-agent", "tier": "node"},
        _IP_MASQ,
        labels={"component": "azure-ip-masq-agent"},
    ),
    Component("DaemonSet", "cloud-node-manager", {"k8s-app": "cloud-node-manager"}, _node_manager("linux")),
    Component(
        "DaemonSet",
        "cloud-node-manager-windows",
        {"k8s-app": "cloud-node-manager-windows"},
        _node_manager("windows"),
        windows=True,
    ),
    Component(
        "DaemonSet",
        "csi-azuredisk-node",
        {"app": "csi-azuredisk-node"},
        _csi(_DISK, AZURE_DISK, 29603, 29605, "1000Mi", "linux"),
    ),
    Component(
        "DaemonSet",
        "csi-azuredisk-node-win",
        {"app": "csi-azuredisk-node-win"},
        _csi(_DISK, f"{AZURE_DISK}-windows-hp", 29603, 29605, "400Mi", "windows"),
        windows=True,
    ),
    Component(
        "DaemonSet",
        "csi-azurefile-node",
        {"app": "csi-azurefile-node"},
        _csi(_FILE, AZURE_FILE, 29613, 29615, "400Mi", "linux"),
    ),
    Component(
        "DaemonSet",
        "csi-azurefile-node-win",
        {"app": "csi-azurefile-node-win"},
        _csi(_FILE, f"{AZURE_FILE}-windows-hp", 29613, 29615, "400Mi", "windows"),
        windows=True,
    ),
    Component(
        "DaemonSet",
        "kube-proxy",
        {"component": "kube-proxy", "tier": "node"},
        _KUBE_PROXY,
        labels={"k8s-app": "kube-proxy"},
    ),
)
