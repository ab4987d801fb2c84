"""A core for the program alone, the others for the control plane and the rest: as on a machine that runs no API server.

Where both share all cores, a figure of some milliseconds measures mostly how busy the API server is.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def core_apart(keeper: int) -> Iterator[set[int]]:
    """The core that ``keeper``'s processes, and this one, leave free meanwhile; all cores where there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        yield set(cores)
        return
    others = [*_descendants(keeper), os.getpid()]
    _move(others, set(cores[:-1]))
    try:
        yield {cores[-1]}
    finally:
        _move(others, set(cores))


def _descendants(pid: int) -> list[int]:
    """``pid`` and all that it started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _move(pids: list[int], cores: set[int]) -> None:
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), cores)
