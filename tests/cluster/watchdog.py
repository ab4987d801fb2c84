"""Kills a control plane when the process that started it is gone, however it went; run as a program of its own.

It leads the process group that all programs of one control plane belong to, and reads a pipe whose other end only
their owner holds: the pipe's end is the owner's end, also after SIGKILL. This is used instead of Linux's
PR_SET_PDEATHSIG because that signal comes when the *thread* that started a program ends (control planes are also
started from worker threads), because it does not remove the folder, and because it works on Linux alone.

Standard library only and nothing of this package, so that it starts in some ten milliseconds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

GROUPS, INTERFACES = "control-groups", "interfaces"
"""Files in the folder that name what is to be removed too, one a line: paths of control groups, network interfaces."""
_PATIENCE_OF_LAST = 60.0  # seconds for the kernel to end a whole node's processes, on a loaded machine
_PATIENCE = 10.0  # seconds for killed programs to let go of their files


def main(folder: Path) -> None:
    """Wait for the owner's end, then kill the whole group, this process included, and remove ``folder``."""
    for polite in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(polite, signal.SIG_IGN)
    sys.stdin.buffer.read()
    group = os.getpgrp()
    if os.fork():
        time.sleep(_PATIENCE)  # killed here by the child, together with the group
        return
    # The group cannot be gone, and its number given to others, while the parent above still is in it.
    os.setpgid(0, 0)
    os.killpg(group, signal.SIGKILL)
    for interface in _listed(folder / INTERFACES):
        remove_interface(interface)
    emptied = [Path(group) for group in _listed(folder / GROUPS)]
    deadline = time.monotonic() + _PATIENCE_OF_LAST
    while (folder.exists() or any(path.exists() for path in emptied)) and time.monotonic() < deadline:
        for path in emptied:
            remove_empty_groups(path)
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05)


def remove_empty_groups(group: Path) -> None:
    """Remove a control group and those in it, innermost first; those that still hold processes stay."""
    for path, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(path)


def remove_interface(name: str) -> None:
    """Remove a network interface if it is there.

    One end of a cable goes with the other, but that may take two minutes: until the kernel gave up sending what
    killed programs had still to say.
    """
    subprocess.run(["ip", "link", "delete", name], capture_output=True, check=False)


def _listed(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
