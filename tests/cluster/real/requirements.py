"""What a machine must have to run a real node beside itself."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

CNI_FOLDER = Path("/usr/lib/cni")
_SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])

# Program or file -> the Debian package that brings it.
_PACKAGES: Mapping[str, str] = {
    "containerd": "containerd",
    "ctr": "containerd",
    "runc": "runc",
    "iptables": "iptables",
    "ip": "iproute2",
    "tc": "iproute2",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "mount": "mount",
    "openssl": "openssl",
    **{str(CNI_FOLDER / plugin): "containernetworking-plugins" for plugin in ("host-local", "loopback", "ptp")},
}


class CannotRun(Exception):
    """This machine cannot run a real node; the text says all that it lacks."""


def check() -> None:
    """Raise ``CannotRun`` unless this machine has what it takes."""
    lacking = list(_lacking())
    if lacking:
        raise CannotRun(f"a real node cannot run here: {'; '.join(lacking)}")


def packages() -> list[str]:
    """The Debian packages that this machine lacks, each once."""
    return sorted({package for name, package in _PACKAGES.items() if not _present(name)})


def _lacking() -> list[str]:
    if sys.platform != "linux":
        return ["it is made of Linux's namespaces"]
    found = []
    if os.geteuid() != 0:
        found.append("it needs root, for namespaces and mounts")
    if absent := packages():
        missing = ", ".join(name for name in _PACKAGES if not _present(name))
        found.append(f"{missing} missing (apt-get install {' '.join(absent)})")
    if not Path("/sys/fs/cgroup").is_dir():
        found.append("no control groups under /sys/fs/cgroup")
    return found


def _present(name: str) -> bool:
    if name.startswith("/"):
        return Path(name).exists()
    return shutil.which(name, path=_SYSTEM_PATH) is not None
