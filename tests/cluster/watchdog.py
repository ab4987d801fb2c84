"""Kills a control plane when the process that started it is gone, however it went; run as a program of its own.

It leads the process group that all programs of one control plane belong to, and reads a pipe whose other end only
their owner holds: the pipe's end is the owner's end, also after SIGKILL. This is used instead of Linux's
PR_SET_PDEATHSIG because that signal comes when the *thread* that started a program ends (control planes are also
started from worker threads), because it does not remove the folder, and because it works on Linux alone.

Standard library only and nothing of this package, so that it starts in some ten milliseconds.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

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
    deadline = time.monotonic() + _PATIENCE
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
