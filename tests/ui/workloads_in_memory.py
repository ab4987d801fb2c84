"""DaemonSets, Deployments, ReplicaSets and events as the API serves them, for the cluster in memory."""

from __future__ import annotations

from typing import Any

from tests.ui.cluster_in_memory import CREATED, ClusterInMemory, node, pod

AT = "2026-11-21T13:0{}:00Z"
IMAGE = "registry.example/team-04/checkout:{}"


def _meta(name: str, namespace: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "namespace": namespace, "creationTimestamp": CREATED, "generation": 1, **more}


def _template(app: str, image: str, **spec: Any) -> dict[str, Any]:
    return {"metadata": {"labels": {"app": app}}, "spec": {"containers": [{"name": "app", "image": image}], **spec}}


def owned_by(kind: str, name: str) -> list[dict[str, Any]]:
    """The owner that controls an object."""
    return [{"kind": kind, "name": name, "controller": True}]


def daemon_set(name: str, *, desired: int, ready: int, updated: int | None = None, **spec: Any) -> Any:
    """A DaemonSet at its second revision."""
    counts = {"desiredNumberScheduled": desired, "currentNumberScheduled": desired, "numberReady": ready}
    done = desired if updated is None else updated
    return {
        "kind": "DaemonSet",
        "metadata": _meta(name, "kube-system", annotations={"deprecated.daemonset.template.generation": "2"}),
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
            "template": _template(name, f"mcr.example/{name}:v1.2", **spec),
        },
        "status": counts | {"updatedNumberScheduled": done, "numberAvailable": ready, "observedGeneration": 1},
    }


def daemon_pod(name: str, owner: str, on: str, *, generation: str = "2", **more: Any) -> Any:
    """A pod of a DaemonSet; ``on`` is where it is, or with ``pending`` where it is to go."""
    labels = {"app": owner, "pod-template-generation": generation}
    common = {"labels": labels, "owners": owned_by("DaemonSet", owner)}
    if not more.pop("pending", False):
        return pod(name, "kube-system", node=on, **common, **more)
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [on]}]}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    condition = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": "0/5 nodes are available: 1 Insufficient memory, 4 node(s) didn't satisfy plugin(s) [NodeAffinity].",
    }
    status = {"phase": "Pending", "containerStatuses": [], "conditions": [condition], "podIP": ""}
    return pod(name, "kube-system", node="", spec={"affinity": {"nodeAffinity": required}}, status=status, **common)


def deployment(name: str, *, updated: int, available: int, replicas: int = 3, **more: Any) -> Any:
    """A Deployment of three replicas at its second revision."""
    return {
        "kind": "Deployment",
        "metadata": _meta(name, "team-04", annotations={"deployment.kubernetes.io/revision": "2"}),
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"app": name}},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}},
            "template": _template(name, IMAGE.format("2.0")),
        },
        "status": {
            "replicas": replicas,
            "updatedReplicas": updated,
            "readyReplicas": available,
            "availableReplicas": available,
            "observedGeneration": 1,
            "conditions": more.get("conditions", []),
        },
    }


def replica_set(name: str, of: str, revision: int, image: str, *, desired: int, ready: int) -> Any:
    """A ReplicaSet of a Deployment."""
    annotations = {"deployment.kubernetes.io/revision": str(revision)}
    owners = owned_by("Deployment", of)
    return {
        "kind": "ReplicaSet",
        "metadata": _meta(name, "team-04", annotations=annotations, labels={"app": of}, ownerReferences=owners),
        "spec": {"replicas": desired, "template": _template(of, IMAGE.format(image))},
        "status": {"replicas": desired, "readyReplicas": ready},
    }


def event(
    name: str, about: str, reason: str, message: str, *, minute: int, count: int = 1, kind: str = "Normal"
) -> Any:
    """An event about ``Pod/checkout-0``, last seen at 13:0x."""
    object_kind, _, object_name = about.partition("/")
    return {
        "kind": "Event",
        "metadata": _meta(name, "team-04"),
        "involvedObject": {"kind": object_kind, "name": object_name, "namespace": "team-04"},
        "type": kind,
        "reason": reason,
        "message": message,
        "count": count,
        "firstTimestamp": AT.format(0),
        "lastTimestamp": AT.format(minute),
        "source": {"component": "kubelet", "host": "n1"},
    }


def busy() -> ClusterInMemory:
    """Five nodes and a DaemonSet that misses three of them; a rollout that is stuck; events."""
    windows = node("aks-win-000000", "win", taints=[{"key": "os", "value": "windows", "effect": "NoSchedule"}])
    nodes = [node(f"aks-general-00000{n}", "general", ready=n != 4) for n in range(5)]
    pods = [
        daemon_pod("agent-a", "agent", "aks-general-000000"),
        daemon_pod("agent-b", "agent", "aks-general-000001", generation="1"),
        daemon_pod("agent-c", "agent", "aks-general-000002", waiting="CrashLoopBackOff", restarts=7),
        daemon_pod("agent-d", "agent", "aks-general-000003", pending=True),
    ]
    pods += [
        pod(f"checkout-{part}", "team-04", labels={"app": "checkout"}, owners=owned_by("ReplicaSet", owner), **more)
        for part, owner, more in (
            ("old-1", "checkout-old", {}),
            ("old-2", "checkout-old", {}),
            ("new-1", "checkout-new", {"waiting": "ImagePullBackOff"}),
        )
    ]
    cluster = ClusterInMemory(pods, [*nodes, windows], ["team-04"])
    cluster.add(
        "daemonsets",
        daemon_set("agent", desired=4, ready=2, updated=3),
        daemon_set("kube-proxy", desired=6, ready=6, tolerations=[{"operator": "Exists"}]),
    )
    stuck = {
        "type": "Progressing",
        "status": "False",
        "reason": "ProgressDeadlineExceeded",
        "message": 'ReplicaSet "checkout-new" has timed out progressing.',
    }
    cluster.add(
        "deployments",
        deployment("checkout", updated=1, available=2, conditions=[stuck]),
        deployment("mailer", updated=3, available=3),
    )
    cluster.add(
        "replicasets",
        replica_set("checkout-old", "checkout", 1, "1.9", desired=2, ready=2),
        replica_set("checkout-new", "checkout", 2, "2.0", desired=1, ready=0),
    )
    cluster.add(
        "events",
        event("e1", "Pod/checkout-new-1", "Failed", "Error: ImagePullBackOff", minute=3, count=4, kind="Warning"),
        event("e2", "Pod/checkout-new-1", "Failed", "Failed to pull: not found", minute=2, count=3, kind="Warning"),
        event("e3", "Pod/checkout-new-1", "Scheduled", "Successfully assigned", minute=1),
        event("e4", "Deployment/checkout", "ScalingReplicaSet", "Scaled up \x1b[2Jto 1", minute=0),
    )
    return cluster
