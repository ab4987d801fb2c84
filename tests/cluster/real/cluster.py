"""A real cluster: the control plane beside a real node on one machine, with the components of AKS as its pods."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.cluster import kubeconfig
from tests.cluster.api_client import Json, Refused
from tests.cluster.binaries import Binaries
from tests.cluster.control_plane import ControlPlane, NotReady
from tests.cluster.nodes import Place, node
from tests.cluster.real import cgroups, components, kubelet, requirements
from tests.cluster.real.container_runtime import ContainerRuntime
from tests.cluster.real.link import Link
from tests.cluster.real.machine import Machine
from tests.cluster.real.subnet import claim
from tests.cluster.shape import POOLS

_READY_SECONDS = 240.0  # a loaded machine of two cores; an idle one takes thirty
_SOON_SECONDS = 90.0
_POLL_SECONDS = 0.25
_GRACE_SECONDS = 20  # of silence until a node counts as dead; AKS: 40 s
_PLACE = Place(POOLS[0], 0, 0)
_APPS = "/apis/apps/v1/namespaces/default"


class RealCluster(ControlPlane):
    """Its API server listens on an address of the node's network, which this machine alone reaches.

    ``with_components``: with kube-system's pods, without which there is nothing but a node.
    Raises ``CannotRun`` where the machine lacks something, ``NoSubnet`` where 256 of them run.
    """

    def __init__(self, binaries: Binaries, *, with_components: bool = True) -> None:
        requirements.check()
        self._with_components = with_components
        self.subnet = claim()
        monitor = ["--node-monitor-period=2s", f"--node-monitor-grace-period={_GRACE_SECONDS}s"]
        ranges = ["--allocate-node-cidrs=true", f"--cluster-cidr={components.POD_NETWORK}"]
        super().__init__(binaries, address=self.subnet.node, controller_manager_args=[*monitor, *ranges])
        self.node = _PLACE.name
        self.machine = Machine(self.household, self.subnet)
        self.runtime = ContainerRuntime(self.machine, self.household)
        self.link = Link(self.machine)
        self._cgroups: list[Path] = []
        self._proved = False  # that controllers, scheduler and kubelet follow this API server

    # -- life

    def start(self) -> Self:
        """Start everything, and wait until every pod is ready; on failure everything is taken down again."""
        try:
            self.machine.boot()  # first of all: the control plane listens in its network
            super().start()
            self._start_node()
            self.until("the node is ready", self._node_is_ready, _READY_SECONDS)
            if self._with_components:
                self._put_components()
                self._proved = True  # by those pods
                self.await_settled()
        except BaseException:
            self.down()
            raise
        return self

    def down(self) -> None:
        """End every process, and leave nothing of the machine: mounts, interfaces, rules, control groups, folders."""
        try:
            self.machine.halt()
        finally:
            super().down()
        cgroups.remove(self._cgroups)
        self.subnet.release()

    # -- parts

    def start_kubelet(self) -> None:
        """Start it on its old state, which it takes up; nothing happens where it runs."""
        if self.household.running(kubelet.KUBELET):
            return
        made = node(_PLACE)
        configuration = kubelet.configuration(
            self.machine,
            provider_id=made["spec"]["providerID"],
            authority=self.authority.root.certificate,
            serving=self._kubelet_serving,
            cgroup=self.subnet.cgroup,
        )
        labels = made["metadata"]["labels"]
        kubelet.start(self.machine, self.binaries["kubelet"], self.node, self.subnet.node, labels, configuration)

    def kill_kubelet(self) -> None:
        """As if it had crashed: its pods go on, and nobody tells of them any more."""
        self.machine.kill(kubelet.KUBELET)

    # -- waiting

    def start_api_server(self, *more_args: str) -> None:
        """As the control plane does; controllers, scheduler and kubelet come back to it when they think it time."""
        super().start_api_server(*more_args)
        self._proved = False

    def await_settled(self) -> None:
        """Until the node and every pod of kube-system are ready, metrics are served, and new pods are run."""
        self.until("the node is ready", self._node_is_ready, _READY_SECONDS)
        try:
            self.until("kube-system is ready", self._components_are_ready, _READY_SECONDS)
        except NotReady as late:
            raise NotReady(f"{late}\n--- pods\n{self.kubectl('get', 'pods', '--namespace=kube-system')}") from late
        self.until("metrics are served", self._metrics_are_served, _READY_SECONDS)
        if not self._proved:
            self._prove()

    def until(self, what: str, true: Callable[[], Json], seconds: float = _SOON_SECONDS) -> Json:
        """What ``true`` comes to, once it is something; raises ``NotReady`` that says ``what`` never came."""
        deadline, last = time.monotonic() + seconds, "it is not so"
        while time.monotonic() < deadline:
            try:
                if found := true():
                    return found
            except (OSError, Refused) as refusal:
                last = str(refusal)
            except subprocess.CalledProcessError as refusal:  # by kubectl
                last = str(refusal.stderr)
            time.sleep(_POLL_SECONDS)
        raise NotReady(f"{what}: not after {seconds:.0f} s: {last}\n{self.logs()}")

    def _node_is_ready(self) -> bool:
        status = self.admin.get(f"/api/v1/nodes/{self.node}")["status"]
        return any(one["type"] == "Ready" and one["status"] == "True" for one in status.get("conditions", ()))

    def _components_are_ready(self) -> bool:
        pods = self.admin.get("/api/v1/namespaces/kube-system/pods")["items"]
        return len(pods) >= components.pods() and all(map(is_ready, pods))

    def _metrics_are_served(self) -> bool:
        metrics = self.admin.get("/apis/metrics.k8s.io/v1beta1/nodes")["items"]
        return bool(metrics)

    # -- inside

    def _prove(self) -> None:
        """Run a Deployment and a DaemonSet, and remove them with their pods.

        After an API server was away its clients pause for up to half a minute, each controller's watch for itself.
        """
        pod = components.stand_in("proof", ["pause"])
        runs = {"deployments": "Deployment", "daemonsets": "DaemonSet"}
        for resource, kind in runs.items():
            self.admin.post(f"{_APPS}/{resource}", components.run_by(kind, pod))
        self.until("new pods run", lambda: sum(map(is_ready, self._proofs())) == len(runs))
        for resource in runs:
            self.admin.delete(f"{_APPS}/{resource}/proof")
        self.until("their pods are gone", lambda: not self._proofs())
        self._proved = True

    def _proofs(self) -> list[Json]:
        pods: list[Json] = self.admin.get("/api/v1/namespaces/default/pods?labelSelector=app%3Dproof")["items"]
        return pods

    def _start_node(self) -> None:
        self._cgroups = cgroups.make(self.subnet.cgroup)
        self.household.remember_groups(self._cgroups)
        self.runtime.start()
        self.runtime.load(components.images(self.binaries))
        self._sign_kubelet()
        self.start_kubelet()

    def _put_components(self) -> None:
        """kube-proxy before those that reach the API server by its Service: they would wait for half a minute."""
        first: list[Json] = []
        others: list[Json] = []
        for item in components.objects(self.server):
            later = item["kind"] in ("Deployment", "DaemonSet") and item["metadata"]["name"] != "kube-proxy"
            (others if later else first).append(item)
        self._apply(first)
        self.until("kube-proxy has made rules", self._services_are_reached, _READY_SECONDS)
        self._apply(others)

    def _apply(self, items: list[Json]) -> None:
        wanted = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        self.kubectl("apply", "--server-side", "-f", "-", stdin=wanted)

    def _services_are_reached(self) -> bool:
        return "default/kubernetes:https" in self.machine.run(["iptables-save", "-t", "nat"])

    def _sign_kubelet(self) -> None:
        client = self.authority.issue("kubelet", f"system:node:{self.node}", organizations=["system:nodes"])
        authority = self.authority.root.certificate
        kubeconfig.write(kubelet.folder(self.machine) / "kubeconfig", self.server, authority, certificate=client)
        names = f"IP:{self.subnet.node},DNS:{self.node}"
        self._kubelet_serving = self.authority.issue("kubelet-serving", self.node, alternatives=names)

    def _run(self, name: str, command: list[str]) -> None:
        """The control plane's programs run in the node's network too, beside the machine's own processes."""
        super()._run(name, [*self.machine.enter_network, *command])


def is_ready(pod: Json) -> bool:
    """Whether the pod's own condition says so, and it is not on its way out."""
    conditions = pod["status"].get("conditions", ())
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]
