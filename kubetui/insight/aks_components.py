"""kube-system's components by name: what each is for, what fails without it, and what to look at then.

AKS manages them (label ``addonmanager.kubernetes.io/mode``); names and kinds as AKS deploys them since 1.32. Other
clusters have some of them under the same name, and the same fails there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from kubetui.kinds.kind import Meaning

NAMESPACE: Final = "kube-system"


@dataclass(frozen=True, slots=True)
class Component:
    """One workload of kube-system that a cluster cannot do without for long."""

    kind: Literal["Deployment", "DaemonSet"]
    name: str
    without: str
    """What fails while none of it is ready."""
    advice: str
    """What to look at then."""
    down: Meaning = Meaning.ACT
    """How bad it is that none is ready."""
    replaced_by: tuple[str, ...] = ()
    """DaemonSets that do its work where it is absent."""
    container: str = ""
    """Its main container, whose version is the component's; ``""``: the one of the component's name."""


AKS_COMPONENTS: Final[tuple[Component, ...]] = (
    Component(
        "Deployment",
        "coredns",
        "names inside the cluster do not resolve",
        "read its pods' logs; a crash names the line of ConfigMap coredns-custom that does not parse",
    ),
    Component(
        "Deployment",
        "coredns-autoscaler",
        "coredns keeps its present number of replicas; names resolve",
        "look at its pod; restarts come from a system node short of CPU",
        down=Meaning.LOOK,
        container="autoscaler",
    ),
    Component(
        "Deployment",
        "konnectivity-agent",
        "logs, exec, configz, top and webhooks fail until it is back; lists and watches go on",
        "check egress 443 to the API server (firewall, route table, SNAT), then the nodes its pods run on",
    ),
    Component(
        "Deployment",
        "konnectivity-agent-autoscaler",
        "konnectivity-agent keeps its present number of replicas",
        "look at its pod; restarts come from a system node short of CPU",
        down=Meaning.LOOK,
        container="autoscaler",
    ),
    Component(
        "Deployment",
        "metrics-server",
        "no kubectl top, and HorizontalPodAutoscalers stand still",
        "look at konnectivity-agent first, then at metrics-server's logs (x509, timeouts to kubelets)",
    ),
    Component(
        "DaemonSet",
        "kube-proxy",
        "Services lead to old addresses on these nodes",
        "read its log there: xtables lock, iptables-restore, or no way to the API server",
        replaced_by=("cilium",),
    ),
    Component(
        "DaemonSet",
        "azure-ip-masq-agent",
        "traffic to peered networks leaves these nodes with the wrong address",
        "read its log: a CIDR in ConfigMap azure-ip-masq-agent-config that does not parse",
        replaced_by=("cilium",),
    ),
    Component(
        "DaemonSet",
        "cloud-node-manager",
        "new nodes stay tainted uninitialized, and nothing is scheduled there",
        "read its log: does the node reach 169.254.169.254 and the API server",
    ),
    Component(
        "DaemonSet",
        "csi-azuredisk-node",
        "Azure disks do not mount on these nodes",
        "look at its pods' containers: node-driver-registrar and liveness-probe tell which part hangs",
        container="azuredisk",
    ),
    Component(
        "DaemonSet",
        "csi-azurefile-node",
        "Azure file shares do not mount on these nodes",
        "look at its pods' containers: node-driver-registrar and liveness-probe tell which part hangs",
        container="azurefile",
    ),
)
"""In the order in which the screen lists them."""

KNOWN: Final[Mapping[tuple[str, str], Component]] = {(one.kind, one.name): one for one in AKS_COMPONENTS}
"""By kind and name."""

UNKNOWN_WITHOUT: Final = "a workload of kube-system"
UNKNOWN_ADVICE: Final = "look at its pods, their events and logs"
