"""Wait until a filled control plane has caught its breath, so that a measurement beside it measures something else.

After a start with 33,000 pods controllers and kwok read all of them: both cores are busy for some 70 seconds.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.cluster.control_plane import ControlPlane

_WINDOW_SECONDS = 5.0
_SECONDS = 600.0
_TICKS = os.sysconf("SC_CLK_TCK")


class NotQuiet(Exception):
    """The programs went on working; the text says which took how much of a core."""


def await_quiet(plane: ControlPlane, *, share: float = 0.3) -> None:
    """Wait until all programs together take less than this share of one core over five seconds. Linux only.

    Raises ``NotQuiet`` after ten minutes. Renewing a thousand nodes' leases takes a quarter of a core for some
    seconds of every fifty.
    """
    deadline, shares = time.monotonic() + _SECONDS, {"everything": 1.0}
    while time.monotonic() < deadline:
        before = _cpu_seconds(plane)
        time.sleep(_WINDOW_SECONDS)
        after = _cpu_seconds(plane)
        shares = {name: (after[name] - before.get(name, 0)) / _WINDOW_SECONDS for name in after}
        if sum(shares.values()) < share:
            return
    raise NotQuiet(", ".join(f"{name} {part:.0%}" for name, part in shares.items()))


def _cpu_seconds(plane: ControlPlane) -> dict[str, float]:
    """Processor time of every program so far, user's and system's."""
    used = {}
    for name, pid in plane.household.pids.items():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used[name] = (int(fields[11]) + int(fields[12])) / _TICKS
    return used
