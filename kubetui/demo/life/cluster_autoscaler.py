"""The cluster autoscaler: each pool's limits, and the status that it writes of them every ten seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kubetui.demo import catalog
from kubetui.demo.documents import metadata, own
from kubetui.demo.machine_fates import LoneMachine
from kubetui.demo.pools import Pool
from kubetui.demo.resources import CONFIG_MAPS
from kubetui.demo.system.autoscaler_status import GroupStatus, autoscaler_status, go_time

if TYPE_CHECKING:
    from kubetui.demo.world import World

NAMESPACE: Final = "kube-system"
PERIOD: Final = 10
LATE: Final = 900
"""Seconds after which an instance should have joined: ``max-node-provision-time``."""
_CALM: Final = 5_400
_FAILED: Final = ("provisioning-state-failed", "Azure failed to provision a node for this node group")


class Limits(NamedTuple):
    """Between how many instances a pool is kept."""

    least: int
    most: int


def _limits(pool: Pool, nodes: int) -> Limits:
    """Room for a quarter more than there are, in tens."""
    return Limits(min(nodes, 1 if pool.spot else 3), max(10, -(-nodes * 5 // 40) * 10))


class ClusterAutoscaler:
    """Keeps writing its status. System pools and Windows pools are scaled by hand."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._identity = (world.rng.getrandbits(128), world.created + 600)
        self._limits = {
            pool.name: _limits(pool, len(world.fleet.of_pool(pool.name)))
            for pool in world.fleet.pools.values()
            if pool.mode == "user" and not pool.windows and pool.has_scale_set
        }
        self._scaling: dict[str, tuple[str, float]] = {}
        """By pool: what it does, and since when."""
        self._write()
        world.agenda.every(PERIOD, self._write)

    def limits(self, pool: str) -> Limits | None:
        """A pool's; None where it is scaled by hand."""
        return self._limits.get(pool)

    def _write(self) -> None:
        world = self._world
        now = world.agenda.now
        pools = (pool for pool in world.fleet.pools.values() if pool.name in self._limits)
        groups = [self._status(pool, now) for pool in pools]
        uid, created = self._identity
        about = metadata(
            "cluster-autoscaler-status",
            uid,
            created,
            namespace=NAMESPACE,
            annotations={"cluster-autoscaler.kubernetes.io/last-updated": go_time(now)},
        )
        data = {"status": autoscaler_status(groups, now, world.began - _CALM)}
        body = {"kind": "ConfigMap", "apiVersion": "v1", "metadata": about, "data": data}
        catalog.put(world.storage, CONFIG_MAPS, own(body, "cluster-autoscaler"))

    def _status(self, pool: Pool, now: float) -> GroupStatus:
        nodes = self._world.fleet.of_pool(pool.name)
        lone = [one for one in self._world.machines.lone.values() if one.pool.name == pool.name]
        coming = [one for one in lone if one.fate.provisioning != "Deleting"]
        late = sum(now - one.created > LATE for one in coming)
        least, most = self._limits[pool.name]
        doing = self._doing(pool.name, coming, now)
        return GroupStatus(
            name=pool.scale_set,
            ready=sum(node.ready for node in nodes),
            registered=len(nodes),
            target=len(nodes) + len(lone),
            least=least,
            most=most,
            unregistered=len(coming) - late,
            long_unregistered=late,
            scale_up=doing[0],
            since=doing[1],
            error=_FAILED if doing[0] == "Backoff" else ("", ""),
        )

    def _doing(self, pool: str, coming: list[LoneMachine], now: float) -> tuple[str, float]:
        failed = any(one.fate.provisioning == "Failed" for one in coming)
        word = "Backoff" if failed else "InProgress" if coming else "NoActivity"
        known = self._scaling.get(pool, ("NoActivity", 0.0))
        if known[0] != word:
            known = self._scaling[pool] = (word, now)
        return known
