"""Workload objects, and the pods that their controllers would make of them."""

from __future__ import annotations

from typing import Any

from tests.cluster.nodes import Place
from tests.cluster.shape import Container, Workload

Object = dict[str, Any]  # a Kubernetes object as JSON

_PLURALS = {"Deployment": "deployments", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets"}

# What the DaemonSet controller adds to every pod of its own, in its order.
_DAEMON_TOLERATIONS = [
    {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": effect}
    for key, effect in (
        ("not-ready", "NoExecute"),
        ("unreachable", "NoExecute"),
        ("disk-pressure", "NoSchedule"),
        ("memory-pressure", "NoSchedule"),
        ("pid-pressure", "NoSchedule"),
        ("unschedulable", "NoSchedule"),
    )
]
_HOST_NETWORK_TOLERATION = {
    "key": "node.kubernetes.io/network-unavailable",
    "operator": "Exists",
    "effect": "NoSchedule",
}


def collection(workload: Workload) -> str:
    """The path that workloads of this kind and namespace are created at."""
    return f"/apis/apps/v1/namespaces/{workload.namespace}/{_PLURALS[workload.kind]}"


def workload_object(workload: Workload) -> Object:
    """The object to create: without replicas, so that its controller makes a revision of it but no pods."""
    selector = dict(workload.labels[:1])
    spec: Object = {
        "selector": {"matchLabels": selector},
        "template": {"metadata": _template_metadata(workload), "spec": _pod_spec(workload)},
    }
    if workload.kind != "DaemonSet":
        spec["replicas"] = 0
    if workload.kind == "StatefulSet":
        spec["serviceName"] = workload.name
    labels = dict(workload.labels)
    if workload.system:
        labels["addonmanager.kubernetes.io/mode"] = "Reconcile"
    return {
        "apiVersion": "apps/v1",
        "kind": workload.kind,
        "metadata": {"name": workload.name, "namespace": workload.namespace, "labels": labels},
        "spec": spec,
    }


def pod_object(template: Object, owner: Object, labels: dict[str, str], name: str, place: Place) -> Object:
    """The pod that the owner's controller would make of its template, put on a node as the scheduler would."""
    kind, spec = owner["kind"], dict(template["spec"])
    metadata = dict(template["metadata"])
    metadata |= {
        "name": name,
        "namespace": owner["metadata"]["namespace"],
        "generateName": f"{owner['metadata']['name']}-",
        "labels": metadata.get("labels", {}) | labels,
        "ownerReferences": [
            {
                "apiVersion": "apps/v1",
                "kind": kind,
                "name": owner["metadata"]["name"],
                "uid": owner["metadata"]["uid"],
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ],
    }
    metadata.pop("creationTimestamp", None)
    spec["nodeName"] = place.name
    if kind == "DaemonSet":
        _put_by_daemon_set(spec, place)
    if kind == "StatefulSet":
        spec |= {"hostname": name, "subdomain": owner["spec"]["serviceName"]}
        index = name.rpartition("-")[2]
        metadata["labels"] |= {"apps.kubernetes.io/pod-index": index, "statefulset.kubernetes.io/pod-name": name}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _put_by_daemon_set(spec: Object, place: Place) -> None:
    more = [_HOST_NETWORK_TOLERATION] if spec.get("hostNetwork") else []
    spec["tolerations"] = [*spec.get("tolerations", []), *_DAEMON_TOLERATIONS, *more]
    field = {"key": "metadata.name", "operator": "In", "values": [place.name]}
    terms = {"nodeSelectorTerms": [{"matchFields": [field]}]}
    spec["affinity"] = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}


def _template_metadata(workload: Workload) -> Object:
    annotations = {} if workload.system else {"checksum/config": "0badc0de" * 8, "prometheus.io/scrape": "true"}
    return {"labels": dict(workload.labels), "annotations": annotations}


def _pod_spec(workload: Workload) -> Object:
    spec: Object = {
        "containers": [_container(container, workload) for container in workload.containers],
        "volumes": [{"name": "config", "configMap": {"name": f"{workload.name}-config", "optional": True}}],
        "automountServiceAccountToken": True,
    }
    if workload.system:
        spec["priorityClassName"] = "system-node-critical"
        spec["tolerations"] = [{"operator": "Exists"}]
    else:
        spec["tolerations"] = [
            {"key": "kubernetes.azure.com/scalesetpriority", "operator": "Exists", "effect": "NoSchedule"},
            {"key": "sku", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"},
        ]
    if workload.host_network:
        spec["hostNetwork"] = True
    return spec


def _container(container: Container, workload: Workload) -> Object:
    made: Object = {
        "name": container.name,
        "image": container.image,
        "env": [
            *({"name": f"SETTING_{n}", "value": f"{container.name}-value-{n}"} for n in range(container.settings)),
            {"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        ],
        "resources": {
            "requests": {"cpu": f"{container.cpu}m", "memory": f"{container.memory}Mi"},
            "limits": {"cpu": f"{2 * container.cpu}m", "memory": f"{2 * container.memory}Mi"},
        },
        "volumeMounts": [{"name": "config", "mountPath": "/etc/config", "readOnly": True}],
    }
    if container.name == workload.name and not workload.system:
        made["ports"] = [{"name": "http", "containerPort": 8080}]
        made["readinessProbe"] = {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 10}
        made["livenessProbe"] = {"httpGet": {"path": "/live", "port": 8080}, "periodSeconds": 10}
    return made
