"""The control group under which all of a node's lie, in every hierarchy that this machine has."""

from __future__ import annotations

import time
from pathlib import Path

from tests.cluster.watchdog import remove_empty_groups

_ROOT = Path("/sys/fs/cgroup")
_SECONDS, _POLL_SECONDS = 10.0, 0.05  # the kernel takes a moment to forget the processes that were killed


def make(name: str) -> list[Path]:
    """The group's folders, made where absent: one a hierarchy of version 1, or the one of version 2."""
    folders = [hierarchy / name for hierarchy in _hierarchies()]
    for folder in folders:
        folder.mkdir(exist_ok=True)
        # A group of processors begins without any, and a kubelet would refuse to put pods into it.
        for setting in ("cpuset.mems", "cpuset.cpus"):
            ours, outer = folder / setting, folder.parent / setting
            if ours.exists() and outer.exists() and not ours.read_text().strip():
                ours.write_text(outer.read_text())
    return folders


def remove(folders: list[Path]) -> None:
    """Remove the groups and those in them, once their processes are gone; raises ``OSError`` where some stay."""
    deadline = time.monotonic() + _SECONDS
    while left := [folder for folder in folders if folder.exists()]:
        for folder in left:
            remove_empty_groups(folder)
        if time.monotonic() > deadline:
            raise OSError(f"processes are left in the control groups {', '.join(map(str, left))}")
        time.sleep(_POLL_SECONDS)


def _hierarchies() -> list[Path]:
    if (_ROOT / "cgroup.controllers").exists():
        return [_ROOT]
    return sorted({path.resolve() for path in _ROOT.iterdir() if (path / "cgroup.procs").exists()})
