"""Objects to make commands for."""

from __future__ import annotations

import json
from typing import Any

from kubetui.commands.command import Offer
from kubetui.commands.offers import offers_for
from kubetui.commands.place import ClusterPlace, ManagedCluster
from kubetui.commands.read_object import read_subject
from kubetui.commands.subject import Resource, Subject

PLACE = ClusterPlace("aks-prod", managed=ManagedCluster("rg-prod", "aks-prod"))
POD = Resource("Pod", "pods", "", "v1")
NODE = Resource("Node", "nodes", "", "v1", namespaced=False)
DEPLOYMENT = Resource("Deployment", "deployments", "apps", "v1")
STATEFUL_SET = Resource("StatefulSet", "statefulsets", "apps", "v1")
DAEMON_SET = Resource("DaemonSet", "daemonsets", "apps", "v1")
REPLICA_SET = Resource("ReplicaSet", "replicasets", "apps", "v1")
SERVICE = Resource("Service", "services", "", "v1")
JOB = Resource("Job", "jobs", "batch", "v1")
CRON_JOB = Resource("CronJob", "cronjobs", "batch", "v1")
CONFIG_MAP = Resource("ConfigMap", "configmaps", "", "v1")
CERTIFICATE = Resource("Certificate", "certificates", "cert-manager.io", "v1")

VMSS_ID = (
    "azure:///subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mc_rg-prod_aks-prod_westeurope/"
    "providers/Microsoft.Compute/virtualMachineScaleSets/aks-general-27182818-vmss/virtualMachines/17"
)
VM_ID = (
    "azure:///subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mc_rg-prod_aks-prod_westeurope/"
    "providers/Microsoft.Compute/virtualMachines/aks-default-cfc7h"
)


def subject(resource: Resource, name: str, namespace: str = "", **body: Any) -> Subject:
    """As it is read from the object's JSON."""
    return read_subject(resource, namespace, name, json.dumps(body).encode())


def pod(name: str = "checkout-0", namespace: str = "team-04", **more: Any) -> Subject:
    """Two containers, one of which speaks TCP, and an init container."""
    ports = [{"containerPort": 80}, {"containerPort": 53, "protocol": "UDP"}]
    body: dict[str, Any] = {
        "metadata": {"ownerReferences": [{"kind": "ReplicaSet", "name": "checkout", "controller": True}]},
        "spec": {
            "nodeName": "aks-general-27182818-vmss00000h",
            "initContainers": [{"name": "migrate", "image": "migrate:1"}],
            "containers": [
                {"name": "app", "image": "app:1", "ports": ports},
                {"name": "proxy", "image": "proxy:1"},
            ],
        },
        "status": {"containerStatuses": [{"name": "app", "containerID": "containerd://0123abcd"}]},
    }  # fmt: skip
    return subject(POD, name, namespace, **(body | more))


def node(name: str = "aks-general-27182818-vmss00000h", provider_id: str = VMSS_ID, **more: Any) -> Subject:
    """A node of an AKS pool."""
    labels = {
        "kubernetes.azure.com/agentpool": "general",
        "kubernetes.azure.com/cluster": "MC_rg-prod_aks-prod_westeurope",
    }
    body: dict[str, Any] = {
        "metadata": {"labels": labels},
        "spec": {"providerID": provider_id},
        "status": {"nodeInfo": {"operatingSystem": "linux"}},
    }
    return subject(NODE, name, **(body | more))


def workload(
    resource: Resource = DEPLOYMENT, name: str = "checkout", namespace: str = "team-04", **more: Any
) -> Subject:
    """Three replicas of one container."""
    body: dict[str, Any] = {
        "metadata": {"labels": more.pop("labels", {})},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"app": "checkout"}},
            "template": {"spec": {"containers": [{"name": "app", "image": "registry/app:1"}]}},
        },
    }
    return subject(resource, name, namespace, **(body | more))


def service(**more: Any) -> Subject:
    """Two TCP ports and one UDP."""
    ports = [{"port": 443}, {"port": 8080}, {"port": 53, "protocol": "UDP"}]
    return subject(SERVICE, "web", "team-04", spec={"ports": ports, "selector": {"app": "web"}} | more)


def all_offers(*subjects: Subject, place: ClusterPlace = PLACE) -> list[Offer]:
    """Every command for the objects."""
    return [offer for section in offers_for(subjects, place) for offer in section.offers]


def line(identity: str, *subjects: Subject, place: ClusterPlace = PLACE) -> tuple[str, ...]:
    """The words of one command."""
    return next(offer.words for offer in all_offers(*subjects, place=place) if offer.id == identity)


SAMPLES: tuple[Subject, ...] = (
    pod(),
    node(),
    node("aks-default-cfc7h", VM_ID),
    node("akswin00000h", status={"nodeInfo": {"operatingSystem": "windows"}}),
    node("bare-metal", ""),
    workload(),
    workload(STATEFUL_SET, "db"),
    workload(DAEMON_SET, "agent", spec={"template": {"spec": {"containers": [{"name": "agent", "image": "agent:1"}]}},
                                        "selector": {"matchLabels": {"app": "agent"}}}),
    workload(REPLICA_SET, "checkout-5d4f"),
    service(),
    subject(JOB, "import", "team-04"),
    subject(CRON_JOB, "nightly", "team-04"),
    subject(CONFIG_MAP, "coredns-custom", "kube-system"),
    subject(CERTIFICATE, "tls", "team-04"),
    workload(DEPLOYMENT, "coredns", "kube-system", labels={"addonmanager.kubernetes.io/mode": "Reconcile"}),
)  # fmt: skip
"""One of every kind that has commands of its own, and some that have none."""
