"""The simulated AKS cluster: everything that the demo's API server serves, and its life."""

from __future__ import annotations

import gc
from random import Random

from kubetui.demo.agenda import Agenda
from kubetui.demo.clock import Clock
from kubetui.demo.controllers import Controllers
from kubetui.demo.fleet import Fleet
from kubetui.demo.founding.custom import found_snapshots
from kubetui.demo.founding.nodes import found_nodes
from kubetui.demo.founding.odd_services import found_odd_services
from kubetui.demo.founding.system import found_cluster_objects, found_system
from kubetui.demo.founding.tenants import found_tenants
from kubetui.demo.incidents.incident import Incidents
from kubetui.demo.incidents.registry import INCIDENTS
from kubetui.demo.kubelet import Kubelets
from kubetui.demo.life.autoscaling import Autoscaling
from kubetui.demo.life.changes import Changes
from kubetui.demo.life.cluster_autoscaler import ClusterAutoscaler
from kubetui.demo.life.control_plane import ControlPlane
from kubetui.demo.life.cron import Cron
from kubetui.demo.life.heartbeats import Heartbeats
from kubetui.demo.life.node_controller import NodeController
from kubetui.demo.logs.moods import Moods
from kubetui.demo.machine_fates import MachineFates
from kubetui.demo.options import WorldOptions
from kubetui.demo.pods import Pods
from kubetui.demo.recorder import Recorder
from kubetui.demo.services import Services
from kubetui.demo.storage import Storage
from kubetui.demo.troubled_kubelet import TroubledKubelet
from kubetui.demo.usage.loads import Loads
from kubetui.demo.workloads import Workloads

DAY = 86_400.0
CLUSTER_AGE = 92 * DAY
"""How long ago the cluster was made, in seconds."""
_SMALL_NETWORK_NODES = 250
_SLICE = 200
"""Actions done in one go before the event loop gets its turn."""


class World:
    """Fills a storage and lives in it. Everything random comes from the options' seed, all time from the clock."""

    def __init__(self, storage: Storage, options: WorldOptions, clock: Clock) -> None:
        """``storage`` serves ``RESOURCES`` already, and is empty."""
        self.storage = storage
        self.options = options
        self.clock = clock
        self.rng = Random(options.seed)  # noqa: S311 - a simulation, no secrets
        self.began = clock.now()
        self.created = self.began - CLUSTER_AGE
        self.agenda = Agenda(self.began)
        self.moods = Moods(lambda: self.agenda.now)
        """What programs write about."""
        self.loads = Loads()
        """What they use."""
        self.machines = MachineFates()
        """What became of the virtual machines."""
        self.troubled_kubelets: dict[str, TroubledKubelet] = {}
        """By node: those that do not answer as they should."""
        self.recorder = Recorder(storage, self.agenda, self.rng)
        large = options.nodes > _SMALL_NETWORK_NODES
        self.fleet = Fleet(storage, self.agenda, self.rng, large)
        self.pods = Pods(storage, self.agenda, self.rng, self.fleet, self.recorder)
        self.kubelets = Kubelets(self.agenda, self.rng, self.pods)
        self.workloads = Workloads(storage, self.agenda, self.pods)
        self.services = Services(storage, self.agenda, self.rng)
        self.controllers = Controllers(self.agenda, self.rng, self.fleet, self.pods, self.workloads, self.recorder)
        self.workloads.followers.append(self.services.follow)
        self.heartbeats = Heartbeats(storage, self.agenda, self.rng, self.fleet)
        self.autoscaling = Autoscaling(self)
        self.cron = Cron(self)
        self.node_controller = NodeController(self)
        self.changes = Changes(self)
        self.incidents = Incidents(self, INCIDENTS)

    def build(self) -> None:
        """Fill the storage. The same options and the same ``clock.now()`` give the same bytes."""
        collecting = gc.isenabled()
        gc.disable()  # nothing of it is garbage, and a collection walks all of it again and again
        try:
            self._found()
        finally:
            if collecting:
                gc.enable()

    def _found(self) -> None:
        found_cluster_objects(self)
        found_nodes(self)
        found_system(self)
        self.control_plane = ControlPlane(self)
        self.cluster_autoscaler = ClusterAutoscaler(self)
        total = sum(len(workload.pods) for workload in self.workloads.all.values())
        found_tenants(self, max(0, self.options.pods - total))
        found_odd_services(self)
        found_snapshots(self)
        for workload in self.workloads.all.values():
            self.workloads.sync(workload)
        self.changes.begin()
        for name in self.options.incidents:
            self.incidents.start(name)

    def live(self) -> None:
        """Everything that is due by now; for tests and whoever owns the clock. Takes as long as it takes."""
        self.agenda.live(self.clock.now())

    @property
    def tunnel(self) -> bool:
        """The API server reaches kubelets and webhooks: a konnectivity-agent is ready."""
        agents = self.workloads.find("Deployment", "kube-system", "konnectivity-agent")
        return any(pod.ready for pod in agents.living())

    async def run(self) -> None:
        """Live until cancelled, giving way to the event loop every few milliseconds."""
        while True:
            caught_up = self.agenda.live(self.clock.now(), _SLICE)
            following = self.agenda.next_moment()
            idle = 1.0 if following is None else following - self.clock.now()
            await self.clock.sleep(max(0.0, min(idle, 1.0)) if caught_up else 0.0)
