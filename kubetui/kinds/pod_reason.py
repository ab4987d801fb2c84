"""Why a pod does not run well: the one reason, the cluster's words for it, and how the last run ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from kubetui.kinds.pod_status import ended_word
from kubetui.kinds.pod_wire import ContainerStatusWire, PodWire, TerminatedWire
from kubetui.kinds.wire import seconds, word

_LONGEST: Final = 160
"""Characters kept of a message: rows are many and small."""
_BEGINNING: Final = 64
"""Of those at the message's begin: what came of it all (``not found``, ``i/o timeout``) stands at the end."""
_STARTING: Final = frozenset({"ContainerCreating", "PodInitializing"})
_SCHEDULING: Final = "PodScheduled"
_UNSCHEDULABLE: Final = "Unschedulable"


class Reason(NamedTuple):
    """Nothing to say unless said."""

    word: str = ""
    message: str = ""
    last: str = ""
    """The word for how a container's run ended the last time."""
    last_exit: int | None = None


def pod_reason(pod: PodWire) -> Reason:
    """The first that holds of: the pod's own reason, what keeps it from a node, a container that waits (other than
    for its start), one that failed, one that starts. Raises msgspec.ValidationError on a bad time.
    """
    statuses = [*(pod.status.init_container_statuses or ()), *(pod.status.container_statuses or ())]
    found = next(_reasons(pod, statuses), ("", ""))
    ended = _last_end(statuses)
    last = word(ended_word(ended)) if ended is not None else ""
    code = None if ended is None else ended.exit_code or 0
    return Reason(word(found[0]), _shortened(*found), last, code)


def _shortened(reason: str, message: str) -> str:
    """Where it is long, its middle is left out; of the scheduler's words what follows the nodes' reasons (preemption
    and claims), which only repeats them.
    """
    if len(message) <= _LONGEST:
        return message
    if reason == _UNSCHEDULABLE:
        return message.partition(". ")[0][:_LONGEST]
    cut = " … "
    return message[:_BEGINNING] + cut + message[len(message) - (_LONGEST - _BEGINNING - len(cut)) :]


def _reasons(pod: PodWire, statuses: list[ContainerStatusWire]) -> Iterator[tuple[str, str]]:
    status = pod.status
    if status.reason:
        yield status.reason, status.message or ""
    for condition in status.conditions or ():
        if condition.type == _SCHEDULING and condition.status != "True" and condition.reason:
            yield condition.reason, condition.message or ""
    waiting = [c.waiting for c in statuses if c.waiting is not None]
    for wait in waiting:
        if wait.reason and wait.reason not in _STARTING:
            yield wait.reason, wait.message or ""
    for container in statuses:
        ended = container.terminated
        if ended is not None and (ended.exit_code or ended.signal):
            yield ended_word(ended), ended.message or ""
    for wait in waiting:
        if wait.reason:
            yield wait.reason, wait.message or ""


def _last_end(statuses: list[ContainerStatusWire]) -> TerminatedWire | None:
    """The latest end of a run that failed or was followed by another; who is through with success is passed by."""
    latest, when = None, -1
    for container in statuses:
        for ended in (container.last, container.terminated):
            if ended is None or (ended is container.terminated and not (ended.exit_code or ended.signal)):
                continue
            at = seconds(ended.finished_at)
            if at > when:
                latest, when = ended, at
    return latest
