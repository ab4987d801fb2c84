"""Pods and nodes as kube-apiserver serves them, shortened to what a test needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.terminal.api_server import Object, SmallCluster

_BORN = datetime.now(UTC) - timedelta(days=3)
POOLS = {"general": "Standard_D8s_v5", "system": "Standard_D4s_v5"}


def a_time(hours: float = 0.0) -> str:
    """RFC 3339, so many hours after the objects were made."""
    return (_BORN + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def namespace(name: str) -> Object:
    """An active namespace."""
    return {"metadata": {"name": name, "creationTimestamp": a_time()}, "status": {"phase": "Active"}}


def node(pool: str, number: int, *, ready: bool = True) -> Object:
    """A node of an AKS pool, backed by an instance of its VM scale set."""
    vmss = f"aks-{pool}-27182818-vmss"
    name = f"{vmss}{number:06d}"
    group = "/subscriptions/0/resourceGroups/MC_test/providers/Microsoft.Compute/virtualMachineScaleSets"
    capacity = {"cpu": "8", "memory": "32Gi", "pods": "110"}
    labels = {
        "kubernetes.azure.com/agentpool": pool,
        "kubernetes.azure.com/mode": "system" if pool == "system" else "user",
        "node.kubernetes.io/instance-type": POOLS[pool],
    }
    condition = {"type": "Ready", "status": "True" if ready else "Unknown", "lastTransitionTime": a_time(1)}
    return {
        "metadata": {"name": name, "creationTimestamp": a_time(), "labels": labels},
        "spec": {"providerID": f"azure://{group}/{vmss}/virtualMachines/{number}"},
        "status": {
            "capacity": capacity,
            "allocatable": capacity,
            "conditions": [condition],
            "nodeInfo": {"kubeletVersion": "v1.36.3", "osImage": "Ubuntu 24.04 LTS"},
        },
    }


def pod(where: str, name: str, *, phase: str = "Running", waiting: str = "", restarts: int = 0) -> Object:
    """A pod of one container; ``waiting`` is the reason why that does not run."""
    state: dict[str, Any] = {"waiting": {"reason": waiting}} if waiting else {"running": {"startedAt": a_time()}}
    status = {"name": "main", "ready": not waiting, "restartCount": restarts, "state": state}
    return {
        "metadata": {
            "name": name,
            "namespace": where,
            "creationTimestamp": a_time(),
            "labels": {"app": name.partition("-")[0]},
            "managedFields": [{"manager": "kubelet", "operation": "Update"}],
        },
        "spec": {
            "nodeName": "aks-general-27182818-vmss000000",
            "containers": [{"name": "main", "image": "registry.test/app:1"}],
        },
        "status": {"phase": phase, "podIP": "10.244.0.7", "containerStatuses": [status]},
    }


def a_small_cluster() -> SmallCluster:
    """Two pools, three namespaces, pods that are well and one that is not."""
    cluster = SmallCluster()
    for name in ("default", "kube-system", "team-04"):
        cluster.put("namespaces", namespace(name))
    for pool, number, ready in (("general", 0, True), ("general", 1, False), ("system", 0, True)):
        cluster.put("nodes", node(pool, number, ready=ready))
    cluster.put("pods", pod("kube-system", "coredns-0"))
    cluster.put("pods", pod("kube-system", "konnectivity-agent-0"))
    cluster.put("pods", pod("team-04", "checkout-0"))
    cluster.put("pods", pod("team-04", "ledger-0", waiting="CrashLoopBackOff", restarts=14))
    return cluster
