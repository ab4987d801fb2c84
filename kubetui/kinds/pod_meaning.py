"""What a pod's words ask of the reader, and which pods are a problem."""

from __future__ import annotations

import re
from typing import Final

from kubetui.kinds.kind import Meaning
from kubetui.kinds.pod_row import PodRow

_FINE: Final = frozenset({"Running", "Completed", "Succeeded"})
_PLANNED: Final = frozenset({"ContainerCreating", "PodInitializing", "Pending", "SchedulingGated", "Terminating"})
_ACT: Final = frozenset(
    {
        "CrashLoopBackOff",
        "CreateContainerConfigError",
        "CreateContainerError",
        "ErrImageNeverPull",
        "ErrImagePull",
        "ImageInspectError",
        "ImagePullBackOff",
        "InvalidImageName",
        "PostStartHookError",
        "RegistryUnavailable",
        "RunContainerError",
        "StartError",
        "Unknown",
    }
)
_PROGRESS: Final = re.compile(r"Init:[0-9]+/[0-9]+", re.ASCII)


def status_meaning(row: PodRow) -> Meaning:
    """What the status word asks of the reader.

    Act: it will not get better by itself. Look: it ended badly, or runs without being ready, or a word nobody
    here knows. Planned: it is on its way, or held back, or going.
    """
    status = row.status
    if not status:
        return Meaning.UNKNOWN
    if status in _FINE:
        return Meaning.LOOK if status == "Running" and row.ready < row.total else Meaning.FINE
    if status.removeprefix("Init:") in _ACT:
        return Meaning.ACT
    if status in _PLANNED or _PROGRESS.fullmatch(status):
        return Meaning.LOOK if row.reason == "Unschedulable" else Meaning.PLANNED
    return Meaning.LOOK


def ready_meaning(row: PodRow) -> Meaning:
    """READY is marked where containers are missing that nobody plans to be."""
    if row.ready >= row.total or status_meaning(row) is Meaning.FINE:
        return Meaning.PLAIN
    return Meaning.PLANNED if status_meaning(row) is Meaning.PLANNED else Meaning.LOOK


_CHRONIC: Final = 5
_DAY: Final = 86_400


def _chronic(row: PodRow) -> bool:
    lived = row.restarted - row.created
    return row.restarts >= _CHRONIC and row.restarted > 0 and row.restarts * _DAY > lived


def restarts_meaning(row: PodRow) -> Meaning:
    """RESTARTS is marked where more are to be expected."""
    return Meaning.LOOK if row.last_reason == "OOMKilled" or _chronic(row) else Meaning.PLAIN


def problem(row: PodRow) -> bool:
    """Whether the pod deserves a look; it reads the row alone, so that the answer changes only with the pod.

    Everything that neither serves nor is done: all words but ``Running`` and ``Completed`` (a start or an end that
    hangs looks like one that does not), and ``Running`` with a container that is not ready. Of pods that run well
    again, those that will fail again: last ended by want of memory, or five restarts and more that came faster
    than one a day. A lone restart is no problem; the RESTARTS column says when it was.
    """
    return status_meaning(row) is not Meaning.FINE or restarts_meaning(row) is Meaning.LOOK
