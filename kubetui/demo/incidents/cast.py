"""Who takes part in an incident: the same seed chooses the same node and the same workload."""

from __future__ import annotations

from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.fleet import Node
from kubetui.demo.incidents.incident import Scene
from kubetui.demo.kubelet import Fate
from kubetui.demo.workload import Workload

NAMESPACE = "kube-system"


def a_node(scene: Scene, *, spot: bool) -> Node:
    """A ready node of a user pool, with many pods. ValueError if there is none."""
    nodes = [
        node
        for node in scene.world.fleet.nodes.values()
        if node.pool.mode == "user" and node.pool.spot is spot and node.ready and not node.pool.windows
    ]
    if not nodes:
        raise ValueError(f"the cluster has no ready {'spot' if spot else 'general'} node left")
    return max(nodes, key=lambda node: (node.pods, node.name))


def component(scene: Scene, name: str) -> Workload:
    """A Deployment of kube-system."""
    return scene.world.workloads.find("Deployment", NAMESPACE, name)


def a_tenants_deployment(scene: Scene, app: str) -> Workload:
    """The app's Deployment in the first namespace that has one, or any tenant's. ValueError if there is none."""
    tenants = [
        workload
        for workload in scene.world.workloads.all.values()
        if workload.kind == "Deployment" and workload.namespace != NAMESPACE and workload.replicas > 0
    ]
    if not tenants:
        raise ValueError("the cluster has no tenants' Deployment")
    return min(tenants, key=lambda workload: (workload.name != app, workload.namespace, workload.name))


def pods_of(workload: Workload) -> list[PodEntry]:
    """Its living pods, by name."""
    return sorted(workload.living(), key=lambda pod: pod.name)


def fail_readiness(scene: Scene, workload: Workload, words: str) -> None:
    """All its pods, and those to come, fail their readiness probe with these words."""
    scene.world.kubelets.fates[workload.template] = Fate(unready=words)
    for pod in pods_of(workload):
        scene.world.kubelets.becomes_unready(pod)


def restore(scene: Scene, workload: Workload) -> None:
    """Its pods' fate is the usual one again; each shows it at its next probe or start."""
    for revision in workload.revisions:
        scene.world.kubelets.fates.pop(revision.template, None)
