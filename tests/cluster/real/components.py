"""The components of kube-system as pods of the real node: real where they can be, else played by a stand-in.

Names, labels, images and requests are those of AKS, as ``shape.py`` has them for played nodes too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.binaries import Binaries
from tests.cluster.real.container_runtime import PAUSE
from tests.cluster.real.images import Image, libraries_of
from tests.cluster.real.stand_ins import LINES
from tests.cluster.shape import DAEMON_SETS, DEPLOYMENTS, Container, Workload

Object = dict[str, Any]  # a Kubernetes object as JSON

STAND_IN_IMAGE = "registry.example/stand-in:1.0"
"""For pods of one's own: its arguments say what it does."""
SHELL_IMAGE = "registry.example/shell:1.0"
"""This machine's ``sh``, with ``sleep``: for what a script says best."""
POD_NETWORK = "10.244.0.0/16"
_NAMESPACE = "kube-system"
_NOT_HERE = ("azure-cns", "ama-logs", "retina-agent")  # their work is done by nobody here, and nothing waits for it
_SPEAK_EVERY = "20s"

_HTTP_READY = {"periodSeconds": 3}
_REAL: Mapping[tuple[str, str], Object] = {
    ("coredns", "coredns"): {
        "args": ["-conf", "/etc/coredns/Corefile"],
        "ports": [
            {"name": "dns", "containerPort": 53, "protocol": "UDP"},
            {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
            {"name": "metrics", "containerPort": 9153, "protocol": "TCP"},
        ],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8181}} | _HTTP_READY,
        "livenessProbe": {"httpGet": {"path": "/health", "port": 8080}, "initialDelaySeconds": 60, "periodSeconds": 10},
        "resources": {"requests": {"cpu": "100m", "memory": "70Mi"}, "limits": {"cpu": "3", "memory": "500Mi"}},
        "volumeMounts": [
            {"name": "config-volume", "mountPath": "/etc/coredns", "readOnly": True},
            {"name": "custom-config-volume", "mountPath": "/etc/coredns/custom", "readOnly": True},
        ],
    },
    ("metrics-server", "metrics-server"): {
        "args": [
            "--cert-dir=/tmp",
            "--secure-port=10250",
            "--kubelet-insecure-tls",
            "--kubelet-preferred-address-types=InternalIP",
            "--kubelet-use-node-status-port",
            "--metric-resolution=10s",  # the shortest it takes; AKS: 15 s
            "--kubelet-request-timeout=5s",  # which must be shorter; AKS: 10 s
        ],
        "ports": [{"name": "https", "containerPort": 10250, "protocol": "TCP"}],
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "https", "scheme": "HTTPS"}} | _HTTP_READY,
        "resources": {"requests": {"cpu": "44m", "memory": "51Mi"}, "limits": {"cpu": "145m", "memory": "290Mi"}},
    },
    ("kube-proxy", "kube-proxy"): {
        "command": [
            "/bin/kube-proxy",
            "--kubeconfig=/etc/kube-proxy/kubeconfig",
            "--hostname-override=$(NODE_NAME)",
            f"--cluster-cidr={POD_NETWORK}",
            "--detect-local-mode=ClusterCIDR",
            "--metrics-bind-address=0.0.0.0:10249",
            "--conntrack-max-per-core=0",
            "--conntrack-tcp-timeout-established=0s",
            "--conntrack-tcp-timeout-close-wait=0s",
            "--v=3",
        ],
        "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "spec.nodeName"}}}],
        "securityContext": {"privileged": True},
        "resources": {"requests": {"cpu": "100m"}},
        "volumeMounts": [
            {"name": "config", "mountPath": "/etc/kube-proxy", "readOnly": True},
            {"name": "iptableslock", "mountPath": "/run"},
        ],
    },
}
"""Workload and container → what it runs with, beside its name and image."""

_VOLUMES: Mapping[str, list[Object]] = {
    "coredns": [
        {"name": "config-volume", "configMap": {"name": "coredns"}},
        {"name": "custom-config-volume", "configMap": {"name": "coredns-custom", "optional": True}},
    ],
    "kube-proxy": [
        {"name": "config", "configMap": {"name": "kube-proxy"}},
        {"name": "iptableslock", "hostPath": {"path": "/run"}},
    ],
}
_ACCOUNTS = ("coredns", "kube-proxy", "metrics-server")


def objects(server: str) -> list[Object]:
    """Everything to apply, in order; ``server`` is the API server's URL as the node sees it."""
    text = Path(__file__).with_name("components.yaml").read_text().replace("API_SERVER", server)
    deployments = [_workload(workload, replicas) for workload, replicas in DEPLOYMENTS]
    return [*yaml.safe_load_all(text), *map(_workload, _daemon_sets()), *deployments]


def pods() -> int:
    """How many pods all of it makes, on one node."""
    return len(list(_daemon_sets())) + sum(replicas for _, replicas in DEPLOYMENTS)


def images(binaries: Binaries) -> list[Image]:
    """An image for every container of ``objects``, and the stand-in's own."""
    made = {PAUSE: _stand_in(PAUSE, binaries, "pause"), STAND_IN_IMAGE: _stand_in(STAND_IN_IMAGE, binaries)}
    made[SHELL_IMAGE] = _shell()
    for workload in (*_daemon_sets(), *(workload for workload, _ in DEPLOYMENTS)):
        for container in workload.containers:
            real = (workload.name, container.name) in _REAL
            name = container.image
            made[name] = _program(name, container.name, binaries) if real else _stand_in(name, binaries)
    return list(made.values())


def stand_in(name: str, arguments: Sequence[str], **spec: Any) -> Object:
    """A pod of one container ``main`` that does what ``arguments`` say (see ``stand_in/main.go``)."""
    container = {"name": "main", "image": STAND_IN_IMAGE, "imagePullPolicy": "Never", "args": list(arguments)}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 1, **spec},
    }


def shell(name: str, script: str, **spec: Any) -> Object:
    """A pod of one container ``main`` that runs ``script`` in a POSIX shell."""
    pod = stand_in(name, [], **spec)
    pod["spec"]["containers"] = [
        {"name": "main", "image": SHELL_IMAGE, "imagePullPolicy": "Never", "args": ["-c", script]}
    ]
    return pod


def run_by(kind: str, pod: Object) -> Object:
    """A ``Deployment`` of one replica or a ``DaemonSet`` that runs such a pod."""
    labels = pod["metadata"]["labels"]
    template = {"metadata": {"labels": labels}, "spec": pod["spec"]}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": pod["metadata"]["name"]},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }


def _daemon_sets() -> Iterator[Workload]:
    return (workload for workload in DAEMON_SETS if workload.name not in _NOT_HERE)


def _workload(workload: Workload, replicas: int | None = None) -> Object:
    labels = dict(workload.labels)
    spec: Object = {
        "containers": [_container(workload, container) for container in workload.containers],
        "priorityClassName": "system-cluster-critical" if workload.name == "metrics-server" else "system-node-critical",
        "tolerations": _tolerations(workload),
        "volumes": _VOLUMES.get(workload.name, []),
    }
    if workload.name in _ACCOUNTS:
        spec["serviceAccountName"] = workload.name
    if workload.name == "coredns":
        spec["dnsPolicy"] = "Default"
    if workload.host_network:
        spec["hostNetwork"] = True
    return {
        "apiVersion": "apps/v1",
        "kind": workload.kind,
        "metadata": {
            "name": workload.name,
            "namespace": _NAMESPACE,
            "labels": {"addonmanager.kubernetes.io/mode": "Reconcile", "kubernetes.io/cluster-service": "true"}
            | labels,
        },
        "spec": ({} if replicas is None else {"replicas": replicas})
        | {
            "selector": {"matchLabels": dict(workload.labels[:1])},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def _tolerations(workload: Workload) -> list[Object]:
    if workload.kind == "DaemonSet":
        return [{"operator": "Exists"}]
    return [{"key": "CriticalAddonsOnly", "operator": "Exists"}]


def _container(workload: Workload, container: Container) -> Object:
    made: Object = {"name": container.name, "image": container.image, "imagePullPolicy": "Never"}
    place = (workload.name, container.name)
    if place in _REAL:
        return made | _REAL[place]
    requests = {"cpu": f"{container.cpu}m", "memory": f"{container.memory}Mi"}
    speak = {"args": ["speak", "-every", _SPEAK_EVERY, *LINES[place]]}
    return made | speak | {"resources": {"requests": requests, "limits": {"memory": "500Mi"}}}


def _stand_in(name: str, binaries: Binaries, *arguments: str) -> Image:
    return Image(name, {"/bin/stand-in": binaries["stand-in"]}, ("/bin/stand-in", *arguments))


def _shell() -> Image:
    files = {"/bin/sh": Path("/bin/sh").resolve(), "/bin/sleep": Path("/bin/sleep").resolve()}
    return Image(SHELL_IMAGE, {**files, **libraries_of([*files.values()])}, ("/bin/sh",))


def _program(name: str, program: str, binaries: Binaries) -> Image:
    if program == "kube-proxy":
        return _proxy(name, binaries)
    return Image(name, {f"/bin/{program}": binaries[program]}, (f"/bin/{program}",))


_TABLES = ("iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore")


def _proxy(name: str, binaries: Binaries) -> Image:
    """kube-proxy with this machine's iptables, which it calls, and what that loads."""
    tables = Path("/usr/sbin/iptables").resolve()
    extensions = sorted(Path("/usr/lib").glob("*-linux-gnu/xtables/libx*.so"))
    extensions += sorted(Path("/usr/lib").glob("*-linux-gnu/xtables/libip*.so"))
    files = {
        "/bin/kube-proxy": binaries["kube-proxy"],
        f"/usr/sbin/{tables.name}": tables,
        **libraries_of([tables, *extensions]),
        **{str(extension): extension.resolve() for extension in extensions},
    }
    links = {f"/usr/sbin/{table}": tables.name for table in _TABLES}
    return Image(name, files, ("/bin/kube-proxy",), links)
