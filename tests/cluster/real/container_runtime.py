"""containerd in the node's machine, with images made by hand."""

from __future__ import annotations

import time
from pathlib import Path

from tests.cluster.processes import Household
from tests.cluster.real.images import Image, write_archive
from tests.cluster.real.machine import Machine, MachineFailed
from tests.cluster.real.requirements import CNI_FOLDER

CONTAINERD = "containerd"
SOCKET = "/run/containerd/containerd.sock"  # of the machine's own /run
PAUSE = "mcr.microsoft.com/oss/v2/kubernetes/pause:3.10"
POD_RANGE = "10.244.0.0/24"
_START_SECONDS = 60.0
_IMPORT_SECONDS = 180.0
_POLL_SECONDS = 0.1

_SETTINGS = """\
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "{socket}"
[plugins."io.containerd.grpc.v1.cri"]
  # Without CAP_SYS_RESOURCE runc cannot lower oom_score_adj, and no pod would start.
  restrict_oom_score_adj = true
  sandbox_image = "{pause}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{plugins}"
    conf_dir = "{networks}"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "{snapshotter}"
"""

_NETWORK = """\
{{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {{"type": "ptp",
   "ipam": {{"type": "host-local", "ranges": [[{{"subnet": "{pods}"}}]], "routes": [{{"dst": "0.0.0.0/0"}}]}}}}
]}}
"""


class ContainerRuntime:
    """Its containers live and die with the machine, not with it: it may be stopped and started again."""

    def __init__(self, machine: Machine, household: Household) -> None:
        self._machine = machine
        self._household = household
        self._folder = machine.folder / "containerd"

    def start(self) -> None:
        """Start it and wait until it answers."""
        networks = self._folder / "networks"
        networks.mkdir(parents=True, exist_ok=True)
        (networks / "10-pods.conflist").write_text(_NETWORK.format(pods=POD_RANGE))
        settings = self._folder / "config.toml"
        settings.write_text(
            _SETTINGS.format(
                socket=SOCKET, pause=PAUSE, plugins=CNI_FOLDER, networks=networks, snapshotter=self._snapshotter()
            )
        )
        self._machine.start(CONTAINERD, [CONTAINERD, f"--config={settings}"])
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._ctr("version")
                return
            except MachineFailed:
                self._household.check(CONTAINERD)
                if time.monotonic() > deadline:
                    raise
            time.sleep(_POLL_SECONDS)

    def load(self, images: list[Image]) -> None:
        """Give it images; no registry is ever asked."""
        archive = self._folder / "images.tar"
        write_archive(images, archive)
        self._ctr("images", "import", "--snapshotter", self._snapshotter(), str(archive), seconds=_IMPORT_SECONDS)
        archive.unlink()

    def _ctr(self, *arguments: str, seconds: float = 30.0) -> str:
        return self._machine.run(["ctr", f"--address={SOCKET}", "--namespace=k8s.io", *arguments], seconds=seconds)

    def _snapshotter(self) -> str:
        """Layers over each other where the kernel can, else copies: an overlay does not lie on an overlay."""
        told = self._machine.run(["stat", "--file-system", "--format=%T", "/var/lib"]).strip()
        able = "\toverlay\n" in Path("/proc/filesystems").read_text()
        return "overlayfs" if able and told != "overlayfs" else "native"
