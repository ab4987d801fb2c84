"""The kubelet of the real node, configured as on AKS where this machine allows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.certificates import Certificate
from tests.cluster.real.container_runtime import SOCKET
from tests.cluster.real.machine import Machine

KUBELET = "kubelet"
NAMESERVER = "168.63.129.16"  # Azure's; nobody answers there, as behind a firewall that drops
DNS_SERVICE = "10.0.0.10"
_SET_BY_ITSELF = ("kubernetes.io/arch", "kubernetes.io/hostname", "kubernetes.io/os")


def configuration(machine: Machine, *, provider_id: str, authority: Path, serving: Certificate, cgroup: str) -> Any:
    """A KubeletConfiguration; what differs from AKS's says why."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "providerID": provider_id,
        "containerRuntimeEndpoint": f"unix://{SOCKET}",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(authority)},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(serving.certificate),
        "tlsPrivateKeyFile": str(serving.key),
        "clusterDomain": "cluster.local",
        "clusterDNS": [DNS_SERVICE],
        "resolvConf": str(_resolv_conf(machine)),
        "maxPods": 110,
        "podPidsLimit": -1,
        "containerLogMaxSize": "50M",
        "containerLogMaxFiles": 5,
        "eventRecordQPS": 0,
        "serializeImagePulls": False,
        "volumePluginDir": "/var/lib/kubelet/volume-plugins",  # the usual place is not the machine's own
        "cgroupDriver": "cgroupfs",  # there need not be any systemd
        "failCgroupV1": False,
        "cgroupRoot": f"/{cgroup}",  # several kubelets run on one kernel
        "failSwapOn": False,
        # The disk is shared with everything else here, which is to evict nobody.
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
        "nodeStatusUpdateFrequency": "5s",
        "nodeLeaseDurationSeconds": 12,  # AKS: 40; a dead kubelet is to be noticed within a test's patience
    }


def start(machine: Machine, program: Path, node: str, address: str, labels: Mapping[str, str], config: Any) -> None:
    """Start it; ``kubeconfig`` lies beside its configuration."""
    settings = folder(machine) / "config.yaml"
    settings.write_text(yaml.safe_dump(config))
    given = ",".join(f"{key}={value}" for key, value in labels.items() if key not in _SET_BY_ITSELF)
    machine.start(
        KUBELET,
        [
            str(program),
            f"--config={settings}",
            f"--kubeconfig={folder(machine) / 'kubeconfig'}",
            f"--hostname-override={node}",
            f"--node-ip={address}",
            f"--node-labels={given}",
            "--root-dir=/var/lib/kubelet",
            "--v=2",
        ],
    )


def folder(machine: Machine) -> Path:
    """Where its kubeconfig and configuration lie."""
    found = machine.folder / KUBELET
    found.mkdir(exist_ok=True)
    return found


def _resolv_conf(machine: Machine) -> Path:
    path = folder(machine) / "resolv.conf"
    path.write_text(f"nameserver {NAMESERVER}\n")
    return path
