"""The commands to copy, given to the real kubectl on a real API server.

What only reads, or can be asked for without being done, is run as it stands. What needs a kubelet, of which there is
none, must come as far as that: a word that kubectl does not know ends it before.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kubetui.commands.command import Offer
from kubetui.commands.offers import offers_for
from kubetui.commands.place import ClusterPlace
from kubetui.commands.quoting import command_line
from kubetui.commands.read_object import read_subject
from kubetui.commands.subject import Resource, Subject, pool_subject
from kubetui.kinds.node_row import NodeRow
from tests.cluster.api_client import Json
from tests.cluster.control_plane import ControlPlane
from tests.unit.commands.subjects import (
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    NODE,
    POD,
    REPLICA_SET,
    SERVICE,
    STATEFUL_SET,
    VMSS_ID,
)

NODE_NAME = "aks-general-27182818-vmss00000h"
WITHOUT_DRY_RUN = re.compile(r"rollout (restart|pause|resume)| edit ")
NEEDS_KUBELET = re.compile(r" (logs|exec|debug|port-forward|top) |get --raw .*/proxy/")
NO_SUCH_WORD = re.compile(
    r"unknown (flag|command|shorthand)|Usage:|See '.*--help'|invalid argument|required flag", re.I
)


def manifests(namespace: str) -> list[Json]:
    """One of every kind with commands of its own."""
    meta = {"namespace": namespace}
    container = {"name": "app", "image": "registry.test/app:1", "ports": [{"containerPort": 8080}]}
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [container]}}
    selector = {"matchLabels": {"app": "x"}}
    once = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    return [
        {"apiVersion": "v1", "kind": "Pod", "metadata": meta | {"name": "pod"},
         "spec": {"containers": [container]}},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta | {"name": "deployment"},
         "spec": {"replicas": 1, "selector": selector, "template": template}},
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": meta | {"name": "stateful"},
         "spec": {"replicas": 1, "selector": selector, "serviceName": "x", "template": template}},
        {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": meta | {"name": "daemon"},
         "spec": {"selector": selector, "template": template}},
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta | {"name": "replicas"},
         "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "y"}},
                  "template": template | {"metadata": {"labels": {"app": "y"}}}}},
        {"apiVersion": "v1", "kind": "Service", "metadata": meta | {"name": "service"},
         "spec": {"selector": {"app": "x"}, "ports": [{"port": 80}]}},
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta | {"name": "job"}, "spec": {"template": once}},
        {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": meta | {"name": "cron"},
         "spec": {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": {"template": once}}}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta | {"name": "settings"}, "data": {"a": "b"}},
    ]  # fmt: skip


OBJECTS: tuple[tuple[Resource, str], ...] = (
    (POD, "pod"),
    (DEPLOYMENT, "deployment"),
    (STATEFUL_SET, "stateful"),
    (DAEMON_SET, "daemon"),
    (REPLICA_SET, "replicas"),
    (SERVICE, "service"),
    (JOB, "job"),
    (CRON_JOB, "cron"),
    (CONFIG_MAP, "settings"),
    (NODE, NODE_NAME),
)


class Shell:
    """Runs lines as a person pastes them, with the control plane's own kubectl first on the PATH."""

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        current = yaml.safe_load(Path(plane.admin_kubeconfig).read_text())["current-context"]
        self.place = ClusterPlace(current, str(plane.admin_kubeconfig))
        binaries = Path(plane.binaries["kubectl"]).parent
        self.environ = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "EDITOR": "true"}

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run one line by bash, without a terminal."""
        words, environ = ["bash", "-c", line], self.environ
        return subprocess.run(words, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def offers(self, subject: Subject) -> list[Offer]:
        """All kubectl lines for an object."""
        found = [offer for section in offers_for([subject], self.place) for offer in section.offers]
        return [offer for offer in found if offer.words[0] == "kubectl"]


@pytest.fixture
def node(control_plane: ControlPlane) -> Iterator[str]:
    control_plane.admin.post(
        "/api/v1/nodes",
        {"metadata": {"name": NODE_NAME, "labels": {"kubernetes.azure.com/agentpool": "general"}},
         "spec": {"providerID": VMSS_ID}},
    )  # fmt: skip
    yield NODE_NAME
    control_plane.kubectl("-n", "default", "delete", "pods", "--all", "--grace-period=0", "--force")
    control_plane.admin.delete(f"/api/v1/nodes/{NODE_NAME}")


@pytest.fixture
def shell(control_plane: ControlPlane, node: str) -> Shell:
    return Shell(control_plane)


@pytest.fixture
def objects(control_plane: ControlPlane, namespace: str, node: str) -> str:
    """The namespace that holds them; what can be rolled back has a revision to go back to."""
    listed = {"apiVersion": "v1", "kind": "List", "items": manifests(namespace)}
    control_plane.kubectl("create", "-f", "-", stdin=json.dumps(listed))
    workloads = ["deployment/deployment", "statefulset/stateful", "daemonset/daemon"]
    control_plane.kubectl("-n", namespace, "wait", "--for=jsonpath={.status.observedGeneration}=1", *workloads)
    control_plane.kubectl("-n", namespace, "set", "image", *workloads, "app=registry.test/app:2")
    control_plane.kubectl("-n", namespace, "wait", "--for=jsonpath={.status.observedGeneration}=2", *workloads)
    return namespace


def subject_in(plane: ControlPlane, resource: Resource, namespace: str, name: str) -> Subject:
    where = namespace if resource.namespaced else ""
    words = ["get", resource.word, name, "-o", "json", *(["-n", where] if where else [])]
    return read_subject(resource, where, name, plane.kubectl(*words).encode())


def test_every_line_is_one_that_kubectl_takes(control_plane: ControlPlane, objects: str, shell: Shell) -> None:
    refused: list[str] = []
    ran = asked = reached = 0
    for resource, name in OBJECTS:
        for offer in shell.offers(subject_in(control_plane, resource, objects, name)):
            line = command_line(offer.words)
            if NEEDS_KUBELET.search(line):
                ended = shell.run(line.replace(" -it ", " "))
                bad = NO_SUCH_WORD.search(ended.stderr) is not None
                reached += 1
            elif offer.effect.word and not WITHOUT_DRY_RUN.search(line):
                ended = shell.run(f"{line} --dry-run=server")
                bad = ended.returncode != 0
                asked += 1
            else:
                ended = shell.run(line.replace("--timeout=5m", "--watch=false"))
                bad = ended.returncode != 0
                ran += 1
            if bad:
                refused.append(f"{line}\n  {ended.stderr.strip()[:300]}")
    assert refused == []
    assert min(ran, asked, reached) > 15


def test_a_pools_lines_choose_its_nodes(control_plane: ControlPlane, shell: Shell) -> None:
    labels = (("kubernetes.azure.com/agentpool", "general"),)
    pool = pool_subject("general", NodeRow(NODE_NAME, 1, pool="general", labels=labels), 1)
    lines = {offer.id: command_line(offer.words) for offer in shell.offers(pool)}
    for identity in ("pool.nodes", "pool.cordon", "pool.uncordon", "pool.drain.ask"):
        ended = shell.run(lines[identity])
        assert ended.returncode == 0, ended.stderr
        assert NODE_NAME in ended.stdout


def test_a_debug_pod_is_made_and_deleted_by_the_lines_that_are_offered(
    control_plane: ControlPlane, shell: Shell
) -> None:
    lines = {offer.id: command_line(offer.words)
             for offer in shell.offers(subject_in(control_plane, NODE, "", NODE_NAME))}  # fmt: skip

    made = shell.run(lines["node.kubelet"].replace(" -it ", " "))
    assert made.returncode == 0, made.stderr
    pods = control_plane.admin.get("/api/v1/namespaces/default/pods")["items"]
    debugger = next(pod for pod in pods if pod["metadata"]["name"].startswith("node-debugger-"))
    assert debugger["spec"]["nodeName"] == NODE_NAME
    assert debugger["spec"]["containers"][0]["securityContext"]["privileged"] is True
    assert debugger["spec"]["containers"][0]["command"][:2] == ["chroot", "/host"]

    deleted = shell.run(lines["node.debugger.delete"] + " --wait=false")
    assert deleted.returncode == 0, deleted.stderr
    assert debugger["metadata"]["name"] in deleted.stdout


def test_a_name_that_a_shell_would_read_otherwise_arrives_as_it_is(control_plane: ControlPlane, shell: Shell) -> None:
    odd = "system:it's $HOME; `true` & co"
    control_plane.admin.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles", {"metadata": {"name": odd}, "rules": []}
    )
    try:
        role = Subject(
            Resource("ClusterRole", "clusterroles", "rbac.authorization.k8s.io", "v1", namespaced=False), odd
        )
        lines = {offer.id: command_line(offer.words) for offer in shell.offers(role)}
        shown = shell.run(lines["any.yaml"])
        assert shown.returncode == 0, shown.stderr
        assert yaml.safe_load(shown.stdout)["metadata"]["name"] == odd
    finally:
        control_plane.kubectl("delete", "clusterrole", odd)
