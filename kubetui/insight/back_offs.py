"""Containers that the kubelet restarts ever later, as its events tell: of pods that run, which nobody follows.

A pod in a crash loop is in phase Running, so that no field selector finds it; its ``BackOff`` events do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from kubetui.insight.aks_components import NAMESPACE
from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Key

RECENT: Final = 330
"""Seconds after its last sighting in which a back-off counts: the kubelet waits 300 s at most, and says so again."""
MOST: Final = 2000
"""Events kept; of a storm the rest tells nothing new."""
_RESTARTING: Final = "Back-off restarting failed container"
_POD: Final = re.compile(
    r"(?P<workload>.+?)(?:-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}"
    r"|-[bcdfghjklmnpqrstvwxz2456789]{5}|-[0-9]{1,4})",
    re.ASCII,
)
"""A pod's name: its workload's, with the ReplicaSet's hash and its own, with its own, or with its ordinal."""


class BackOff(NamedTuple):
    """The pods of one workload whose containers are restarted ever later."""

    namespace: str
    workload: str
    """As the pods' names tell; a pod without a workload is its own."""
    pods: tuple[str, ...]
    first: int
    last: int
    times: int
    """Back-offs told, of all."""


def workload_of(pod: str) -> str:
    """``checkout`` of ``checkout-7d4b9c6f5-x2x7k``, ``db`` of ``db-0``; other names stay as they are."""
    found = _POD.fullmatch(pod)
    return found["workload"] if found else pod


class BackOffBook:
    """Fed with the ``BackOff`` events of pods."""

    def __init__(self) -> None:
        self._events: dict[Key, EventRow] = {}

    def fold(self, before: EventRow | None, after: EventRow | None) -> None:
        """An event came, was repeated, or was forgotten by the server."""
        row = after or before
        if row is None or row.object_namespace == NAMESPACE or not row.message.startswith(_RESTARTING):
            return
        key = (row.namespace, row.name)
        if after is None:
            self._events.pop(key, None)
        elif key in self._events or len(self._events) < MOST:
            self._events[key] = after

    def recent(self, now: float) -> Sequence[BackOff]:
        """By namespace and workload, those seen within ``RECENT`` before ``now``."""
        found: dict[tuple[str, str], list[EventRow]] = {}
        for row in self._events.values():
            if now - row.last <= RECENT:
                found.setdefault((row.object_namespace, workload_of(row.object_name)), []).append(row)
        return [_of(*place, rows) for place, rows in sorted(found.items())]


def _of(namespace: str, workload: str, rows: list[EventRow]) -> BackOff:
    return BackOff(
        namespace,
        workload,
        tuple(sorted({row.object_name for row in rows})),
        min(row.first or row.last for row in rows),
        max(row.last for row in rows),
        sum(row.count for row in rows),
    )
