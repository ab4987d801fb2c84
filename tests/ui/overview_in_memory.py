"""A small AKS cluster with its components, leases and the API server's own checks, for the cluster in memory."""

from __future__ import annotations

from typing import Any

from kubetui.cluster.transport import Answer, Request
from kubetui.demo.moment import rfc3339, rfc3339_micro
from kubetui.insight.aks_components import AKS_COMPONENTS
from tests.ui.cluster_in_memory import CREATED, NOW, ClusterInMemory, node, pod

REGISTRY = "mcr.example/oss/kubernetes"
CHECKS = ("ping", "log", "etcd", "informer-sync", "poststarthook/rbac/bootstrap-roles")


class Watched(ClusterInMemory):
    """Answers the checks too, and counts pods."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.failing: set[str] = set()

    async def send(self, request: Request) -> Answer:
        """Checks, then what every cluster answers."""
        if request.path in ("/readyz", "/livez"):
            self.asked.append(request)
            path = request.path[1:]
            if path in self.refuses:
                raise self.refuses[path]
            lines = [f"[{'-' if name in self.failing else '+'}]{name} ok" for name in CHECKS]
            return Answer(200, "\n".join(lines).encode(), "text/plain", {})
        return await super().send(request)


def aks_node(name: str, pool: str, **more: Any) -> Any:
    """A node with AKS's labels for cluster and region."""
    found = node(name, pool, **more)
    found["metadata"]["labels"] |= {
        "kubernetes.azure.com/cluster": "MC_rg-prod_aks-prod_westeurope",
        "topology.kubernetes.io/region": "westeurope",
    }
    found["status"]["nodeInfo"]["containerRuntimeVersion"] = "containerd://1.7.29-1"
    return found


def _meta(name: str, namespace: str, **annotations: str) -> dict[str, Any]:
    return {"name": name, "namespace": namespace, "creationTimestamp": CREATED, "generation": 1,
            "annotations": annotations}  # fmt: skip


def _template(name: str, tag: str) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": name, "image": f"{REGISTRY}/{name}:{tag}"}]}}


def a_deployment(
    name: str, *, desired: int = 2, ready: int | None = None, down_for: int = 0, namespace: str = "kube-system",
    tag: str = "v1.14.3",
) -> Any:  # fmt: skip
    """A Deployment; ``down_for``: seconds since when it is not available."""
    found = desired if ready is None else ready
    since = rfc3339(NOW - down_for)
    conditions = [
        {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable", "lastUpdateTime": CREATED,
         "lastTransitionTime": CREATED},
        {"type": "Available", "status": "False" if down_for else "True", "lastTransitionTime": since},
    ]  # fmt: skip
    return {
        "kind": "Deployment",
        "metadata": _meta(name, namespace, **{"deployment.kubernetes.io/revision": "4"}),
        "spec": {"replicas": desired, "selector": {"matchLabels": {"app": name}}, "template": _template(name, tag)},
        "status": {"replicas": desired, "updatedReplicas": desired, "readyReplicas": found,
                   "availableReplicas": found, "observedGeneration": 1, "conditions": conditions},
    }  # fmt: skip


def a_daemon_set(name: str, *, desired: int = 6, ready: int | None = None, tag: str = "v1.36.3") -> Any:
    """A DaemonSet of kube-system."""
    found = desired if ready is None else ready
    return {
        "kind": "DaemonSet",
        "metadata": _meta(name, "kube-system", **{"deprecated.daemonset.template.generation": "4"}),
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": _template(name, tag)},
        "status": {"desiredNumberScheduled": desired, "currentNumberScheduled": desired, "numberReady": found,
                   "updatedNumberScheduled": desired, "numberAvailable": found, "observedGeneration": 1},
    }  # fmt: skip


def a_lease(name: str, age: float = 1.0) -> Any:
    """A leader's lease, renewed so many seconds ago."""
    return {
        "metadata": {"name": name, "namespace": "kube-system", "creationTimestamp": CREATED},
        "spec": {"holderIdentity": f"{name}-x2x7k", "leaseDurationSeconds": 15, "leaseTransitions": 7,
                 "renewTime": rfc3339_micro(NOW - age)},
    }  # fmt: skip


def node_event(name: str, about: str, reason: str, ago: int) -> Any:
    """An event about a node."""
    when = rfc3339(NOW - ago)
    return {
        "kind": "Event",
        "metadata": {"name": name, "namespace": "default", "creationTimestamp": when},
        "involvedObject": {"kind": "Node", "name": about},
        "type": "Normal",
        "reason": reason,
        "message": f"Node {about}: {reason}",
        "firstTimestamp": when,
        "lastTimestamp": when,
    }


def system_pod(name: str, owner: str, *, unready_for: int = 0, restarted: int = 0, waiting: str = "") -> Any:
    """A pod of a Deployment of kube-system; ``restarted``: seconds since its only restart."""
    replica_set = f"{owner}-abc"
    labels = {"app": owner, "pod-template-hash": "abc"}
    owners = [{"kind": "ReplicaSet", "name": replica_set, "controller": True}]
    found = pod(name, "kube-system", ready=not unready_for, labels=labels, owners=owners, waiting=waiting)
    since = rfc3339(NOW - unready_for)
    found["status"]["conditions"] = [
        {"type": "Ready", "status": "False" if unready_for else "True", "lastTransitionTime": since}
    ]
    if restarted:
        status = found["status"]["containerStatuses"][0]
        status["restartCount"] = 1
        finished = rfc3339(NOW - restarted)
        status["lastState"] = {"terminated": {"reason": "OOMKilled", "exitCode": 137, "finishedAt": finished}}
    return found


def waiting_pod(name: str, namespace: str, reason: str, message: str, ago: int) -> Any:
    """A pod that has not started."""
    found = pod(name, namespace, ready=False, waiting=reason)
    found["metadata"]["creationTimestamp"] = rfc3339(NOW - ago)
    found["status"]["phase"] = "Pending"
    found["status"]["containerStatuses"][0]["state"]["waiting"]["message"] = message
    return found


def calm() -> Watched:
    """Six nodes, all components, everything well."""
    nodes = [aks_node(f"aks-system-31415926-vmss00000{n}", "system") for n in range(2)]
    nodes += [aks_node(f"aks-general-27182818-vmss00000{n}", "general") for n in range(4)]
    pods = [pod(f"checkout-{n}") for n in range(3)]
    pods += [system_pod("coredns-1", "coredns"), system_pod("coredns-2", "coredns")]
    pods += [system_pod(f"konnectivity-agent-{n}", "konnectivity-agent") for n in range(2)]
    found = Watched(pods, nodes)
    for component in AKS_COMPONENTS:
        if component.kind == "Deployment":
            found.add("deployments", a_deployment(component.name))
        else:
            found.add("daemonsets", a_daemon_set(component.name))
    found.add("deployments", a_deployment("checkout", namespace="team-00", tag="2.0"))
    found.add("leases", *(a_lease(name) for name in ("kube-scheduler", "kube-controller-manager")))
    return found


def burning() -> Watched:
    """The same with an agent down, a node lost, an image that is not there, and versions that differ."""
    found = calm()
    lost = aks_node("aks-general-27182818-vmss000003", "general", ready=False, version="v1.35.4")
    lost["status"]["conditions"][0]["lastTransitionTime"] = rfc3339(NOW - 240)
    lost["spec"]["providerID"] = (
        "azure:///subscriptions/0/resourceGroups/MC/providers/Microsoft.Compute/virtualMachineScaleSets/"
        "aks-general-27182818-vmss/virtualMachines/3"
    )
    found.add("nodes", lost)
    found.add("deployments", a_deployment("konnectivity-agent", desired=2, ready=0, down_for=260))
    found.add("pods", *(system_pod(f"konnectivity-agent-{n}", "konnectivity-agent", unready_for=255) for n in range(2)))
    found.add("pods", system_pod("coredns-1", "coredns", restarted=900))
    for name in ("kube-proxy", "csi-azuredisk-node"):
        found.add("daemonsets", a_daemon_set(name, ready=5))
    words = 'Back-off pulling image "acr.example/cart:typo": not found \x1b[2J'
    found.add("pods", waiting_pod("cart-7f-1", "team-01", "ImagePullBackOff", words, 600))
    found.add("events", node_event("e1", "aks-system-31415926-vmss000000", "Rebooted", 1800))
    found.add("leases", a_lease("kube-scheduler", age=900))
    return found
