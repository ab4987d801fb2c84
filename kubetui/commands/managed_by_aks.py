"""What AKS itself keeps, so that nobody is surprised when a change is gone: told before a command is copied.

Sources: AKS' documents on customising CoreDNS and its autoscaling, metrics-server, ip-masq-agent, kube-proxy,
node auto-repair; the addon manager's modes are Kubernetes' own (``cluster/addons/addon-manager/README.md``).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from kubetui.commands.command import CHANGES, Command, destroys
from kubetui.commands.subject import Subject

MODE: Final = "addonmanager.kubernetes.io/mode"
MANAGED_BY: Final = "kubernetes.azure.com/managedby"

_RECONCILED: Final = "AKS keeps this object: its add-on manager undoes edits, scaling and new images within minutes."
_ENSURED: Final = "AKS makes this object anew when it is deleted; what is edited in it stays."
_OWNED: Final = "AKS installed this object, and an upgrade or its controllers may undo changes."


class Managed(NamedTuple):
    """What is known of one object of AKS: what to tell, and what to use in place of an edit."""

    note: str
    commands: tuple[Command, ...] = ()


def _edit(name: str, what: str) -> Command:
    return Command(f"aks.edit.{name}", what, f"{{kubectl}} -n kube-system edit configmap {name}", CHANGES)


def _restart(kind: str, name: str) -> Command:
    return Command(
        f"aks.restart.{name}",
        f"restart {name}, which reads it",
        f"{{kubectl}} -n kube-system rollout restart {kind}/{name}",
        destroys("restarts pods"),
    )


def _show(name: str, what: str) -> Command:
    return Command(f"aks.show.{name}", what, f"{{kubectl}} -n kube-system get configmap {name} -o yaml")


_COREDNS: Final = Managed(
    "coredns-autoscaler sets its replicas every 10 seconds: scale through ConfigMap coredns-autoscaler. "
    "Own DNS rules belong in ConfigMap coredns-custom (keys that end in .server or .override), then restart coredns.",
    (
        _edit("coredns-custom", "own DNS rules: edit coredns-custom"),
        _edit("coredns-autoscaler", "replicas: edit coredns-autoscaler"),
        _restart("deployment", "coredns"),
    ),
)
_KONNECTIVITY: Final = Managed(
    "konnectivity-agent-autoscaler sets its replicas by the number of nodes. While no agent runs, logs, exec, "
    "port-forward and top fail cluster-wide.",
    (_show("konnectivity-agent-autoscaler", "replicas: the ladder that sets them"),),
)
_METRICS: Final = Managed(
    "Its requests are set by the number of nodes: tune them through ConfigMap metrics-server-config.",
    (_edit("metrics-server-config", "requests: edit metrics-server-config"),),
)
_IP_MASQ: Final = Managed(
    "Own ranges belong in ConfigMap azure-ip-masq-agent-config, which is merged with AKS' own within a minute.",
    (_edit("azure-ip-masq-agent-config", "own ranges: edit azure-ip-masq-agent-config"),),
)
_KUBE_PROXY: Final = Managed(
    "Its mode and options are set in AKS: az aks update --kube-proxy-config FILE, of az's extension aks-preview.",
    (
        Command("aks.kube-proxy", "its options, in AKS (aks-preview)",
                "az aks show -g {group} -n {cluster} --query networkProfile.kubeProxyConfig"),
    ),
)  # fmt: skip
_AGENT_CONFIG: Final = Managed(
    "What it collects is set by ConfigMap container-azm-ms-agentconfig.",
    (_edit("container-azm-ms-agentconfig", "what it collects: edit container-azm-ms-agentconfig"),),
)
_AMA_METRICS: Final = Managed(
    "What it scrapes is set by ConfigMap ama-metrics-settings-configmap.",
    (_edit("ama-metrics-settings-configmap", "what it scrapes: edit ama-metrics-settings-configmap"),),
)

COMPONENTS: Final[dict[tuple[str, str], Managed]] = {
    ("Deployment", "coredns"): _COREDNS,
    ("ConfigMap", "coredns"): _COREDNS,
    ("ConfigMap", "coredns-custom"): Managed(
        "coredns reads it when it is restarted.", (_restart("deployment", "coredns"),)
    ),
    ("ConfigMap", "coredns-autoscaler"): Managed("coredns-autoscaler reads it within 10 seconds."),
    ("Deployment", "coredns-autoscaler"): Managed(
        "It is what sets coredns' replicas, by ConfigMap coredns-autoscaler.",
        (_edit("coredns-autoscaler", "replicas of coredns: edit coredns-autoscaler"),),
    ),
    ("Deployment", "konnectivity-agent"): _KONNECTIVITY,
    ("Deployment", "metrics-server"): _METRICS,
    ("DaemonSet", "azure-ip-masq-agent"): _IP_MASQ,
    ("ConfigMap", "azure-ip-masq-agent-config-reconciled"): _IP_MASQ,
    ("DaemonSet", "kube-proxy"): _KUBE_PROXY,
    ("DaemonSet", "ama-logs"): _AGENT_CONFIG,
    ("Deployment", "ama-logs-rs"): _AGENT_CONFIG,
    ("DaemonSet", "ama-metrics-node"): _AMA_METRICS,
    ("Deployment", "ama-metrics"): _AMA_METRICS,
}  # fmt: skip
"""(kind, name) in ``kube-system`` to what is known of it."""

NODE_NOTE: Final = (
    "AKS repairs a node that is not ready for 5 minutes by itself: it restarts, then reimages, then redeploys it."
)


def managed_component(subject: Subject) -> Managed | None:
    """What is known of this very object."""
    if subject.namespace != "kube-system":
        return None
    return COMPONENTS.get((subject.kind, subject.name))


def notes_for(subject: Subject) -> list[str]:
    """What AKS does to the object by itself, the general first."""
    notes = []
    mode = subject.labels.get(MODE)
    if mode == "Reconcile":
        notes.append(_RECONCILED)
    elif mode == "EnsureExists":
        notes.append(_ENSURED)
    elif subject.labels.get(MANAGED_BY) == "aks" and subject.kind != "Pod":
        notes.append(_OWNED)
    component = managed_component(subject)
    if component is not None:
        notes.append(component.note)
    if subject.kind == "Node" and subject.machine.label and subject.pool:
        notes.append(NODE_NOTE)
    return notes
