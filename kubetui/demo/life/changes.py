"""Tenants' everyday: a rollout now and then, a pod that flaps, and as many plain status changes as were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.entries.pod_status import ContainerState, Ended
from kubetui.demo.workload import Workload

if TYPE_CHECKING:
    from kubetui.demo.world import World

_ROLLOUT_PERIOD = 420
"""A rollout about every seven minutes."""
_RESTART_PERIOD = 150
_FLAPPING_LIMIT = 5.0
"""Up to so many changes a second the same few pods change: a world where everything restarts is no world."""
_FLAPPING = 12
_BURST_PERIOD = 0.05


class Changes:
    """Plans itself on the world's agenda."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._workloads: list[Workload] = []
        self._pods: list[tuple[Workload, str]] = []
        self._owed = 0.0

    def begin(self) -> None:
        """The world is complete."""
        world = self._world
        tenants = [workload for workload in world.workloads.all.values() if workload.namespace != "kube-system"]
        self._workloads = [workload for workload in tenants if workload.kind == "Deployment"]
        self._pods = [(workload, name) for workload in tenants if workload.kind != "Job" for name in workload.pods]
        if world.options.changes <= _FLAPPING_LIMIT and self._pods:
            self._pods = world.rng.sample(self._pods, min(_FLAPPING, len(self._pods)))
        if self._workloads:
            world.agenda.after(world.rng.uniform(20, 90), self._roll_out)
            world.agenda.after(world.rng.uniform(10, _RESTART_PERIOD), self._restart)
        if world.options.changes and self._pods:
            period = max(_BURST_PERIOD, 1 / world.options.changes)
            world.agenda.every(period, lambda: self._burst(period))

    def _roll_out(self) -> None:
        world = self._world
        settled = [workload for workload in self._workloads if workload.progress.reason == "NewReplicaSetAvailable"]
        if settled:
            self.roll_out(world.rng.choice(settled))
        world.agenda.after(world.rng.uniform(0.5, 1.5) * _ROLLOUT_PERIOD, self._roll_out)

    def roll_out(self, workload: Workload) -> None:
        """A new version of a tenant's Deployment."""
        rng = self._world.rng
        tag = f"2026.11.{rng.randrange(1, 29):02d}-{rng.getrandbits(28):07x}"
        new_version(workload, tag)
        self._world.controllers.roll_out(workload)

    def _restart(self) -> None:
        world = self._world
        workload = world.rng.choice(self._workloads)
        running = [pod for pod in workload.living() if pod.ready]
        if running:
            world.kubelets.restart(world.rng.choice(running), *world.rng.choice((("Error", 1), ("OOMKilled", 137))))
        world.agenda.after(world.rng.expovariate(1 / _RESTART_PERIOD), self._restart)

    def _burst(self, period: float) -> None:
        self._owed += period * self._world.options.changes
        while self._owed >= 1:
            self._owed -= 1
            self._change()

    def _change(self) -> None:
        """One pod's status changes and nothing else: no owner, no endpoint follows."""
        place = self._world.rng.randrange(len(self._pods))
        workload, name = self._pods[place]
        pod = workload.pods.get(name)
        if pod is None:
            self._pods[place] = (workload, next(iter(workload.pods), name))
            return
        if pod.ready and not pod.rare.deleted:
            self._world.pods.put(restarted(pod, int(self._world.agenda.now)))


def restarted(pod: PodEntry, now: int) -> PodEntry:
    """The pod after its first container ended and came back at once."""
    first, *others = pod.states
    last = Ended(1, "Error", first.since, max(first.since, now))
    again = ContainerState("running", now, True, first.restarts + 1, last=last)
    return pod.replace(containers=(again, *others))


def new_version(workload: Workload, tag: str) -> None:
    """The same spec with the app's own images at another tag."""
    own_image = workload.spec["containers"][0]["image"].rpartition(":")[0]

    def moved(container: dict[str, object]) -> dict[str, object]:
        image = str(container["image"])
        return {**container, "image": f"{own_image}:{tag}"} if image.rpartition(":")[0] == own_image else container

    spec = dict(workload.spec)
    for kind in ("containers", "initContainers"):
        if kind in spec:
            spec[kind] = [moved(container) for container in spec[kind]]
    workload.spec = spec
    workload.pod_labels = {**workload.pod_labels, "app.kubernetes.io/version": tag}
