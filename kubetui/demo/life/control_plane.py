"""The hidden control plane's signs: leader leases and API servers' identities."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kubetui.demo.entries.identity import uid_text
from kubetui.demo.entries.lease import LeaseEntry, LeaseIdentity
from kubetui.demo.resources import LEASES

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


class ControlPlane:
    """Keeps renewing. ``failing`` names leases that are not renewed for now."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.failing: set[str] = set()
        for leader in _LEADERS:
            self._found_leader(leader)
        for _ in range(_API_SERVERS):
            self._found_api_server()

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
