"""What a DaemonSet's own object does not tell: its revisions by hash, and why it could not make a pod."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kubetui.kinds.controller_revision import HASH, ControllerRevisionRow
from kubetui.kinds.daemon_set_row import POD_GENERATION, DaemonSetRow
from kubetui.kinds.event import EventRow
from kubetui.kinds.pod_row import PodRow

REFUSED: Final = "FailedCreate"
"""The reason of the event by which a controller says that it could not make a pod: quota, admission, webhooks."""


@dataclass(frozen=True, slots=True)
class History:
    """Nothing known unless said."""

    current: str = ""
    """The hash of the newest revision."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Hash to the number that ``kubectl rollout history`` prints."""
    refused: str = ""
    """What came back when a pod was to be made the last time. Not sanitised."""

    def revision_of(self, daemon_set: DaemonSetRow) -> str:
        """The DaemonSet's own: its newest revision's number, else its template's count of changes."""
        number = self.numbers.get(self.current, 0)
        return str(number) if number else daemon_set.revision

    def revision_of_pod(self, pod: PodRow) -> str:
        """The revision that a pod was made from; ``""`` where nothing tells."""
        labels = dict(pod.labels)
        number = self.numbers.get(labels.get(HASH, ""), 0)
        return str(number) if number else labels.get(POD_GENERATION, "")

    def is_old(self, daemon_set: DaemonSetRow, pod: PodRow) -> bool:
        """Whether the controller will replace the pod: neither its template's count nor its hash is the newest.

        The rule of ``IsPodUpdated`` in Kubernetes' ``pkg/controller/daemon/util``: after ``rollout undo`` pods of the
        old template are up to date again, though their count is of before.
        """
        labels = dict(pod.labels)
        generation, hash_ = labels.get(POD_GENERATION, ""), labels.get(HASH, "")
        if self.current and hash_:
            return hash_ != self.current and (not generation or generation != daemon_set.revision)
        return bool(daemon_set.revision and generation) and generation != daemon_set.revision


NO_HISTORY: Final = History()


def history(
    daemon_set: DaemonSetRow, revisions: Iterable[ControllerRevisionRow], events: Iterable[EventRow]
) -> History:
    """From the ControllerRevisions and ``FailedCreate`` events of the DaemonSet's namespace."""
    own = [
        row
        for row in revisions
        if (row.owner_kind, row.owner, row.namespace) == ("DaemonSet", daemon_set.name, daemon_set.namespace)
    ]
    newest = max(own, key=lambda row: row.revision, default=None)
    refused = max((row for row in events if _refuses(row, daemon_set)), key=lambda row: row.last, default=None)
    return History(
        current=newest.hash if newest is not None else "",
        numbers={row.hash: row.revision for row in own if row.hash},
        refused=refused.message if refused is not None else "",
    )


def _refuses(event: EventRow, daemon_set: DaemonSetRow) -> bool:
    about = (event.object_kind, event.object_namespace, event.object_name)
    return event.reason == REFUSED and about == ("DaemonSet", daemon_set.namespace, daemon_set.name)
