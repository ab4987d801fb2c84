"""What a process costs, as Linux counts it."""

from __future__ import annotations

import contextlib
from pathlib import Path


def resident_mib(pid: int) -> float:
    """Memory that is resident, MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def cpu_seconds(pid: int) -> float:
    """Time that all living threads have run, to the nanosecond (``/proc/PID/stat`` counts hundredths)."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that ended meanwhile
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def waited_for_core(pid: int) -> float:
    """Seconds the main thread was ready to run and had no core: other programs', not its own, doing."""
    try:
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it ended
