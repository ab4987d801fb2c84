"""The cluster with a real node does what it says, and so do its faults."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import faults
from tests.cluster.api_client import Refused
from tests.cluster.real import containers, requirements
from tests.cluster.real.cluster import RealCluster, is_ready
from tests.cluster.tokens import make_account, short_token

_ROOT = Path(__file__).parents[2]
_SYSTEM = "/api/v1/namespaces/kube-system"

COMPONENTS = {
    "coredns": ("k8s-app=kube-dns", 2),
    "metrics-server": ("k8s-app=metrics-server", 2),
    "konnectivity-agent": ("app=konnectivity-agent", 2),
    "coredns-autoscaler": ("k8s-app=coredns-autoscaler", 1),
    "kube-proxy": ("component=kube-proxy", 1),
    "azure-ip-masq-agent": ("k8s-app=azure-ip-masq-agent", 1),
    "cloud-node-manager": ("k8s-app=cloud-node-manager", 1),
    "csi-azuredisk-node": ("app=csi-azuredisk-node", 1),
    "csi-azurefile-node": ("app=csi-azurefile-node", 1),
}


def pod_named(cluster: RealCluster, namespace: str, name: str) -> Any:
    return cluster.admin.get(f"/api/v1/namespaces/{namespace}/pods/{name}")


def log_of(cluster: RealCluster, namespace: str, pod: str, query: str = "") -> str:
    return str(cluster.admin.get(f"/api/v1/namespaces/{namespace}/pods/{pod}/log?{query}"))


def refusal(cluster: RealCluster, token: str) -> int:
    """The status that a request with this token gets; 403 is an account that is known and may do nothing."""
    try:
        cluster.client_with_token(token).get("/api/v1/namespaces/default/pods")
    except Refused as refused:
        return refused.status
    return 200


# -- as it comes up


def test_the_node_is_named_and_labelled_as_on_aks(real_cluster: RealCluster) -> None:
    found = real_cluster.admin.get(f"/api/v1/nodes/{real_cluster.node}")
    labels = found["metadata"]["labels"]
    assert re.fullmatch(r"aks-system-\d{8}-vmss[0-9a-z]{6}", real_cluster.node)
    assert re.fullmatch(
        r"azure:///subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Compute/"
        r"virtualMachineScaleSets/aks-system-\d{8}-vmss/virtualMachines/0",
        found["spec"]["providerID"],
    )
    assert labels["kubernetes.azure.com/agentpool"] == "system"
    assert labels["kubernetes.azure.com/mode"] == "system"
    assert labels["topology.kubernetes.io/zone"] == "westeurope-1"
    assert found["status"]["nodeInfo"]["containerRuntimeVersion"].startswith("containerd://")


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_runs_under_akss_labels(real_cluster: RealCluster, name: str) -> None:
    selector, count = COMPONENTS[name]
    pods = real_cluster.admin.get(f"{_SYSTEM}/pods?labelSelector={selector.replace('=', '%3D')}")["items"]
    assert [pod["metadata"]["name"].startswith(f"{name}-") for pod in pods] == [True] * count
    assert all(map(is_ready, pods))


def test_names_are_looked_up_through_the_service_and_coredns_logs_it(
    real_cluster: RealCluster, real_namespace: str
) -> None:
    name = "kubernetes.default.svc.cluster.local."
    containers.run(real_cluster, real_namespace, "asker", "ask", "-every", "200ms", name)

    def logged() -> bool:
        query = re.compile(rf'"A IN {re.escape(name)} udp \d+ \w+ \d+" NOERROR')
        pods = real_cluster.admin.get(f"{_SYSTEM}/pods?labelSelector=k8s-app%3Dkube-dns")["items"]
        return any(query.search(log_of(real_cluster, "kube-system", pod["metadata"]["name"])) for pod in pods)

    assert real_cluster.until("coredns logs the query", logged)
    assert f"{name} is 10.0.0.1" in real_cluster.until(
        "it is answered", lambda: log_of(real_cluster, real_namespace, "asker")
    )


def test_kube_proxy_logs_what_it_syncs(real_cluster: RealCluster) -> None:
    said = real_cluster.kubectl("logs", "--namespace=kube-system", "daemonset/kube-proxy")
    assert '"Reloading service iptables data"' in said
    assert '"SyncProxyRules complete"' in said


def test_what_a_kubelet_serves_comes_through_the_api_server(real_cluster: RealCluster) -> None:
    proxy = f"/api/v1/nodes/{real_cluster.node}/proxy"
    assert real_cluster.admin.get(f"{proxy}/configz")["kubeletconfig"]["maxPods"] == 110
    assert real_cluster.admin.get(f"{proxy}/stats/summary")["node"]["nodeName"] == real_cluster.node
    assert "\nNAME" in "\n" + real_cluster.until("kubectl top", lambda: real_cluster.kubectl("top", "nodes"))


# -- faults; those that a pane shows are played in tests/terminal/test_real_faults.py


def test_a_container_that_fails_is_started_again_and_again(real_cluster: RealCluster, real_namespace: str) -> None:
    faults.inflict(real_cluster, "crash-loop", [real_namespace, "failing"])

    def started_again() -> Any:
        statuses = pod_named(real_cluster, real_namespace, "failing")["status"].get("containerStatuses", ())
        return [one for one in statuses if one["restartCount"] > 1]

    (status,) = real_cluster.until("it was started again", started_again)
    assert status["lastState"]["terminated"]["exitCode"] == 2
    assert "no connection to ledger-db" in log_of(real_cluster, real_namespace, "failing", "previous=true")
    faults.inflict(real_cluster, "end-crash-loop", [real_namespace, "failing"])


def test_a_rotated_log_begins_anew_and_loses_nothing(real_cluster: RealCluster, real_namespace: str) -> None:
    containers.run(real_cluster, real_namespace, "counter", "count", "-every", "10ms")
    real_cluster.until("it counts", lambda: "line 50\n" in log_of(real_cluster, real_namespace, "counter"))

    older = containers.rotate_log(real_cluster, real_namespace, "counter")

    begun = real_cluster.until("it goes on", lambda: log_of(real_cluster, real_namespace, "counter"))
    first = int(begun.split()[1])
    last_before = int(older.read_text().splitlines()[-1].split()[-1])
    assert first == last_before + 1


def test_nothing_passes_a_black_hole_and_little_a_slow_line(real_cluster: RealCluster) -> None:
    def seconds() -> float:
        begun = time.monotonic()
        real_cluster.admin.get("/openapi/v2")  # some megabytes
        return time.monotonic() - begun

    quick = seconds()
    faults.inflict(real_cluster, "slow", ["20000"])
    slow = seconds()
    faults.inflict(real_cluster, "blackhole", [])
    asked = ["curl", "--insecure", "--max-time", "2", f"{real_cluster.server}/readyz"]
    assert subprocess.run(asked, capture_output=True, timeout=30).returncode == 28  # timed out, not refused
    faults.inflict(real_cluster, "heal", [])
    assert real_cluster.admin.get("/readyz") == "ok"
    assert slow > quick


def test_a_compacted_store_has_forgotten(real_cluster: RealCluster) -> None:
    path = f"{_SYSTEM}/pods?limit=1"
    page = real_cluster.admin.get(path)
    faults.inflict(real_cluster, "cordon", [])  # something happens, so that what was is not the newest
    faults.inflict(real_cluster, "compact-etcd", [])
    with pytest.raises(Refused) as refused:
        real_cluster.admin.get(f"{path}&continue={page['metadata']['continue']}")
    assert refused.value.status == 410


def test_tokens_end(real_cluster: RealCluster, real_namespace: str) -> None:
    make_account(real_cluster, real_namespace, "short")
    assert refusal(real_cluster, short_token(real_cluster, real_namespace, "short", 60)) == 403
    assert refusal(real_cluster, short_token(real_cluster, real_namespace, "short", -5)) == 401


def test_a_verb_that_is_none_says_which_there_are(real_cluster: RealCluster) -> None:
    with pytest.raises(faults.NoSuchFault, match=r"no fault explode; there are: stop-api-server, .*kill-kubelet"):
        faults.inflict(real_cluster, "explode", [])
    with pytest.raises(faults.NoSuchFault, match=r"usage: rotate-log NAMESPACE POD \[CONTAINER\]"):
        faults.inflict(real_cluster, "rotate-log", ["default"])


# -- and as it goes


@dataclass(frozen=True)
class Traces:
    """Where one node could leave something on this machine."""

    folder: str
    interface: str
    group: str
    processes: int  # their namespace

    @staticmethod
    def of(cluster: RealCluster) -> Traces:
        inside = Path(cluster.machine.namespace("pid_for_children")).stat().st_ino
        return Traces(str(cluster.folder), cluster.subnet.interface, cluster.subnet.cgroup, inside)

    def found(self) -> dict[str, list[str]]:
        """What there is of it, by what it is."""
        here = {
            "folders": [self.folder] if Path(self.folder).exists() else [],
            "interfaces": [self.interface] if Path("/sys/class/net", self.interface).exists() else [],
            "control groups": [str(path) for path in Path("/sys/fs/cgroup").glob(f"*/{self.group}")],
            "mounts": [line for line in Path("/proc/self/mounts").read_text().splitlines() if self.folder in line],
            "processes": [pid for pid in os.listdir("/proc") if pid.isdigit() and self._is_inside(pid)],
        }
        return {what: things for what, things in here.items() if things}

    def _is_inside(self, pid: str) -> bool:
        """One that ended is none, though this machine's process 1 may take a moment to collect it."""
        try:
            inside = Path("/proc", pid, "ns", "pid").stat().st_ino == self.processes
            return inside and Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False  # it is gone


def settings() -> dict[str, str]:
    """What kubelet and kube-proxy set for the whole kernel on a machine of their own, and the packet filter."""
    names = ("kernel/panic", "kernel/panic_on_oops", "vm/overcommit_memory", "net/ipv4/ip_forward")
    rules = subprocess.run(["iptables-save"], capture_output=True, text=True, timeout=30, check=True).stdout
    chains = "\n".join(line for line in rules.splitlines() if line.startswith("-A"))
    return {name: Path("/proc/sys", name).read_text() for name in names} | {"rules": chains}


def test_two_run_side_by_side_and_the_one_that_goes_leaves_nothing(real_cluster: RealCluster) -> None:
    before = settings()
    with RealCluster(real_cluster.binaries, with_components=False) as other:
        both = (other, real_cluster)
        assert [cluster.admin.get("/readyz") for cluster in both] == ["ok", "ok"]
        assert len({cluster.admin.get(f"/api/v1/nodes/{cluster.node}")["metadata"]["uid"] for cluster in both}) == 2
        traces = Traces.of(other)
        assert set(traces.found()) == {"folders", "interfaces", "control groups", "processes"}
    assert traces.found() == {}
    assert settings() == before


def test_nothing_is_left_when_the_owner_is_killed(real_cluster: RealCluster) -> None:
    # given a process that owns a cluster
    program = """
        import dataclasses, json, time
        from tests.cluster.binaries import WITH_NODE, find
        from tests.cluster.real.cluster import RealCluster
        from tests.cluster.test_real_cluster import Traces
        cluster = RealCluster(find(WITH_NODE), with_components=False)
        cluster.start()
        print(json.dumps(dataclasses.asdict(Traces.of(cluster))), flush=True)
        time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        traces = Traces(**json.loads(owner.stdout.readline()))
        assert set(traces.found()) == {"folders", "interfaces", "control groups", "processes"}
        # when it is killed, which it cannot answer
        owner.kill()
    # then all of it goes
    deadline = time.monotonic() + 60
    while traces.found() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert traces.found() == {}


def test_a_machine_that_cannot_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(requirements, "_present", lambda name: name != "runc")
    with pytest.raises(
        requirements.CannotRun,
        match=r"cannot run here: it needs root, for namespaces and mounts; runc missing \(apt-get install runc\)",
    ):
        requirements.check()
