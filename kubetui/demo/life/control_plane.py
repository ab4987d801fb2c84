"""The hidden control plane's signs: leader leases, API servers' identities, the cluster autoscaler's status."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kubetui.demo import catalog
from kubetui.demo.documents import metadata, own
from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.lease import LeaseEntry, LeaseIdentity
from kubetui.demo.moment import rfc3339
from kubetui.demo.resources import CONFIG_MAPS, LEASES
from kubetui.demo.system.config_maps import autoscaler_status

if TYPE_CHECKING:
    from kubetui.demo.world import World

NAMESPACE = "kube-system"


class _Leader(NamedTuple):
    lease: str
    holder: str
    """``{id}`` stands for the holder's random part."""
    seconds: int
    period: float
    manager: str


_LEADERS = (
    _Leader("kube-scheduler", "kube-scheduler-{pod}_{id}", 15, 2, "kube-scheduler"),
    _Leader("kube-controller-manager", "kube-controller-manager-{pod}_{id}", 15, 2, "kube-controller-manager"),
    _Leader("cloud-controller-manager", "cloud-controller-manager-{pod}_{id}", 15, 2, "cloud-controller-manager"),
    _Leader("kubelet-serving-csr-approver", "kubelet-serving-csr-approver-{pod}_{id}", 15, 2, "csr-approver"),
    _Leader("external-attacher-leader-disk-csi-azure-com", "csi-azuredisk-controller-{pod}", 137, 5, "csi-attacher"),
    _Leader("external-resizer-disk-csi-azure-com", "csi-azuredisk-controller-{pod}", 137, 5, "csi-resizer"),
    _Leader("external-resizer-file-csi-azure-com", "csi-azurefile-controller-{pod}", 137, 5, "csi-resizer"),
    _Leader(
        "external-snapshotter-leader-disk-csi-azure-com", "csi-azuredisk-controller-{pod}", 137, 5, "csi-snapshotter"
    ),
    _Leader(
        "external-snapshotter-leader-file-csi-azure-com", "csi-azurefile-controller-{pod}", 137, 5, "csi-snapshotter"
    ),
    _Leader("disk-csi-azure-com", "1760000000000-9017-disk-csi-azure-com", 137, 5, "csi-provisioner"),
    _Leader("file-csi-azure-com", "1760000000000-4411-file-csi-azure-com", 137, 5, "csi-provisioner"),
    _Leader("snapshot-controller-leader", "csi-snapshot-controller-{pod}", 15, 5, "snapshot-controller"),
    _Leader("cluster-autoscaler", "cluster-autoscaler-{pod}", 15, 2, "cluster-autoscaler"),
)
_API_SERVERS = 2
_AUTOSCALER_PERIOD = 10


class ControlPlane:
    """Keeps renewing. ``failing`` names leases that are not renewed for now."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.failing: set[str] = set()
        for leader in _LEADERS:
            self._found_leader(leader)
        for _ in range(_API_SERVERS):
            self._found_api_server()
        self._status_identity = (world.rng.getrandbits(128), world.created + 600)
        self._write_status()
        world.agenda.every(_AUTOSCALER_PERIOD, self._write_status)

    def _found_leader(self, leader: _Leader) -> None:
        world = self._world
        identity = LeaseIdentity(
            NAMESPACE, leader.lease, world.rng.getrandbits(128), int(world.created + 60), leader.seconds, leader.manager
        )
        pod = f"{world.rng.getrandbits(36):09x}-{world.rng.getrandbits(20):05x}"
        holder = leader.holder.format(pod=pod, id=uid_text(world.rng.getrandbits(128)))
        acquired = world.began - world.rng.uniform(1, 9) * 86_400
        transitions = world.rng.randrange(2, 30)
        self._keep(identity, holder, leader.period, acquired, transitions)

    def _found_api_server(self) -> None:
        world = self._world
        number = world.rng.getrandbits(128)
        name = f"apiserver-{uid_text(number).replace('-', '')[:26]}"
        labels = {
            "apiserver.kubernetes.io/identity": "kube-apiserver",
            "kubernetes.io/hostname": f"kube-apiserver-{number & 0xFFFF:04x}",
        }
        created = int(world.began - world.rng.uniform(2, 9) * 86_400)
        identity = LeaseIdentity(NAMESPACE, name, number, created, 3600, "kube-apiserver", labels)
        self._keep(identity, f"{name}_{uid_text(number ^ 1)}", 10, 0, 0)

    def _keep(self, identity: LeaseIdentity, holder: str, period: float, acquired: float, transitions: int) -> None:
        world = self._world

        def renew() -> None:
            if identity.name not in self.failing:
                self._renew(identity, holder, world.agenda.now, acquired, transitions)

        phase = world.rng.uniform(0, period)
        self._renew(identity, holder, world.began - phase, acquired, transitions)
        world.agenda.every(period, renew, period - phase)

    def _renew(self, identity: LeaseIdentity, holder: str, moment: float, acquired: float, transitions: int) -> None:
        self._world.storage.put(LEASES, LeaseEntry(identity, holder, moment, acquired, transitions))

    def _write_status(self) -> None:
        world = self._world
        pools = {
            f"{name}-{pool.digits}": (sum(node.ready for node in world.fleet.of_pool(name)), 3, 80)
            for name, pool in world.fleet.pools.items()
            if pool.mode == "user" and not pool.windows
        }
        uid, created = self._status_identity
        now, since = rfc3339(world.agenda.now), rfc3339(world.began - 5400)
        about = metadata(
            "cluster-autoscaler-status",
            uid,
            created,
            namespace=NAMESPACE,
            annotations={"cluster-autoscaler.kubernetes.io/last-updated": now},
        )
        data = {"status": autoscaler_status(pools, now, since)}
        body = {"kind": "ConfigMap", "apiVersion": "v1", "metadata": about, "data": data}
        catalog.put(world.storage, CONFIG_MAPS, own(body, "cluster-autoscaler"))
